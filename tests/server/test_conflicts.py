"""Every kind of conflict through the calls: each is answered, both values are handed back."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.server import helpers
from ustaz.base.throttle import Throttle
from ustaz.course import Course
from ustaz.server.api import answers
from ustaz.server.site import Site

PERSON, WORKBOOK = "nurgul-a", "action-plan"
Changes = list[dict[str, Any]]


def put(value: Any, *path: str) -> dict[str, Any]:
    return {"op": "set", "path": list(path), "value": value}


def clear(*path: str) -> dict[str, Any]:
    return {"op": "clear", "path": list(path)}


def add(row: str, after: str | None = None, **cells: Any) -> dict[str, Any]:
    return {"op": "add_row", "path": ["steps", row], "after": after, "value": cells}


def remove(row: str) -> dict[str, Any]:
    return {"op": "remove_row", "path": ["steps", row]}


def move(row: str, after: str | None) -> dict[str, Any]:
    return {"op": "move_row", "path": ["steps", row], "after": after}


def status(value: str) -> dict[str, Any]:
    return {"op": "status", "value": value}


#: What stands when two devices begin to differ.
START: Changes = [
    put("Pair talk", "title"),
    put("Because of", "purpose_for_pupils"),
    add("row001", None, action="one"),
    add("row002", "row001", action="two"),
    add("row003", "row002", action="three"),
]


@dataclass(frozen=True)
class Case:
    """What the other device saved, what this one sends, and what becomes of it.

    `theirs` is what is handed back for each change that is declined, by its place in the batch;
    `undated` where nobody can tell since when.
    """

    other: Changes
    mine: Changes
    theirs: dict[int, Any] = field(default_factory=dict)
    undated: bool = False


R1_EDITED = {"id": "row001", "action": "other's"}
CASES: dict[str, Case] = {
    "a field written twice": Case([put("theirs", "title")], [put("mine", "title")], {0: "theirs"}),
    "a field written and emptied": Case([put("theirs", "title")], [clear("title")], {0: "theirs"}),
    "a field emptied and written": Case([clear("title")], [put("mine", "title")], {0: None}),
    "a field emptied twice": Case([clear("title")], [clear("title")]),
    "the same words twice": Case([put("same", "title")], [put("same", "title")]),
    "a cell written twice": Case(
        [put("theirs", "steps", "row001", "action")],
        [put("mine", "steps", "row001", "action")],
        {0: "theirs"},
    ),
    "a cell emptied and written": Case(
        [clear("steps", "row001", "action")], [put("mine", "steps", "row001", "action")], {0: None}
    ),
    "a cell written and emptied": Case(
        [put("theirs", "steps", "row001", "action")],
        [clear("steps", "row001", "action")],
        {0: "theirs"},
    ),
    "two cells of a row": Case(
        [put("theirs", "steps", "row001", "action")], [put("mine", "steps", "row001", "resources")]
    ),
    "a row removed while it is written in": Case(
        [remove("row001")], [put("mine", "steps", "row001", "action")], {0: None}
    ),
    "a row removed while two of its cells are written, and a field": Case(
        [remove("row001")],
        [
            put("mine", "steps", "row001", "action"),
            put("here", "steps", "row001", "resources"),
            put("kept", "title"),
        ],
        {0: None, 1: None},
    ),
    "a row removed while a cell is emptied": Case(
        [remove("row001")], [clear("steps", "row001", "action")]
    ),
    "a row removed while it is moved": Case([remove("row001")], [move("row001", "row003")]),
    "a row removed by both": Case([remove("row001")], [remove("row001")]),
    "a row written in while it is removed": Case(
        [put("other's", "steps", "row001", "action")], [remove("row001")], {0: R1_EDITED}
    ),
    "a row removed and restored while it is written in": Case(
        [remove("row001"), add("row001", None, action="other's")],
        [put("mine", "steps", "row001", "action")],
        {0: "other's"},
    ),
    "a row removed and restored while it is removed": Case(
        [remove("row001"), add("row001", None, action="other's")],
        [remove("row001")],
        {0: R1_EDITED},
    ),
    "a row removed and restored as it was": Case(
        [remove("row001"), add("row001", None, action="one")],
        [put("mine", "steps", "row001", "resources")],
        {0: None},
    ),
    "the same row added by both": Case(
        [add("row009", None, action="theirs")],
        [add("row009", None, action="mine")],
        {0: {"id": "row009", "action": "theirs"}},
    ),
    "the same row added by both with the same words": Case(
        [add("row009", None, action="same")], [add("row009", None, action="same")]
    ),
    "another row added by each": Case(
        [add("row008", None, action="theirs")], [add("row009", None, action="mine")]
    ),
    "a row added after one that is gone": Case(
        [remove("row002")], [add("row009", "row002", action="mine")]
    ),
    "rows put in another order by both": Case(
        [move("row003", None)], [move("row001", "row002")], {0: ["row003", "row001", "row002"]}
    ),
    "rows put in the same order by both": Case([move("row003", None)], [move("row003", None)]),
    "marked as ready by one, as a draft by the other": Case(
        [status("ready"), status("draft"), put("theirs", "purpose_for_pupils")],
        [put("mine", "title")],
    ),
    "marked by both as something else": Case([status("ready")], [status("ready")]),
    "every row removed while each is written in": Case(
        [remove("row001"), remove("row002"), remove("row003")],
        [put(f"mine {row}", "steps", row, "action") for row in ("row001", "row002", "row003")],
        {0: None, 1: None, 2: None},
    ),
    "a row that nobody ever had": Case(
        [put("theirs", "purpose_for_pupils")],
        [put("mine", "steps", "row007", "action")],
        {0: None},
        undated=True,
    ),
}


class Device:
    """A page of the person's: what it knows, and what it sends."""

    _numbers = itertools.count(1)

    def __init__(self, site: Site) -> None:
        self.site = site
        self.client = f"page-{next(self._numbers)}"
        self.base = 0

    def send(self, *changes: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = {
            "batch": str(uuid.uuid4()), "client": self.client, "base_revision": self.base,
            "lang": "en", "changes": list(changes), **more,
        }  # fmt: skip
        return self.call(answers.save, method="PATCH", body=json.dumps(body).encode())

    def call(
        self, action: Callable[..., Any], method: str = "GET", body: bytes = b"", **params: str
    ) -> dict[str, Any]:
        visit = helpers.visit(
            self.site, PERSON, method=method, body=body, workbook=WORKBOOK, **params
        )
        reply = action(visit)
        assert reply.status == 200
        found: dict[str, Any] = json.loads(reply.body)
        self.base = found.get("revision", self.base)
        return found

    def look(self) -> dict[str, Any]:
        return self.call(answers.answers)["answers"]  # type: ignore[no-any-return]

    def history(self) -> list[dict[str, Any]]:
        return self.call(answers.history)["history"]  # type: ignore[no-any-return]

    def version(self, revision: int) -> dict[str, Any]:
        return self.call(answers.version, revision=str(revision))["answers"]  # type: ignore[no-any-return]

    def restore(self, revision: int, *, undo: bool = False) -> dict[str, Any]:
        body = json.dumps({"revision": revision, **({"undo": True} if undo else {})}).encode()
        return self.call(answers.restore, method="POST", body=body)


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", helpers.NOW)
        return helpers.make_course(tmp_path_factory.mktemp("conflicts") / "course")


@pytest.fixture(scope="module")
def place(_made: Course) -> Iterator[Site]:
    """A course whose answers are in files; tests/postgres has another."""
    site = Site(_made, book_dir=_made.dir / "site")
    site.throttle = Throttle(clock=itertools.count().__next__)  # a second passes with each save
    yield site
    site.pool.shutdown()


@pytest.fixture
def two(place: Site, monkeypatch: pytest.MonkeyPatch) -> tuple[Device, Device]:
    """Two devices that both know what stands."""
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    one, other = Device(place), Device(place)
    one.look()
    one.send(*[remove(row["id"]) for row in one.look().get("steps", [])], status("draft"), *START)
    other.base = one.base
    return one, other


@pytest.mark.parametrize("name", CASES)
def test_every_kind_of_conflict_is_answered_and_hands_back_both(
    two: tuple[Device, Device], name: str
) -> None:
    case = CASES[name]
    one, other = two
    for change in case.other:
        assert other.send(change)["conflicts"] == []
    base = one.base
    told = one.send(*case.mine)
    assert {each["index"]: each["theirs"] for each in told["conflicts"]} == case.theirs
    for each in told["conflicts"]:
        assert each["change"] == case.mine[each["index"]]
        assert each["theirs_at"] == (None if case.undated else helpers.NOW)
    assert told["applied"] == len(case.mine) - len(case.theirs)
    if case.theirs:
        assert told["document"]["answers"] == one.look()
    # The page goes on: another save, and the same one once more, are answered as well.
    assert one.send(put(f"on {name}", "purpose_for_pupils"))["conflicts"] == []
    one.base = base
    one.send(*case.mine)
    assert one.look()["purpose_for_pupils"] == f"on {name}"


def test_when_a_row_went_is_told_after_many_more_saves(two: tuple[Device, Device]) -> None:
    one, other = two
    other.send(remove("row001"))
    for number in range(5):
        other.send(put(f"text {number}", "title"))
    assert one.send(put("mine", "steps", "row001", "action"))["conflicts"][0]["theirs_at"] == (
        helpers.NOW
    )


def test_words_that_were_given_up_are_in_the_history_and_come_back(
    two: tuple[Device, Device],
) -> None:
    one, other = two
    other.send(put("theirs", "title"))
    one.send(put("mine, never saved", "title"))
    before = one.look()
    saved = one.send(put("mine, never saved", "title"), aside=True)
    assert (saved["conflicts"], one.look()) == ([], before)
    newest = one.history()[0]
    assert (newest["aside"], newest["paths"]) == (True, ["title"])
    assert one.version(newest["revision"])["title"] == "mine, never saved"
    other.send(put("later", "purpose_for_pupils"))
    one.restore(newest["revision"])
    assert one.look()["title"] == "mine, never saved"
    assert one.look()["purpose_for_pupils"] == "later", "nothing but those words comes back"


def test_a_whole_row_that_was_given_up_is_in_the_history(two: tuple[Device, Device]) -> None:
    one, other = two
    other.send(remove("row001"))
    assert one.send(put("mine", "steps", "row001", "action"))["conflicts"]
    one.send(add("row001", None, action="mine"), aside=True)
    assert "row001" not in [row["id"] for row in one.look()["steps"]]
    entry = one.history()[0]
    assert one.version(entry["revision"])["steps"][0] == {"id": "row001", "action": "mine"}


def test_what_is_given_up_is_sent_twice_and_kept_once(two: tuple[Device, Device]) -> None:
    one, _ = two
    count = len(one.history())
    for _attempt in range(2):
        one.send(put("mine", "title"), aside=True, batch="the-same-one-twice")
    assert len(one.history()) == count + 1


def test_undo_takes_back_one_change_and_nothing_that_came_later(
    two: tuple[Device, Device],
) -> None:
    one, other = two
    first = one.base
    one.send(put("second", "title"), put("second", "purpose_for_pupils"))
    one.restore(first)
    back = one.base
    assert one.look()["title"] == "Pair talk"
    other.look()
    other.send(put("theirs, later", "purpose_for_pupils"), add("row009", None, action="new"))
    saved = one.restore(back, undo=True)
    assert [each["theirs"] for each in saved["conflicts"]] == ["theirs, later"]
    found = one.look()
    assert (found["title"], found["purpose_for_pupils"]) == ("second", "theirs, later")
    assert found["steps"][0]["action"] == "new"


@pytest.mark.parametrize(
    "body", [{"aside": "yes"}, {"aside": True, "changes": [{"op": "status", "value": "ready"}]},
             {"aside": True, "changes": [{"op": "remove_row", "path": ["steps", "row001"]}]}]
)  # fmt: skip
def test_only_words_can_be_put_aside(two: tuple[Device, Device], body: dict[str, Any]) -> None:
    from ustaz.answers import StoreError

    with pytest.raises(StoreError, match="bad_change"):
        two[0].send(*body.pop("changes", [put("x", "title")]), **body)


def test_the_calls_of_a_real_server_answer_a_row_that_is_gone(
    server: helpers.Server,
) -> None:
    """The same, over the network, judged by the OpenAPI document."""
    from tests.server.contract import check

    browser = server.browser("nurgul-a")
    url = f"ustaz/api/v1/workbooks/{WORKBOOK}/answers"

    def send(client: str, base: int, *changes: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = {"batch": str(uuid.uuid4()), "client": client, "base_revision": base}
        reply = browser.request("PATCH", url, json={**body, "changes": list(changes), **more})
        found: dict[str, Any] = check(reply).json()
        return found

    base = check(browser.get(url)).json()["revision"]
    base = send("one", base, add("gone01", None, action="one"))["revision"]
    send("two", base, remove("gone01"))
    told = send("one", base, put("mine", "steps", "gone01", "action"), put("kept", "title"))
    assert [each["theirs_at"] for each in told["conflicts"]] == [helpers.NOW]
    assert told["document"]["answers"]["title"] == "kept"
    send("one", told["revision"], add("gone01", None, action="mine"), aside=True)
    listed = check(browser.get(f"ustaz/api/v1/workbooks/{WORKBOOK}/history")).json()["history"]
    assert listed[0]["aside"] is True


@pytest.mark.parametrize(
    ("other", "mine", "later", "theirs"),
    [
        (put("theirs", "title"), put("mine", "title"), None, "theirs"),
        (add("row009", None, action="theirs"), add("row009", None, action="mine"),
         remove("row009"), None),
        (put("theirs", "steps", "row001", "action"), put("mine", "steps", "row001", "action"),
         remove("row001"), None),
        (move("row003", None), move("row001", "row002"), remove("row003"), ["row001", "row002"]),
    ],
)  # fmt: skip
def test_what_was_declined_is_told_again_when_the_answer_was_lost(
    two: tuple[Device, Device],
    other: dict[str, Any],
    mine: dict[str, Any],
    later: dict[str, Any] | None,
    theirs: Any,
) -> None:
    """Whoever hears nothing of it takes it for saved."""
    one, device = two
    base, batch = one.base, str(uuid.uuid4())
    kept = put(f"kept {batch}", "purpose_for_colleagues")
    device.send(other)
    assert one.send(mine, kept, batch=batch)["conflicts"]
    if later is not None:
        device.look()
        device.send(later)
    one.base = base
    again = one.send(mine, kept, batch=batch)
    assert [each["theirs"] for each in again["conflicts"]] == [theirs]
    assert one.look()["purpose_for_colleagues"] == f"kept {batch}"
