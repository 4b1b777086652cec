"""The front matter of a page: every fault is found, with its line."""

from __future__ import annotations

import datetime as dt

import pytest

from ustaz.book import frontmatter

GOOD = """---
id: m4
title: From values to concern
minutes: 30
objectives:
  - explain a value
  - name a concern
workbook: focus
prerequisites: [welcome]
status: draft
reviewed_on: 2026-11-23
lang: en
---

# From values to concern
"""


def faults(text):
    return [(one.line, one.message) for one in frontmatter.read(text)[1]]


def test_a_complete_front_matter_is_read_with_the_line_of_each_key():
    matter, found = frontmatter.read(GOOD)
    assert found == []
    assert matter is not None
    assert matter.minutes == 30
    assert matter.objectives == ("explain a value", "name a concern")
    assert matter.prerequisites == ("welcome",)
    assert matter.reviewed_on == dt.date(2026, 11, 23)
    assert matter.lines["workbook"] == 8


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("id: m4", "id: M 4", 2, "small letters"),
        ("minutes: 30", "minutes: half an hour", 4, "whole number"),
        ("minutes: 30", "minutes: -3", 4, "whole number"),
        ("minutes: 30", "minutes: 3000", 4, "whole number"),
        ("status: draft", "status: finished", 10, "expected one of draft"),
        ("lang: en", "lang: fr", 12, "expected one of en"),
        ("reviewed_on: 2026-11-23", "reviewed_on: yesterday", 11, "expected a date"),
        ("prerequisites: [welcome]", "prerequisites: welcome", 9, "expected a list"),
        ("title: From values to concern", "title: [a, b]", 3, "expected one value"),
        ("title: From values to concern", 'title: ""', 3, "must not be empty"),
        ("workbook: focus", "workbok: focus", 8, "unknown key `workbok`"),
        ("workbook: focus", "workbook: focus\nworkbook: focus", 9, "stands here twice"),
        ("workbook: focus\n", "", 1, "the key `workbook` is missing"),
        ("minutes: 30", "minutes: : 30", 4, "not readable as YAML"),
    ],
)
def test_a_fault_is_reported_with_its_line(old, new, line, words):
    assert GOOD.count(old + "\n") or GOOD.count(old)
    found = faults(GOOD.replace(old, new, 1))
    assert any(at == line and words in message for at, message in found), found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# A page\n", "no front matter"),
        ("", "no front matter"),
        ("---\nid: a\n", "no closing"),
        ("---\n- a\n- b\n---\n", "list of `key: value` lines"),
    ],
)
def test_a_page_without_a_usable_front_matter_is_refused(text, words):
    matter, found = frontmatter.read(text)
    assert matter is None
    assert words in found[0].message
