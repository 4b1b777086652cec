"""Finding the English texts: Python, Jinja, TypeScript, the findings and the workbooks.

Only literal strings are found: ``_("…")``, ``N_("…")``, ``ngettext("…", "…", n)`` in Python and
templates, ``self.words("…")`` in the blocks of the book, ``t("…")``, ``n("…", "…", count)`` and
``N_("…")`` in TypeScript.
"""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.extract import extract

from ustaz.messages import SOURCE, translator

#: Functions whose first string (or first two) is a message, in Python and Jinja.
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
#: The names of the same function in the templates of the book, where ``_`` is Sphinx's.
BOOK_KEYWORDS: Final = ("t", "uz_words")
TEMPLATES: Final = (".html", ".j2", ".jinja", ".txt", ".xml")


@dataclass(frozen=True, slots=True)
class Source:
    """One text to translate.

    Attributes
    ----------
    singular : str
        The message, or its singular.
    plural : str or None
        The plural, where something is counted.
    file : str
        Path from the top of the repository, with forward slashes.
    comment : str
        Where in the file it stands, for translators; may be empty.
    language : str
        In which it is written.
    """

    singular: str
    plural: str | None
    file: str
    comment: str = ""
    language: str = SOURCE


def wanted(texts: Sequence[Source], lang: str) -> list[Source] | None:
    """Return the texts that a catalogue of `lang` translates: those written in another language.

    None where no such catalogue is needed. Words of Ustaz itself, which a workbook in Kazakh has as
    well, are English already.
    """
    ours = translator("ru").singular if lang == SOURCE else {}
    own = [text for text in texts if text.language != lang and text.singular not in ours]
    return None if not own and (texts or lang == SOURCE) else own


def sources(root: Path) -> dict[str, list[Source]]:
    """Return all texts of a checkout, by domain, in a stable order."""
    pages = [
        *python_sources(root),
        *template_sources(root),
        *typescript_sources(root),
        *findings_sources(root),
    ]
    return {"ustaz": pages, "workbooks": list(workbook_sources(root))}


def _files(folder: Path, *suffixes: str) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in suffixes and path.is_file() and "_data" not in path.parts:
            yield path


def _python_files(root: Path) -> Iterator[Path]:
    for folder in ("src/ustaz", "widgets/ustaz_widgets"):
        yield from _files(root / folder, ".py")


def python_sources(root: Path) -> Iterator[Source]:
    """Yield the marked strings of the Python files."""
    for path in _python_files(root):
        file = path.relative_to(root).as_posix()
        yield from python_messages(path.read_text(encoding="utf-8"), file)


def python_messages(code: str, file: str) -> Iterator[Source]:
    """Yield the messages of one Python source: calls whose arguments are plain literals."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", None))
        texts = [
            arg.value
            for arg in call.args[:2]
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if name == "ngettext" and len(texts) == 2:
            yield Source(texts[0], texts[1], file)
        elif len(call.args) == len(texts) == 1 and (
            (name in KEYWORDS and name != "ngettext") or _fixed_word(call.func)
        ):
            yield Source(texts[0], None, file)


def _fixed_word(function: ast.expr) -> bool:
    """Tell whether a call is ``self.words(…)``: a block of the book asks for a fixed word."""
    return ast.unparse(function) == "self.words"


def template_sources(root: Path) -> Iterator[Source]:
    """Yield the marked strings of the Jinja templates, wherever a ``templates`` folder is."""
    from jinja2.ext import babel_extract

    options = {"encoding": "utf-8", "silent": "false", "trimmed": "true"}
    for path in _files(root / "src" / "ustaz", *TEMPLATES):
        if "templates" not in path.parts:
            continue
        with path.open("rb") as handle:
            calls = babel_extract(handle, [*KEYWORDS, *BOOK_KEYWORDS], (), options)
            yield from _babel(calls, path.relative_to(root).as_posix())


def _babel(calls: Iterable[tuple[object, ...]], file: str) -> Iterator[Source]:
    for _, function, messages, *_ in calls:
        texts = messages if isinstance(messages, tuple | list) else (messages,)
        literal = [text for text in texts if isinstance(text, str)]
        if function == "ngettext" and len(literal) >= 2:
            yield Source(literal[0], literal[1], file)
        elif function != "ngettext" and literal and isinstance(texts[0], str) and literal[0]:
            yield Source(literal[0], None, file)


# -- TypeScript ---------------------------------------------------------------------------------
def typescript_sources(root: Path) -> Iterator[Source]:
    """Yield the marked strings of the components; tests are no source."""
    for path in _files(root / "widgets", ".ts", ".tsx"):
        if ".test." in path.name or {"static", "node_modules"} & set(path.parts):
            continue
        file = path.relative_to(root).as_posix()
        yield from typescript_messages(path.read_text(encoding="utf-8"), file)


def typescript_messages(code: str, file: str) -> Iterator[Source]:
    """Yield the messages of one TypeScript source, those inside of template strings too."""
    keywords: dict[str, tuple[int, ...] | None] = {"t": None, "n": (1, 2), "N_": None}
    options = {"parse_template_string": True}
    calls = extract("javascript", io.BytesIO(code.encode()), keywords, options=options)
    for _, texts, *_ in calls:
        singular, plural = (texts, None) if isinstance(texts, str) else texts[:2]
        yield Source(singular, plural, file)


# -- data ---------------------------------------------------------------------------------------
def findings_sources(root: Path) -> Iterator[Source]:
    """Yield the sentences that say what is missing in an answer."""
    path = root / "shared" / "findings.json"
    if not path.is_file():
        return
    file = path.relative_to(root).as_posix()
    for rule, template in json.loads(path.read_text(encoding="utf-8")).items():
        if isinstance(template, str):
            yield Source(template, None, file, rule)
        else:
            yield Source(template["one"], template["other"], file, rule)


def workbook_sources(root: Path) -> Iterator[Source]:
    """Yield the texts of the shipped workbooks, as the definitions name them."""
    yield from library_sources(root / "workbooks")


def library_sources(library: Path) -> Iterator[Source]:
    """Yield the texts of all workbooks and rubrics of a library."""
    # The catalogues' tool reads definitions; at run time messages know nothing of workbooks.
    from ustaz.workbook import load, messages
    from ustaz.workbook.rubrics import FOLDER, load_rubric, rubric_messages

    for path in sorted(library.glob("*/workbook.yml")):
        file = path.relative_to(library.parent).as_posix()
        definition = load(path)
        for comment, text in messages(definition):
            yield Source(text, None, file, comment, definition.language)
    for path in sorted((library / FOLDER).glob("*.yml")):
        file = path.relative_to(library.parent).as_posix()
        for comment, text in rubric_messages(load_rubric(path)):
            yield Source(text, None, file, comment)
