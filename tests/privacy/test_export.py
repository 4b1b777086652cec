"""A person gets everything that is kept of them, to read by themselves, and nothing of others."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.grading.support import IGNORE
from tests.privacy.helpers import (
    ACCOUNT,
    AIGUL,
    BOLAT,
    CANARIES,
    DINA,
    MARAT,
    NAME,
    OTHERS_WORDS,
    SCHOOLS_WORDS,
    WORDS,
    residue,
    state,
)
from ustaz.course import Course
from ustaz.exchange import rounds
from ustaz.privacy import Export, PersonalError, export, subject_of

pytestmark = pytest.mark.filterwarnings(IGNORE)


def copied(course: Course, person: str, to: Path) -> Export:
    return export(subject_of(course.dir, person), to)


def links(page: Path) -> list[str]:
    """Return where a page's links lead."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag not in ("script", "img", "iframe", "link")
            found.extend(unquote(value or "") for key, value in attrs if key == "href")

    Reader().feed(page.read_text(encoding="utf-8"))
    return found


def test_everything_of_the_person_is_in_it_and_nothing_of_another(
    course: Course, tmp_path: Path
) -> None:
    before = state(course.dir)
    made = copied(course, AIGUL, tmp_path / "out")
    found = "\n".join(residue(made.folder, *CANARIES))
    assert [word for word in CANARIES if word not in found] == []
    assert residue(made.folder, *OTHERS_WORDS, MARAT, "Marat T.", "Olga", "Nurgul") == []
    assert state(course.dir) == before
    assert made.places.keys() >= {"answers", "gradebook"}


def test_the_pages_show_what_is_private_and_every_link_leads_somewhere(
    course: Course, tmp_path: Path
) -> None:
    folder = copied(course, AIGUL, tmp_path / "out").folder
    page = (folder / "trial" / "answers" / "mini.html").read_text()
    for word in (WORDS[0], WORDS[1], WORDS[4], "Dina F."):
        assert word in page
    readme = folder / "README.html"
    assert f"Сіз туралы сақталатыны: {NAME}" in readme.read_text()
    found = links(readme)
    assert len(found) == 3 + 2 + 2  # workbooks, rounds, feedback
    assert all((folder / one).is_file() for one in found)
    for one in folder.rglob("*.html"):
        links(one)


def test_receipts_marks_and_history_are_there_for_programs(course: Course, tmp_path: Path) -> None:
    folder = copied(course, AIGUL, tmp_path / "out").folder / "trial"
    receipts = json.loads((folder / "receipts.json").read_text())
    codes = [one.receipt.code for one in rounds(course, AIGUL, "mini")]
    assert [one["code"] for one in receipts] == codes
    roster = json.loads((folder / "data" / "roster.json").read_text())
    assert roster["now"]["account"] == ACCOUNT
    assert [line["kind"] for line in roster["history"]] == ["first", "changed"]
    assert "saule-m" not in json.dumps(roster)
    marks = json.loads((folder / "data" / "gradebook.json").read_text())
    assert "Better" in [one["manual_comment"] for one in marks["comment"]]
    assert (folder / "data" / "answers" / "mini" / "journal.jsonl").is_file()


def test_a_facilitator_gets_what_they_said_and_not_about_whom(
    course: Course, tmp_path: Path
) -> None:
    folder = copied(course, DINA, tmp_path / "out").folder
    said = json.loads((folder / "trial" / "data" / "said.json").read_text())
    assert sorted(one["kind"] for one in said) == ["confirmations"] * 2 + ["entered"] * 2 + [
        "schools",
        "schools",
        "shifts/shared",
        "tutorials",
    ]
    assert residue(folder, MARAT, AIGUL, *OTHERS_WORDS, *WORDS) == []


def test_a_director_gets_what_they_wrote_for_the_school_and_not_what_was_asked(
    course: Course, tmp_path: Path
) -> None:
    folder = copied(course, BOLAT, tmp_path / "out").folder
    found = "\n".join(residue(folder, *SCHOOLS_WORDS))
    assert [word for word in SCHOOLS_WORDS if word not in found] == []
    assert residue(folder, AIGUL, MARAT, DINA, *WORDS, "A facilitator's check-in") == []
    asker = copied(course, AIGUL, tmp_path / "asker").folder
    assert SCHOOLS_WORDS[0] in (asker / "trial" / "data" / "asks.json").read_text()
    assert residue(asker, *SCHOOLS_WORDS[1:]) == []


def test_only_its_owner_opens_it(course: Course, tmp_path: Path) -> None:
    folder = copied(course, AIGUL, tmp_path / "out").folder
    modes = {one.stat().st_mode & 0o077 for one in (folder, *folder.rglob("*"))}
    assert modes == {0}


@pytest.mark.parametrize(
    ("name", "id_"), [("there", "occupied"), ("no/where", "no_folder"), ("course/out", "inside")]
)
def test_a_folder_that_is_there_or_lies_in_the_course_is_refused(
    course: Course, tmp_path: Path, name: str, id_: str
) -> None:
    (tmp_path / "there").mkdir()
    before = state(tmp_path)
    with pytest.raises(PersonalError) as refused:
        copied(course, AIGUL, tmp_path / name)
    assert (refused.value.id, refused.value.exit_code) == (id_, 12)
    assert state(tmp_path) == before


def test_a_failure_leaves_nothing_half(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> bytes:
        raise OSError(28, "full")

    monkeypatch.setattr("ustaz.privacy.export_pages.page", full)
    with pytest.raises(OSError, match="full"):
        copied(course, AIGUL, tmp_path / "out")
    assert [one.name for one in tmp_path.iterdir()] == ["course"]


def test_it_can_be_read_where_a_document_is_damaged(course: Course, tmp_path: Path) -> None:
    folder = course.people_dir / AIGUL / "mini"
    for name in ("answers.json", "answers.prev.json", "journal.jsonl"):
        (folder / name).write_bytes(b"{")
    made = copied(course, AIGUL, tmp_path / "out").folder
    assert not (made / "trial" / "answers" / "mini.html").exists()
    assert (made / "trial" / "data" / "answers" / "mini" / "answers.json").read_bytes() == b"{"
    assert re.search("<li>Mini plan · ", (made / "README.html").read_text())
