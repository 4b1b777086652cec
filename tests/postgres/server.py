"""A PostgreSQL server of our own: made for the tests, on a socket, gone after them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

REQUIRED = "USTAZ_REQUIRE_POSTGRES" in os.environ


def programs() -> Path | None:
    """Return the folder of the newest server's programs; Debian keeps them off ``PATH``."""
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3])
    )
    found = str(places[-1]) if places else shutil.which("initdb")
    return Path(found).parent if found else None


def account() -> dict[str, Any]:
    """Return who runs the server: it refuses to run as root."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise AssertionError("no account for a server that root may not run")


class Server:
    """A server on a socket, without TCP, that writes to the disk as a real one does."""

    def __init__(self, folder: Path, bin: Path) -> None:
        self.folder = folder
        self.bin = bin
        self.data = folder / "data"
        self.account = account()
        if self.account:
            os.chown(folder, self.account["user"], self.account["group"])
        self.run(
            "initdb", "-D", self.data, "-A", "trust", "-U", "ustaz", "-E", "UTF8", "--no-locale"
        )
        with (self.data / "postgresql.conf").open("a") as handle:
            handle.write(
                f"listen_addresses = ''\nunix_socket_directories = '{folder}'\n"
                "fsync = on\nshared_buffers = 32MB\nmax_connections = 60\n"
            )

    def run(self, program: str, *arguments: object) -> None:
        # What runs on in the background keeps its output open; a pipe would never end.
        with (self.folder / "said").open("wb") as said:
            done = subprocess.run(
                [str(self.bin / program), *map(str, arguments)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                check=False,
                timeout=120,
                **self.account,
            )
        assert done.returncode == 0, (self.folder / "said").read_text()

    def start(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://ustaz@/{name}?host={self.folder}"

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query gives; nothing for one that gives nothing."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def serving(bin: Path) -> Iterator[Server]:
    """Run a server for as long as it is needed."""
    folder = Path(tempfile.mkdtemp(prefix="ustaz-pg-", dir="/tmp"))  # a socket's path is short
    try:
        server = Server(folder, bin)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)


def keep_answers_in(folder: Path, url: str) -> None:
    """Let a course keep its answers in a database; in another one when it is called again."""
    settings = folder / "ustaz.toml"
    plain = settings.read_text(encoding="utf-8").partition("\n[storage]\n")[0]
    settings.write_text(f'{plain}\n[storage]\ndatabase = "{url}"\n', encoding="utf-8")
