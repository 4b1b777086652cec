"""A small course with the real workbooks, a server for it, and visits without a server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

from tests.support.certificates import certificates
from tests.support.courses import NOW, course_at
from tests.support.ports import free_port
from ustaz.answers import Batch, Subject
from ustaz.course import Course
from ustaz.course.identity import Identity, acting_as
from ustaz.server.http import Request, Response
from ustaz.server.site import Site

TOKEN = "t0ken-of-the-server-tests"
LANGUAGES = ("en", "ru", "kk")

ROSTER = """\
person,name,role,group,school,lang,account
olga-p,Olga P.,participant,g1,s2,ru,
aigul-s,Әйгүл С.,participant,g1,s1,kk,
yerlan-b,Yerlan B.,participant,g2,s1,en,
nurgul-a,Nurgul A.,participant,g1,s1,kk,
dina-f,Dina F.,facilitator,g1,,en,
bakhyt-d,Bakhyt D.,director,,s1,kk,
saule-m,Saule M.,staff,,,en,
"""

#: Jupyter Server itself, started as lightly as `ustaz serve` starts it.
PROGRAM = """
from ustaz.base.light_start import without_iri_grammar
without_iri_grammar()
from jupyter_server.serverapp import main
main()
"""
COURSE_OPTION = "--UstazApp.course_dir={}"
EXTENSIONS = {"ustaz": True, "jupyterlab": False, "notebook": False}

FOCUS = {
    "focus_statement": "Pupils explain their answers aloud, through weekly pair talk",
}


def make_course(folder: Path, *, demo: bool = True) -> Course:
    """Create the course."""
    return course_at(folder, "server-trial", "Teacher leadership", ROSTER, demo=demo)


def write(course: Course, person: str, workbook: str, changes: list[dict[str, Any]]) -> None:
    """Save changes as a page would."""
    subject = Subject.person(person)
    body = {
        "batch": str(uuid.uuid4()),
        "client": "test-client",
        "base_revision": course.store.read(subject, workbook).revision,
        "lang": "en",
        "changes": changes,
    }
    course.store.save(subject, workbook, Batch.from_json(body), who=person)


def put(course: Course, person: str, workbook: str, **answers: Any) -> None:
    """Set some answers."""
    changes = [{"op": "set", "path": [key], "value": value} for key, value in answers.items()]
    write(course, person, workbook, changes)


def visit(
    site: Site,
    person: str | None,
    /,
    path: str = "",
    *,
    method: str = "GET",
    lang: str = "en",
    query: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
    fields: dict[str, list[str]] | None = None,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    **params: str,
) -> Request:
    """Return a visit without a server."""
    identity: Identity | None = acting_as(site.course, person) if person else None
    return Request(
        site=site,
        method=method,
        path=site.base + path,
        params=params,
        query=query or {},
        form=form or {name: texts[-1] for name, texts in (fields or {}).items()},
        fields=fields or {name: [text] for name, text in (form or {}).items()},
        body=body,
        headers=headers or {},
        identity=identity,
        words=site.words(lang),
        xsrf="xsrf-token",
    )


def html(reply: Response) -> str:
    """Return a page's text."""
    return reply.body.decode("utf-8")


class Server:
    """The extension in a real Jupyter Server of its own process, JupyterLab left out."""

    def __init__(self, course: Course, home: Path, *, base_url: str = "/") -> None:
        self.course = course
        self.home = home
        self.base_url = base_url
        self.port = free_port()
        self.log = home / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.browsers: list[Browser] = []

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base_url}"

    def __enter__(self) -> Server:
        environment = {
            **os.environ,
            "HOME": str(self.home),
            "JUPYTER_TOKEN": TOKEN,
            "USTAZ_NOW": NOW,
            "JUPYTER_PREFER_ENV_PATH": "0",
            "USTAZ_BOOK": str(self.home / "site"),
        }
        for name in ("USTAZ_PERSON", "USTAZ_COURSE"):
            environment.pop(name, None)
        command = [
            sys.executable, "-c", PROGRAM,
            f"--ServerApp.root_dir={self.course.dir}",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.base_url={self.base_url}",
            "--ServerApp.open_browser=False",
            "--ServerApp.allow_root=True",
            f"--ServerApp.jpserver_extensions={EXTENSIONS}",
            COURSE_OPTION.format(self.course.dir),
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        limit = time.monotonic() + 60
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                httpx.get(f"{self.root}api", timeout=2, verify=certificates())
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return self
        self.__exit__()
        raise RuntimeError(self.log.read_text())

    def __exit__(self, *_: object) -> None:
        for one in self.browsers:
            one.client.close()
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def browser(self, person: str | None = None, lang: str | None = None) -> Browser:
        """Return a signed-in visitor with cookies, as a browser is."""
        opened = Browser(self, person, lang)
        self.browsers.append(opened)
        return opened


class Browser:
    """A visitor with Jupyter's cookie, an XSRF cookie, and perhaps a demo person."""

    def __init__(self, server: Server, person: str | None, lang: str | None) -> None:
        self.server = server
        self.client = httpx.Client(
            base_url=server.root, follow_redirects=False, timeout=60, verify=certificates()
        )
        self.client.get("ustaz/", params={"token": TOKEN})
        if lang:
            self.client.get("ustaz/", params={"lang": lang})
        if person:
            reply = self.post("ustaz/api/v1/act-as", json={"person": person})
            assert reply.status_code == 200, reply.text

    @property
    def xsrf(self) -> str:
        return next(one.value for one in self.client.cookies.jar if one.name == "_xsrf") or ""

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.client.get(path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"X-XSRFToken": self.xsrf, **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def form(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as the pages do, its token in a hidden field."""
        return self.client.post(path, data={"_xsrf": self.xsrf, **fields})


def let_in(server: Server, context: Any, person: str | None = None, lang: str = "en") -> None:
    """Let a browser's context in as `person`, without drawing the pages that lead there."""
    context.request.get(f"{server.root}ustaz/", params={"token": TOKEN, "lang": lang})
    if person:
        token = next(one["value"] for one in context.cookies() if one["name"] == "_xsrf")
        reply = context.request.post(
            f"{server.root}ustaz/api/v1/act-as",
            data={"person": person},
            headers={"X-XSRFToken": token, "Content-Type": "application/json"},
        )
        assert reply.ok, reply.text()


def addresses(page: str) -> list[str]:
    """Return everything that a page refers to."""
    return re.findall(r"""(?:href|src|action)=["']([^"']*)""", page)
