from __future__ import annotations

import json
import logging
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.helpers import fill, me, tree, write
from ustaz.answers import dumps_canonical
from ustaz.course import Course
from ustaz.exchange import (
    Refused,
    collect,
    collecting,
    dropbox,
    rounds,
    submit,
    validate,
)
from ustaz.exchange.validate import read_collected


@pytest.fixture
def sent(course: Course) -> Course:
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    return course


def place(course: Course, person: str = "aigul-s", number: int = 1) -> Path:
    return dropbox.submissions_dir(course, person, "mini") / f"{number:04d}"


def submitted(course: Course, person: str = "aigul-s") -> Path:
    return course.dir / "submitted" / person / "mini"


def again(course: Course, **answers: Any) -> None:
    write(course, "aigul-s", "mini", answers)
    submit(course, "aigul-s", "mini", identity=me("aigul-s"), confirm=True)


def tamper(course: Course, name: str = "answers.json", /, **changed: Any) -> None:
    """Change a round's file and make its hashes fit again, as somebody who knows how would."""
    folder = place(course)
    path = folder / name
    data = json.loads(path.read_bytes()) | changed
    path.write_bytes(dumps_canonical({k: v for k, v in data.items() if v is not Ellipsis}))
    reseal(folder)


def reseal(folder: Path) -> None:
    import hashlib

    from ustaz.exchange.snapshot import content_of

    answers = (folder / "answers.json").read_bytes()
    record = json.loads((folder / "round.json").read_bytes())
    record["answers_sha256"] = hashlib.sha256(answers).hexdigest()
    try:
        document = json.loads(answers)
        record["content"] = content_of(document, record["evidence"])
    except Exception:  # noqa: BLE001 - whatever is wrong with it is what is tested
        pass
    (folder / "round.json").write_bytes(dumps_canonical(dropbox.sealed(record)))


# -- what is taken ------------------------------------------------------------------------------
def test_the_released_notebook_and_the_validated_answers_are_taken(sent: Course) -> None:
    own = sent.people_dir / "aigul-s" / "mini" / "mini.ipynb"
    own.write_text("import os; os.system('rm -rf /')")
    report = collect(sent)
    assert report.taken == [("aigul-s", "mini", 1)]
    taken = tree(submitted(sent))
    assert sorted(taken) == [
        "answers.json",
        "mini.ipynb",
        "round.json",
        "submission_secret.txt",
        "timestamp.txt",
    ]
    assert taken["mini.ipynb"] == (sent.dir / "release" / "mini" / "mini.ipynb").read_bytes()
    assert taken["answers.json"] == (place(sent) / "answers.json").read_bytes()


