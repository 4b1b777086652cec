"""The wheel alone: a course and a hub with their book, installed where there is no checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import httpx
import pytest

from tests.hub.helpers import COURSE, PASSWORD, PREFIX, ROSTER, LiveHub, Visitor
from tests.support.books import both_editions, published
from tests.support.forms import kept
from tests.support.fresh import ROOT, Fresh, build_wheel, fresh_environment
from tests.support.live import TOKEN, Live
from tests.support.ports import free_ports
from ustaz.book.build import edition_folder
from ustaz.book.settings import EDITIONS, LANGUAGES
from ustaz.hub.settings import HubDir

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    folder = tmp_path_factory.mktemp("wheel")
    return fresh_environment(folder, build_wheel(folder), ("hub", "book"))


def invited(fresh: Fresh, live: LiveHub, account: str) -> Visitor:
    """Let somebody in as the first of staff comes in: by a code of the command line."""
    slip = json.loads(fresh.run("ustaz", "hub", "invite", str(live.hub.dir), account, "--json"))
    one = live.visitor()
    shown = one.page("/hub/code", params={"username": account, "code": slip["code"]})
    words = {"password": PASSWORD, "again": PASSWORD}
    one.fill(shown, username=account, code=slip["code"], **words)
    assert one.page(PREFIX).status_code == 200
    return one


def doctor(fresh: Fresh, directory: Path) -> dict[str, str]:
    # Whether all is well depends on the account and the disk of whoever runs the tests.
    command = "import sys; from ustaz.cli import main; main(sys.argv[1:])"
    code = f"try:\n {command}\nexcept SystemExit: pass"
    found = json.loads(fresh.run("python", "-c", code, "doctor", str(directory), "--json"))
    return {one["id"]: one["level"] for one in found["findings"]}


#: What the wheel builds of the book: the edition of one language, or all but the one that is there.
LEFT = [("learner", "kk")]
ALL = [
    (edition, lang)
    for edition in EDITIONS
    for lang in LANGUAGES
    if (edition, lang) != ("learner", "en")
]


@pytest.mark.parametrize("left", kept([LEFT], [ALL]), ids=["one edition", "every edition"])
def test_the_wheel_alone_gives_a_course_and_a_hub_with_its_book(
    fresh: Fresh, tmp_path_factory: pytest.TempPathFactory, left: list[tuple[str, str]]
) -> None:
    hub, alone = fresh.home / f"hub-{len(left)}", fresh.home / f"alone-{len(left)}"
    course = hub / "courses" / COURSE
    said = fresh.run("ustaz", "new", str(alone), "--demo", "--people", "1")
    assert f"ustaz book build {alone}" in said

    said = fresh.run("ustaz", "hub", "init", str(hub), "--port", str(free_ports()))
    assert f"ustaz book build {hub}" in said
    fresh.run("ustaz", "new", str(course), "--id", COURSE)
    (course / "people.csv").write_text(ROSTER, encoding="utf-8")
    assert doctor(fresh, hub)["no_book"] == "problem"

    # An edition that a checkout built is of the very sources that the wheel carries: it stays.
    published(hub / "book")
    for edition, lang in {*left, ("learner", "en"), ("facilitator", "en")}:
        shutil.rmtree(hub / "book" / edition_folder(edition, lang))
    for edition in EDITIONS:
        if (edition, "en") not in left:
            there = edition_folder(edition, "en")
            shutil.copytree(both_editions(tmp_path_factory) / there, hub / "book" / there)

    # Named by one of its courses: the book is the hub's.
    built = json.loads(fresh.run("ustaz", "book", "build", str(course), "--json"))
    assert (built["directory"], built["book"]) == (str(hub), str(hub / "book"))
    done = {(one["edition"], one["lang"]): one["built"] for one in built["editions"]}
    assert done == {
        (edition, lang): (edition, lang) in left for edition in EDITIONS for lang in LANGUAGES
    }
    found = doctor(fresh, hub)
    assert {found[one] for one in ("book", "node", "proxy", "package", "path")} == {"ok"}
    assert "package_missing" not in found

    program = [str(fresh.folder / "bin" / "ustaz")]
    environment = {**fresh.environment, "USTAZ_BCRYPT_ROUNDS": "4"}
    with LiveHub(HubDir.open(hub), program=program, environment=environment) as live:
        proxy = int((hub / "state" / "proxy.pid").read_text())
        command = Path(f"/proc/{proxy}/cmdline")
        if command.exists():
            script = command.read_bytes().split(b"\0")[1].decode()
            assert script.startswith(str(fresh.folder))
        health = live.visitor().page(f"{PREFIX}_health").json()
        assert (health["status"], health["book"]) == ("ok", "ok")

        staff = invited(fresh, live, "saule-m")
        assert str(staff.page(staff.at("book/")).url).endswith("/book/facilitator/en/")
        teacher = invited(fresh, live, "aigul-s")
        front = teacher.page(teacher.at("book/"))
        assert (front.status_code, "uz-" in front.text) == (200, True)
        # Each is led to the book in the language of their own.
        assert str(front.url).endswith("/book/kk/")
        module = teacher.page(teacher.at("book/en/modules/focus.html"))
        assert 'href="../../../workbooks/focus#' in module.text
        style = re.search(r'href="([^"]+\.css[^"]*)"', module.text)
        assert style
        assert teacher.page(str(module.url.join(style[1]))).status_code == 200
        assert "Кітап" in teacher.page(teacher.at(), params={"lang": "kk"}).text
        page = teacher.page(teacher.at("workbooks/focus"))
        for script in re.findall(r'src="([^"]+\.js[^"]*)"', page.text):
            assert teacher.page(str(page.url.join(script))).status_code == 200
        assert teacher.page(teacher.at("api/v1/openapi.yaml")).text.startswith("openapi:")

    assert not fresh.opened.exists(), fresh.opened.read_text()


@pytest.mark.soak
def test_the_wheel_alone_serves_and_grades_a_course(fresh: Fresh) -> None:
    course = fresh.home / "course"
    fresh.run("ustaz", "new", str(course), "--demo", "--people", "6", "--no-book")
    fresh.run("ustaz", "book", "build", str(course), "--edition", "learner")
    fresh.run("ustaz", "collect", str(course))
    fresh.run("ustaz", "grade", str(course))
    fresh.run("ustaz", "feedback", str(course))
    program = [str(fresh.folder / "bin" / "ustaz")]
    with (
        Live(course, program=program, environment=fresh.environment) as live,
        httpx.Client(base_url=live.url, params={"token": TOKEN}, follow_redirects=True) as one,
    ):
        assert "uzs-" in one.get("ustaz/").text
        assert one.get("ustaz/book/en/").status_code == 200
        lab = one.get("lab").text
        script = re.search(r"static/remoteEntry\.[0-9a-f]+\.js", lab)
        assert script
        assert one.get(f"lab/extensions/ustaz/{script[0]}").status_code == 200
        assert "formgrader" in one.get("formgrader").text
    assert not fresh.opened.exists(), fresh.opened.read_text()


def test_the_wheel_carries_the_licences_of_what_is_bundled(fresh: Fresh) -> None:
    text = fresh.run("python", "-c", "import ustaz, ustaz_widgets; print(ustaz.__file__)\n"
                     "print(ustaz_widgets.__file__)")  # fmt: skip
    package, widgets = (Path(line).parent for line in text.split())
    assert not any(ROOT in one.resolve().parents for one in (package, widgets))
    proxy = (package / "hub" / "bundled" / "LICENSES.txt").read_text("utf-8")
    for name in ("configurable-http-proxy", "http-proxy-3", "winston", "prom-client", "commander"):
        assert re.search(rf"(?m)^{name} \d", proxy), name
    assert "Permission is hereby granted" in proxy
    assert "preact" in (widgets / "static" / "LICENSES.txt").read_text("utf-8")
    assert os.fspath(fresh.folder) in os.fspath(package)
