"""A hub directory: its settings, its secrets, and the courses in it.

::

    DIR/
      ustaz-hub.toml         settings
      jupyterhub_config.py   what JupyterHub is started with; additions go to its end
      courses/<course>/      course directories
      state/                 accounts, secrets, log; readable by the hub's account only
"""

from __future__ import annotations

import logging
import os
import threading
import tomllib
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ustaz import database
from ustaz.course import LANGUAGES, SETTINGS_FILE, Course, Person
from ustaz.database import HUB_FILE
from ustaz.errors import CourseError
from ustaz.messages import N_

log = logging.getLogger("ustaz.hub")

CONFIG_FILE: Final = "jupyterhub_config.py"
COURSES: Final = "courses"
STATE: Final = "state"
LABS: Final = ("nobody", "staff", "everybody")
WALLS: Final = ("auto", "own")
PREFIX: Final = "/services/ustaz/"
#: Takes the place of `port` and `inner_port` for one run: ``ustaz hub serve --port``.
PORT_ENV: Final = "USTAZ_HUB_PORT"

_KEYS: Final[dict[str, tuple[type, Any]]] = {
    "name": (str, "Ustaz"),
    "host": (str, "127.0.0.1"),
    "port": (int, 8000),
    "inner_port": (int, 0),
    "address": (str, ""),
    "database": (str, ""),
    "lab": (str, "staff"),
    "walls": (str, "auto"),
    "subdomains": (bool, False),
    "languages": (list, list(LANGUAGES)),
    "timezone": (str, "Asia/Almaty"),
    "demo_password": (str, ""),
}


@dataclass(frozen=True, slots=True)
class HubSettings:
    """What ``ustaz-hub.toml`` says.

    Attributes
    ----------
    name : str
        What stands on the sign-in page.
    host, port : str, int
        Where the proxy listens.
    inner_port : int
        The first of three ports of the loopback interface: of the proxy's commands, the hub, and
        the service.
    address : str
        Under which address people reach it, for links; without a slash at the end.
    database : str
        ``postgresql://…``, or empty for SQLite and files.
    lab : str
        Who may start JupyterLab; one of :data:`LABS`.
    walls : str
        ``auto``: the walls around JupyterLab that this computer offers, and no JupyterLab without
        any; ``own``: the operator has configured a spawner that separates servers.
    subdomains : bool
        Each account's JupyterLab has a name of its own below the address, and so an origin of its
        own: ``https://saule-m.ustaz.example.kz``.
    languages : tuple of str
    timezone : ZoneInfo
    demo_password : str
        Only where everybody is invented: shown on the sign-in page.
    """

    name: str
    host: str
    port: int
    inner_port: int
    address: str
    database: str
    lab: str
    languages: tuple[str, ...]
    timezone: ZoneInfo
    demo_password: str = ""
    subdomains: bool = False
    walls: str = "auto"

    @property
    def https(self) -> bool:
        """Tell whether people reach it encrypted."""
        return self.address.startswith("https://")

    def code_link(self, account: str, code: str) -> str:
        """Return the address at which a code is used, name and code filled in."""
        return f"{self.address}/hub/code?{urlencode({'username': account, 'code': code})}"


