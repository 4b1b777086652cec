"""A definition in the output of a cell, to be tried: what is typed there is thrown away."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets
import ustaz_widgets
from ustaz_widgets.fallback import with_fallback

from ustaz.config_files.last_good import Key, visible_key
from ustaz.messages import LANGUAGES, frontend, translator
from ustaz.preview.page import complaints_of, page_of
from ustaz.preview.reading import Source, file_of, read
from ustaz.workbook import Definition, DefinitionProblem

__all__ = ["Preview"]

STATIC: Final = Path(ustaz_widgets.__file__).resolve().parent / "static"
#: Who answers in a preview; nobody's id.
TRYING: Final = "preview"


def _static(name: str, instead: str = "") -> str:
    path = STATIC / name
    return path.read_text(encoding="utf-8") if path.is_file() else instead


class Preview(anywidget.AnyWidget):
    """Show a definition as its writers would see it, with answers that nobody keeps.

    Parameters
    ----------
    source : path, str, mapping or Workbook
        A ``workbook.yml`` or its folder, the text of one, its keys, or what
        :mod:`ustaz.builder` has made. A file is looked at again whenever it is saved.
    lang : str, optional
        In which language it opens: ``kk``, ``ru`` or ``en``. Default: that of the workbook.
    **kwargs
        What every ipywidget takes, such as ``layout``.

    Attributes
    ----------
    definition : Definition or None
        As it was read last without a fault; what is shown.
    problems : tuple of DefinitionProblem
        What is to be mended, by line; shown below the workbook.

    Examples
    --------
    >>> from ustaz.preview import Preview
    >>> Preview("library/my-survey/workbook.yml")  # doctest: +SKIP
    """

    _esm = _static("preview.mjs", "export default { render() {} };")
    _css = _static("workbook-and-pictures.css")
    page: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    spoken: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    complaints: traitlets.List[dict[str, Any]] = traitlets.List(read_only=True).tag(sync=True)

    def __init__(self, source: Source, *, lang: str | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        if lang is not None and lang not in LANGUAGES:
            raise ValueError(f"a language is one of {', '.join(LANGUAGES)}")
        super().__init__(**kwargs)
        self._source = source
        self._file = file_of(source)
        self._lang = lang
        self._stamp: tuple[Key | None] | None = None  # not looked yet
        self.definition: Definition | None = None
        self.problems: tuple[DefinitionProblem, ...] = ()
        self.look()
        self.on_msg(self._heard)

    def look(self) -> bool:
        """Read the source again where its file has changed; tell whether it had."""
        stamp = (visible_key(self._file) if self._file else None,)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        reading = read(self._source)
        self.problems = reading.problems
        if reading.definition is not None:
            self.definition = reading.definition
            page = page_of(reading.definition, reading.library, self._lang)
            self.set_trait("page", page)
        elif self.definition is None:
            # Nothing can be shown, and that is said: in the language that was asked for.
            lang = self._lang or LANGUAGES[0]
            self.set_trait("spoken", {"lang": lang, "messages": frontend(lang)})
        self.set_trait("complaints", complaints_of(reading))
        return True

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        """Take a message of the page: it asks now and then whether the file has changed."""
        if isinstance(content, dict) and content.get("event") == "look":
            self.look()

    def _static(self) -> tuple[str, str]:
        """Return what readers without widgets see: the questions, and what is to be mended."""
        from ustaz.grading.render import render_answers

        title, body = "", ""
        if self.definition is not None:
            lang = self._lang or self.definition.language
            title = translator(lang).gettext(self.definition.title)
            body = render_answers(self.definition, {}, lang=lang)
        problems = [
            f"{problem.line}: {problem.place} {problem.message}" for problem in self.problems
        ]
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in problems)
        shown = f"<p><b>{html.escape(title)}</b></p>{body}{f'<ul>{lines}</ul>' if lines else ''}"
        return shown, "\n".join([title, *problems])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:  # noqa: ANN401
        """Add what readers without widgets see."""
        return with_fallback(super()._repr_mimebundle_(**kwargs), *self._static())
