"""A portfolio's blocks as a Word document: headings, tables with heading rows, pictures with texts.

python-docx writes strings as they are; signs that XML cannot hold are left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from importlib.util import find_spec
from typing import Any, Final

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
from ustaz.portfolio.typesetting import file_line, png, refusal

#: Languages as Word names them, for its spelling.
TAGS: Final = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}
#: What XML 1.0 cannot hold, and what turns a line around.
_NOT_IN_XML: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
PICTURE_MM: Final = 120
STORY_MM: Final = 170


def available() -> bool:
    """Tell whether the extra ``pdf``, which brings python-docx, is installed."""
    return find_spec("docx") is not None


def docx(model: Portfolio, blocks: Sequence[Block], pictures: Pictures) -> bytes:
    """Return blocks of a portfolio as DOCX.

    Raises
    ------
    FormRefused
        ``pdf_missing``.
    """
    if not available():
        raise refusal("pdf_missing")
    writer = _Writer(model, pictures)
    for block in blocks:
        writer.block(block)
    return writer.saved()


def plain(text: str) -> str:
    """Return a text as XML may hold it."""
    return _NOT_IN_XML.sub("", text)


class _Writer:
    def __init__(self, model: Portfolio, pictures: Pictures) -> None:
        import docx as library
        from docx.shared import Mm

        self.model = model
        self.pictures = pictures
        self.document: Any = library.Document()
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(20)
        page.top_margin = page.bottom_margin = Mm(18)
        about = self.document.core_properties
        about.title = plain(model.title)[:250]
        about.author = plain(model.owner)[:250]
        about.language = TAGS.get(model.lang, model.lang)
        about.comments = ""
        about.created = about.modified = datetime.combine(model.day, time())
        styles = self.document.styles
        styles["Normal"].font.name = "Calibri"
        self._mark_language(styles["Normal"].element.get_or_add_rPr(), model.lang)

    def saved(self) -> bytes:
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()

    # -- pieces -----------------------------------------------------------------------------------
    def _mark_language(self, properties: Any, lang: str) -> None:  # noqa: ANN401 - lxml's
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        mark = OxmlElement("w:lang")
        mark.set(qn("w:val"), TAGS.get(lang, lang))
        properties.append(mark)

    def run(self, paragraph: Any, text: Text, *, bold: bool = False) -> None:  # noqa: ANN401
        """Add a text to a paragraph; lines stay lines."""
        run = paragraph.add_run(plain(text.text))
        run.bold = bold or None
        if text.lang != self.model.lang:
            self._mark_language(run._r.get_or_add_rPr(), text.lang)  # noqa: SLF001 - no other way

    def paragraph(self, *texts: Text, style: str | None = None, bold: bool = False) -> Any:  # noqa: ANN401
        paragraph = self.document.add_paragraph(style=style)
        for at, text in enumerate(texts):
            if at:
                paragraph.add_run(" ")
            self.run(paragraph, text, bold=bold)
        return paragraph

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                style = "Title" if block.level == 1 else f"Heading {block.level - 1}"
                self.paragraph(block.text, style=style)
            case Paragraph():
                self.paragraph(block.text)
            case Labelled():
                self.labelled(block.label, block.text)
            case Files():
                self.paragraph(block.label, bold=True)
                self.files(block.files)
            case Table():
                self.table(block)
            case Rows():
                self.rows(block)
            case Story():
                self.story(block)

    def labelled(self, label: Text, text: Text) -> None:
        heading = self.paragraph(label, bold=True)
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_after = 0
        self.paragraph(text)

    def table(self, table: Table) -> None:
        from docx.oxml import OxmlElement

        caption = self.paragraph(table.caption)
        caption.paragraph_format.keep_with_next = True
        drawn = self.document.add_table(rows=1, cols=len(table.head), style="Table Grid")
        for cell, text in zip(drawn.rows[0].cells, table.head, strict=True):
            self.run(cell.paragraphs[0], text, bold=True)
        # Word repeats it on each page, and screen readers take it as the heading.
        drawn.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
        for row in table.rows:
            for cell, texts in zip(drawn.add_row().cells, row, strict=True):
                for at, text in enumerate(texts):
                    if at:
                        cell.paragraphs[0].add_run(" ")
                    self.run(cell.paragraphs[0], text)
        self.document.add_paragraph()

    def story(self, story: Story) -> None:
        picture = png(story.svg(self.model.lang))  # Word draws no SVG by itself
        if picture:
            self._picture(picture, story.alt.text, STORY_MM)
        self.table(story.table)

    def rows(self, rows: Rows) -> None:
        if rows.label.text:
            self.paragraph(rows.label, bold=True)
        for row in rows.rows:
            name = self.paragraph(row.name)
            name.paragraph_format.keep_with_next = True
            for run in name.runs:
                run.italic = True
            for label, text in row.cells:
                cell = self.document.add_paragraph(style="List Bullet")
                self.run(cell, Text(f"{label.text}: ", label.lang), bold=True)
                self.run(cell, text)
            self.files(row.files)

    def files(self, files: Iterable[Attached]) -> None:
        for file in files:
            picture = self.pictures.data(file)
            if picture is not None:
                self._picture(picture[1], file.alt, PICTURE_MM)
            paragraph = self.paragraph()
            if file.caption:
                self.run(paragraph, Text(file.caption, file.lang or self.model.lang))
                paragraph.add_run().add_break()
            self.run(paragraph, Text(file_line(file, self.model.lang), self.model.lang))

    def _picture(self, data: bytes, alt: str, most_mm: int) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Mm

        drawn = self.document.add_picture(io.BytesIO(data))
        most = Mm(most_mm)
        scale = min(most / drawn.width, most / drawn.height, 1.0)
        drawn.width, drawn.height = int(drawn.width * scale), int(drawn.height * scale)
        alt = plain(alt)[:500]
        for element in drawn._inline.iter(qn("wp:docPr"), qn("pic:cNvPr")):  # noqa: SLF001
            element.set("descr", alt)
            element.set("name", "")
