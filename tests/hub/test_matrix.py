"""Every page and call, tried by everybody: who may, who is refused, and that nobody reads more."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.hub.helpers import COURSE, LiveHub, Visitor, make_hub
from tests.hub.matrix import CASES, OUTSIDE, VISITORS, Case
from tests.hub.ways import HUB, MORE, WAYS
from tests.support.courses import NOW
from ustaz import shares
from ustaz.answers import Batch, Subject
from ustaz.course.identity import Identity
from ustaz.exchange import submit
from ustaz.hub import makers
from ustaz.roster.history import ledger_file
from ustaz.roster.writing import write
from ustaz.server.routes import ROUTES, Route
from ustaz.server.views.pseudonyms import pseudonym
from ustaz.sessions import store
from ustaz.sessions.done import mark_of
from ustaz.sessions.plan import FollowUp, Log, Plan
from ustaz.threads import Anchor, Threads

DOCS = Path(__file__).resolve().parents[2] / "docs" / "access.md"
SAID = "CANARY-of-Aigul-7"
SUBMITTED = "CANARY-of-a-round-8"
PRIVATE = "CANARY-private-9"

HEAD = """\
# Who may open what

Made by `tests/hub/test_matrix.py`, which asks a real hub as each of these visitors; after a
change, `USTAZ_WRITE_DOCS=1 python -m pytest tests/hub/test_matrix.py` writes it anew. Aigul is a
participant of the facilitator's group and of the director's school; *withdrawn* has left the
course; *other course* is signed in and takes part in another course of the same hub. `✓`: may;
else the refusal.

**From a terminal of JupyterLab**, tried by `tests/hub/test_walls.py`: staff read and change
nbgrader's folders of the course whose desk it is (what was collected, marks, comments, feedback),
and read nothing else of it: no draft, no private answer, no list of people, no round, no other
course, nothing of the hub, of its database or of another JupyterLab. Whoever else has a JupyterLab
reads the own home. [hub.md](hub.md) tells how.

"""


WAYS_HEAD = """
## Ways to a role, a group, an account or a code

What everybody tried at the pages, and for whom it had its effect (`✓`) and for whom none (`–`).
JupyterHub's own pages and calls are tried as everybody, too: they give nobody anything.
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    hub = make_hub(tmp_path_factory.mktemp("matrix") / "hub")
    course = hub.courses()[COURSE]
    roster = course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8")
    head, _, rest = text.partition("\n")
    lines = [
        f"{line},{'withdrawn' if line.startswith('marat-t,') else 'active'}"
        for line in rest.splitlines()
    ]
    roster.write_text("\n".join([f"{head},status", *lines, MORE]), encoding="utf-8")
    write(course.dir, demoted, by="timur-r", how="page")
    save(hub.courses()[COURSE], "aigul-s", concern_raw=SUBMITTED, link_note=PRIVATE)
    submit(
        hub.courses()[COURSE], "aigul-s", "focus",
        identity=Identity("aigul-s", frozenset({"participant"})),
    )  # fmt: skip
    save(hub.courses()[COURSE], "aigul-s", concern_raw=SAID)
    save(hub.courses()[COURSE], "marat-t", concern_raw="Mine")
    makers.allow(hub, "saule-m")
    with LiveHub(hub) as running:
        yield running


