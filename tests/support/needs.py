"""Tests that need a program of the system; ``.ci/run`` installs what they need."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


def needs(*command: str) -> pytest.MarkDecorator:
    """Skip where `command` does not work."""
    reason = ""
    if shutil.which(command[0]) is None:
        reason = f"{command[0]} is not installed"
    else:
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
        if tried.returncode:
            lines = tried.stderr.strip().splitlines() or ["no reason given"]
            reason = f"`{' '.join(command)}` does not work here: {lines[-1]}"
    required = "USTAZ_REQUIRE_FAULTS" in os.environ
    return pytest.mark.skipif(bool(reason) and not required, reason=reason or "works here")
