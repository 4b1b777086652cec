"""What a person sees and touches in Ustaz; knows nothing of nbgrader or the course.

``from ustaz_widgets import Workbook`` is what a notebook needs; it is loaded when it is asked for,
since a server that serves the bundles alone needs no ipywidgets. The widgets that stand alone can
be imported from here, too. What a value may be, the kinds of the workbook know; so they lie above
this package, in ``ustaz.standalone``, and are looked up there by name (decision 51).
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ustaz_widgets.notebook import Workbook

__all__ = [
    "LABEXTENSIONS",
    "Levels",
    "PeopleMap",
    "Plan",
    "Ratings",
    "StoryLine",
    "Workbook",
]

#: Widgets that stand alone, and where they are.
STANDALONE: Final = "ustaz.standalone"
_STANDALONE: Final = ("Levels", "PeopleMap", "Plan", "Ratings", "StoryLine")

LABEXTENSIONS: Final = Path(__file__).resolve().parent / "labextension"


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load a widget when it is asked for."""
    if name == "Workbook":
        from ustaz_widgets.notebook import Workbook

        return Workbook
    if name in _STANDALONE:
        return getattr(import_module(STANDALONE), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name what can be imported, for completion in a notebook."""
    return sorted({*(name for name in globals() if name.startswith("__")), *__all__})
