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
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urlencode, urlsplit
from zoneinfo import ZoneInfo

from ustaz import database
from ustaz.base import clock
from ustaz.base.errors import CourseError, FileFault
from ustaz.config_files.last_good import Fault, Watched, read_bytes
from ustaz.config_files.toml_file import Toml, parse
from ustaz.course import Course
from ustaz.course.listing import Listing
from ustaz.course.settings import KINDS, SETTINGS_FILE, UNKNOWN_ZONE
from ustaz.database import HUB_FILE
from ustaz.database.address import HINT
from ustaz.messages import LANGUAGES, N_
from ustaz.roster.people import USE_ONE, USE_SOME, Person

log = logging.getLogger("ustaz.hub")

CONFIG_FILE: Final = "jupyterhub_config.py"
STATE: Final = "state"
LABS: Final = ("nobody", "staff", "everybody")
WALLS: Final = ("auto", "own")
PREFIX: Final = "/services/ustaz/"
NUMBER: Final = N_("use a number from 1 to {most}")
#: Takes the place of `port` and `inner_port` for one run: ``ustaz hub serve --port``.
PORT_ENV: Final = "USTAZ_HUB_PORT"
#: Set where ``jupyterhub_config.py`` could not be used, and its last good state is in force.
OLD_ENV: Final = "USTAZ_HUB_OLD_CONFIG"

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
    """Read ``ustaz-hub.toml``; every complaint names the file, the line and the field."""
    return parse_settings(read_bytes(path, "bad_settings"), path)


def parse_settings(data: bytes, path: Path) -> HubSettings:
    """Return what the bytes of ``ustaz-hub.toml`` say; `path` is where they stand or stood."""
    file = parse(data, path, HINT)
    refuse = file.refuse
    values = _typed(file)
    port = os.environ.get(PORT_ENV, "")
    if port.isascii() and port.isdecimal():
        values |= {"port": int(port[:6]), "inner_port": 0}
    try:
        values["database"] = database.checked(path, "database", values["database"])
    except FileFault as error:
        raise refuse(error.field, error.why, **error.params) from None
    for key, choices in (("lab", LABS), ("walls", WALLS)):
        if values[key] not in choices:
            raise refuse(key, USE_ONE, choices=", ".join(choices))
    if not 1 <= values["port"] <= 65535:
        raise refuse("port", NUMBER, most=65535)
    values["inner_port"] = values["inner_port"] or values["port"] + 1
    if not 1 <= values["inner_port"] <= 65533:
        raise refuse("inner_port", NUMBER, most=65533)
    languages = tuple(values["languages"])
    if not languages or any(language not in LANGUAGES for language in languages):
        raise refuse("languages", USE_SOME, choices=", ".join(LANGUAGES))
    address = values["address"].rstrip("/") or f"http://{values['host']}:{values['port']}"
    parts = _parts(address)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise refuse("address", N_("use https://name or http://name:port, without a path"))
    if values["subdomains"] and not _may_have_names_below(values["address"], parts.hostname):
        raise refuse(
            "subdomains",
            N_("needs an address with a name of its own, such as https://ustaz.example.kz"),
        )
    timezone = clock.zone(values["timezone"])
    if timezone is None:
        raise refuse("timezone", UNKNOWN_ZONE, zone=values["timezone"][:60])
    return HubSettings(**{**values, "languages": languages, "address": address,
                          "timezone": timezone})  # fmt: skip


def _typed(file: Toml) -> dict[str, Any]:
    """Return every setting with its default, each of its type."""
    unknown = sorted(set(file.values) - set(_KEYS))
    if unknown:
        names = ", ".join(_KEYS)
        raise file.refuse(unknown[0], N_("unknown; the settings are {names}"), names=names)
    values: dict[str, Any] = {}
    for key, (kind, default) in _KEYS.items():
        value = file.values.get(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise file.refuse(key, N_("expected {kind}"), kind=KINDS[kind])
        values[key] = value
    return values


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is none
    except ValueError:
        return None
    return parts


def _may_have_names_below(written: str, host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return bool(written) and "." in host
    return False


def watched(directory: Path, *, going_on: bool, keeping: bool = True) -> Watched[HubSettings]:
    """Return the settings file of a hub with its last good state."""
    return Watched(
        directory,
        HUB_FILE,
        parse_settings,
        kind="hub",
        id="bad_settings",
        going_on=going_on,
        keeping=keeping,
    )


def hub_fault(directory: Path) -> Fault | None:
    """Return why a hub's settings as they stand cannot be used; None where they can."""
    file = watched(directory, going_on=True)
    with suppress(CourseError):
        file.get()
    return file.fault


class HubDir:
    """An opened hub directory.

    Parameters
    ----------
    directory : Path
    settings : HubSettings
    fault : Fault, optional
        Why the settings are those of before, where the file as it stands cannot be used.
    """

    def __init__(self, directory: Path, settings: HubSettings, fault: Fault | None = None) -> None:
        self.dir = directory
        self.settings = settings
        self.fault = fault
        self._lock = threading.Lock()
        self.listing = Listing(directory)

    @classmethod
    def open(cls, directory: str | os.PathLike[str]) -> HubDir:
        """Open `directory`; raise :class:`CourseError` with the file, the line and the field.

        Settings that cannot be used are what they were when they were last good.
        """
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
        settings = watched(path, going_on=True)
        return cls(path, settings.get(), settings.fault)

    @property
    def state(self) -> Path:
        """Return the folder of accounts and secrets."""
        return self.dir / STATE

    @property
    def demo(self) -> bool:
        """Tell whether every course holds invented people only."""
        courses = self.courses()
        return bool(courses) and all(course.demo for course in courses.values())

    def courses(self) -> dict[str, Course]:
        """Return the courses by id, in the order of their ids.

        A course is opened again when its settings change. One that cannot be opened is left out
        and logged: the others go on.
        """
        with self._lock:
            return self.listing.look()

    @property
    def troubled(self) -> bool:
        """Tell whether somebody may be in a course that cannot be opened just now."""
        courses = self.courses()
        if self.listing.unopened:
            return True
        for course in courses.values():
            try:
                len(course.people)
            except CourseError:
                return True
        return False

    def memberships(self, account: str) -> list[tuple[Course, Person]]:
        """Return in which courses an account is in the roster, and as whom."""
        memberships = []
        for course in self.courses().values():
            try:
                owner = course.owner(account)
            except CourseError as error:
                log.error("course %s: its roster cannot be read: %s", course.id, error.id)
                continue
            if owner is not None:
                memberships.append((course, owner))
        return memberships
