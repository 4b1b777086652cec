"""The record of shares: what holds when, for whom, and what ends it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.courses import course_at
from ustaz import shares
from ustaz.course import Course
from ustaz.shares.record import KINDS, LINK, MOST, ledger

ROSTER = """\
person,name,role,group,school,lang,account,status
aigul-s,Aigul S.,participant,{group},{school},kk,,{status}
marat-t,Marat T.,participant,g2,s2,ru,,active
olga-p,Olga P.,participant,,,ru,,active
"""
DAY = dt.date(2026, 11, 23)
WHOLE = {"workbook": "vignette", "what": "document", "places": ["concern"]}


def roster(*, group: str = "g1", school: str = "s1", status: str = "active") -> str:
    return ROSTER.format(group=group, school=school, status=status)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", f"{DAY}T12:00:00+05:00")
    return course_at(tmp_path / "course", "trial", "Trial", roster())


def show(course: Course, to: str, **more: object) -> shares.Share:
    until = {"until": DAY + dt.timedelta(7)} if to == LINK else {}
    return shares.show(course, "aigul-s", to, **{**WHOLE, **until, **more})[0]  # type: ignore[arg-type]


def live(course: Course) -> list[str]:
    return [share.to for share in shares.live(course, "aigul-s")]


@pytest.mark.parametrize("to", KINDS)
def test_a_share_holds_from_its_day_until_its_last_day(
    course: Course, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    show(course, to, until=DAY + dt.timedelta(7))
    for days, holds in ((-1, False), (0, True), (7, True), (8, False)):
        day = DAY + dt.timedelta(days)
        monkeypatch.setenv("USTAZ_NOW", f"{day}T23:59:00+05:00")
        assert (live(course) == [to]) is holds


@pytest.mark.parametrize("to", KINDS)
def test_who_ends_a_share_ends_it_at_once_and_the_line_stays(course: Course, to: str) -> None:
    share = show(course, to)
    assert live(course) == [to]
    before = ledger(course).path("aigul-s").read_bytes()
    assert shares.end(course, "aigul-s", share.id)
    assert live(course) == []
    assert not shares.end(course, "aigul-s", share.id)
    assert ledger(course).path("aigul-s").read_bytes().startswith(before)
    (kept,) = shares.read(course, "aigul-s")
    assert kept.ended


@pytest.mark.parametrize(
    ("to", "change", "holds"),
    [
        *((to, {"status": "withdrawn"}, False) for to in KINDS),
        *((to, {"status": "leave"}, True) for to in KINDS),
        ("group", {"group": "g2"}, False),
        ("group", {"school": "s2"}, True),
        ("school_link", {"school": "s2"}, False),
        ("school_link", {"group": "g2"}, True),
        (LINK, {"group": "g2", "school": "s2"}, True),
        ("public", {"group": "g2", "school": "s2"}, True),
    ],
)
def test_moving_and_leaving_end_what_was_for_whom_one_left(
    course: Course, to: str, change: dict[str, str], holds: bool
) -> None:
    show(course, to)
    (course.dir / "people.csv").write_text(roster(**change), encoding="utf-8")
    assert (live(course) == [to]) is holds
    (course.dir / "people.csv").write_text(roster(), encoding="utf-8")
    assert live(course) == [to]


def test_who_is_not_in_the_list_any_more_shows_nothing(course: Course) -> None:
    show(course, "public")
    (course.dir / "people.csv").write_text(roster().replace("aigul-s", "other-s"))
    assert live(course) == []


def test_the_same_thing_to_the_same_readers_is_one_share(course: Course) -> None:
    first, second = show(course, "group"), show(course, "group", until=DAY)
    assert [share.id for share in shares.live(course, "aigul-s")] == [second.id]
    assert first.id != second.id
    show(course, "group", what="section:end")
    assert len(shares.live(course, "aigul-s")) == 2
    show(course, LINK)
    show(course, LINK)  # two readers, two addresses
    assert live(course).count(LINK) == 2


@pytest.mark.parametrize(
    ("person", "to", "more", "why"),
    [
        ("olga-p", "group", {}, "share_nobody"),
        ("olga-p", "school_link", {}, "share_nobody"),
        ("aigul-s", "everybody", {}, "share_unknown"),
        ("aigul-s", "group", {"workbook": "../x"}, "share_unknown"),
        ("aigul-s", "group", {"until": DAY - dt.timedelta(1)}, "share_day"),
        ("aigul-s", LINK, {"until": None}, "share_day"),
        ("aigul-s", LINK, {"until": DAY + dt.timedelta(400)}, "share_day"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_nothing_is_written(
    course: Course, person: str, to: str, more: dict[str, object], why: str
) -> None:
    with pytest.raises(shares.ShareError) as refused:
        shares.show(course, person, to, **{**WHOLE, **more})  # type: ignore[arg-type]
    assert refused.value.id == why
    assert not ledger(course).path(person).exists()


def test_very_many_shares_are_refused(course: Course) -> None:
    lines = [
        {"do": "show", "id": f"{at:012x}", "to": "group", "target": "g1", "start": f"{DAY}"}
        for at in range(MOST)
    ]
    ledger(course).append_all("aigul-s", lines)
    with pytest.raises(shares.ShareError) as refused:
        show(course, "group")
    assert refused.value.id == "share_many"


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        '{"do": "show"}',
        '{"do": "show", "id": 5, "to": "group"}',
        '{"do": "show", "id": "0123456789ab", "to": "all", "start": "2026-01-01"}',
        '{"do": "show", "id": "0123456789ab", "to": "group", "target": "g1"}',
        '{"do": "show", "id": "0123456789ab", "to": "group", "target": "g1", "start": "soon"}',
        (
            '{"do": "show", "id": "0123456789ab", "to": "group", "target": "g1",'
            ' "start": "2026-01-01", "until": "never"}'
        ),
        (
            '{"do": "show", "id": "0123456789ab", "to": "group", "target": "g1",'
            ' "start": "2026-01-01", "places": "concern"}'
        ),
        (
            '{"do": "show", "id": "0123456789ab", "to": "outside", "start": "2026-01-01",'
            ' "until": "2027-01-01", "digest": "x"}'
        ),
        '{"do": "show", "id": "0123456789ab", "to": "outside", "start": "2026-01-01"}',
        '{"do": "end", "id": "0123456789ab"}',
        '{"do": "permit", "id": "0123456789ab"}',
    ],
)
def test_a_damaged_line_shows_nothing_and_hides_no_other(course: Course, line: str) -> None:
    show(course, "school_link")
    with ledger(course).path("aigul-s").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert live(course) == ["school_link"]
    show(course, "public")
    assert live(course) == ["school_link", "public"]


def test_a_share_is_not_begun_again_by_a_line_with_its_id(course: Course) -> None:
    share = show(course, "group")
    shares.end(course, "aigul-s", share.id)
    line = json.loads(ledger(course).path("aigul-s").read_text().splitlines()[0])
    ledger(course).append("aigul-s", {**line, "places": ["own"]})
    assert live(course) == []


def test_a_school_agrees_to_one_text_and_takes_it_back(course: Course) -> None:
    share = show(course, "public")
    shares.permit(course, share, "abc", by="bakhyt-d")
    (known,) = shares.live(course, "aigul-s")
    assert known.permission is not None
    assert (known.permission.content, known.permission.by) == ("abc", "bakhyt-d")
    shares.take_permission_back(course, share, by="bakhyt-d")
    assert shares.live(course, "aigul-s")[0].permission is None


def test_research_is_a_consent_that_shows_nobody_anything(course: Course) -> None:
    share, _ = shares.show(course, "aigul-s", "research")
    assert shares.consenting(course) == ["aigul-s"]
    assert (share.workbook, share.places) == ("", frozenset())
    shares.end(course, "aigul-s", share.id)
    assert shares.consenting(course) == []


# -- secret addresses -----------------------------------------------------------------------------
def test_a_secret_opens_one_share_and_what_is_kept_opens_nothing(course: Course) -> None:
    until = DAY + dt.timedelta(7)
    share, secret = shares.show(course, "aigul-s", LINK, **WHOLE, until=until)  # type: ignore[arg-type]
    _, other = shares.show(course, "marat-t", LINK, **WHOLE, until=until)  # type: ignore[arg-type]
    assert shares.share_of_secret(course, secret) == share
    assert secret not in ledger(course).path("aigul-s").read_text()
    for guess in ("", share.digest, share.id, other[:-1], "../x", "é" * 43, secret + "A"):
        assert shares.share_of_secret(course, guess) is None
    shares.end(course, "aigul-s", share.id)
    assert shares.share_of_secret(course, secret) is None
    assert shares.share_of_secret(course, other) is not None


def test_openings_are_counted_with_their_time_and_nothing_else(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = show(course, LINK)
    other = show(course, LINK)
    assert shares.openings(course, share) == shares.Opening()
    for _ in range(3):
        shares.record_opening(course, share)
    opening = shares.openings(course, share)
    assert (opening.count, opening.is_full) == (3, False)
    assert shares.openings(course, other).count == 0
    (path,) = (course.dir / "shares" / "openings").glob("*.jsonl")
    assert {key for line in path.read_text().splitlines() for key in json.loads(line)} == {
        "at",
        "id",
    }
    monkeypatch.setattr("ustaz.shares.links.MOST_KEPT", 4)
    shares.record_opening(course, share)
    size = path.stat().st_size
    shares.record_opening(course, share)
    assert path.stat().st_size == size
    assert shares.openings(course, share).is_full


def test_a_copy_that_is_restored_opens_no_address_and_publishes_nothing(course: Course) -> None:
    for to in KINDS:
        show(course, to)
    assert shares.end_outside(course.dir) == 2
    assert live(course) == ["group", "school_link", "research"]
    assert shares.end_outside(course.dir) == 0


# -- any order of events --------------------------------------------------------------------------
@dataclass
class Known:
    """A share as the model knows it."""

    id: str
    to: str
    what: str
    target: str
    until: dt.date | None
    ended: bool = False


class Lives(RuleBasedStateMachine):
    """Shares of one person under any order of showing, ending, moving, leaving and days."""

    @initialize(factory=st.just(None))
    def begin(self, factory: None) -> None:
        import tempfile

        self.patch = pytest.MonkeyPatch()
        self.folder = tempfile.TemporaryDirectory()
        self.day, self.group, self.school, self.status = DAY, "g1", "s1", "active"
        self.shares: list[Known] = []
        self.at_day(0)
        self.course = course_at(Path(self.folder.name) / "c", "trial", "Trial", roster())

    def teardown(self) -> None:
        self.patch.undo()
        self.folder.cleanup()

    @rule(days=st.integers(0, 9))
    def at_day(self, days: int) -> None:
        self.day += dt.timedelta(days)
        self.patch.setenv("USTAZ_NOW", f"{self.day}T12:00:00+05:00")

    @rule(
        to=st.sampled_from(KINDS),
        what=st.sampled_from(["document", "section:end"]),
        days=st.integers(0, 12) | st.none(),
    )
    def show(self, to: str, what: str, days: int | None) -> None:
        until = None if days is None else self.day + dt.timedelta(days)
        if to == LINK and until is None:
            return
        share, _ = shares.show(
            self.course, "aigul-s", to, workbook="vignette", what=what, places=["a"], until=until
        )
        for known in self.shares:
            same = (known.to, known.what) == (to, what)
            if same and to != LINK and self.holds(known):
                known.ended = True
        target = {"group": self.group, "school_link": self.school}.get(to, "")
        self.shares.append(Known(share.id, to, what, target, until))

    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        if self.shares:
            known = data.draw(st.sampled_from(self.shares))
            assert shares.end(self.course, "aigul-s", known.id) is not known.ended
            known.ended = True

    @rule(
        group=st.sampled_from(["g1", "g2"]),
        school=st.sampled_from(["s1", "s2"]),
        status=st.sampled_from(["active", "leave", "withdrawn"]),
    )
    def change(self, group: str, school: str, status: str) -> None:
        self.group, self.school, self.status = group, school, status
        text = roster(group=group, school=school, status=status)
        (self.course.dir / "people.csv").write_text(text, encoding="utf-8")
        self.course = Course.open(self.course.dir)

    def holds(self, known: Known) -> bool:
        here = {"group": self.group, "school_link": self.school}.get(known.to, "")
        in_time = known.until is None or self.day <= known.until
        return self.status != "withdrawn" and not known.ended and in_time and here == known.target

    @invariant()
    def what_holds_is_what_the_model_says(self) -> None:
        if hasattr(self, "shares"):
            expected = [known.id for known in self.shares if self.holds(known)]
            assert [share.id for share in shares.live(self.course, "aigul-s")] == expected


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
