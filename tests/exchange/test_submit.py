from __future__ import annotations

import concurrent.futures
import hashlib
import itertools
import json
import logging
import os
import shutil
import stat
import threading
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.helpers import FULL, STAFF, fill, make_course, me, tree, write
from ustaz.base import clock
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.doctor import examine
from ustaz.exchange import (
    Refused,
    collect,
    dropbox,
    latest,
    read_round,
    rounds,
    submit,
    verify_code,
)
from ustaz.server.views.staff_overview import overview


def send(course: Course, **options: Any) -> Any:
    return submit(course, "aigul-s", "mini", identity=me("aigul-s"), **options)


def shelf(course: Course) -> Path:
    return dropbox.submissions_dir(course, "aigul-s", "mini")


def test_a_receipt_tells_the_server_time_the_count_and_a_code(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    receipt = send(course)
    assert (receipt.person, receipt.workbook, receipt.round) == ("aigul-s", "mini", 1)
    assert receipt.to_dict(course.timezone)["received_at"] == "2026-11-23T14:05:00+05:00"
    assert (receipt.answered, receipt.of, receipt.repeated) == (4, 4, False)
    assert verify_code(course, receipt.code.lower().replace("-", " ")) == receipt


def test_a_round_is_readable_by_its_owner_only(course: Course) -> None:
    send(course)
    place = shelf(course) / "0001"
    assert sorted(one.name for one in place.iterdir()) == ["answers.json", "round.json"]
    for path in (course.exchange_dir, *shelf(course).parents[:2], shelf(course), place):
        if path != course.dir:
            assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    for path in place.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_shelf_that_staff_share_with_a_group_is_readable_by_the_group(course: Course) -> None:
    person = dropbox.inbound(course) / "aigul-s"
    person.mkdir(parents=True)
    person.chmod(0o2750)
    send(course)
    assert stat.S_IMODE((shelf(course) / "0001").stat().st_mode) == 0o2750
    assert stat.S_IMODE((shelf(course) / "0001" / "answers.json").stat().st_mode) == 0o640


def test_private_text_never_leaves_and_travels_as_answered(course: Course) -> None:
    send(course)
    everything = b"".join(tree(course.exchange_dir).values())
    assert b"CANARY" not in everything
    document = read_round(course, "aigul-s", "mini", 1).document
    assert "diary" in document["withheld"]
    assert "diary" not in document["answers"]
    assert "stamps" not in document
    assert "batches" not in document


def test_of_other_workbooks_a_round_holds_what_it_refers_to(course: Course) -> None:
    send(course)
    linked = read_round(course, "aigul-s", "mini", 1).document["linked"]
    assert linked["mini-focus"]["answers"] == {"statement": "Pupils explain"}
    assert linked["mini-people"]["answers"] == {"people": [{"id": "person1", "alias": "Ә.Қ."}]}


def test_the_same_content_again_gives_the_same_receipt_and_writes_nothing(course: Course) -> None:
    first = send(course)
    before = tree(course.exchange_dir)
    again = send(course, confirm=True)
    assert again.repeated
    assert (again.round, again.code, again.received_at) == (1, first.code, first.received_at)
    assert tree(course.exchange_dir) == before


def test_writing_and_taking_back_is_the_same_content(course: Course) -> None:
    first = send(course)
    write(course, "aigul-s", "mini", {"title": "Other"})
    write(course, "aigul-s", "mini", {"title": FULL["title"]})
    assert send(course).code == first.code


def test_another_content_needs_a_confirmation_and_keeps_the_earlier_round(course: Course) -> None:
    first = send(course)
    write(course, "aigul-s", "mini", {"title": "Another name"})
    before = tree(course.exchange_dir)
    with pytest.raises(Refused) as refused:
        send(course)
    assert refused.value.id == "older_round"
    assert refused.value.receipt is not None
    assert refused.value.receipt.code == first.code
    assert tree(course.exchange_dir) == before
    second = send(course, confirm=True)
    assert second.round == 2
    after = tree(course.exchange_dir)
    assert {name: after[name] for name in before} == before
    assert [one.round for one in rounds(course, "aigul-s", "mini")] == [1, 2]


def test_a_changed_focus_is_another_content(course: Course) -> None:
    send(course)
    write(course, "aigul-s", "mini-focus", {"unrelated": "nothing to do with the plan"})
    assert send(course).repeated
    write(course, "aigul-s", "mini-focus", {"statement": "Something else"})
    assert send(course, confirm=True).round == 2


def test_an_incomplete_plan_is_taken_and_the_receipt_says_how_much(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    write(course, "aigul-s", "mini", {"title": "Begun"})
    receipt = send(course)
    assert (receipt.answered, receipt.of, receipt.level) == (1, 4, "draft")


@pytest.mark.parametrize(
    ("person", "workbook", "options", "why"),
    [
        ("marat-t", "mini", {}, "not_yours"),
        ("aigul-s", "nothing", {}, "unknown_workbook"),
        ("aigul-s", "../mini", {}, "unknown_workbook"),
        ("aigul-s", "mini-people", {}, "companion"),
        ("aigul-s", "mini", {"revision": 99}, "changed"),
        ("aigul-s", "mini", {"claimed_at": "yesterday"}, "bad_claim"),
        ("aigul-s", "mini", {"claimed_at": "2026-10-01T10:00:00"}, "bad_claim"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_changes(
    course: Course, person: str, workbook: str, options: dict[str, Any], why: str
) -> None:
    before = tree(course.dir)
    with pytest.raises(Refused) as refused:
        submit(course, person, workbook, identity=me("aigul-s"), **options)
    assert refused.value.id == why
    assert refused.value.exit_code == 12
    assert tree(course.dir) == before


def test_nothing_written_is_nothing_to_send(course: Course) -> None:
    with pytest.raises(Refused) as refused:
        submit(course, "marat-t", "mini", identity=me("marat-t"))
    assert refused.value.id == "nothing_yet"


def test_a_stranger_cannot_be_submitted_for(course: Course) -> None:
    with pytest.raises(UstazError) as refused:
        submit(course, "nobody", "mini", identity=STAFF)
    assert refused.value.id == "unknown_person"


def test_staff_may_hand_in_for_a_person_and_the_round_says_so(course: Course) -> None:
    submit(course, "aigul-s", "mini", identity=STAFF)
    assert read_round(course, "aigul-s", "mini", 1).record.by == "saule-m"


@pytest.mark.parametrize("claim", ["2016-01-01T00:00:00+05:00", "2036-12-31T23:59:59Z"])
def test_a_claimed_time_is_kept_as_a_claim_and_decides_nothing(course: Course, claim: str) -> None:
    before = clock.now()
    receipt = send(course, claimed_at=claim)
    assert before <= receipt.received_at <= clock.now()
    assert receipt.claimed_at is not None
    assert receipt.claimed_at[:4] == claim[:4]


def test_a_clock_that_was_set_back_does_not_turn_the_order_around(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    first = send(course)
    write(course, "aigul-s", "mini", {"title": "Another name"})
    monkeypatch.setenv("USTAZ_NOW", "2020-01-01T00:00:00+05:00")
    assert send(course, confirm=True).received_at >= first.received_at


def test_a_clock_that_was_years_ahead_once_does_not_date_the_later_rounds(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", "2031-11-23T14:05:00+05:00")
    first = send(course)
    write(course, "aigul-s", "mini", {"title": "Another name"})
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    second = send(course, confirm=True)
    assert second.received_at == clock.now()
    assert (first.round, second.round) == (1, 2)
    assert [one.round for one in rounds(course, "aigul-s", "mini")] == [1, 2]
    (found,) = [one for one in examine(course.dir) if one.id == "round_ahead"]
    assert (found.level, found.params["round"]) == ("problem", 1)
    rows = [row for one in overview(course) for row in one["rows"] if row["person"] == "aigul-s"]
    assert [row["ahead"] for row in rows if row["rounds"]] == [True]
    assert collect(course).taken == [("aigul-s", "mini", 2)]


# -- evidence -----------------------------------------------------------------------------------
def evidence_dir(course: Course) -> Path:
    place = course.people_dir / "aigul-s" / "mini" / "evidence"
    place.mkdir()
    return place


def test_evidence_travels_with_the_round_and_changes_its_content(course: Course) -> None:
    first = send(course)
    data = b"a picture of the board"
    name = hashlib.sha256(data).hexdigest()
    (evidence_dir(course) / name).write_bytes(data)
    second = send(course, confirm=True)
    assert second.code != first.code
    frozen = read_round(course, "aigul-s", "mini", 2)
    assert frozen.evidence == {name: len(data)}
    assert (shelf(course) / "0002" / "evidence" / name).read_bytes() == data


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("photo.jpg", b"x", "unexpected_file"),
        ("0" * 64, b"x", "wrong_hash"),
    ],
)
def test_evidence_that_is_not_what_its_name_says_is_refused(
    course: Course, name: str, data: bytes, why: str
) -> None:
    (evidence_dir(course) / name).write_bytes(data)
    with pytest.raises(Refused) as refused:
        send(course)
    assert refused.value.id == why
    assert rounds(course, "aigul-s", "mini") == []


def test_too_much_evidence_is_refused(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    place = evidence_dir(course)
    for number in range(3):
        data = bytes([number]) * 10
        (place / hashlib.sha256(data).hexdigest()).write_bytes(data)
    for name, value, why in (
        ("EVIDENCE_TOTAL", 25, "too_large"),
        ("EVIDENCE_CAP", 5, "too_large"),
        ("EVIDENCE_FILES", 2, "too_many_files"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(dropbox, name, value)
            with pytest.raises(Refused) as refused:
                send(course)
            assert refused.value.id == why


# -- what goes wrong ----------------------------------------------------------------------------
class Stop(Exception):
    """Stands for the power going off."""


class Breaker:
    """Lets the n-th call of the watched functions fail."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int, error: BaseException) -> None:
        self.calls = 0
        self.at = at
        self.error = error
        for name in ("write", "fsync", "mkdir", "fchmod", "rename"):
            patch.setattr(os, name, self._wrap(getattr(os, name)))

    def _wrap(self, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == self.at:
                raise self.error
            return real(*args, **kwargs)

        return call


def test_wherever_submitting_fails_there_is_no_receipt_without_data_and_no_double_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course(tmp_path / "course")
    fill(course, "aigul-s")
    for error in (OSError(28, "No space left on device"), OSError(5, "I/O error"), Stop()):
        for at in range(1, 100):
            with monkeypatch.context() as patch:
                breaker = Breaker(patch, at, error)
                try:
                    receipt = send(course, confirm=True)
                except Stop:
                    receipt = None
                except Refused as refused:
                    receipt = None
                    if refused.id != "not_stored":
                        pytest.fail(refused.id)
            known = rounds(course, "aigul-s", "mini")
            assert len(known) <= 1
            assert (
                [one.name for one in shelf(course).glob("*")]
                == [f"{one.round:04d}" for one in known]
                if shelf(course).exists()
                else True
            )
            if receipt is not None:
                assert known
                assert verify_code(course, receipt.code) is not None
            again = send(course, confirm=True)  # trying once more always works
            assert again.round == 1
            assert len(rounds(course, "aigul-s", "mini")) == 1
            if breaker.calls < at:
                break
            clear(course)
        else:
            pytest.fail("submitting never got through")


def clear(course: Course) -> None:
    shutil.rmtree(course.exchange_dir)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_it_leaves_a_whole_round_or_none(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    fill(course, "aigul-s")
    for at in range(1, 100):
        child = os.fork()
        if child == 0:  # pragma: no cover - dies on purpose, without any clean-up
            die_at(at)
            send(course)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert len(rounds(course, "aigul-s", "mini")) <= 1
        assert send(course).round == 1
        assert len(rounds(course, "aigul-s", "mini")) == 1
        clear(course)
        if os.waitstatus_to_exitcode(status) == 0:
            break
    else:
        pytest.fail("submitting never got through")


def die_at(at: int) -> None:  # pragma: no cover - in the child
    calls = itertools.count(1)

    def wrap(real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            if next(calls) == at:
                os._exit(9)
            return real(*args, **kwargs)

        return call

    for name in ("write", "fsync", "mkdir", "fchmod", "rename"):
        setattr(os, name, wrap(getattr(os, name)))


def test_a_parcel_that_a_crash_left_is_swept_after_an_hour(course: Course) -> None:
    shelf(course).mkdir(parents=True)
    old, fresh = shelf(course) / ".aa.tmp", shelf(course) / ".bb.tmp"
    for place in (old, fresh):
        place.mkdir()
    os.utime(old, (1, 1))
    send(course)
    assert not old.exists()
    assert fresh.exists()


def test_what_is_read_back_otherwise_is_not_stored(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = dropbox.write_new

    def torn(path: Path, data: bytes, mode: int = 0o600) -> None:
        real(path, data[:-1], mode)

    monkeypatch.setattr(dropbox, "write_new", torn)
    with pytest.raises(Refused) as refused:
        send(course)
    assert refused.value.id == "not_stored"
    assert list(shelf(course).iterdir()) == []


def test_a_disk_that_takes_a_few_bytes_at_a_time_takes_all(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:7]))
    assert send(course).round == 1
    assert read_round(course, "aigul-s", "mini", 1).record.round == 1


def test_a_damaged_earlier_round_is_not_overwritten(course: Course) -> None:
    send(course)
    broken = shelf(course) / "0001" / "answers.json"
    broken.write_bytes(b"{")
    assert rounds(course, "aigul-s", "mini") == []
    with pytest.raises(Refused) as refused:
        send(course)
    assert (refused.value.id, refused.value.receipt) == ("older_round", None)
    assert send(course, confirm=True).round == 2
    assert broken.read_bytes() == b"{"


def test_a_number_that_a_stray_file_took_is_passed_over(course: Course) -> None:
    shelf(course).mkdir(parents=True)
    (shelf(course) / "0001").write_text("stray")
    assert send(course, confirm=True).round == 2


def test_there_is_a_last_number(course: Course) -> None:
    shelf(course).mkdir(parents=True)
    (shelf(course) / "9999").mkdir()
    with pytest.raises(Refused) as refused:
        send(course, confirm=True)
    assert refused.value.id == "too_many_rounds"


# -- at the same time ---------------------------------------------------------------------------
def test_the_same_button_pressed_twenty_times_at_once_makes_one_round(course: Course) -> None:
    start = threading.Barrier(20)

    def press(_: int) -> Any:
        start.wait()
        return send(course)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        receipts = list(pool.map(press, range(20)))
    assert {one.round for one in receipts} == {1}
    assert len({one.code for one in receipts}) == 1
    assert sum(not one.repeated for one in receipts) == 1
    assert len(rounds(course, "aigul-s", "mini")) == 1


def test_a_number_taken_in_between_is_not_taken_twice(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = dropbox.PendingSubmission.send
    others = iter([True])

    def late(self: dropbox.PendingSubmission, record: Any) -> bool:
        if next(others, False):
            place = shelf(course) / f"{record['round']:04d}"
            place.mkdir()
            (place / "answers.json").write_text("somebody else's")
        return real(self, record)

    monkeypatch.setattr(dropbox.PendingSubmission, "send", late)
    assert send(course, confirm=True).round == 2


def test_two_hundred_at_once_lose_nothing(tmp_path: Path) -> None:
    roster = "person,name,role\n" + "".join(f"p{n:03d},P {n},participant\n" for n in range(200))
    course = make_course(tmp_path / "course", roster=roster)
    people = list(course.people)
    for person in people:
        write(course, person, "mini", {"title": f"Plan of {person}"})
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        receipts = list(pool.map(lambda who: submit(course, who, "mini", identity=me(who)), people))
    assert [one.person for one in receipts] == people
    for one in receipts:
        frozen = read_round(course, one.person, "mini", 1)
        assert frozen.record.sha256 == one.sha256
        assert frozen.document["answers"]["title"] == f"Plan of {one.person}"


# -- properties ---------------------------------------------------------------------------------
@settings(max_examples=25, deadline=None)
@given(
    titles=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        min_size=1,
        max_size=6,
    )
)
def test_rounds_are_the_changes_of_content_in_order(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str]
) -> None:
    course = make_course(tmp_path_factory.mktemp("rounds") / "course")
    seen: list[str] = []
    codes: list[str] = []
    for title in titles:
        write(course, "aigul-s", "mini", {"title": title})
        receipt = send(course, confirm=True)
        kept = unicodedata.normalize("NFC", title)
        assert receipt.repeated == (bool(seen) and seen[-1] == kept)
        if not receipt.repeated:
            seen.append(kept)
            codes.append(receipt.code)
        assert receipt.code == codes[-1]
    assert [one.receipt.code for one in rounds(course, "aigul-s", "mini")] == codes
    last = latest(course, "aigul-s", "mini")
    assert last is not None
    assert last.document["answers"]["title"] == seen[-1]


def test_a_code_that_nobody_has_is_not_found(course: Course) -> None:
    assert verify_code(course, "0000-0000") is None
    send(course)
    assert verify_code(course, "0000-0000") is None
    assert verify_code(course, "ABCD-EFG!") is None


def test_a_code_of_a_damaged_round_is_not_confirmed(course: Course) -> None:
    receipt = send(course)
    record = shelf(course) / "0001" / "round.json"
    changed = json.loads(record.read_bytes()) | {"answered": 99}
    record.write_text(json.dumps(changed))
    assert verify_code(course, receipt.code) is None


def test_the_log_holds_ids_and_no_words(course: Course, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="ustaz")
    send(course)
    write(course, "aigul-s", "mini", {"title": "Quite another title"})
    send(course, confirm=True)
    assert "aigul-s" in caplog.text
    for word in ("attempt", "another", "CANARY", "Pupils"):
        assert word not in caplog.text