def test_the_time_is_the_receipts(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    submit(course, "aigul-s", "mini", identity=me("aigul-s"), claimed_at="2016-01-01T00:00:00Z")
    monkeypatch.delenv("USTAZ_NOW")
    collect(course)
    stamp = (submitted(course) / "timestamp.txt").read_text()
    assert stamp == "2026-11-23 09:05:00.000001 UTC"


def test_collecting_again_changes_nothing(sent: Course) -> None:
    collect(sent)
    before = tree(sent.dir)
    report = collect(sent)
    assert (report.taken, report.unchanged) == ([], [("aigul-s", "mini", 1)])
    assert tree(sent.dir) == before


def test_the_last_round_is_taken_without_being_asked_to_update(sent: Course) -> None:
    collect(sent)
    again(sent, title="Another name")
    assert collect(sent).taken == [("aigul-s", "mini", 2)]
    assert read_collected(sent, "aigul-s", "mini").record.round == 2
    assert place(sent).is_dir()


def test_two_rounds_within_a_second_have_two_times(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    collect(course)
    first = (submitted(course) / "timestamp.txt").read_text()
    again(course, title="Another name")
    collect(course)
    assert (submitted(course) / "timestamp.txt").read_text() > first


def test_the_last_round_before_a_moment_can_be_taken(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime as dt

    monkeypatch.setenv("USTAZ_NOW", "2026-11-20T12:00:00+00:00")
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    monkeypatch.setenv("USTAZ_NOW", "2026-11-25T12:00:00+00:00")
    again(course, title="Too late")
    due = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    assert collect(course, before=due).taken == [("aigul-s", "mini", 1)]
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert collect(course, before=long_ago).taken == [("aigul-s", "mini", 2)]
    assert collect(course, before=dt.datetime(2030, 1, 1, tzinfo=dt.UTC)).taken == []


def test_one_person_or_workbook_can_be_collected(sent: Course) -> None:
    fill(sent, "marat-t")
    submit(sent, "marat-t", "mini", identity=me("marat-t"))
    assert collect(sent, "mini-focus").taken == []
    assert collect(sent, person="marat-t").taken == [("marat-t", "mini", 1)]
    assert collect(sent, "mini").taken == [("aigul-s", "mini", 1)]


def test_nobody_has_sent_anything(course: Course) -> None:
    report = collect(course)
    assert report.to_dict() == {"taken": [], "unchanged": [], "refused": []}


def test_a_new_release_is_taken_over(sent: Course) -> None:
    collect(sent)
    notebook = sent.dir / "release" / "mini" / "mini.ipynb"
    notebook.write_text(notebook.read_text() + "\n")
    assert collect(sent).taken == [("aigul-s", "mini", 1)]
    assert (submitted(sent) / "mini.ipynb").read_bytes() == notebook.read_bytes()


def test_the_status_of_rounds_follows(sent: Course) -> None:
    assert [one.status for one in rounds(sent, "aigul-s", "mini")] == ["received"]
    collect(sent)
    again(sent, title="Another name")
    assert [one.status for one in rounds(sent, "aigul-s", "mini")] == ["collected", "received"]
    assert rounds(sent, "aigul-s", "mini")[1].to_dict()["status"] == "received"
    (submitted(sent) / "round.json").write_text("[]")
    assert [one.status for one in rounds(sent, "aigul-s", "mini")] == ["received", "received"]


# -- what is refused ----------------------------------------------------------------------------
def refused(course: Course) -> tuple[str, str]:
    """Collect; return why Aigul's round was refused, having seen that nothing changed."""
    before = tree(dropbox.inbound(course))
    was = tree(course.dir / "submitted") if (course.dir / "submitted").exists() else {}
    report = collect(course)
    assert report.taken == []
    assert len(report.refused) == 1, report
    person, _, why, detail = report.refused[0]
    assert person == "aigul-s"
    assert tree(dropbox.inbound(course)) == before
    now = tree(course.dir / "submitted") if (course.dir / "submitted").exists() else {}
    assert now == was
    return why, detail


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "empty"),
        (b"{", "syntax"),
        (b"\xff\xfe{\x00", "utf16"),
        (b"\xef\xbb\xbf{}", "bom"),
        (b"\xff", "utf8"),
        (b'{"a":1,"a":2}', "duplicate_key"),
        (b'{"a":NaN}', "not_a_number"),
        (b'{"a":1e999}', "number_range"),
        (b'{"a":' + b"9" * 5000 + b"}", "integer_range"),
        (b"[" * 100_000, "deep"),
        (b'{"a":"\\ud800"}', "surrogate"),
        (b'{"a":"\x01"}', "control"),
        (b"{}{}", "trailing"),
        (b"[]", "not_an_object"),
        (b"{}", "keys"),
    ],
)
@pytest.mark.parametrize("name", ["answers.json", "round.json"])
def test_damaged_json_is_refused_with_its_own_reason(
    sent: Course, name: str, data: bytes, detail: str
) -> None:
    if name == "round.json" and len(data) > 65536:
        data = b"[" * 60_000
    (place(sent) / name).write_bytes(data)
    assert refused(sent) == ("damaged", detail)


@pytest.mark.parametrize(
    ("name", "changed", "expected"),
    [
        ("answers.json", {"format": 2}, ("newer_format", "2")),
        ("round.json", {"format": 99}, ("newer_format", "99")),
        ("answers.json", {"format": 0}, ("damaged", "format")),
        ("answers.json", {"format": True}, ("damaged", "format")),
        ("answers.json", {"format": "1"}, ("damaged", "format")),
        ("answers.json", {"score": 100}, ("damaged", "keys")),
        ("round.json", {"points": 100}, ("damaged", "keys")),
        ("answers.json", {"lang": ...}, ("damaged", "keys")),
        ("answers.json", {"answers": []}, ("damaged", "answers")),
        ("answers.json", {"revision": True}, ("damaged", "revision")),
        ("answers.json", {"workbook": "mini-focus"}, ("wrong_workbook", "")),
        ("answers.json", {"subject": {"kind": "person", "id": "marat-t"}}, ("wrong_person", "")),
        ("answers.json", {"subject": {"kind": "group", "id": "aigul-s"}}, ("wrong_person", "")),
        ("round.json", {"person": "marat-t"}, ("wrong_person", "")),
        ("round.json", {"by": "marat-t"}, ("wrong_person", "")),
        ("round.json", {"by": "nobody"}, ("wrong_person", "")),
        ("round.json", {"round": 2}, ("wrong_round", "")),
        ("round.json", {"course": "other"}, ("wrong_course", "")),
        ("round.json", {"revision": 99}, ("wrong_hash", "")),
        ("round.json", {"received_at": "soon"}, ("damaged", "received_at")),
        ("round.json", {"received_at": "2026-11-23T10:00:00"}, ("damaged", "received_at")),
        ("round.json", {"claimed_at": "soon"}, ("damaged", "received_at")),
        ("answers.json", {"answers": {"nobody_asked": 1}}, ("bad_value", "unknown_field")),
        ("answers.json", {"answers": {"mood": 99}}, ("bad_value", "out_of_range")),
        ("answers.json", {"answers": {"mood": "4"}}, ("bad_value", "wrong_type")),
        ("answers.json", {"withheld": ["nothing"]}, ("damaged", "withheld")),
        ("answers.json", {"withheld": [1]}, ("damaged", "withheld")),
        ("answers.json", {"linked": {"nothing": {}}}, ("damaged", "linked")),
    ],
)
def test_a_round_that_does_not_tell_one_story_is_refused(
    sent: Course, name: str, changed: dict[str, Any], expected: tuple[str, str]
) -> None:
    tamper(sent, name, **changed)
    assert refused(sent) == expected


