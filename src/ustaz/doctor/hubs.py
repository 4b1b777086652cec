"""Examinations of a hub directory: settings, secrets, ports, programs, database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ustaz.backup.model import SETTINGS
from ustaz.base import clock
from ustaz.base.errors import UstazError
from ustaz.config_files.last_good import Fault
from ustaz.course import Course
from ustaz.course.listing import Listing
from ustaz.database import hub_around
from ustaz.database.address import has_password, hub_values
from ustaz.doctor import book as reading
from ustaz.doctor import machine
from ustaz.doctor.model import SHOWN, Finding, open_to_others, walk
from ustaz.hub import node
from ustaz.hub.settings import watched
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
    fault : Fault or None
        Why these are the settings of before, where the file as it stands cannot be used.
    unopened : dict
        Folder of a course -> the error.
    twice : dict
        Folder of a course whose id another folder has -> the id, and that folder.
    """

    dir: Path
    values: Mapping[str, Any]
    fault: Fault | None = None
    unopened: dict[str, UstazError] = field(default_factory=dict)
    twice: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def open(cls, directory: Path) -> Hub:
        """Read the settings, or what they said before a mistake came into them."""
        root = directory.resolve()
        file = watched(root, going_on=True, keeping=False)
        values: Mapping[str, Any] = {}
        with suppress(UstazError):
            file.get()
        with suppress(UstazError):
            values = hub_values(root, last_good=file.fault is not None)
        return cls(root, values, file.fault)

    @cached_property
    def courses(self) -> dict[str, Course]:
        """Return the courses that can be opened, by folder."""
        listing = Listing(self.dir, keeping=False)
        courses = {course.dir.name: course for course in listing.look().values()}
        self.unopened, self.twice = dict(listing.unopened), listing.twice
        for name, course in list(courses.items()):
            try:
                len(course.people)
            except (UstazError, OSError, ValueError) as error:
                known = error if isinstance(error, UstazError) else _as_error(name, error)
                self.unopened[name] = known
                del courses[name]
        return dict(sorted(courses.items()))

    @property
    def timezone(self) -> ZoneInfo:
        """Return the hub's time zone."""
        return clock.zone(self.text("timezone", "Asia/Almaty")) or ZoneInfo("UTC")

    def text(self, key: str, default: str = "") -> str:
        """Return a setting that is a text."""
        value = self.values.get(key, default)
        return value if isinstance(value, str) else default


def _as_error(name: str, error: Exception) -> UstazError:
    return UstazError("not_opened", f"{name}: {type(error).__name__}")


def inside(directory: Path) -> bool:
    """Tell whether a course lies in a hub, whose backup keeps it."""
    return hub_around(directory) is not None


def of_course(name: str, finding: Finding) -> Finding:
    """Return a finding in one of the hub's courses, with the course's name before it."""
    params = {**finding.params, "course": name}
    return replace(finding, params=params)


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
    if has_password(hub.text("database")):
        paths.append(hub.dir / SETTINGS["hub"])
    readable = [path for path in paths if path.lstat().st_mode & 0o077 and not path.is_symlink()]
    for path in readable[:SHOWN]:
        yield Finding(
            "unsafe_secret",
            "problem",
            N_("Other accounts of this computer can open {path}, which holds secrets."),
            N_("Close it: chmod go-rwx {path}. If others could sign in here, replace the secret."),
            {"path": path.relative_to(hub.dir).as_posix()},
        )
    if not readable:
        yield Finding("secrets", "ok", N_("Only this account can open the hub's secrets."))


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


def walls(hub: Hub) -> Iterator[Finding]:
    """Look whether JupyterLab can be kept apart from the hub, from answers and from others."""
    from ustaz.hub.walls import possible

    lab = hub.text("lab", "staff")
    if lab == "nobody" or hub.text("walls", "auto") == "own":
        return
    around = possible()
    if around.stand:
        how = (
            N_("Each JupyterLab has an account and namespaces of its own.")
            if around.accounts and around.spaces
            else N_("Each JupyterLab has an account of its own.")
            if around.accounts
            else N_("Each JupyterLab has namespaces of its own.")
        )
        yield Finding("walls", "ok", how)
        return
    if around.why == "no_bwrap":
        yield Finding(
            "no_walls",
            "problem",
            N_("JupyterLab is off: bubblewrap is not installed, and without it whoever has a"
               " JupyterLab could read everybody's answers."),
            N_("Install it (sudo apt-get install bubblewrap) and start the hub anew, or write"
               " nobody for lab into ustaz-hub.toml."),
        )  # fmt: skip
        return
    yield Finding(
        "no_walls",
        "problem",
        N_("JupyterLab is off: this computer gives no namespaces to the hub's account ({error})."),
        N_("docs/operating.md, “JupyterLab behind walls”, tells how to allow them; or write"
           " nobody for lab into ustaz-hub.toml."),
        {"error": around.why},
    )  # fmt: skip


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


def desk_role(hub: Hub) -> Iterator[Finding]:
    """Look whether each desk can get a role that reaches nbgrader's tables only."""
    url = hub.text("database")
    if not url or hub.text("lab", "staff") == "nobody":
        return
    asked = "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        import psycopg

        with psycopg.connect(
            "postgresql" + url[url.index(":") :], connect_timeout=machine.SECONDS
        ) as connection:
            row = connection.execute(asked).fetchone()
    except (ImportError, ValueError, psycopg.Error):
        return  # said already
    if row == (True,):
        yield Finding("desk_role", "ok", N_("Each desk gets a role of the database of its own."))
    else:
        yield Finding(
            "no_desk_role",
            "problem",
            N_("JupyterLab of staff cannot start: the hub's account of the database may not make"
               " roles, and with its own a desk could read everybody's answers."),
            N_("Allow it once: sudo -u postgres psql -c 'ALTER ROLE ustaz CREATEROLE'"),
        )  # fmt: skip
