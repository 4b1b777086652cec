"""The page for authors tells the truth."""

from __future__ import annotations

import re

import yaml

from tests.book.conftest import ROOT, SAMPLE
from ustaz.book import anatomy, frontmatter
from ustaz.book.directives import DIRECTIVES
from ustaz.book.directives.confidence import LEVELS
from ustaz.book.groupings import GROUPINGS
from ustaz.book.settings import EDITIONS, TOC_FILES

DOCS = (ROOT / "docs/authoring.md").read_text()
SCRIPT = (ROOT / "src/ustaz/book/static/ustaz-book.js").read_text()


def test_every_block_is_explained():
    assert [name for name in DIRECTIVES if f"{{{name}}}" not in DOCS] == []


def test_every_key_of_the_front_matter_is_explained():
    assert [key for key in frontmatter.KEYS if f"| `{key}` |" not in DOCS] == []


def test_every_value_that_an_author_can_choose_is_named():
    for value in (*frontmatter.STATUSES, *GROUPINGS):
        assert f"`{value}`" in DOCS
    for level in LEVELS:
        assert f"`[{level}]`" in DOCS
    for kind in anatomy.MODULE_NEEDS:
        assert f"`{kind}`" in DOCS or f"`{{{kind}}}`" in DOCS


def test_the_example_module_is_the_one_that_the_tests_build():
    example = DOCS.split("## A whole module")[1].split("````md\n")[1].split("````")[0]
    assert example == (SAMPLE / "book/modules/first.md").read_text()


def test_the_key_and_the_event_of_the_reading_marks_are_documented():
    key = re.search(r'KEY = "([^"]+)"', SCRIPT)
    event = re.search(r'EVENT = "([^"]+)"', SCRIPT)
    assert key
    assert event
    assert f"`{key.group(1)}`" in DOCS
    assert f"`{event.group(1)}`" in DOCS


def test_both_contents_list_the_same_pages_in_the_same_order():
    """The facilitator edition is the learner edition and more."""
    listed = []
    for edition in EDITIONS:
        toc = yaml.safe_load((ROOT / TOC_FILES[edition]).read_text())
        files = [one["file"] for part in toc["parts"] for one in part["chapters"]]
        listed.append([one for one in files if not one.startswith("facilitator_notes/")])
    assert listed[0] == listed[1]


def test_every_module_has_its_runbook():
    modules = {path.stem for path in (ROOT / "book/modules").glob("*.md")}
    runbooks = {path.stem for path in (ROOT / "facilitator_notes").glob("*.md")}
    assert modules - runbooks == set()