def linked(**changed: Any) -> dict[str, Any]:
    return {"mini-focus": {"definition": "1.0.0", "answers": {}, "withheld": []} | changed}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (linked(definition="9.0.0"), ("newer_definition", "9.0.0")),
        (linked(definition="new"), ("damaged", "definition")),
        (linked(answers=[]), ("damaged", "linked")),
        (linked(answers=3), ("damaged", "linked")),
        (linked(answers={"statement": 3}), ("bad_value", "wrong_type")),
        (linked(withheld=3), ("damaged", "linked")),
        (linked(withheld="abc"), ("damaged", "answers")),
        (linked(more=3), ("damaged", "linked")),
        ({"unknown": linked()["mini-focus"]}, ("damaged", "linked")),
    ],
)
def test_what_is_shown_of_another_workbook_is_checked_too(
    sent: Course, part: dict[str, Any], expected: tuple[str, str]
) -> None:
    tamper(sent, linked=part)
    assert refused(sent) == expected


def test_answers_of_a_newer_workbook_are_refused(sent: Course) -> None:
    tamper(sent, definition="2.0.0")
    tamper(sent, "round.json", definition="2.0.0")
    assert refused(sent) == ("newer_definition", "2.0.0")


def test_answers_of_an_older_workbook_are_taken(sent: Course) -> None:
    tamper(sent, definition="0.9.0", answers={"gone": 1})
    tamper(sent, "round.json", definition="0.9.0")
    assert collect(sent).taken == [("aigul-s", "mini", 1)]


@pytest.mark.parametrize("name", ["answers.json", "round.json"])
def test_a_changed_byte_is_noticed(sent: Course, name: str) -> None:
    path = place(sent) / name
    data = json.loads(path.read_bytes())
    if name == "answers.json":
        data["answers"]["title"] = "Somebody else's words"
    else:
        data["answered"] = 99
    path.write_bytes(dumps_canonical(data))
    assert refused(sent) == ("wrong_hash", "")


def test_content_that_is_not_what_the_record_says_is_noticed(sent: Course) -> None:
    tamper(sent, "round.json")
    record = json.loads((place(sent) / "round.json").read_bytes())
    record["content"] = "0" * 64
    (place(sent) / "round.json").write_bytes(dumps_canonical(dropbox.sealed(record)))
    assert refused(sent) == ("wrong_hash", "")


def test_evidence_that_was_taken_away_or_added_is_noticed(course: Course) -> None:
    import hashlib

    evidence = course.people_dir / "aigul-s" / "mini" / "evidence"
    evidence.mkdir()
    data = b"a picture"
    name = hashlib.sha256(data).hexdigest()
    (evidence / name).write_bytes(data)
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    inner = place(course) / "evidence"
    other = hashlib.sha256(b"another").hexdigest()
    (inner / other).write_bytes(b"another")
    assert refused(course) == ("wrong_hash", "")
    (inner / other).unlink()
    (inner / name).unlink()
    assert refused(course) == ("wrong_hash", "")
    (inner / name).write_bytes(data)
    assert collect(course).taken == [("aigul-s", "mini", 1)]
    assert (submitted(course) / "evidence" / name).read_bytes() == data
    assert read_collected(course, "aigul-s", "mini").evidence == {name: len(data)}


def test_a_round_of_a_companion_or_an_unknown_workbook_is_refused(sent: Course) -> None:
    place(sent).parent.rename(place(sent).parent.with_name("mini-people"))
    assert refused(sent) == ("unknown_workbook", "")


