"""The build: all or nothing, honest about faults, quick."""

from __future__ import annotations

import re

import pytest

from ustaz.book import BookError, build
from ustaz.book.__main__ import main
from ustaz.book.pages import page_path

FIRST = "book/modules/first.md"


def test_pages_have_short_addresses():
    assert page_path("book/index") == "index"
    assert page_path("book/modules/focus") == "modules/focus"
    assert page_path("facilitator_notes/README") == "notes/index"
    assert page_path("facilitator_notes/focus") == "notes/focus"
    assert page_path("search") == "search"


def test_nothing_is_built_when_nothing_has_changed(sample):
    assert sample.build().seconds > 0
    assert sample.build().seconds == 0
    sample.edit(FIRST, "Do not hurry.", "Do not hurry so.")
    assert sample.build().seconds > 0


def test_a_failed_build_leaves_the_published_edition_untouched(sample):
    built = sample.build("learner")
    before = (built.folder / "index.html").read_text()
    sample.edit(FIRST, "{cite}`frost2012`.\n\n::::{act", "{cite}`nobody1999`.\n\n::::{act")
    said = sample.complaints("learner")
    assert "nobody1999" in said
    assert f"{FIRST}:" in said
    assert (built.folder / "index.html").read_text() == before
    assert [path.name for path in built.folder.parent.glob(".book-*")] == []


def test_a_page_that_the_contents_list_and_nobody_wrote_fails(sample):
    (sample.root / FIRST).unlink()
    assert "first" in sample.complaints("learner")


def test_a_page_that_no_contents_list_fails(sample):
    text = (sample.root / "book/index.md").read_text().replace("id: welcome", "id: lost")
    (sample.root / "book/lost.md").write_text(text)
    assert "book/lost.md is in no table of contents" in sample.complaints("learner")


def test_a_link_to_nowhere_fails(sample):
    sample.edit("book/index.md", "<modules/first>", "<modules/second>")
    assert "modules/second" in sample.complaints("learner")


def test_two_pages_with_one_id_and_an_unknown_prerequisite_fail(sample):
    sample.edit("book/index.md", "id: welcome", "id: m1")
    said = sample.complaints("learner")
    assert "the id 'm1' is that of" in said
    assert "no page has the id 'welcome'" in said


def test_the_first_use_of_a_term_must_be_a_link(sample):
    line = sample.edit(FIRST, "A {term}`concern` is", "A concern is a {term}`concern` and is")
    said = sample.complaints("learner")
    assert f"{FIRST}:{line}" in said
    assert "the first use of 'concern' is not a link" in said


def test_an_unknown_and_an_unused_term_fail(sample):
    sample.edit("facilitator_notes/first.md", "{term}`runbook`", "{term}`cookbook`")
    said = sample.complaints()
    assert "cookbook" in said
    assert "no page links to the term 'runbook'" in said


def test_a_source_that_nobody_cites_or_that_has_no_label_fails(sample):
    bib = sample.root / "book/references.bib"
    bib.write_text(bib.read_text() + "\n@misc{lonely,\n  title = {Alone},\n}\n")
    said = sample.complaints()
    assert "no page cites 'lonely'" in said
    assert "'lonely' has no `label`" in said
    assert "'lonely' has no url, doi or isbn" in said


@pytest.mark.usefixtures("own_process")
def test_the_command_builds_both_editions_and_says_so(sample, capsys):
    assert main(["build", str(sample.out), "--source", str(sample.root)]) == 0
    said = capsys.readouterr().out
    assert "learner (en): 4 pages" in said
    assert "facilitator (en): 6 pages" in said
    assert main(["build", str(sample.out), "--source", str(sample.root), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert 'href="en/index.html"' in (sample.out / "index.html").read_text()


@pytest.mark.usefixtures("own_process")
def test_the_command_reports_faults_and_fails(sample, capsys):
    sample.edit(FIRST, "id: m1", "id: M1")
    source = ["--source", str(sample.root)]
    assert main(["build", str(sample.out), "--edition", "learner", *source]) == 1
    assert f"{FIRST}:2" in capsys.readouterr().err


def test_an_unknown_edition_is_refused(tmp_path):
    with pytest.raises(BookError) as caught:
        build(tmp_path, edition="secret")
    assert caught.value.id == "bad_edition"


@pytest.mark.parametrize(
    ("base", "expected", "home"),
    [
        (None, 'href="../../../workbooks/focus"', "../../../"),
        (
            "https://hub.example/ustaz/workbooks/",
            'href="https://hub.example/ustaz/workbooks/focus"',
            "https://hub.example/ustaz/",
        ),
        ("", "uz-workbook-away", None),
    ],
)
def test_the_way_to_a_workbook_and_home_depends_on_where_the_book_is_served(
    sample, base, expected, home
):
    """From ``…/book/en/modules/first.html`` the workbooks lie three folders up."""
    from tests.book.conftest import ROOT

    if (sample.root / "workbooks").is_dir():  # an empty folder is not kept in a clone
        (sample.root / "workbooks").rmdir()
    (sample.root / "workbooks").symlink_to(ROOT / "workbooks")
    sample.edit(FIRST, ":::{caution}\n", ":::{workbook} focus\nNow.\n:::\n\n:::{caution}\n")
    built = build(sample.out, source=sample.root, workbooks=base)
    text = (built.folder / "modules/first.html").read_text()
    assert expected in text
    assert re.findall(r'class="uz-home"><a href="([^"]*)"', text) == ([home] * 2 if home else [])


def test_the_programs_that_the_book_is_built_with_have_the_places_for_our_short_cuts():
    from docutils.frontend import get_default_settings
    from myst_parser.mdit_to_docutils import base
    from myst_parser.parsers import sphinx_
    from sphinx.transforms import i18n

    from ustaz.book import shortcuts

    shortcuts.install()
    taken = (base.get_default_settings, sphinx_.create_md_parser, i18n._publish_msgstr)
    shortcuts.install()
    assert taken == (base.get_default_settings, sphinx_.create_md_parser, i18n._publish_msgstr)
    assert base.get_default_settings is not get_default_settings
    first, second = base.get_default_settings(), base.get_default_settings()
    first.report_level = 99
    assert second.report_level == get_default_settings().report_level


def test_an_edition_is_built_again_when_something_of_its_own_has_changed(sample):
    for edition, lang in (("learner", "en"), ("facilitator", "en"), ("learner", "kk")):
        sample.build(edition, lang)
    note = sample.root / "facilitator_notes/README.md"
    note.write_text(note.read_text() + "\nOne sentence more.\n")
    assert sample.build("learner").seconds == 0
    assert sample.build("facilitator").seconds > 0
    words = sample.root / "locale/ru/LC_MESSAGES/book/index.po"
    words.parent.mkdir(parents=True)
    words.write_text('msgid "One"\nmsgstr "Один"\n', encoding="utf-8")
    assert sample.build("learner", "kk").seconds == 0
