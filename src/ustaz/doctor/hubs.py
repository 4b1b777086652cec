"""Examinations of a hub directory: settings, secrets, ports, programs, database."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ustaz.course import Course
from ustaz.database import hub_around
from ustaz.doctor import book as reading
from ustaz.doctor import machine
from ustaz.doctor.model import SHOWN, Finding, open_to_others, walk
from ustaz.errors import CourseError, UstazError
from ustaz.hub import node
from ustaz.keeping.model import SETTINGS
from ustaz.messages import N_

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SECRET: Final = re.compile(r"secret|token|key|password|installation|\.sqlite")
#: Whose first number has to be at least this.
POSTGRESQL: Final = 14


@dataclass
class Hub:
    """A hub directory, as an examination sees it.

    Attributes
    ----------
    dir : Path
    values : dict
        What ``ustaz-hub.toml`` says.
    unopened : dict
        Folder of a course -> the error's id.
    """

    dir: Path
    values: dict[str, Any]
    unopened: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, directory: Path) -> Hub:
        """Read the settings; refuse what is no TOML."""
        path = directory.resolve() / SETTINGS["hub"]
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            raise CourseError(
                "bad_settings",
                N_("ustaz-hub.toml cannot be read."),
                N_("Correct it; docs/operating.md tells what stands in it."),
            ) from None
        return cls(path.parent, values)

    @cached_property
    def courses(self) -> dict[str, Course]:
        """Return the courses that can be opened, by folder."""
        found = {}
        for path in sorted((self.dir / "courses").glob("*/ustaz.toml")):
            name = path.parent.name
            try:
                course = Course.open(path.parent)
                len(course.people)
            except (CourseError, OSError, ValueError) as error:
                self.unopened[name] = getattr(error, "id", type(error).__name__)
            else:
                found[name] = course
        return found

    @property
    def timezone(self) -> ZoneInfo:
        """Return the hub's time zone."""
        try:
            return ZoneInfo(self.text("timezone", "Asia/Almaty"))
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    def text(self, key: str, default: str = "") -> str:
        """Return a setting that is a text."""
        value = self.values.get(key, default)
        return value if isinstance(value, str) else default


def inside(directory: Path) -> bool:
    """Tell whether a course lies in a hub, whose backup keeps it."""
    return hub_around(directory) is not None


def of_course(name: str, found: Finding) -> Finding:
    """Return a finding in one of the hub's courses, with the course's name before it."""
    params = {**found.params, "course": name}
    return Finding(found.id, found.level, found.message, found.hint, params)


def settings(hub: Hub) -> Iterator[Finding]:
    """Look whether JupyterHub finds its own settings."""
    if not (hub.dir / "jupyterhub_config.py").is_file():
        yield Finding(
            "no_hub_config",
            "problem",
            N_("jupyterhub_config.py is missing: the hub cannot start."),
            N_("Bring it back from a backup, or copy the one that `ustaz hub init` writes."),
        )
    if hub.text("timezone", "UTC") and str(hub.timezone) != hub.text("timezone", "Asia/Almaty"):
        yield Finding(
            "timezone",
            "problem",
            N_("The time zone of ustaz-hub.toml is unknown."),
            N_("Write it as Asia/Almaty."),
        )


def modes(hub: Hub) -> Iterator[Finding]:
    """Look for secrets and state that other accounts can open."""
    state = hub.dir / "state"
    paths = [state] if state.is_dir() else []
    # In a closed folder a log that the umask left open is nobody's to read; a secret is closed
    # itself, in case somebody opens the folder one day.
    inner = walk(state)
    closed = bool(paths) and not open_to_others(state)
    paths += [path for path in inner if not closed or SECRET.search(path.name)]
    if _has_password(hub.text("database")):
        paths.append(hub.dir / SETTINGS["hub"])
    found = [path for path in paths if path.lstat().st_mode & 0o077 and not path.is_symlink()]
    for path in found[:SHOWN]:
        yield Finding(
            "unsafe_secret",
            "problem",
            N_("Other accounts of this computer can open {path}, which holds secrets."),
            N_("Close it: chmod go-rwx {path}. If others could sign in here, replace the secret."),
            {"path": path.relative_to(hub.dir).as_posix()},
        )
    if not found:
        yield Finding("secrets", "ok", N_("Only this account can open the hub's secrets."))


def _has_password(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.password) or "password=" in parts.query
    except ValueError:
        return False


def ports(hub: Hub) -> Iterator[Finding]:
    """Look whether passwords could travel unencrypted."""
    host, address = hub.text("host", "127.0.0.1"), hub.text("address")
    port = hub.values.get("port", 8000)
    params = {"host": host, "address": address or f"http://{host}:{port}"}
    if host not in LOOPBACK:
        yield Finding(
            "open_port",
            "problem",
            N_("The hub listens on {host} itself: passwords travel unencrypted."),
            N_("Write 127.0.0.1 for host, and put nginx or Caddy with https before it."),
            params,
        )
    elif address.startswith("http://") and urlsplit(address).hostname not in LOOPBACK:
        yield Finding(
            "no_https",
            "problem",
            N_("People reach the hub under {address}: passwords travel unencrypted."),
            N_("Use https; docs/operating.md shows nginx and Caddy."),
            params,
        )
    else:
        yield Finding("ports", "ok", N_("The hub is reached under {address}."), "", params)


def versions(hub: Hub) -> Iterator[Finding]:  # noqa: ARG001 - one shape for all examinations
    """Look for the proxy, and for Node that runs it."""
    program = node.node()
    version = machine.version_of(str(program)) if program else None
    if version:
        yield Finding("node", "ok", "Node {version}", "", {"version": version})
    try:
        node.proxy_command()
    except UstazError as error:
        yield Finding(error.id, "problem", error.message, error.hint)
    else:
        yield Finding("proxy", "ok", N_("The proxy is installed."))


def book(hub: Hub) -> Iterator[Finding]:
    """Look for the book of all its courses."""
    yield from reading.book(hub.dir)


def database(hub: Hub) -> Iterator[Finding]:
    """Look whether PostgreSQL answers, where the setting names it."""
    url = hub.text("database")
    if not url:
        yield Finding("files", "ok", N_("Answers, accounts and gradebooks are kept in files."))
        return
    try:
        import psycopg

        with psycopg.connect(
            "postgresql" + url[url.index(":") :], connect_timeout=machine.SECONDS
        ) as connection:
            number = connection.info.server_version
    except (ImportError, ValueError, psycopg.Error) as error:
        yield Finding(
            "no_database",
            "problem",
            N_("PostgreSQL does not answer ({error}): nothing can be read or saved."),
            N_("Look whether it runs: systemctl status postgresql"),
            {"error": type(error).__name__},
        )
        return
    major = number // 10000
    old = major < POSTGRESQL
    yield Finding(
        "old_database" if old else "database",
        "problem" if old else "ok",
        N_("PostgreSQL {version} is too old; {needed} or newer is needed.")
        if old
        else "PostgreSQL {version}",
        N_("Upgrade PostgreSQL; make a backup first.") if old else "",
        {"version": major, "needed": POSTGRESQL},
    )
