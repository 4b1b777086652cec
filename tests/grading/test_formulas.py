"""Formulas of stock assignments are set in feedback without a script; the rest stays."""

from __future__ import annotations

import html

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from ustaz.grading.formulas import set_formulas


@pytest.mark.parametrize(
    ("written", "block"),
    [
        ("$x^2$", False),
        (r"\(x^2\)", False),
        ("$$x^2$$", True),
        (r"\[x^2\]", True),
        (r"\begin{equation}x^2\end{equation}", True),
        (r"\begin{align*}x^2\end{align*}", True),
    ],
)
def test_a_formula_becomes_mathml(written: str, block: bool) -> None:
    page = BeautifulSoup(set_formulas(f"<p>So {written}, then.</p>"), "html.parser")
    assert page.math is not None
    assert page.math.get_text() == "x2"
    assert (page.math.get("display") == "block") is block
    assert page.get_text() == "So x2, then."


@pytest.mark.parametrize(
    ("written", "text"), [(r"$\sqrt{x+1}$", "√x+1"), (r"$\sqrt[3]{\sqrt{x}}$", "3√√x")]
)
def test_a_root_is_seen_without_a_mathematical_font_too(written: str, text: str) -> None:
    assert BeautifulSoup(set_formulas(written), "html.parser").get_text() == text


@pytest.mark.parametrize(
    "page",
    [
        "<p>It costs $5 and $6, or $10 to 20$.</p>",
        "<p>A price in words: $ x$ and $x $</p>",
        "<pre>$x^2$</pre>",
        "<p><code>$x^2$</code></p>",
        "<script>let a = '$x^2$';</script>",
        "<textarea>$x^2$</textarea>",
        "<!-- $x^2$ -->",
        '<div class="uz-answers tex2jax_ignore"><p>$x^2$</p></div>',
        r"<p>$\unknowncommand{x}$</p>",
        "<p>${{x}$ and $x}$ and $^$</p>",
        "<p>$" + "{" * 300 + "}" * 300 + "$</p>",
        "<p>$" + "x" * 5000 + "$</p>",
        r"<p>$\href{javascript:alert(1)}{x}$</p>",
        r"<p>C:\temp\[1]</p>",
    ],
)
def test_what_is_no_formula_stays_as_it_was(page: str) -> None:
    assert set_formulas(page) == page


def test_markup_in_a_formula_is_only_ever_text() -> None:
    page = set_formulas(r"<p>$\text{&lt;script&gt;alert(1)&lt;/script&gt;}$</p>")
    assert BeautifulSoup(page, "html.parser").script is None


PIECES = st.sampled_from(
    [*r"$${}\[]()^_& <>x1+", r"\frac", r"\left", r"\right", r"\text", r"\begin{matrix}", "\\\\",
     r"\end{matrix}", r"\sqrt", r"\mathbb", r"\(", r"\)", r"\color", r"\sum", r"\limits", "қ", "\0"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_stands_there_the_page_stays_whole(written: str) -> None:
    page = BeautifulSoup(set_formulas(f"<p>{html.escape(written)}</p><b>after</b>"), "html.parser")
    assert [one.name for one in page.find_all(recursive=False)] == ["p", "b"]
    plain = {"p", "b"}
    assert all(
        one.name in plain or one.name == "math" or one.find_parent("math")
        for one in page.find_all(True)
    )
    assert page.find(["script", "a", "img", "style"]) is None
