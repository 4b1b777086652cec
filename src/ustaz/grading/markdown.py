"""A reader's comment as HTML: Markdown, as formgrader's own feedback shows it, and nothing else.

Comments are written by course staff and facilitators, never by the one whose work it is. Still no
HTML of theirs passes, no picture is fetched, and a link leads to the web or to an address of mail.
Lines stay as they were typed, for whoever writes without Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from ustaz.grading.text import plain

#: More than a comment ever is; what is longer is shown as it was typed.
MOST: Final = 20_000
LINK: Final = re.compile(r"(https?://|mailto:)[^\s]+\Z", re.IGNORECASE)


class _Renderer(RendererHTML):
    """Words as every text of people is shown; headings that do not disturb those of the page."""

    def text(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401
        return plain(tokens[idx].content)

    def code_inline(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401
        return f"<code>{plain(tokens[idx].content)}</code>"

    def code_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401
        return f"<pre><code>{plain(tokens[idx].content.rstrip())}</code></pre>\n"

    def fence(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401
        return self.code_block(tokens, idx)

    def th_open(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:  # noqa: ANN401
        # A column's alignment would be a style in the page, which its policy forbids.
        tokens[idx].attrs.pop("style", None)
        return self.renderToken(tokens, idx, *rest[:2])

    td_open = th_open

    def heading_open(self, *_: Any) -> str:  # noqa: ANN401
        return "<p><strong>"

    def heading_close(self, *_: Any) -> str:  # noqa: ANN401
        return "</strong></p>\n"

    def link_open(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:  # noqa: ANN401
        tokens[idx].attrSet("rel", "noopener noreferrer nofollow")
        return self.renderToken(tokens, idx, *rest[:2])


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"html": False, "breaks": True, "maxNesting": 20}, renderer_cls=_Renderer
    )
    parser.enable(["table", "strikethrough"]).disable(["html_inline", "html_block", "image"])
    parser.validateLink = lambda url: LINK.match(url) is not None  # type: ignore[method-assign]
    return parser


def comment_html(text: str) -> str:
    """Return a comment as HTML that can stand in any page of ours."""
    source = text.strip()
    body = f"<p>{plain(source)}</p>" if len(source) > MOST else _markdown().render(source)
    return f'<div class="uz-comment-text tex2jax_ignore mathjax_ignore" dir="auto">{body}</div>'