def read_settings(path: Path) -> HubSettings:
    """Read ``ustaz-hub.toml``; every complaint names the file and the field."""

    def refuse(where: str, why: str) -> CourseError:
        return CourseError("bad_settings", f"{path}: {where}: {why}.", "See docs/hub.md.")

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse("file", f"not readable as TOML ({error})") from None
    unknown = sorted(set(data) - set(_KEYS))
    if unknown:
        raise refuse(unknown[0], f"unknown; the settings are {', '.join(_KEYS)}")
    values: dict[str, Any] = {}
    for key, (kind, default) in _KEYS.items():
        value = data.get(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise refuse(key, f"expected {kind.__name__}")
        values[key] = value
    port = os.environ.get(PORT_ENV, "")
    if port.isascii() and port.isdecimal():
        values |= {"port": int(port[:6]), "inner_port": 0}
    values["database"] = database.checked(path, "database", values["database"])
    if values["lab"] not in LABS:
        raise refuse("lab", f"use one of {', '.join(LABS)}")
    if values["walls"] not in WALLS:
        raise refuse("walls", f"use one of {', '.join(WALLS)}")
    if not 1 <= values["port"] <= 65535:
        raise refuse("port", "use a number from 1 to 65535")
    values["inner_port"] = values["inner_port"] or values["port"] + 1
    if not 1 <= values["inner_port"] <= 65533:
        raise refuse("inner_port", "use a number from 1 to 65533")
    languages = tuple(values["languages"])
    if not languages or any(one not in LANGUAGES for one in languages):
        raise refuse("languages", f"use some of {', '.join(LANGUAGES)}")
    address = values["address"].rstrip("/") or f"http://{values['host']}:{values['port']}"
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise refuse("address", "use https://name or http://name:port, without a path")
    if values["subdomains"] and not _may_have_names_below(values["address"], parts.hostname):
        raise refuse(
            "subdomains",
            "needs an address with a name of its own, such as https://ustaz.example.kz",
        )
    try:
        timezone = ZoneInfo(values["timezone"])
    except (ZoneInfoNotFoundError, ValueError):
        raise refuse("timezone", f"unknown time zone {values['timezone']!r}") from None
    return HubSettings(**{**values, "languages": languages, "address": address,
                          "timezone": timezone})  # fmt: skip


def _may_have_names_below(written: str, host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return bool(written) and "." in host
    return False


class HubDir:
    """An opened hub directory.

    Parameters
    ----------
    directory : Path
    settings : HubSettings
    """

    def __init__(self, directory: Path, settings: HubSettings) -> None:
        self.dir = directory
        self.settings = settings
        self._lock = threading.Lock()
        self._courses: dict[str, tuple[tuple[int, int], Course | None]] = {}

    @classmethod
    def open(cls, directory: str | os.PathLike[str]) -> HubDir:
        """Open `directory`; raise :class:`CourseError` with the file and the field."""
        path = Path(directory).resolve()
        if (path / SETTINGS_FILE).is_file():
            raise CourseError(
                "no_hub",
                N_("{path} is a course, not a hub."),
                N_("Serve it with `ustaz serve {path}`, or name the directory of its hub."),
                params={"path": path},
            )
        if not (path / HUB_FILE).is_file():
            raise CourseError(
                "no_hub",
                N_("{path} is not a hub directory: it has no {file}."),
                N_("Create one with `ustaz hub init DIR`."),
                params={"path": path, "file": HUB_FILE},
            )
        return cls(path, read_settings(path / HUB_FILE))

    @property
    def state(self) -> Path:
        """Return the folder of accounts and secrets."""
        return self.dir / STATE

    @property
    def demo(self) -> bool:
        """Tell whether every course holds invented people only."""
        courses = self.courses()
        return bool(courses) and all(one.demo for one in courses.values())

    def courses(self) -> dict[str, Course]:
        """Return the courses by id, in the order of their ids.

        A course is opened again when its settings change. One that cannot be opened is left out
        and logged: the others go on.
        """
        found: dict[str, Course] = {}
        with self._lock:
            for path in sorted((self.dir / COURSES).glob(f"*/{SETTINGS_FILE}")):
                course = self._course(path)
                if course is None:
                    continue
                if course.id in found:
                    log.error("course %s: its id stands in two directories", course.id)
                    continue
                found[course.id] = course
        return dict(sorted(found.items()))

    def _course(self, path: Path) -> Course | None:
        try:
            status = path.stat()
        except OSError:
            return None
        key = (status.st_mtime_ns, status.st_size)
        known = self._courses.get(str(path))
        if known is None or known[0] != key:
            try:
                course: Course | None = Course.open(path.parent)
            except CourseError as error:
                log.error("course %s cannot be opened: %s", path.parent.name, error.id)
                course = None
            known = (key, course)
            self._courses[str(path)] = known
        return known[1]

    def memberships(self, account: str) -> list[tuple[Course, Person]]:
        """Return in which courses an account is in the roster, and as whom."""
        found = []
        for course in self.courses().values():
            try:
                owner = course.owner(account)
            except CourseError as error:
                log.error("course %s: its roster cannot be read: %s", course.id, error.id)
                continue
            if owner is not None:
                found.append((course, owner))
        return found
