"""A portfolio's round: a manifest of frozen, projected parts and of file hashes."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.portfolio import year
from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import Refused, dropbox, pseudonymize_submissions, read_round, submit
from ustaz.exchange.manifest import digest, travels_with
from ustaz.files import FileStore
from ustaz.privacy import export_pages
from ustaz.privacy.model import Member
from ustaz.server.site import Site
from ustaz.server.views import reviews
from ustaz.server.views.records import record

OWNER = year.OWNER


def hand_in(course: Course, **more: Any) -> Any:
    return submit(course, OWNER, "portfolio", identity=acting_as(course, OWNER), **more)


def manifest(course: Course, number: int = 1) -> dict[str, Any]:
    document = read_round(course, OWNER, "portfolio", number).document
    taken: dict[str, Any] = document["manifest"]
    return taken


def test_a_round_carries_every_workbook_of_the_year_with_revision_and_digest(
    course: Course,
) -> None:
    hand_in(course)
    taken = manifest(course)
    assert set(taken["parts"]) == set(travels_with(course, "portfolio"))
    for workbook, part in taken["parts"].items():
        standing = course.store.read(Subject.person(OWNER), workbook)
        assert part["revision"] == standing.revision
        assert part["digest"] == digest(part)


def test_no_private_answer_travels(course: Course) -> None:
    hand_in(course)
    raw = b"".join(read_round(course, OWNER, "portfolio", 1).raw.values()).decode()
    for workbook in (*course.assignments, *course.companions):
        for closed in year.closed_canaries(course.library[workbook], "staff"):
            assert closed not in raw
    assert year.canary("focus", "concern_raw") in raw


def test_a_round_freezes_the_hashes_of_its_files_and_no_copies(course: Course) -> None:
    hand_in(course)
    kept = next(r for r in FileStore(course.people_dir).records(OWNER) if not r.of)
    assert manifest(course)["files"] == {kept.sha256: {"size": kept.size, "type": kept.type}}
    folder = dropbox.submissions_dir(course, OWNER, "portfolio") / "0001"
    assert sorted(path.name for path in folder.iterdir()) == ["answers.json", "round.json"]


def test_a_portfolio_that_shows_a_damaged_file_is_refused(course: Course) -> None:
    store = FileStore(course.people_dir)
    kept = next(r for r in store.records(OWNER) if not r.of)
    (store.folder(OWNER) / kept.sha256).write_bytes(b"damaged")
    with pytest.raises(Refused) as refused:
        hand_in(course)
    assert refused.value.id == "file_missing"
    assert not (dropbox.submissions_dir(course, OWNER, "portfolio") / "0001").exists()


def test_handing_in_again_without_a_change_makes_no_round(course: Course) -> None:
    first = hand_in(course)
    assert hand_in(course).repeated
    year.put(course, "vignette", title="Another title")
    with pytest.raises(Refused) as refused:
        hand_in(course)
    assert refused.value.id == "older_round"
    assert hand_in(course, confirm=True).round == first.round + 1


def test_a_change_of_a_private_answer_makes_no_other_round(course: Course) -> None:
    hand_in(course)
    year.put(course, "focus", why_me="Something that stays with me")
    assert hand_in(course).repeated


def test_a_manifest_that_was_changed_is_refused(course: Course) -> None:
    hand_in(course)
    path = dropbox.submissions_dir(course, OWNER, "portfolio") / "0001" / "answers.json"
    document = json.loads(path.read_text())
    document["manifest"]["parts"]["focus"]["answers"]["focus_statement"] = "Not mine"
    path.write_text(json.dumps(document))
    with pytest.raises(Refused) as refused:
        read_round(course, OWNER, "portfolio", 1)
    assert refused.value.id == "wrong_hash"


def test_a_persons_own_copy_holds_the_portfolio_and_what_was_handed_in(
    course: Course, tmp_path: Path
) -> None:
    hand_in(course)
    member = Member(course, OWNER, "Әйгүл С.", OWNER, "kk", ("participant",))
    list(export_pages.answers(member, tmp_path / "answers"))
    list(export_pages.handed_in(member, tmp_path / "rounds"))
    for page in ("answers/portfolio.whole.html", "rounds/portfolio-0001.html"):
        text = (tmp_path / page).read_text()
        assert year.canary("consultations", "talks", "open", "heard") in text
        assert "data:image/" in text or "photo.jpg" in text


def test_only_a_portfolio_carries_a_manifest(course: Course) -> None:
    submit(course, OWNER, "focus", identity=acting_as(course, OWNER))
    assert "manifest" not in read_round(course, OWNER, "focus", 1).document


def test_parts_are_of_one_moment(course: Course) -> None:
    """A writer goes from workbook to workbook; no cut through them sees a later one alone."""
    subject, stop = Subject.person(OWNER), threading.Event()
    names = ("focus", "half-way-review", "vignette")
    fields = {"focus": "focus_statement", "half-way-review": "proud_of", "vignette": "title"}

    def write() -> None:
        for number in range(8):
            for name in names:
                year.put(course, name, **{fields[name]: f"{number:04d}"})
        stop.set()

    for name in names:
        year.put(course, name, **{fields[name]: "0000"})
    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not stop.is_set():
            cut = course.store.read_together(subject, names)
            first, second, third = (cut[name].answers[fields[name]] for name in names)
            assert first >= second >= third
            assert int(first) - int(third) <= 1
    finally:
        writer.join()


def test_a_round_stays_readable_when_whoever_handed_it_in_is_erased(course: Course) -> None:
    submit(course, OWNER, "portfolio", identity=acting_as(course, "saule-m"))
    before = read_round(course, OWNER, "portfolio", 1)
    folder = dropbox.submissions_dir(course, OWNER, "portfolio") / "0001"
    assert pseudonymize_submissions.mentions(folder, "saule-m")
    assert pseudonymize_submissions.reseal(folder, "saule-m", "former-member")
    after = read_round(course, OWNER, "portfolio", 1)
    assert after.document["manifest"] == before.document["manifest"]
    assert after.record.receipt_hash == before.record.receipt_hash


def test_what_has_changed_since_names_the_workbooks_that_go_along(course: Course) -> None:
    hand_in(course)
    year.put(course, "vignette", title="Another title", concern="For others")
    year.put(course, "focus", why_me="Nobody else reads this")
    site = Site(course)
    about = record(site, OWNER, "portfolio")
    words = site.words("en")
    assert about.changed
    labels = reviews.changed_since_sent(about, words)
    assert labels == [course.library["vignette"].title]
    number, changes = reviews.since_sent(about, words) or (0, "")
    assert number == 1
    assert "Another" in changes
    assert "Nobody else" not in changes
    hand_in(course, confirm=True)
    again = record(site, OWNER, "portfolio", "staff")
    assert "Another" in (reviews.since(again, again.rounds[-1], words) or (0, ""))[1]
    site.pool.shutdown()
