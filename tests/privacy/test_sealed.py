"""A seal that was made anew counts from the course's account only, and for nobody else's lie."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.grading.support import IGNORE
from tests.privacy.helpers import OLGA, SAULE
from ustaz.answers import dumps_canonical
from ustaz.base.ids import FORMER_MEMBER
from ustaz.course import Course
from ustaz.exchange import Refused, dropbox, read_round, rounds, validate
from ustaz.privacy import erase, subject_of

pytestmark = pytest.mark.filterwarnings(IGNORE)


def record_of(course: Course) -> Path:
    return course.exchange_dir / "inbound" / OLGA / "mini" / "0001" / "round.json"


def forged(course: Course, **changed: Any) -> None:
    """Write the round's record as whoever owns the folder could, with a seal that fits."""
    path = record_of(course)
    record = {**json.loads(path.read_bytes()), **changed}
    path.write_bytes(dumps_canonical(dropbox.sealed(record)))


def refusal(course: Course) -> str:
    with pytest.raises(Refused) as refused:
        read_round(course, OLGA, "mini", 1)
    return refused.value.id


def test_a_round_of_erased_staff_is_read_and_says_a_former_member(course: Course) -> None:
    before = rounds(course, OLGA, "mini")[0].receipt
    erase(subject_of(course.dir, SAULE), by="operator")
    found = read_round(Course.open(course.dir), OLGA, "mini", 1)
    assert found.record.by == FORMER_MEMBER
    assert rounds(course, OLGA, "mini")[0].receipt == before
    assert found.record.receipt_sha256 == before.sha256 != found.record.sha256


def test_nobody_calls_themselves_a_former_member_without_a_seal_of_the_course(
    course: Course,
) -> None:
    forged(course, by=FORMER_MEMBER)
    assert refusal(course) == "wrong_person"


def test_another_account_cannot_choose_its_code(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged(course, receipt_sha256=hashlib.sha256(b"a code of my own").hexdigest())
    monkeypatch.setattr(validate, "course_uids", lambda _: {os.getuid() + 1})
    assert refusal(course) == "wrong_hash"


@pytest.mark.parametrize("value", ["", "abc", 5, None])
def test_a_hash_that_is_none_refuses_the_round(course: Course, value: object) -> None:
    forged(course, receipt_sha256=value)
    assert refusal(course) in ("wrong_hash", "damaged")
