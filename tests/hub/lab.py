"""What the tests of JupyterLab on a hub share: starting one, its environment, nbgrader in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.hub.helpers import FETCH, LiveHub, Visitor
from ustaz.admin.create import prepare_grading

PATIENCE = 180


def release(live_dir: Any, *courses: str) -> None:
    """Make nbgrader's side of courses, as `ustaz new` does."""
    for course in courses:
        prepare_grading(live_dir.courses()[course])


def start_lab(one: Visitor, link: str = "/hub/user-redirect/lab") -> httpx.Response:
    """Open a page of one's own server and wait until the hub has started it."""
    limit = time.monotonic() + PATIENCE
    reply = one.page(link)
    while "/hub/spawn-pending/" in str(reply.url) and time.monotonic() < limit:
        time.sleep(0.2)  # the page itself asks again after two seconds
        reply = one.page(str(reply.url))
    return reply


def xsrf_of(one: Visitor, account: str) -> str:
    """Return the token of one's own server."""
    for cookie in one.client.cookies.jar:
        if cookie.name == "_xsrf" and cookie.path == f"/user/{account}/":
            return cookie.value or ""
    return ""


def call(one: Visitor, account: str, method: str, path: str, **more: Any) -> httpx.Response:
    """Make a call through one's own server, as the notebook in JupyterLab does."""
    headers = {**FETCH, "X-XSRFToken": xsrf_of(one, account), **more.pop("headers", {})}
    address = f"/user/{account}/ustaz/{path}"
    return one.client.request(method, address, headers=headers, follow_redirects=False, **more)


def change(batch: int, revision: int, field: str, value: str) -> dict[str, Any]:
    """Return a batch of one change."""
    return {
        "batch": f"4a1c9e0e-1b6b-4f0a-9f0e-{batch:012d}",
        "client": "lab-test",
        "base_revision": revision,
        "lang": "kk",
        "changes": [{"op": "set", "path": [field], "value": value}],
    }


def process_of(folder: Path) -> tuple[int, dict[str, str]]:
    """Return the server that works in a folder, and its environment."""
    for found in Path("/proc").glob("[0-9]*"):
        try:
            command = (found / "cmdline").read_bytes()
            if b"ustaz.hub.singleuser" in command and (found / "cwd").resolve() == folder.resolve():
                pairs = (found / "environ").read_bytes().decode().split("\0")
                environment = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
                return int(found.name), environment
        except OSError:
            continue
    raise AssertionError(f"no server works in {folder}")


def inside(pid: int, folder: Path) -> list[str]:
    """Return what runs a program behind the walls of a process, as its account, in a folder."""
    ids = [line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    uid, gid, groups = (
        next(one[1:] for one in ids if one[:1] == [name]) for name in ("Uid:", "Gid:", "Groups:")
    )
    words = ["nsenter", "-t", str(pid), "-m", "-p"]
    if os.geteuid() == 0:
        named = ["--groups", ",".join(groups)] if groups else ["--clear-groups"]
        words += ["setpriv", "--reuid", uid[0], "--regid", gid[0], *named]
    else:
        words += ["-U", "--preserve-credentials"]
    return [*words, "sh", "-c", 'umask 007; cd "$0" && exec "$@"', str(folder)]


def nbgrader(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run nbgrader as in a terminal of the server that works in `folder`."""
    pid, theirs = process_of(folder)
    done = subprocess.run(
        [*inside(pid, folder), sys.executable, "-m", "nbgrader", *arguments],
        cwd="/",
        env={**theirs, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def home_of(live: LiveHub, account: str) -> Path:
    """Return an account's own folder."""
    return live.hub.dir / "homes" / account / "lab"


def answers(live: LiveHub, course: str, person: str, workbook: str = "focus") -> dict[str, Any]:
    """Return what the service has on the disk."""
    path = live.hub.dir / "courses" / course / "people" / person / workbook / "answers.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["answers"]) if path.exists() else {}


def path_of(reply: httpx.Response) -> str:
    """Return the path of the page that one ended on."""
    return urlsplit(str(reply.url)).path


__all__ = [
    "answers",
    "call",
    "change",
    "home_of",
    "nbgrader",
    "path_of",
    "process_of",
    "release",
    "start_lab",
    "xsrf_of",
]
