"""No word of anybody stands in any log, whatever is saved, refused, searched for or broken."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server import helpers
from ustaz.course import Course

#: Each stands for something that a person wrote or is called; none is an id.
NAME = "Zqname"
TEXT = "Zqtext"
KAZAKH = "Құпиясөз"
ALIAS = "Zqalias"
FILE = "Zqfile"
SEARCH = "Zqsearch"
PATH = "Zqpath"
HEADER = "Zqheader"
METHOD = "ZQMETHOD"
ALL = (NAME, TEXT, KAZAKH, ALIAS, FILE, SEARCH, PATH, HEADER, METHOD)
CALLS = "ustaz/api/v1/"
_ids = itertools.count(1)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = helpers.make_course(tmp_path_factory.mktemp("logs") / "course")
    roster = made.dir / "people.csv"
    roster.write_text(roster.read_text("utf-8").replace("Olga P.", f"{NAME} {KAZAKH}"), "utf-8")
    return made


@pytest.fixture(scope="module")
def server(course: Course) -> Iterator[helpers.Server]:
    with helpers.Server(course, course.dir.parent) as running:
        yield running


def save(one: helpers.Browser, workbook: str, base: object, *changes: object) -> int:
    body = {
        "batch": f"b-{next(_ids)}",
        "client": "tab-1",
        "base_revision": base,
        "lang": "en",
        "changes": list(changes),
    }
    return one.request("PATCH", f"{CALLS}workbooks/{workbook}/answers", json=body).status_code


def put(field: str, value: object) -> dict[str, object]:
    return {"op": "set", "path": [field], "value": value}


def read(server: helpers.Server) -> str:
    logs = [server.log, *server.course.dir.rglob("*.log")]
    return "\n".join(one.read_text("utf-8", errors="replace") for one in logs)


def clean(server: helpers.Server) -> None:
    said = read(server)
    for word in ALL:
        for spelled in {word, quote(word), word.lower(), repr(word.encode())[2:-1]}:
            lines = [line for line in said.splitlines() if spelled in line]
            assert lines == [], f"{word} stands in a log"


def test_saves_and_their_refusals(server: helpers.Server):
    one = server.browser("olga-p")
    assert save(one, "focus", 0, put("focus_statement", f"{TEXT} {KAZAKH}")) == 200
    assert save(one, "focus", 0, put("focus_statement", f"{TEXT} again")) == 200  # a conflict
    assert save(one, "focus", 1, put(TEXT, KAZAKH)) == 422
    assert save(one, "focus", 1, put("focus_statement", [TEXT])) == 422
    assert save(one, "focus", TEXT, put("focus_statement", TEXT)) == 422
    assert save(one, "focus", 1, TEXT) == 422
    assert save(one, "focus", 1, put("focus_statement", TEXT * 200_000)) == 413
    row = {"op": "add_row", "path": ["people", "row001"], "after": None, "value": {"alias": ALIAS}}
    save(one, "people-map", 0, row)
    reply = one.request(
        "PATCH",
        f"{CALLS}workbooks/focus/answers",
        content=f'{{"{TEXT}": NaN'.encode(),
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code == 400
    clean(server)


def test_searches_and_other_questions_in_the_address(server: helpers.Server):
    one = server.browser("saule-m")
    question = {"q": f"{SEARCH} {KAZAKH}", "lang": SEARCH}
    for path in (
        "ustaz/",
        "ustaz",  # redirected
        "ustaz/nope",
        "ustaz/workbooks/nope",
        "ustaz/people/olga-p/focus",
        "ustaz/people/nobody/focus",
        "ustaz/static/nope.js",
        "ustaz/book/en/nope.html",
        f"{CALLS}me",
        f"{CALLS}nope",
        f"{CALLS}health",
        f"{CALLS}workbooks/nope/answers",
        "api/contents/nope.ipynb",
        "api/nope",
        "login",
        "nope",
        "",
    ):
        one.get(path, params=question, headers={"Referer": f"http://x/?q={SEARCH}"})
    clean(server)


def test_addresses_that_somebody_typed(server: helpers.Server):
    one = server.browser("olga-p")
    for start in ("", "ustaz/", "ustaz/book/", "ustaz/static/", CALLS, f"{CALLS}workbooks/",
                  "ustaz/people/", "api/contents/folder/", "files/", "api/sessions/", "view/",
                  "nbconvert/html/", "static/"):  # fmt: skip
        for word in (PATH, KAZAKH):
            one.get(f"{start}{quote(word)}")
            one.get(f"{start}{quote(word)}.ipynb")
    clean(server)


def test_uploads_and_forms(server: helpers.Server):
    one = server.browser("saule-m")
    for path in ("ustaz/staff/collect", "ustaz/lang", "ustaz/nope", f"{CALLS}staff/collect"):
        one.client.post(
            path,
            data={"_xsrf": one.xsrf, "note": TEXT},
            files={"file": (f"{FILE}.xlsx", f"{TEXT} {KAZAKH}".encode())},
        )
        one.client.post(path, data={"note": TEXT})  # no token: a page of another site
        one.client.post(
            path,
            content=b'--x\r\nContent-Disposition: form-data; name="' + FILE.encode(),
            headers={"Content-Type": f"multipart/form-data; boundary={FILE}"},
        )
    one.form("ustaz/act-as", person=NAME)
    one.form("ustaz/people/olga-p/focus/confirm", field=TEXT, value=TEXT)
    one.post(f"{CALLS}workbooks/focus/confirmations", json={"person": NAME, "field": TEXT})
    clean(server)


def test_strange_methods_and_headers(server: helpers.Server):
    one = server.browser("olga-p")
    for headers in (
        {"Accept-Language": HEADER},
        {"User-Agent": HEADER},
        {"X-Forwarded-For": HEADER},
        {"Authorization": f"token {HEADER}"},
        {"Cookie": f"{HEADER}={HEADER}"},
    ):
        one.get("ustaz/nope", headers=headers)
        one.get("nope", headers=headers)
    one.client.request(METHOD, "ustaz/")
    one.client.request("DELETE", f"ustaz/?q={SEARCH}")
    clean(server)


def damage(path: Path) -> bytes:
    before = path.read_bytes()
    path.write_text(f'{{"{TEXT}": "{KAZAKH}"', encoding="utf-8")
    return before


def test_documents_rounds_and_rosters_that_are_damaged(server: helpers.Server, course: Course):
    one = server.browser("aigul-s")
    save(one, "focus", 0, put("focus_statement", TEXT))
    one.post(f"{CALLS}workbooks/focus/submit", json={})
    folder = course.dir / "people" / "aigul-s" / "focus"
    round_ = course.dir / "exchange" / "inbound" / "aigul-s" / "focus" / "0001"
    for path in (*folder.glob("*.json*"), *round_.glob("*.json")):
        damage(path)
    for path in ("workbooks/focus/answers", "workbooks/focus/history", "workbooks/focus/rounds/1",
                 "home", "workbooks/focus/feedback"):  # fmt: skip
        one.get(f"{CALLS}{path}")
    save(one, "focus", 1, put("focus_statement", TEXT))
    one.get("ustaz/")
    roster = course.dir / "people.csv"
    for text in (f"person;{NAME}\n", f"person,name,role\n{NAME},{KAZAKH},{TEXT}\n", f"{NAME}\0"):
        before = roster.read_bytes()
        roster.write_text(text, encoding="utf-8")
        for path in ("ustaz/", f"{CALLS}me", f"{CALLS}health", f"{CALLS}home"):
            one.get(path)
        roster.write_bytes(before)
    clean(server)


def test_a_fault_of_ours(server: helpers.Server, course: Course):
    """A folder in the place of a file: nothing expects it."""
    one = server.browser("olga-p")
    settings = course.dir / "confirmations" / "olga-p.jsonl"
    settings.mkdir(parents=True)
    seen = course.dir / "seen" / "olga-p.jsonl"
    seen.mkdir(parents=True)
    statuses = {
        one.get(path, params={"q": SEARCH}).status_code
        for path in (
            "ustaz/",
            "ustaz/workbooks/focus",
            f"{CALLS}workbooks/focus/answers",
            f"{CALLS}home",
        )
    }
    assert 500 in statuses
    settings.rmdir()
    seen.rmdir()
    clean(server)
    assert " at " in read(server)  # kind and place of the fault


def test_what_is_useful_is_logged(server: helpers.Server):
    one = server.browser("olga-p")
    one.get("ustaz/workbooks/nope", params={"q": SEARCH})
    one.get(f"{CALLS}workbooks/nope/answers")
    said = read(server)
    assert "404 GET ustaz/workbooks/nope " in said
    assert "404 GET ustaz/api/v1/workbooks/nope/answers " in said
