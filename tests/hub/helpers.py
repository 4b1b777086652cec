"""A real hub with few people: JupyterHub, its proxy and the service, signed in to for real."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.support.certificates import certificates
from tests.support.courses import NOW, course_at
from tests.support.ports import free_ports
from ustaz.course import Course
from ustaz.course.listing import COURSES
from ustaz.database import HUB_FILE
from ustaz.hub.database import session
from ustaz.hub.server import create
from ustaz.hub.settings import PREFIX, HubDir
from ustaz.hub.signin import passwords

PASSWORD = "steppe wind in april"
COURSE = "trial"
PILOT = "pilot"

ROSTER = """\
person,name,role,group,school,lang,account
olga-p,Olga P.,participant,g1,s2,ru,
aigul-s,Әйгүл С.,participant,g1,s1,kk,
nurgul-a,Nurgul A.,participant,g1,s1,kk,
yerlan-b,Yerlan B.,participant,g2,s1,en,
marat-t,Marat T.,participant,g2,s1,kk,
dina-f,Dina F.,facilitator,g1,,en,
natalya-v,Natalya V.,facilitator,g2,,ru,
bakhyt-d,Bakhyt D.,director,,s1,kk,
irina-m,Irina M.,reviewer,,,ru,
saule-m,Saule M.,staff,,,en,
timur-r,Timur R.,operator,,,en,
"""
#: The same Dina takes part in another course, as a participant; Saule is staff of the first only.
PILOT_ROSTER = """\
person,name,role,group,school,lang,account
dina-k,Dina F.,participant,p1,s9,en,dina-f
olga-2,Olga P.,staff,,,ru,olga-p
zhanar-e,Zhanar E.,participant,p1,s9,kk,
"""


def make_course(
    folder: Path, name: str, roster: str, *, title: str = "Teacher leadership", demo: bool = False
) -> Course:
    """Create a course directory with a roster."""
    return course_at(folder, name, title, roster, demo=demo)


def make_hub(
    folder: Path,
    *,
    lab: str = "nobody",
    roster: str = ROSTER,
    pilot: bool = True,
    demo: bool = False,
    database: str = "",
    accounts: bool = True,
) -> HubDir:
    """Create a hub directory with one course or two; everybody has the same password."""
    hub = create(folder, name="Hub of the tests", port=free_ports(), lab=lab, database=database)
    make_course(hub.dir / COURSES / COURSE, COURSE, roster, demo=demo)
    if pilot:
        make_course(hub.dir / COURSES / PILOT, PILOT, PILOT_ROSTER, title="Pilot", demo=demo)
    if accounts:
        give_passwords(hub)
    return hub


def give_passwords(hub: HubDir, *, but: tuple[str, ...] = ()) -> None:
    """Give everybody the password, cheaply hashed."""
    from nativeauthenticator.orm import UserInfo

    kept = passwords.hashed(PASSWORD, rounds=4)
    with session(hub) as db:
        for course in hub.courses().values():
            for one in course.people.values():
                name = one.signs_in_as
                if name not in but and UserInfo.find(db, name) is None:
                    db.add(UserInfo(username=name, password=kept, is_authorized=True))
        db.commit()


def as_account(number: int) -> list[str]:
    """Return what makes root run a program as an account without privileges.

    Root itself (0) then has no bubblewrap of its own.
    Where this Python lies in a folder that is closed to others, it is shown to the account alone.
    """
    needed = [Path(sys.base_prefix), Path(__file__).resolve().parents[2]]
    shown: dict[Path, None] = {}
    for one in needed:
        for above in reversed([one, *one.parents]):
            if not above.stat().st_mode & 0o001:
                shown[above] = None
                break
    words = ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev"] if shown else []
    for folder in shown:
        words += ["--perms", "0755", "--tmpfs", str(folder)]
        for one in needed:
            if one.is_relative_to(folder):
                for above in reversed(one.parents):
                    if above != folder and above.is_relative_to(folder):
                        words += ["--perms", "0755", "--dir", str(above)]
                words += ["--bind", str(one), str(one)]
    if number == 0:
        words = words or ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev"]
        return [*words, "--ro-bind", "/dev/null", str(shutil.which("bwrap")), "--"]
    ids = ["--reuid", str(number), "--regid", str(number), "--clear-groups"]
    return [*words, *(["--"] if shown else []), "setpriv", *ids, "--"]


class LiveHub:
    """``ustaz hub serve`` in a process of its own.

    Parameters
    ----------
    program : list of str, optional
        What is started, and in which environment; default: the one of the tests.
    """

    def __init__(
        self,
        hub: HubDir,
        *,
        now: str | None = NOW,
        book: Path | None = None,
        account: int | None = None,
        program: list[str] | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.hub = hub
        self.account = account
        self.program = program or [sys.executable, "-m", "ustaz.cli"]
        self.environment = environment
        self.now = now
        self.book = book
        self.log = hub.dir / "hub.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.visitors: list[Visitor] = []
        self.verify = certificates()

    @property
    def address(self) -> str:
        return self.hub.settings.address

    @property
    def proxy(self) -> str:
        """Return the proxy's own address, without a web server before it."""
        return f"http://{self.hub.settings.host}:{self.hub.settings.port}"

    @property
    def course(self) -> Course:
        return self.hub.courses()[COURSE]

    def __enter__(self) -> LiveHub:
        environment = dict(
            self.environment or {**os.environ, "USTAZ_BCRYPT_ROUNDS": "4", "PYTHONUNBUFFERED": "1"}
        )
        for name in ("USTAZ_PERSON", "USTAZ_COURSE", "USTAZ_NOW", "JUPYTER_TOKEN"):
            environment.pop(name, None)
        if self.now:
            environment["USTAZ_NOW"] = self.now
        if self.book:
            environment["USTAZ_BOOK"] = str(self.book)
        command = [*self.program, "hub", "serve", str(self.hub.dir)]
        if self.account is not None:
            command = [*as_account(self.account), *command]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        self.wait_for_service()
        return self

    def wait_for_service(self, patience: float = 120) -> None:
        """Wait until the service answers through the proxy."""
        limit = time.monotonic() + patience
        while time.monotonic() < limit and self.process and self.process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                named = {"Host": urlsplit(self.address).netloc}
                reply = httpx.get(
                    f"{self.proxy}{PREFIX}_health", timeout=5, headers=named, verify=certificates()
                )
                if '"courses"' in reply.text:
                    return
            time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(self.log.read_text()[-6000:])

    def __exit__(self, *_: object) -> None:
        for one in self.visitors:
            one.client.close()
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        if self.process:
            # The proxy and spawned servers have sessions of their own.
            with contextlib.suppress(OSError, ValueError):
                os.kill(int((self.hub.state / "proxy.pid").read_text()), signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def service_pid(self) -> int:
        """Return the process of the service."""
        found = subprocess.run(
            ["pgrep", "-f", f"ustaz.hub.service {self.hub.dir}$"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return int(found.stdout.split()[0])

    def kill_service(self) -> None:
        """Kill the service as a power cut would; the hub starts it again."""
        os.kill(self.service_pid(), signal.SIGKILL)

    def visitor(
        self, account: str | None = None, password: str = PASSWORD, *, source: str | None = None
    ) -> Visitor:
        """Return a visitor with cookies, signed in where `account` is given."""
        made = Visitor(self, source)
        self.visitors.append(made)
        if account:
            reply = made.sign_in(account, password)
            assert reply.status_code == 200, reply.text[:400]
            assert urlsplit(str(reply.url)).path.startswith(PREFIX), reply.url
        return made


NAVIGATE = {
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Dest": "document",
}
FETCH = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"}


class Visitor:
    """A browser without a screen: cookies, and the headers that browsers send."""

    def __init__(self, live: LiveHub, source: str | None = None) -> None:
        self.live = live
        self.client = httpx.Client(
            base_url=live.address,
            transport=httpx.HTTPTransport(verify=live.verify, local_address=source),
            follow_redirects=True,
            timeout=60,
            headers={"Accept-Language": "en"},
        )

    # -- signing in ---------------------------------------------------------------------------
    def sign_in(self, account: str, password: str = PASSWORD) -> httpx.Response:
        """Fill in the sign-in page."""
        return self.fill(self.page(PREFIX), username=account, password=password)

    def fill(self, shown: httpx.Response, **fields: str) -> httpx.Response:
        """Fill in the form of a page and send it."""
        form = re.search(r'<form class="uzs-form"[^>]*>', shown.text)
        assert form, shown.text[:500]
        action = re.search(r'action="([^"]*)"', form[0])
        target = (action[1].replace("&amp;", "&") if action else "") or str(shown.url)
        hidden = dict(
            re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text)
        )
        return self.client.post(target, data={**hidden, **fields}, headers=NAVIGATE)

    # -- asking ---------------------------------------------------------------------------------
    def page(self, path: str, **more: Any) -> httpx.Response:
        """Open a page, as the address bar does."""
        return self.client.get(path, headers={**NAVIGATE, **more.pop("headers", {})}, **more)

    def at(self, path: str = "", course: str = COURSE) -> str:
        """Return the address of a course's page."""
        return f"{PREFIX}{course}/{path}"

    @property
    def xsrf(self) -> str:
        """Return the token of the service's pages."""
        for one in self.client.cookies.jar:
            if one.name == "_xsrf" and one.path == PREFIX:
                return one.value or ""
        return ""

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Make a call as the front end does."""
        headers = {**FETCH, "X-XSRFToken": self.xsrf, **more.pop("headers", {})}
        more.setdefault("follow_redirects", False)
        return self.client.request(method, path, headers=headers, **more)

    def form(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the service's pages."""
        return self.client.post(path, data={"_xsrf": self.xsrf, **fields}, headers=NAVIGATE)

    def save(self, workbook: str, field: str, value: Any, *, revision: int, batch: str) -> Any:
        """Save one answer as a page does."""
        return self.call(
            "PATCH",
            self.at(f"api/v1/workbooks/{workbook}/answers"),
            json={
                "batch": batch,
                "client": "hub-test",
                "base_revision": revision,
                "lang": "en",
                "changes": [{"op": "set", "path": [field], "value": value}],
            },
        )


#: What a visitor may claim about where they come from, and how.
FORGED = {
    "X-Forwarded-For": "203.0.113.{0}",
    "X-Real-IP": "203.0.113.{0}",
    "Forwarded": "for=203.0.113.{0};proto=http",
    "X-Scheme": "http",
    "X-Forwarded-Host": "elsewhere.example",
}


def flood(one: Visitor) -> None:
    """Guess at one account after the other until that is too often, forging another address each
    time; fail where the forged ones are believed."""
    form = one.page("/hub/login")
    for number in range(250):
        forged = {name: value.format(number) for name, value in FORGED.items()}
        one.client.headers.update(forged)
        reply = one.fill(form, username=f"nobody-{number}", password="wrong wrong")
        if reply.status_code == 429:
            return
        assert reply.status_code == 403
    raise AssertionError("forged addresses were believed")


def set_setting(hub: HubDir, key: str, value: str) -> HubDir:
    """Change a line of the hub's settings."""
    path = hub.dir / HUB_FILE
    text = path.read_text(encoding="utf-8")
    if not re.search(rf"(?m)^{key} = ", text):
        text = f"{text}{key} =\n"
    text = re.sub(rf"(?m)^{key} =.*$", f"{key} = {value}", text)
    path.write_text(text, encoding="utf-8")
    return HubDir.open(hub.dir)
