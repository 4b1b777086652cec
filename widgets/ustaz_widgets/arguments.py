"""Keyword arguments of our widgets: those that nothing takes are refused, with a guess.

Traitlets let a misspelt one pass and warn where nobody reads it, so a widget would silently stay in
English, or show something else than what was asked for.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from traitlets import HasTraits

#: Names of one widget that people try with another one.
_ALSO: Final = {
    "lang": ("language",),
    "language": ("lang",),
    "title": ("description",),
    "label": ("description",),
    "readonly": ("read_only",),
    "disabled": ("read_only",),
}


def parameters(widget: type[HasTraits]) -> list[str]:
    """Return the names that a widget's class takes, those of its own parameters first."""
    return [
        name
        for name, parameter in inspect.signature(widget).parameters.items()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]


def refuse_unknown(widget: type[HasTraits], names: Iterable[str]) -> None:
    """Refuse keyword arguments that are neither a parameter nor a trait of a widget.

    Raises
    ------
    TypeError
        With the name that may have been meant.
    """
    known = parameters(widget)
    known += [] if "layout" in known else ["layout"]
    taken = {*known, *widget.class_trait_names()}
    for name in names:
        if name in taken:
            continue
        also = [other for other in _ALSO.get(name, ()) if other in taken]
        near = also or get_close_matches(name, known, n=1)
        guess = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(known)}"
        raise TypeError(f"{widget.__name__} takes no argument {name!r}; {guess}")


def with_parameters(widget: type[HasTraits], names: Iterable[str]) -> inspect.Signature:
    """Return the signature of a widget's class with traits that can be given by name.

    Completion in a notebook offers what stands in the signature, and nothing of ``**kwargs``.
    """
    own = inspect.signature(widget.__init__)
    _, *arguments = own.parameters.values()  # the widget itself comes first
    further = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=trait.default())
        for name in names
        if name not in own.parameters and (trait := widget.class_traits()[name])
    ]
    return inspect.Signature([*arguments[:-1], *further, arguments[-1]])
