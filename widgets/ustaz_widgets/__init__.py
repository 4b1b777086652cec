"""What a person sees and touches in Ustaz; knows nothing of nbgrader or the course."""

from pathlib import Path
from typing import Final

LABEXTENSIONS: Final = Path(__file__).resolve().parent / "labextension"
