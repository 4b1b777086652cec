"""Pages that people read in their fourth language: short sentences, plain words."""

from __future__ import annotations

import pytest

from tests.book.conftest import ROOT, SAMPLE
from ustaz.book.__main__ import main
from ustaz.book.readability import (
    BOUNDS,
    Figures,
    faults,
    measure,
    of_book,
    sentences,
    syllables,
    table,
)

PAGE = """---
id: m1
title: Not counted
lang: en
---

# Not counted either

:::{objectives}
:::

Nurgul A. wants a {term}`focus`. "Is it {term}`mine <concern>`?" she asks {cite}`frost2012`.

```{figure} ../figures/cycle.svg
---
alt: >-
  Not counted. Not at all.
---

The caption counts.
```

:::{quiz} near
Which one?

- [x] This one.
  > It is near.
- [ ] That one
:::

:::{activity} A title counts
:minutes: 5

Look [here](https://example.org/not.counted) now.
:::

| not | counted |
|---|---|
"""


def test_a_page_is_measured_as_the_reader_sees_it():
    assert sentences(PAGE) == [
        "Nurgul A. wants a focus.",
        '"Is it mine?" she asks.',
        "The caption counts.",
        "Which one?",
        "This one.",
        "It is near.",
        "That one",
        "A title counts",
        "Look here now.",
    ]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("school", 1),
        ("teacher", 2),
        ("facilitator", 5),
        ("table", 2),
        ("these", 1),
        ("wanted", 2),
        ("looked", 1),
        ("notes", 1),
        ("pieces", 2),
        ("being", 2),
        ("evaluation", 5),
        ("period", 3),
        ("nation", 2),
        ("question", 2),
        ("30", 1),
    ],
)
def test_syllables_are_counted_by_rule(word, count):
    assert syllables(word) == count


def test_the_formula_is_that_of_flesch():
    figures = Figures(words=100, sentences=10, syllables=150, long=())
    assert figures.mean == 10
    assert figures.ease == pytest.approx(206.835 - 10.15 - 126.9)


def test_a_long_sentence_is_found_and_printed():
    long = " ".join(["Word"] * 26)
    figures = measure(f"Short one here. And {long}. {long}")
    assert [len(one.split()) for one in figures.long] == [27, 26]
    assert f"26 words: {long}" in table({"book/a.md": figures}, show_long=True)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (Figures(400, 20, 500, ()), "20.0 words a sentence"),
        (Figures(400, 40, 800, ()), "reading ease"),
        (Figures(400, 40, 500, ("a", "b")), "5.0% of the sentences are long"),
    ],
)
def test_a_module_over_the_bound_is_named_with_the_reason(figures, said):
    wrong = faults({"book/modules/a.md": figures})
    assert [one for one in wrong["book/modules/a.md"] if said in one]
    assert f"over the bound: {wrong['book/modules/a.md'][0]}" in table(
        {"book/modules/a.md": figures}
    )


def test_a_very_short_or_empty_page_has_no_bound():
    assert BOUNDS["page"].broken_by(measure("")) == []
    assert measure("").ease == 100
    assert measure("").mean == 0


def test_every_page_of_the_book_keeps_the_bound():
    found = of_book(ROOT)
    assert len([name for name in found if name.startswith("book/modules/")]) >= 2
    assert faults(found) == {}


def test_the_command_prints_a_line_a_page(capsys):
    assert main(["readability", "--source", str(SAMPLE)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["page", "words", "sentences", "mean", "long", "ease"]
    assert {line.split()[0] for line in lines[1:]} == set(of_book(SAMPLE))
