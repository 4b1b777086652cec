"""A real `ustaz serve`, started, killed and started again as a person's machine would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-the-tests"
#: A `ustaz` that is tried in the place of this checkout's, as `make matrix` does: its path.
PROGRAM = os.environ.get("USTAZ_PROGRAM", "")


class Live:
    """One course behind one server.

    Parameters
    ----------
    course : Path
        A course directory.
    book : Path, optional
        The built book.
    program : list of str, optional
        What is started, and in which environment; default: the one of the tests.
    """

    def __init__(
        self,
        course: Path,
        book: Path | None = None,
        *,
        program: list[str] | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        if PROGRAM and program is None:
            program = [PROGRAM]
            path = f"{Path(PROGRAM).parent}{os.pathsep}{os.environ.get('PATH', '')}"
            environment = {**os.environ, "PATH": path}
        self.program = program or [sys.executable, "-m", "ustaz.cli"]
        self.environment = environment
        self.course = course
        self.book = book
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = Path(tempfile.mkstemp(prefix="ustaz-live-", suffix=".log")[1])

    @property
    def url(self) -> str:
        """Return the server's address, with a slash at its end."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self, patience: float = 90) -> Live:
        """Start the server and return once it answers."""
        environment = {
            **(self.environment or os.environ),
            "JUPYTER_TOKEN": TOKEN,
            "PYTHONUNBUFFERED": "1",
            **({"USTAZ_BOOK": str(self.book)} if self.book else {}),
        }
        command = [
            *self.program, "serve", str(self.course),
            "--port", str(self.port), "--no-browser",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}api?token={TOKEN}", timeout=2):
                    return self
            except (urllib.error.URLError, OSError):
                self.wait_a_moment()
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    @staticmethod
    def wait_a_moment() -> None:
        """Give a starting process the processor; nothing is decided by this length."""
        time.sleep(0.1)

    def act_as(self, context: Any, person: str) -> None:
        """Choose a person of the demo for a browser that has opened one of our pages."""
        token = next(one["value"] for one in context.cookies() if one["name"] == "_xsrf")
        answer = context.request.post(
            f"{self.url}ustaz/api/v1/act-as",
            data=json.dumps({"person": person}),
            headers={"X-XSRFToken": token, "Content-Type": "application/json"},
        )
        assert answer.ok, answer.text()

    def kill(self) -> None:
        """Kill the server and its kernels as a power cut would."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Stop the server in order."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

    def __enter__(self) -> Live:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
