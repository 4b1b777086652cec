"""What a JupyterLab of a hub gets: a home, an account number, and staff's side of a course.

::

    homes/<account>/<server>/   the home of each server; ``lab`` is the one without a name
    state/desks.json            the numbers of accounts, where the hub runs as root
    state/desks/<account>/…     settings as a desk may read them: without a database's address
    state/former/<number>/…     all of these of an account that was given to somebody else
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Final

from filelock import FileLock

from ustaz.base import desk, files
from ustaz.base.errors import UstazError
from ustaz.config_files.last_good import kept
from ustaz.course import Course
from ustaz.course.listing import COURSES
from ustaz.course.settings import SETTINGS_FILE, watched_settings
from ustaz.hub.settings import HubDir
from ustaz.hub.walls import View

HOMES: Final = "homes"
PLAIN: Final = "lab"
NUMBERS: Final = "desks.json"
CONFIG: Final = "nbgrader_config.py"
SHARED: Final = """
# Desks of a hub that runs as root have accounts of their own.
c.CourseDirectory.groupshared = True
"""
FORMER: Final = "former"
PEOPLE: Final = "people.json"
_SAFE: Final = re.compile(r"(?!\.)[^/\0]{1,200}\Z")


def home(hub: HubDir, account: str, server: str) -> Path:
    """Return the home of an account's server; `server` is empty for the one without a name."""
    name = server or PLAIN
    if not (_SAFE.match(account) and _SAFE.match(name)):
        raise UstazError("bad_account", "This account cannot have a folder of its own.")
    return hub.dir / HOMES / account / name


def number(hub: HubDir, name: str) -> int:
    """Return the number of an account or a group: given once, and to nobody else ever."""
    path = hub.state / NUMBERS
    with FileLock(path.with_suffix(".lock"), timeout=30, mode=0o600):
        known: dict[str, int] = json.loads(path.read_bytes()) if path.exists() else {}
        if name not in known:
            known[name] = max(known.values(), default=desk.FIRST_ID) + 1
            if not desk.is_desk(known[name]):
                raise UstazError("no_numbers", "There is no number left for an account.")
            files.replace(path, json.dumps(known, indent=1, sort_keys=True).encode())
        return known[name]


def make_home(hub: HubDir, account: str, server: str, owner: int | None) -> Path:
    """Make a server's home, for its owner only; a home of former days moves here."""
    path = home(hub, account, server)
    for folder in (hub.dir / HOMES, path.parent):
        folder.mkdir(mode=0o711, exist_ok=True)
        folder.chmod(0o711)
    former = hub.state / HOMES / account
    if not server and not path.exists() and former.is_dir() and not former.is_symlink():
        files.rename(former, path)
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    if owner is not None and path.stat().st_uid != owner:
        for _, folders, names, here in os.fwalk(path, follow_symlinks=False):
            for name in (*folders, *names):
                os.chown(name, owner, owner, dir_fd=here, follow_symlinks=False)
        os.chown(path, owner, owner)
    return path


def set_apart(hub: HubDir) -> list[tuple[Path, frozenset[str]]]:
    """Return the folders of accounts that were given to others, each with who had it.

    People are named as ``course/person``.
    """
    return [
        (path.parent, frozenset(json.loads(path.read_bytes())))
        for path in sorted((hub.state / FORMER).glob(f"*/{PEOPLE}"))
    ]


def set_aside(hub: HubDir, account: str, people: frozenset[str]) -> None:
    """Put what an account has in JupyterLab aside: it is whose the account was before.

    Its numbers of the operating system are not given again either.

    Parameters
    ----------
    people : frozenset of str
        Who had the account, each as ``course/person``.
    """
    if not _SAFE.match(account):
        return
    tops = (hub.dir / HOMES, hub.state / HOMES, hub.state / "desks")
    folders = [top / account for top in tops if (top / account).is_dir()]
    count = len(list((hub.state / FORMER).glob("*"))) + 1
    if folders:
        to = hub.state / FORMER / f"{count}"
        files.make_folder(to)
        files.replace(to / PEOPLE, json.dumps(sorted(people)).encode())
        for folder in folders:
            files.rename(folder, to / f"{folder.parent.parent.name}-{folder.parent.name}")
    path = hub.state / NUMBERS
    with FileLock(path.with_suffix(".lock"), timeout=30, mode=0o600):
        known: dict[str, int] = json.loads(path.read_bytes()) if path.exists() else {}
        mine = [name for name in known if name.startswith(f"desk {account}/")]
        for name in mine:
            known[f"former {count} {name}"] = known.pop(name)
        if mine:
            files.replace(path, json.dumps(known, indent=1, sort_keys=True).encode())


