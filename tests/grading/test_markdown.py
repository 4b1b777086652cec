"""Comments of readers: Markdown is shown, and nothing else that a comment may hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ustaz.grading.markdown import MOST, comment_html

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<b onmouseover=alert(1)>x</b>",
    "<!-- --><style>*{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    '<https://example.org/?x="><script>alert(1)</script>>',
    '[x](https://example.org " onclick=alert(1) x=")',
    "``` <script>\nalert(1)\n```",
    "{{ 7 * 7 }} {% raw %} $x$",
)
ALLOWED = {
    "div": {"class", "dir"}, "p": set(), "br": set(), "strong": set(), "em": set(), "s": set(),
    "ul": set(), "ol": {"start"}, "li": set(), "blockquote": set(), "code": set(), "pre": set(),
    "hr": set(), "a": {"href", "rel", "title"}, "table": set(), "thead": set(), "tbody": set(),
    "tr": set(), "th": set(), "td": set(), "span": {"class"},
}  # fmt: skip


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def seen(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Seen()
    parser.feed(comment_html(text))
    return parser.tags


def harmless(text: str) -> None:
    for tag, attrs in seen(text):
        assert tag in ALLOWED, tag
        assert set(attrs) <= ALLOWED[tag], (tag, attrs)
        if tag == "a":
            assert re.match(r"(https?:|mailto:)", attrs["href"] or "", re.IGNORECASE)
            assert "noopener" in (attrs["rel"] or "")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A **good** beginning", "<strong>good</strong>"),
        ("*really*", "<em>really</em>"),
        ("- one\n- two", "<li>one</li>"),
        ("1. one\n2. two", "<ol>"),
        ("# Well done", "<p><strong>Well done</strong></p>"),
        ("First line\nsecond line", "First line<br />\nsecond line"),
        (
            "See [the book](https://example.org/x?a=1&b=2)",
            'href="https://example.org/x?a=1&amp;b=2"',
        ),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("5 < 6 & 7 > 3", "5 &lt; 6 &amp; 7 &gt; 3"),
        ("Әйгүл, жарайсыз! 👏", "Әйгүл, жарайсыз! 👏"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("| a |\n|:-:|\n| b |", "<td>b</td>"),
    ],
)
def test_a_comment_is_shown_as_it_is_meant(written: str, shown: str) -> None:
    assert shown in comment_html(written)
    harmless(written)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_attacks_is_only_text(payload: str) -> None:
    harmless(payload)
    harmless(f"**{payload}**\n\n- {payload}\n\n> {payload}\n\n| a |\n|---|\n| {payload} |")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc",
     "//example.org", "/ustaz/staff/collect", "java&#115;cript:alert(1)", "\u0001javascript:x"],
)  # fmt: skip
def test_a_link_leads_to_the_web_or_nowhere(address: str) -> None:
    for written in (f"[x]({address})", f"<{address}>", f"[x][1]\n\n[1]: {address}"):
        assert [tag for tag, _ in seen(written) if tag == "a"] == []


def test_no_picture_is_fetched() -> None:
    for written in ("![x](https://example.org/a.png)", "![x](/a.png)", '<img src="https://a.b">'):
        assert "img" not in [tag for tag, _ in seen(written)]


def test_what_hides_in_a_comment_is_made_visible() -> None:
    assert "U+202E" in comment_html("a \u202e b")
    assert "U+202E" in comment_html("`a \u202e b`")


def test_a_comment_that_is_longer_than_any_is_text() -> None:
    assert "<strong>" not in comment_html("**x** " * MOST)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("*_[]()<>!#-|`~\\\n \t:/ahtps.org&;\"'="), max_size=120))
def test_no_comment_becomes_more_than_the_allowed(text: str) -> None:
    harmless(text)
