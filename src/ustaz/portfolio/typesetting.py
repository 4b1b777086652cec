"""A portfolio's blocks as PDF/UA, set by typst in a process with bounds.

What people wrote goes in as JSON strings, never as markup. The fonts are those inside typst's own
wheel; a sign that they do not have would make the document inaccessible, so a box stands for it
and the last line says how many there are.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from ustaz.base.child_process import ask_child
from ustaz.base.errors import UstazError
from ustaz.base.evidence import SUFFIXES
from ustaz.messages import N_, number_text, translator
from ustaz.portfolio.layout import (
    Block,
    Files,
    Heading,
    Labelled,
    Paragraph,
    Rows,
    Story,
    Table,
    Text,
)
from ustaz.portfolio.model import Attached, Portfolio
from ustaz.portfolio.pictures import Pictures
from ustaz.portfolio.typst_process import PICTURE, TEMPLATE

MODULE: Final = "ustaz.portfolio.typst_process"
#: Seconds by the clock, on a computer that does much else.
PATIENCE: Final = 60.0
MOST_BACK: Final = 40 * 1024 * 1024
AT_ONCE: Final = 2
#: Seconds for which a third one waits.
QUEUE: Final = 15.0
STORY: Final = "story.svg"
PICTURE_PAGE: Final = f"""\
#set page(width: auto, height: auto, margin: 0pt)
#image("{STORY}")
"""
BOX: Final = "\u25a1"

#: Signs that the fonts of the wheel have; first and last of each range. A test sets all of them.
DRAWN: Final[tuple[tuple[int, int], ...]] = (
    (0x0020, 0x007E),
    (0x00A0, 0x00AC),
    (0x00AE, 0x0377),
    (0x037A, 0x037F),
    (0x0384, 0x038A),
    (0x038C, 0x038C),
    (0x038E, 0x03A1),
    (0x03A3, 0x04FF),
    (0x0510, 0x0513),
    (0x051A, 0x051D),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x2042, 0x2042),
    (0x2044, 0x2052),
    (0x2054, 0x205E),
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x2090, 0x209C),
    (0x20A0, 0x20C0),
    (0x2100, 0x211E),
    (0x2120, 0x2120),
    (0x2122, 0x2122),
    (0x2124, 0x2124),
    (0x2126, 0x2151),
    (0x2153, 0x2184),
    (0x2189, 0x2189),
    (0x2190, 0x22FF),
    (0x25A0, 0x262F),
    (0x2638, 0x268B),
    (0x2690, 0x269C),
    (0x26A0, 0x26A7),
    (0x26AA, 0x26B2),
    (0x2701, 0x2704),
    (0x2706, 0x2709),
    (0x270C, 0x2727),
    (0x2729, 0x274B),
    (0x274D, 0x274D),
    (0x274F, 0x2752),
    (0x2756, 0x2756),
    (0x2758, 0x275E),
    (0x2761, 0x277F),
    (0x2794, 0x2794),
    (0x2798, 0x27AF),
    (0x27B1, 0x27BF),
)
_STARTS: Final = [first for first, _ in DRAWN]
_PLACES: Final = threading.BoundedSemaphore(AT_ONCE)


class FormRefused(UstazError):
    """A portfolio could not be made into a file; ``id`` says why."""

    exit_code = 1


def refusal(id: str) -> FormRefused:
    """Return why there is no file: ``pdf_missing``, ``pdf_busy`` or ``pdf_failed``."""
    message, hint = REFUSALS[id]
    return FormRefused(id, message, hint)


REFUSALS: Final = {
    "pdf_missing": (
        N_("This course cannot make such a file."),
        N_("Print the page instead: your browser can save it as PDF. The course team can add it."),
    ),
    "pdf_busy": (
        N_("Several files are being made just now."),
        N_("Nothing is lost. Try again in a minute."),
    ),
    "pdf_failed": (
        N_("The file could not be made."),
        N_("Nothing is lost. Print the page instead: your browser can save it as PDF."),
    ),
}


def available() -> bool:
    """Tell whether the extra ``pdf`` is installed."""
    return find_spec("typst") is not None


def pdf(model: Portfolio, blocks: Sequence[Block], pictures: Pictures) -> bytes:
    """Return blocks of a portfolio as PDF/UA.

    Raises
    ------
    FormRefused
    """
    if not available():
        raise refusal("pdf_missing")

    def prepare(folder: Path) -> None:
        shutil.copyfile(Path(__file__).parent / TEMPLATE, folder / TEMPLATE)
        data = _Data(model, blocks, pictures, folder).whole()
        (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")

    document = _child_output(prepare)
    if not document:
        raise refusal("pdf_failed")
    return document


def png(svg: bytes) -> bytes:
    """Return a picture of ours as PNG, for a form that draws no SVG; empty where it cannot be made.

    Raises
    ------
    FormRefused
        ``pdf_busy``.
    """
    if not available():
        return b""

    def prepare(folder: Path) -> None:
        (folder / STORY).write_bytes(svg)
        (folder / PICTURE).write_text(PICTURE_PAGE, encoding="utf-8")

    return _child_output(prepare)


def _child_output(prepare: Callable[[Path], None]) -> bytes:
    """Return what the child makes of a folder that `prepare` fills."""
    if not _PLACES.acquire(timeout=QUEUE):
        raise refusal("pdf_busy")
    try:
        with tempfile.TemporaryDirectory(prefix="ustaz-portfolio-") as name:
            prepare(Path(name))
            output = ask_child(MODULE, name.encode(), patience=PATIENCE, most_back=MOST_BACK)
            return output or b""
    finally:
        _PLACES.release()


def is_drawn(sign: str) -> bool:
    """Tell whether the fonts have a sign."""
    at = bisect_right(_STARTS, ord(sign)) - 1
    return at >= 0 and ord(sign) <= DRAWN[at][1]


class _Data:
    """What the template reads."""

    def __init__(
        self, model: Portfolio, blocks: Sequence[Block], pictures: Pictures, folder: Path
    ) -> None:
        self.model = model
        self.blocks = blocks
        self.pictures = pictures
        self.folder = folder
        self.boxes = 0
        self.anchors = set(_anchors(blocks))
        self.paths: dict[str, str] = {}

    def whole(self) -> dict[str, Any]:
        model = self.model
        blocks = [self.block(block) for block in self.blocks]
        title = self.string(model.title) or self.string(model.own.title)
        if self.boxes:
            ours = translator(model.lang)
            line = ours.ngettext(
                "{n} sign could not be drawn here: □ stands for it. The page has it.",
                "{n} signs could not be drawn here: □ stands for each. The page has them.",
                self.boxes,
            ).replace("{n}", number_text(self.boxes, model.lang))
            last = Paragraph(Text(line, model.lang), quiet=True)
            blocks.append(self.block(last))
        return {
            "title": title,
            "owner": self.string(model.owner),
            "footer": self.string(f"{model.owner} · {model.title}"),
            "lang": model.lang,
            "day": [model.day.year, model.day.month, model.day.day],
            "blocks": blocks,
        }

    def string(self, text: str) -> str:
        """Return a text with a box for each sign that the fonts do not have."""
        signs = []
        for sign in unicodedata.normalize("NFC", text):
            if sign == "\n" or is_drawn(sign):
                signs.append(sign)
            elif sign == "\t" or unicodedata.category(sign) == "Zs":
                signs.append(" ")
            elif unicodedata.category(sign) not in {"Cc", "Cf", "Zl", "Zp", "Mn"}:
                signs.append(BOX)
                self.boxes += 1
        return "".join(signs)

    def text(self, text: Text) -> dict[str, str]:
        to = text.to if text.to in self.anchors else ""
        return {"text": self.string(text.text), "lang": text.lang, "to": to}

    def block(self, block: Block) -> dict[str, Any]:
        match block:
            case Heading():
                return {
                    "kind": block.kind,
                    "level": block.level,
                    "text": self.text(block.text),
                    "anchor": block.anchor,
                }
            case Paragraph():
                return {"kind": block.kind, "text": self.text(block.text), "quiet": block.quiet}
            case Labelled():
                return {
                    "kind": block.kind,
                    "label": self.text(block.label),
                    "text": self.text(block.text),
                }
            case Files():
                return {
                    "kind": block.kind,
                    "label": self.text(block.label),
                    "files": self.files(block.files),
                }
            case Table():
                return self.table(block)
            case Rows():
                return self.rows(block)
            case Story():
                (self.folder / STORY).write_bytes(block.svg(self.model.lang))
                alt = self.string(block.alt.text)
                return {**self.table(block.table), "kind": block.kind, "path": STORY, "alt": alt}

    def table(self, table: Table) -> dict[str, Any]:
        widest = [
            max((sum(len(text.text) for text in row[at]) for row in table.rows), default=1)
            for at in range(len(table.head))
        ]
        return {
            "kind": table.kind,
            "caption": self.text(table.caption),
            "head": [self.text(cell) for cell in table.head],
            "columns": [
                min(max(width, len(head.text) + 3, 9), 40)
                for width, head in zip(widest, table.head, strict=True)
            ],
            "rows": [
                [{"texts": [self.text(text) for text in cell]} for cell in row]
                for row in table.rows
            ],
        }

    def rows(self, rows: Rows) -> dict[str, Any]:
        return {
            "kind": rows.kind,
            "label": self.text(rows.label),
            "rows": [
                {
                    "name": self.text(row.name),
                    "anchor": row.anchor,
                    "cells": [[self.text(label), self.text(text)] for label, text in row.cells],
                    "files": self.files(row.files),
                }
                for row in rows.rows
            ],
        }

    def files(self, files: Iterable[Attached]) -> list[dict[str, Any]]:
        return [
            {
                "path": self.path(file),
                "alt": self.string(file.alt) or self.string(file.name) or file.sha256[:8],
                "caption": self.text(Text(file.caption, file.lang or self.model.lang)),
                "line": self.string(file_line(file, self.model.lang)),
            }
            for file in files
        ]

    def path(self, file: Attached) -> str:
        """Return where the picture lies in the folder; empty where it is not drawn."""
        if file.sha256 not in self.paths:
            picture = self.pictures.data(file)
            self.paths[file.sha256] = ""
            if picture is not None:
                type_, data = picture
                name = f"{len(self.paths)}{SUFFIXES[type_]}"
                (self.folder / name).write_bytes(data)
                self.paths[file.sha256] = name
        return self.paths[file.sha256]


def file_line(file: Attached, lang: str) -> str:
    """Return what is said of a file below its caption: name and size."""
    ours = translator(lang)
    size = f"{number_text(-(-file.size // 1024), lang)}\u00a0{ours.gettext(N_('kB'))}"
    about = f"{file.name} · {size}"
    if not file.there:
        about += f" · {ours.gettext(N_('is not there any more'))}"
    return about


def _anchors(blocks: Sequence[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, Heading) and block.anchor:
            yield block.anchor
        if isinstance(block, Rows):
            yield from (row.anchor for row in block.rows if row.anchor)