def demoted(people: dict[str, Any], _: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Take the rights of two people away, so that there is something to undo."""
    for name in ("ex-op", "ex-staff"):
        people[name] = people[name].having(roles=("participant",))
    return people, []


def save(course: Any, person: str, **answers: str) -> None:
    subject = Subject.person(person)
    revision = course.store.read(subject, "focus").revision
    changes = [{"op": "set", "path": [key], "value": value} for key, value in answers.items()]
    body = {
        "batch": f"seed-{person}-{revision}-00", "client": "seed", "base_revision": revision,
        "lang": "kk", "changes": changes,
    }  # fmt: skip
    course.store.save(subject, "focus", Batch.from_json(body), who=person)


@pytest.fixture(scope="module")
def visitors(live: LiveHub) -> dict[str, Visitor]:
    made = {}
    for name, account in VISITORS.items():
        made[name] = live.visitor(account)
        if account:
            made[name].page(made[name].at())
    return made


def shown(course: Any) -> dict[str, str]:
    """Let Aigul show a sentence to each kind of reader; return what stands in addresses."""
    message = {"id": "c" * 12, "by": "aigul-s", "text": f"A word between two: {SAID}"}
    people = ["aigul-s", "dina-f"]
    line = {"kind": "two", "by": "aigul-s", "people": people, "target": ""}
    named = {"two": Threads(course.dir).begin(line, message)}
    anchor = Anchor("focus", "concern_raw", "question", SAID).to_json()
    beside = {"kind": "remark", "by": "dina-f", "people": ["aigul-s"], "anchor": anchor}
    message = {"id": "d" * 12, "by": "dina-f", "text": f"Which class is this about? {SAID}"}
    named["remark"] = Threads(course.dir).begin(beside, message)
    for to in ("group", "school", "public", "outside"):
        recipient = "school_link" if to == "school" else to
        share, secret = shares.show(
            course, "aigul-s", recipient, workbook="focus", what="document",
            places=["focus_statement"], until=course.today(),
        )  # fmt: skip
        named |= {f"to_{to}": share.id} | ({"secret": secret} if secret else {})
    line = FollowUp("aigul-s", SAID)
    log = Log(members=("aigul-s",), follow_ups=(line,))
    named["plan"] = store.create(course, "g1", Plan("A meeting", log=log), by="dina-f")
    named["line"] = mark_of(line)
    return named


def ask(one: Visitor, case: Case, account: str | None, named: dict[str, str]) -> Any:
    def filled(text: str) -> str:
        for name, value in {"me": account or "nobody", "batch": uuid.uuid4().hex, **named}.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    path = one.at(filled(case.path))
    if "api/v1/" in case.path:
        return one.call(case.method, path, json=case.json)
    if case.method == "GET":
        return one.page(path)
    fields = {name: filled(text) for name, text in (case.form or {}).items()}
    return one.form(path, **fields)


def outcome(reply: Any, case: Case) -> tuple[int, str]:
    """Return status and refusal of a reply; a page that led to the sign-in is ``signed_out``."""
    if "/hub/login" in str(reply.url):
        return 403, "signed_out"
    if "api/v1/" in case.path and reply.headers.get("Content-Type", "").startswith(
        "application/json"
    ):
        return reply.status_code, str(reply.json().get("error", ""))
    return reply.status_code, ""


def route_name(pattern: str, *, api: bool) -> str:
    """Return a pattern as the cases write it."""
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", pattern).replace(r"\.", ".")
    return f"api/{plain}" if api else plain


def untried(routes: Iterable[Route]) -> set[tuple[str, str]]:
    """Return the methods and addresses that the cases do not try, or that are no longer there."""
    there = {
        (method, route_name(route.pattern, api=route.api))
        for route in routes
        for method in route.actions
    }
    return {(case.method, case.pattern) for case in CASES} ^ there


def test_every_address_and_method_is_tried():
    assert untried(ROUTES) == set()


def test_a_call_that_nobody_has_entered_is_noticed():
    [known] = [route for route in ROUTES if route.pattern == "cohort"]
    fresh = replace(known, pattern="cohort/secret")
    assert untried([*ROUTES, fresh]) == {("GET", "api/cohort/secret")}
    more = replace(known, actions={**known.actions, "PUT": known.actions["GET"]})
    assert untried([more if route is known else route for route in ROUTES]) == {
        ("PUT", "api/cohort")
    }
    page = replace(known, pattern="secret", api=False, open=True)
    assert untried([*ROUTES, page]) == {("GET", "secret")}
    assert untried(route for route in ROUTES if route is not known) == {("GET", "api/cohort")}


@pytest.fixture(scope="module")
def tried(
    live: LiveHub, visitors: dict[str, Visitor]
) -> dict[tuple[int, str], tuple[int, str, str]]:
    """Everything, once: status, refusal and the body."""
    found = {}
    reviewer = VISITORS["reviewer"] or ""
    course = live.hub.courses()[COURSE]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", NOW)  # as the hub has it
        named = shown(course)
    named |= {"alias": pseudonym(course, reviewer, "aigul-s")}
    for at, case in enumerate(CASES):
        for name, one in visitors.items():
            reply = ask(one, case, VISITORS[name], named)
            found[at, name] = (*outcome(reply, case), reply.text)
    return found


@pytest.mark.parametrize("at", range(len(CASES)), ids=[f"{c.method} {c.path}" for c in CASES])
def test_who_may_and_who_is_refused(at: int, tried: dict[tuple[int, str], tuple[int, str, str]]):
    case = CASES[at]
    for name in VISITORS:
        status, error, text = tried[at, name]
        if name in case.allowed:
            pages = [one for one in case.fine if isinstance(one, str)]
            fine = status in case.fine or error in case.fine
            # A page's refusal has no id in it; where one is fine, its statuses are.
            fine = fine or (bool(pages) and not error and status in {404, 409})
            assert fine, (name, status, error)
            continue
        assert status in {400, 403, 404, 422}, (name, status, error)
        if name == "nobody":
            # A form without a page behind it has no token: refused before anybody is asked for.
            assert error == "signed_out" or (case.form is not None and status == 403)
        elif name == "other course":
            assert error in {"unknown_account", ""}
        for canary in (SAID, SUBMITTED, PRIVATE):
            assert canary not in text, name


@pytest.mark.parametrize("name", ["director", "operator", "colleague", "other facilitator"])
def test_some_roles_never_read_a_text(
    name: str, tried: dict[tuple[int, str], tuple[int, str, str]]
):
    for at, case in enumerate(CASES):
        text = tried[at, name][2]
        assert not [one for one in (SAID, SUBMITTED, PRIVATE) if one in text], case.path


def test_a_reviewer_reads_rounds_and_no_draft(tried: dict[tuple[int, str], tuple[int, str, str]]):
    texts = "".join(tried[at, "reviewer"][2] for at in range(len(CASES)))
    assert SUBMITTED in texts
    assert SAID not in texts


@pytest.fixture(scope="module")
def came_through(
    live: LiveHub, visitors: dict[str, Visitor], tried: object
) -> dict[int, frozenset[str]]:
    """Everything that could give somebody a right, done by everybody; who came through."""
    del tried  # afterwards, since some of it ends sessions
    kept = {
        path: path.read_bytes()
        for path in (live.course.dir / "people.csv", ledger_file(live.course.dir))
    }
    found: dict[int, frozenset[str]] = {}
    for at, way in enumerate(WAYS):
        names = set()
        for name, one in visitors.items():
            me = VISITORS[name] or "nobody"
            reply = way.do(one, me, live)
            if way.done(live.course, me, reply):
                names.add(name)
            for path, data in kept.items():
                if path.read_bytes() != data:
                    fresh = path.with_name(f"{path.name}.new")
                    fresh.write_bytes(data)
                    fresh.replace(path)
        found[at] = frozenset(names)
    return found


@pytest.mark.parametrize("at", range(len(WAYS)), ids=[one.what for one in WAYS])
def test_nobody_gets_a_right_by_any_way_but_from_who_holds_it(
    at: int, came_through: dict[int, frozenset[str]]
):
    assert came_through[at] == WAYS[at].allowed


@pytest.mark.parametrize("name", list(VISITORS))
def test_the_hubs_own_pages_and_calls_give_nobody_anything(
    name: str, visitors: dict[str, Visitor], tried: object
):
    del tried
    one, me = visitors[name], VISITORS[name] or "nobody"
    one.page("/hub/password")
    token = next(
        (each.value for each in one.client.cookies.jar
         if each.name == "_xsrf" and each.path == "/hub/"), "",
    )  # fmt: skip
    for method, path, body in HUB:
        reply = one.client.request(
            method, f"/hub/{path.format(me=me)}", json=body, headers={"X-XSRFToken": token or ""},
            follow_redirects=False,
        )  # fmt: skip
        fine = reply.status_code in {302, 303} and "/hub/login" in reply.headers["Location"]
        assert fine or reply.status_code in {403, 404, 405}, (method, path, reply.status_code)


def table(
    tried: dict[tuple[int, str], tuple[int, str, str]], came_through: dict[int, frozenset[str]]
) -> str:
    """Return the document."""
    names = list(VISITORS)
    lines = [
        "| what | address | " + " | ".join(names) + " |",
        "|---|---|" + "---|" * len(names),
    ]
    for at, case in enumerate(CASES):
        address = f"{case.method} {case.path.replace('{me}', '…') or '(home)'}"
        cells = []
        for name in names:
            status, error, _ = tried[at, name]
            cells.append("✓" if name in case.allowed else f"{error or status}")
        lines.append(f"| {case.what} | `{address}` | " + " | ".join(cells) + " |")
    lines += [WAYS_HEAD, "| what | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for at, way in enumerate(WAYS):
        cells = ["✓" if name in came_through[at] else "–" for name in names]
        lines.append(f"| {way.what} | " + " | ".join(cells) + " |")
    return HEAD + "\n".join(lines) + "\n"


def test_the_table_in_the_documents_is_what_was_tried(
    tried: dict[tuple[int, str], tuple[int, str, str]],
    came_through: dict[int, frozenset[str]],
):
    made = table(tried, came_through)
    if os.environ.get("USTAZ_WRITE_DOCS"):
        DOCS.write_text(made, encoding="utf-8")
    assert DOCS.read_text(encoding="utf-8") == made
    assert set(VISITORS) >= OUTSIDE
