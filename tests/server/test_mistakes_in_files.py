"""One wrong word in a file that people edit: what was right before goes on; staff read where."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.exchange import helpers
from tests.server.helpers import html, visit
from ustaz.admin.edited_files import faults_of
from ustaz.base.errors import UstazError
from ustaz.config_files.last_good import FOLDER
from ustaz.course import Course, own_workbooks
from ustaz.doctor import examine
from ustaz.enrolment import set_status
from ustaz.roster.writing import forget
from ustaz.server.api import health
from ustaz.server.pages import participant, people
from ustaz.server.site import Site

CONFIG = "c = get_config()\nc.Exchange.timezone = 'Asia/Almaty'\n"
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "{0}"\nmsgstr "{1}"\n'


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_seen", {})
    monkeypatch.setattr(health, "KEPT_SECONDS", -1.0)
    monkeypatch.setattr(own_workbooks, "LOOK_AGAIN", -1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = helpers.make_course(tmp_path / "course").dir
    (made / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    po = made / "locale" / "kk" / "LC_MESSAGES" / "workbooks.po"
    po.parent.mkdir(parents=True)
    po.write_text(PO.format("Mini plan", "Шағын жоспар"), encoding="utf-8")
    (made / "confirmations").mkdir()
    (made / "confirmations" / "aigul-s.jsonl").write_text('{"field": "a"}\n{"field": "b"}\n')
    return made


@pytest.fixture
def running(folder: Path) -> Iterator[Site]:
    """A course that is being served, every file of it good."""
    course = Course.open(folder, going_on=True)
    assert faults_of(course) == []
    assert "aigul-s" in course.people
    made = Site(course, book_dir=folder / "book")
    yield made
    made.pool.shutdown()


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def written(name: str, data: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(data) and None


def folder_instead(name: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return edit


MINI = "library/mini/workbook.yml"
PO_FILE = "locale/kk/LC_MESSAGES/workbooks.po"
#: What is edited how, and what staff read of it: the file, the line, the field.
MISTAKES = {
    "role": (replaced("people.csv", "aigul-s,Aigul S.,participant", "aigul-s,Aigul S.,partisipant"),
             "people.csv", 2, "role"),
    "lang": (replaced("people.csv", "s1,ru,", "s1,rus,"), "people.csv", 3, "lang"),
    "twice": (replaced("people.csv", "marat-t,", "aigul-s,"), "people.csv", 3, "person"),
    "columns": (replaced("people.csv", "person,name", "id,name"), "people.csv", 1, "person"),
    "not UTF-8": (written("people.csv", "person,name,role\na,Әсел,staff\n".encode("utf-16")),
                  "people.csv", 1, ""),
    "empty": (written("people.csv", b""), "people.csv", 1, "name, person, role"),
    "cut off": (written("people.csv", b"person,name,role\nsaule-m,Saule,staff\naigul-s,Ai"),
                "people.csv", 3, "role"),
    "gone": (lambda folder: (folder / "people.csv").unlink(), "people.csv", 0, ""),
    "a folder": (folder_instead("people.csv"), "people.csv", 0, ""),
    "no date": (replaced("ustaz.toml", "end = ", 'end = "soon" # '), "ustaz.toml", 9,
                "calendar.end"),
    "impossible date": (replaced("ustaz.toml", "end = ", "end = 2027-02-31 # "), "ustaz.toml", 9,
                        "calendar.end"),
    "turned round": (replaced("ustaz.toml", "end = ", "end = 1999-01-01 # "), "ustaz.toml", 9,
                     "calendar.end"),
    "no TOML": (replaced("ustaz.toml", "[calendar]", "[calendar"), "ustaz.toml", 7, ""),
    "number of 5,000 digits": (replaced("ustaz.toml", "end = ", f"end = {'9' * 5000} # "),
                               "ustaz.toml", 9, "calendar.end"),
    "deep": (replaced("ustaz.toml", "end = ", f"end = {'[' * 9000} # "), "ustaz.toml", 9,
             "calendar.end"),
    "list of numbers": (replaced("ustaz.toml", '["mini"]', "[5]"), "ustaz.toml", 13,
                        "workbooks.assignments"),
    "settings are a folder": (folder_instead("ustaz.toml"), "ustaz.toml", 0, ""),
    "workbook": (replaced(MINI, "max: 40", "max: forty"), MINI, 19,
                 "sections[0].fields[0].max"),
    "workbook no YAML": (replaced(MINI, "sections:", "sections: ]"), MINI, 12, ""),
    "workbook deep": (written(MINI, b"a: " + b"[" * 60000), MINI, 1, ""),
    "workbook not UTF-8": (written(MINI, b"\xff\xfe\x00"), MINI, 1, ""),
    "workbook refers to nothing": (replaced(MINI, "to: mini-focus/statement", "to: nowhere/at"),
                                   MINI, 21, "sections[0].fields[2].to"),
    "translation": (written(PO_FILE, b'msgid "a"\nmsgstrr "b"\n'), PO_FILE, 2, ""),
    "translation not UTF-8": (written(PO_FILE, b'msgid "a"\nmsgstr "\xff"\n'), PO_FILE, 0, ""),
    "nbgrader's settings": (written("nbgrader_config.py", b"c = get_config()\nc.X.y = \n"),
                            "nbgrader_config.py", 2, ""),
    "nbgrader's settings name": (written("nbgrader_config.py", b"\nc.X.y = Tru\n"),
                                 "nbgrader_config.py", 2, ""),
    "nbgrader's settings end": (written("nbgrader_config.py", b"raise SystemExit(3)\n"),
                                "nbgrader_config.py", 1, ""),
    "ledger": (replaced("confirmations/aigul-s.jsonl", '{"field": "a"}', '{"field": "a"'),
               "confirmations/aigul-s.jsonl", 1, ""),
    "ledger deep": (replaced("confirmations/aigul-s.jsonl", '{"field": "a"}', "[" * 100_000),
                    "confirmations/aigul-s.jsonl", 1, ""),
    "unknown workbook": (replaced("ustaz.toml", '["mini"]', '["mini", "minni"]'), "ustaz.toml", 13,
                         "workbooks.assignments"),
    "no such library": (replaced("ustaz.toml", '["library"]', '["library", "lib"]'), "ustaz.toml",
                        14, "workbooks.library"),
}  # fmt: skip
#: These change what the settings say; a course that runs takes that over when it is opened again.
REOPENED = {"unknown workbook", "no such library"}


def served(course: Course, folder: Path) -> Site:
    return Site(course, book_dir=folder / "book")


@pytest.mark.parametrize("kind", MISTAKES)
def test_the_state_before_goes_on_and_staff_read_file_line_and_field(
    kind: str, running: Site, folder: Path
) -> None:
    edit, file, line, field = MISTAKES[kind]
    title = running.course.library["mini"].title
    edit(folder)
    again = served(Course.open(folder, going_on=True), folder)
    for site in [again] if kind in REOPENED else [running, again]:
        course = site.course
        assert {"aigul-s", "marat-t", "saule-m"} <= course.people.keys()
        assert course.library["mini"].title == title
        assert "Шағын жоспар" in html(participant.home(visit(site, "aigul-s", lang="kk")))
        shown = html(participant.home(visit(site, "aigul-s")))
        assert "faults-title" not in shown
        for lang in ("en", "ru", "kk"):
            page = html(participant.home(visit(site, "saule-m", lang=lang)))
            assert page.count('id="faults-title"') == 1
            assert f"<code>{file}</code>" in page
            assert field in page
        english = html(participant.home(visit(site, "saule-m")))
        assert f"line {line}" in english if line else ", line" not in english
        reply = health.health(visit(site, None))
        body = json.loads(reply.body)
        assert (reply.status, body["status"], body["checks"]["files"]) == (200, "degraded", "old")
        assert "Aigul" not in reply.body.decode()
        assert file not in reply.body.decode()
        site.pool.shutdown()
    (found,) = [one for one in examine(folder) if one.id == "file_refused"]
    assert found.level == "problem"
    assert Path(found.params["file"]).relative_to(folder).as_posix() == file
    assert (found.params["line"], found.params["field"]) == (line, field)


def test_a_mistake_that_is_corrected_is_forgotten_at_once(running: Site, folder: Path) -> None:
    path = folder / MINI
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("max: 40", "max: forty"), encoding="utf-8")
    assert len(faults_of(running.course)) == 1
    path.write_text(good.replace("title: Mini plan", "title: Maxi plan"), encoding="utf-8")
    assert faults_of(running.course) == []
    assert running.course.library["mini"].title == "Maxi plan"


def test_other_workbooks_go_on_where_one_was_never_good(folder: Path) -> None:
    replaced(MINI, "max: 40", "max: forty")(folder)
    course = Course.open(folder, going_on=True)
    assert "mini" not in course.library
    assert {"mini-focus", "mini-people", "focus"} <= set(course.library)
    (fault,) = [one for one in faults_of(course) if one.kind == "workbook"]
    assert fault.since == ""
    page = html(participant.home(visit(served(course, folder), "aigul-s")))
    assert "Mini plan" not in page


def test_what_a_workbook_says_of_another_fits_again_with_the_one_before(
    running: Site, folder: Path
) -> None:
    assert "mini" in running.course.library
    replaced("library/mini-focus/workbook.yml", "id: statement", "id: renamed")(folder)
    course = Course.open(folder, going_on=True)
    assert {"mini", "mini-focus"} <= set(course.library)
    assert course.library["mini-focus"].field("statement")
    assert {one.kind for one in faults_of(course)} == {"workbook"}


def test_a_command_refuses_what_a_page_goes_on_with(running: Site, folder: Path) -> None:
    replaced("people.csv", "participant", "partisipant")(folder)
    with pytest.raises(UstazError, match=r"people\.csv:2: role: use some of"):
        len(Course.open(folder).people)
    assert len(running.course.people) == 5


def test_who_was_taken_out_on_a_page_does_not_come_back_by_a_mistake(
    running: Site, folder: Path
) -> None:
    set_status(running.course, "saule-m", "withdrawn", by="operator")
    replaced("people.csv", "dina-f,Dina F.,facilitator", "dina-f,Dina F.,facilitatr")(folder)
    for course in (running.course, Course.open(folder, going_on=True)):
        assert course.person("saule-m").held == frozenset()
        assert course.person("dina-f").held == {"facilitator"}


def test_who_was_erased_is_in_no_kept_state(running: Site, folder: Path) -> None:
    forget(folder, "aigul-s")
    for path in (folder / FOLDER).rglob("*"):
        assert not path.is_file() or b"aigul" not in path.read_bytes()
    (folder / "people.csv").write_bytes(b"nothing")
    assert "aigul-s" not in Course.open(folder, going_on=True).people


def test_a_roster_that_never_was_is_empty_and_no_fault(tmp_path: Path) -> None:
    made = helpers.make_course(tmp_path / "course").dir
    (made / "people.csv").unlink()
    course = Course.open(made, going_on=True)
    assert course.people == {}
    assert course.roster_fault is None


def test_the_page_of_people_says_why_a_correction_does_not_count(
    running: Site, folder: Path
) -> None:
    replaced("people.csv", "s1,ru,", "s1,rus,")(folder)
    replaced(MINI, "max: 40", "max: forty")(folder)
    page = html(people.people(visit(running, "saule-m", lang="ru")))
    assert "<code>people.csv</code>" in page
    assert "workbook.yml" not in page


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_was_closed_to_the_course_is_read_when_it_is_open_again(
    running: Site, folder: Path
) -> None:
    (folder / "people.csv").chmod(0)
    assert len(running.course.people) == 5
    assert running.course.roster_fault is not None
    (folder / "people.csv").chmod(0o600)
    assert running.course.roster_fault is None


def test_a_full_disk_keeps_nothing_and_stops_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("os.fsync", full)
    course = Course.open(folder, going_on=True)
    assert len(course.people) == 5
    assert list((folder / FOLDER).rglob("*.tmp")) == []


def test_a_deep_or_long_file_costs_no_time(running: Site, folder: Path) -> None:
    begun = time.process_time()
    for data in (b"a: " + b"[" * 250_000, b"a: " + b"{b: " * 60_000, b"- " * 200_000):
        (folder / MINI).write_bytes(data)
        assert "mini" in running.course.library
        assert len(faults_of(running.course)) == 1
    assert time.process_time() - begun < 10  # seconds each before; no bound of speed


def test_the_kept_states_are_closed_to_others(running: Site, folder: Path) -> None:
    for path in (folder / FOLDER, *(folder / FOLDER).rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
