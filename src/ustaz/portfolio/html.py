"""A portfolio's blocks as HTML: every text escaped, no style, no script, links to itself only."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable

from ustaz.messages import N_, number_text, translator
from ustaz.portfolio.layout import (
    Block,
    Files,
    Heading,
    Labelled,
    Paragraph,
    RowBlock,
    Rows,
    Story,
    Table,
    Text,
)
from ustaz.portfolio.model import Attached
from ustaz.storyline import drawn

#: Returns the address of a file's small picture, or of the file; empty where there is none.
Address = Callable[[Attached], str]


def no_address(file: Attached) -> str:  # noqa: ARG001
    """Return no address: files are named alone."""
    return ""


def blocks_html(
    blocks: Iterable[Block],
    lang: str,
    *,
    picture: Address = no_address,
    download: Address = no_address,
    top: int = 1,
) -> str:
    """Return blocks as HTML.

    Parameters
    ----------
    blocks : iterable of Block
    lang : str
        Language of the portfolio; what is in another says so.
    picture, download : callable
        Addresses of a file's small picture and of the file itself.
    top : int
        Level of the highest heading.
    """
    page = _Page(lang, picture, download, top - 1)
    body = "".join(page.block(block) for block in blocks)
    return (
        f'<div class="uz-portfolio uz-answers tex2jax_ignore mathjax_ignore" '
        f'lang="{html.escape(lang)}">{body}</div>'
    )


class _Page:
    def __init__(self, lang: str, picture: Address, download: Address, deeper: int) -> None:
        self.lang = lang
        self.picture = picture
        self.download = download
        self.deeper = deeper

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                level = min(block.level + self.deeper, 6)
                anchor = f' id="{html.escape(block.anchor)}"' if block.anchor else ""
                return f"<h{level}{anchor}>{self.text(block.text)}</h{level}>"
            case Paragraph():
                quiet = ' class="uz-quiet"' if block.quiet else ""
                return f"<p{quiet}>{self.text(block.text)}</p>"
            case Table():
                return self.table(block)
            case Story():
                return self.story(block)
            case Labelled():
                return self._list([(block.label, block.text)])
            case Files():
                return f"<p><strong>{self.text(block.label)}</strong></p>{self.files(block.files)}"
            case Rows():
                label = (
                    f"<p><strong>{self.text(block.label)}</strong></p>" if block.label.text else ""
                )
                return f'{label}<ol class="uz-rows">{"".join(map(self.row, block.rows))}</ol>'

    def story(self, story: Story) -> str:
        line = story.line
        return drawn(line.events, start=line.start, end=line.end, today=story.today, lang=self.lang)

    def table(self, table: Table) -> str:
        head = "".join(f'<th scope="col">{self.text(cell)}</th>' for cell in table.head)
        body, short = "", ' class="uz-map"' if table.short else ""
        for first, *cells in table.rows:
            rest = "".join(
                f'<td data-label="{html.escape(name.text)}">{self._cell(cell)}</td>'
                for name, cell in zip(table.head[1:], cells, strict=True)
            )
            body += f'<tr><th scope="row">{self._cell(first)}</th>{rest}</tr>'
        return (
            f'<div class="uz-scroll"><table{short}><caption>{self.text(table.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _cell(self, texts: Iterable[Text]) -> str:
        return " ".join(map(self.text, texts))

    def row(self, row: RowBlock) -> str:
        anchor = f' id="{html.escape(row.anchor)}"' if row.anchor else ""
        files = self.files(row.files) if row.files else ""
        return f"<li{anchor}><p>{self.text(row.name)}</p>{self._list(row.cells)}{files}</li>"

    def _list(self, cells: Iterable[tuple[Text, Text]]) -> str:
        entries = "".join(
            f"<dt>{self.text(label)}</dt><dd>{self.text(text)}</dd>" for label, text in cells
        )
        return f"<dl>{entries}</dl>"

    def files(self, files: Iterable[Attached]) -> str:
        return f'<ul class="uz-files">{"".join(map(self._file, files))}</ul>'

    def _file(self, file: Attached) -> str:
        source = self.picture(file) if file.is_picture else ""
        image = (
            f'<img src="{html.escape(source)}" alt="{html.escape(file.alt)}" loading="lazy">'
            if source
            else ""
        )
        name = f"<bdi>{html.escape(file.name)}</bdi>"
        address = self.download(file) if file.there else ""
        if address:
            name = f'<a href="{html.escape(address)}">{name}</a>'
        size = f"{number_text(-(-file.size // 1024), self.lang)}\u00a0{self._ours(N_('kB'))}"
        missing = "" if file.there else f" · {self._ours(N_('is not there any more'))}"
        words = Text(file.caption, file.lang or self.lang, written=True)
        caption = f"<div>{self.text(words)}</div>" if file.caption else ""
        return f"<li>{image}{caption}<div>{name} · {size}{missing}</div></li>"

    def _ours(self, message: str) -> str:
        return html.escape(translator(self.lang).gettext(message))

    def text(self, text: Text) -> str:
        body = _lines(text.text)
        if text.to:
            return f'<a href="#{html.escape(text.to)}">{body}</a>'
        lang = f' lang="{html.escape(text.lang)}"' if text.lang != self.lang else ""
        if text.written:
            return f"<bdi{lang}>{body}</bdi>"
        return f"<span{lang}>{body}</span>" if lang else body


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
