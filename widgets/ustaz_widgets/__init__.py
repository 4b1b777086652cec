"""What a person sees and touches in Ustaz; knows nothing of nbgrader or the course.

``from ustaz_widgets import Workbook`` is what a notebook needs; it is loaded when it is asked for,
since a server that serves the bundles alone needs no ipywidgets.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ustaz_widgets.notebook import Workbook

__all__ = ["LABEXTENSIONS", "Workbook"]

LABEXTENSIONS: Final = Path(__file__).resolve().parent / "labextension"


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load the widget when it is asked for."""
    if name == "Workbook":
        from ustaz_widgets.notebook import Workbook

        return Workbook
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
