from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ustaz.grading.text import line, show

TAG = re.compile(r"</?(?:bdi|br|details|summary|span)(?: class=\"uz-[a-z]+\")?>")
CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff]"
)

texts = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("<>&\"'`\x00\x1b\r\n\t\u202e\u2066\u200f\u0301\u0489\u200d\ufe0f👩‍🔬$\\"),
    ),
    max_size=60,
)


@given(texts)
def test_no_text_is_ever_anything_but_text(text: str) -> None:
    for shown in (show(text), line(text), show(text, clip=5)):
        rest = TAG.sub("", shown)
        assert "<" not in rest
        assert ">" not in rest
        assert '"' not in rest
        assert not CONTROLS.search(rest)
        shown.encode("utf-8")


@given(
    st.text(
        st.characters(
            categories=["L", "N", "P", "Zs"], exclude_characters="\u3164\uffa0\u115f\u1160"
        ),
        max_size=80,
    )
)
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert html.unescape(TAG.sub("", show(text))) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "a<br>b"),
        ("a\r\nb", "a<br>b"),
        ("\x1b[31m", '<span class="uz-code">␛</span>[31m'),
        ("\x7f", '<span class="uz-code">␡</span>'),
        ("\x85", "<br>"),
        ("\x9b", '<span class="uz-code">U+009B</span>'),
        ("\u202e", '<span class="uz-code">U+202E</span>'),
        ("\ud800", "\ufffd"),
        ("<b>", "&lt;b&gt;"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("Ә.Қ.", "Ә.Қ."),
    ],
)
def test_odd_characters_have_a_form_that_can_be_seen(text: str, expected: str) -> None:
    assert show(text) == f'<bdi class="uz-text">{expected}</bdi>'


def test_a_storm_of_marks_keeps_the_first_and_says_how_many_more() -> None:
    shown = show("a" + "\u0301" * 20_000 + "b")
    assert len(shown) < 120
    assert '<span class="uz-code">+19992</span>b' in shown
    assert sum(unicodedata.category(one) == "Mn" for one in shown) == 8


def test_a_long_text_shows_its_beginning_and_all_of_it_on_demand() -> None:
    shown = show("word " * 1000, all_label="Барлығын көрсету", clip=100)
    assert shown.startswith('<details class="uz-long"><summary>')
    assert "Барлығын көрсету" in shown
    assert shown.count("word") == 1020


def test_length_is_counted_as_a_person_counts() -> None:
    assert "<details" not in show("e\u0301" * 600)
    assert "<details" in show("e\u0301" * 601)


def test_a_name_stays_on_one_line() -> None:
    assert line("a\nb\r\nc\x00") == (
        '<bdi class="uz-text">a b c<span class="uz-code">␀</span></bdi>'
    )
    assert line("a\nb") == '<bdi class="uz-text">a b</bdi>'