def test_a_round_copied_into_another_persons_folder_is_refused(sent: Course) -> None:
    import shutil

    target = dropbox.submissions_dir(sent, "marat-t", "mini")
    target.parent.mkdir()
    shutil.copytree(place(sent).parent, target)
    report = collect(sent)
    assert report.taken == [("aigul-s", "mini", 1)]
    assert report.refused == [("marat-t", "mini", "wrong_person", "")]
    assert not submitted(sent, "marat-t").exists()


def test_a_refused_round_leaves_what_was_collected_before(sent: Course) -> None:
    collect(sent)
    again(sent, title="Another name")
    (place(sent, number=2) / "answers.json").write_bytes(b"{")
    assert refused(sent) == ("damaged", "syntax")
    assert read_collected(sent, "aigul-s", "mini").record.round == 1


def test_a_refusal_is_listed_and_the_others_are_taken(sent: Course) -> None:
    fill(sent, "marat-t")
    submit(sent, "marat-t", "mini", identity=me("marat-t"))
    (place(sent) / "answers.json").write_bytes(b"{")
    report = collect(sent)
    assert report.taken == [("marat-t", "mini", 1)]
    assert report.to_dict()["refused"] == [
        {"person": "aigul-s", "workbook": "mini", "error": "damaged", "detail": "syntax"}
    ]


def test_a_workbook_without_a_released_notebook_is_refused(sent: Course) -> None:
    (sent.dir / "release" / "mini" / "mini.ipynb").unlink()
    assert refused(sent) == ("not_released", "")


# -- interruptions ------------------------------------------------------------------------------
class Stop(Exception):
    pass


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Stop()])
def test_wherever_collecting_stops_the_next_one_comes_to_the_same_end(
    sent: Course, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    collect(sent)
    again(sent, title="Another name")
    for at in range(1, 60):
        calls = 0

        def wrap(real: Any, at: int = at) -> Any:
            def call(*args: Any, **kwargs: Any) -> Any:
                nonlocal calls
                calls += 1
                if calls == at:
                    raise error
                return real(*args, **kwargs)

            return call

        with monkeypatch.context() as patch:
            for name in ("write", "fsync", "mkdir", "rename"):
                patch.setattr(os, name, wrap(getattr(os, name)))
            try:
                report = collect(sent)
                stopped = bool(report.refused)
            except Stop:
                stopped = True
        target = submitted(sent)
        if target.exists():  # whole, whichever round it is
            assert read_collected(sent, "aigul-s", "mini").record.round in {1, 2}
        collect(sent)
        assert read_collected(sent, "aigul-s", "mini").record.round == 2
        assert [one.name for one in target.parent.iterdir()] == ["mini"]
        if not stopped and calls < at:
            break
        import shutil

        shutil.rmtree(target)
        first = validate.read_round(sent, "aigul-s", "mini", 1)
        collecting.place(sent, "aigul-s", "mini", first)
    else:
        pytest.fail("collecting never got through")


def test_the_log_names_ids_and_reasons_and_no_words(
    sent: Course, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="ustaz")
    collect(sent)
    (dropbox.inbound(sent) / "\x1b[31mEvil").mkdir()
    report = collect(sent)
    assert report.refused == [(r"'\x1b[31mEvil'", "", "bad_name", "")]
    for word in ("attempt", "Pupils", "\x1b"):
        assert word not in caplog.text


def test_reading_what_was_not_collected_is_refused(course: Course) -> None:
    with pytest.raises(Refused) as error:
        read_collected(course, "aigul-s", "mini")
    assert error.value.id == "missing_file"


def test_ten_thousand_swaps_while_collecting_never_let_another_file_in(sent: Course) -> None:
    """Somebody exchanges the file for a link to a staff file as fast as they can."""
    folder = place(sent)
    staff = sent.dir / "people.csv"
    good = (folder / "answers.json").read_bytes()
    stop = threading.Event()

    def swap() -> None:
        link, back = folder.parent / "link", folder.parent / "back"
        for _ in range(10_000):
            if stop.is_set():
                break
            link.symlink_to(staff)
            link.replace(folder / "answers.json")
            back.write_bytes(good)
            back.replace(folder / "answers.json")

    attacker = threading.Thread(target=swap)
    attacker.start()
    try:
        for _ in range(60):
            report = collect(sent)
            if submitted(sent).exists():
                assert (submitted(sent) / "answers.json").read_bytes() == good
            assert {one[2] for one in report.refused} <= {
                "not_a_file",
                "linked_file",
                "missing_file",
                "changed_while_reading",
                "too_many_files",
                "unexpected_file",
                "wrong_hash",
                "damaged",
            }
    finally:
        stop.set()
        attacker.join(timeout=30)
    assert not attacker.is_alive()
