"""What holds for all tests: no test depends on the machine's speed or on the day."""

import os

from hypothesis import HealthCheck, settings

# A deadline would make the machine's speed part of a claim.
settings.register_profile("ustaz", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", parent=settings.get_profile("ustaz"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ustaz"))