def make_folders(course: Course, group: int | None) -> None:
    """Make what a desk works in, and open it to the desks of the course."""
    desk.enclose(course.dir)
    for name in (*desk.FOLDERS, desk.EXCHANGE):
        (course.dir / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    # nbgrader wants its exchange open to everybody; the folder around it decides who comes in.
    (course.dir / desk.EXCHANGE).chmod(0o777)
    if group is not None:
        desk.share(course.dir, group)


def open_the_way(hub: HubDir, course: Course, group: int | None) -> None:
    """Let the desks of a course, and nobody else, come through to its folders.

    Only where there are no namespaces: then a desk walks through the course directory itself, and
    whatever else lies in it is closed.
    """
    if group is None:
        return
    for path in hub.dir.iterdir():
        if path.name not in {COURSES, HOMES} and not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
    for path in course.dir.parent.iterdir():
        if path != course.dir and not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o770)
    for folder in (hub.dir, course.dir.parent):
        folder.chmod(folder.stat().st_mode & 0o700 | 0o011)
    for path in course.dir.iterdir():
        if path.name not in desk.FOLDERS and not path.is_symlink():
            os.chown(path, -1, group)
            path.chmod(path.stat().st_mode & 0o700)
    os.chown(course.dir, -1, group)
    course.dir.chmod(0o750)
    (course.dir / "exchange").chmod(0o710)
    if _may_hold_storage(
        (course.dir / SETTINGS_FILE).read_text(encoding="utf-8", errors="replace")
    ):
        raise UstazError(
            "desk_settings",
            "The course's settings hold its database, which no desk may read.",
            "Write `database` into ustaz-hub.toml instead, or install bubblewrap.",
        )
    for name in (SETTINGS_FILE, CONFIG):
        if (course.dir / name).is_file():
            (course.dir / name).chmod(0o640)


def make_cache(place: Path, owner: int) -> Path:
    """Make and return the folder in which nbgrader keeps copies of what was handed in."""
    path = place / "cache"
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid != owner:
        os.chown(path, owner, owner)
    return path


def view(hub: HubDir, account: str, server: str, own: Path, course: Course | None) -> View:
    """Return what a server sees besides the programs."""
    seen = View(write={own: own}, closed=[hub.dir])
    seen.private += [hub.state, hub.dir / COURSES, hub.dir / HOMES]
    place = hub.state / "desks" / account / (server or PLAIN)
    files.make_folder(place)
    seen.read[Path("/etc/passwd")] = _put(place / "passwd", passwd(own))
    if course is None:
        return seen
    top = course.dir
    seen.closed.append(top)
    seen.write |= {top / name: top / name for name in (*desk.FOLDERS, desk.EXCHANGE)}
    seen.write[top / "exchange" / "cache"] = make_cache(place, own.stat().st_uid)
    # The last good state of a file with a mistake: no desk waits until it is corrected.
    settings = watched_settings(top, going_on=True, keeping=False)
    settings.get()
    text = without_storage(settings.data.decode("utf-8"))
    seen.read[top / SETTINGS_FILE] = _put(place / SETTINGS_FILE, text)
    if (top / CONFIG).is_file():
        config = _usable_config(top)
        config += SHARED if desk.is_desk(own.stat().st_uid) else ""
        seen.read[top / CONFIG] = _put(place / CONFIG, config)
    for library in course.settings.library:
        real = library.resolve()
        ours = any(real.is_relative_to(top / name) for name in desk.FOLDERS)
        if real.is_dir() and not ours and not top.is_relative_to(real):
            seen.read[library.absolute()] = real
    return seen


def _usable_config(top: Path) -> str:
    """Return ``nbgrader_config.py``, or its last good state where Python cannot read it.

    It is compiled and never run: what staff write is no program of the hub's.
    """
    data = (top / CONFIG).read_bytes()
    try:
        compile(data, CONFIG, "exec")
    except (SyntaxError, ValueError):
        known = kept(top, CONFIG)
        data = known[0] if known else data
    return data.decode("utf-8", "replace")


def _put(path: Path, text: str) -> Path:
    files.replace(path, text.encode("utf-8"), 0o444)
    return path


def passwd(own: Path) -> str:
    """Return a list of accounts in which the server's own one has a name."""
    status = own.stat()
    mine = f"desk:x:{status.st_uid}:{status.st_gid}:JupyterLab:{own}:/bin/bash\n"
    nobody = "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    return f"root:x:0:0:root:/root:/bin/bash\n{nobody}{mine if status.st_uid else ''}"


def _may_hold_storage(text: str) -> bool:
    try:
        return without_storage(text) != text
    except tomllib.TOMLDecodeError:
        return "storage" in text


def without_storage(text: str) -> str:
    """Return a course's settings without where it is stored, which may hold a password.

    Raises
    ------
    UstazError
        ``desk_settings`` where the setting is written in a way that cannot be left out.
    """
    kept: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        head = line.split("#")[0].strip()
        if head.startswith("["):
            inside = head.strip("[] \t").split(".")[0].strip(" \"'") == "storage"
        if not inside:
            kept.append(line)
    left = "".join(kept)
    if "storage" in tomllib.loads(left):
        raise UstazError(
            "desk_settings",
            "Where the course is stored must stand in a table of its own.",
            "Write [storage] on a line of its own in ustaz.toml, and `database = …` below it.",
        )
    return left
