"""What an erasure leaves, and why: others' words, backups, what other programs keep."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ustaz.backup.archive_reader import about, archive_members
from ustaz.backup.archives import ARCHIVE
from ustaz.backup.installation import INSTALLATION, STATE
from ustaz.backup.model import KeepingError
from ustaz.config_files.last_good import FOLDER as LAST_GOOD
from ustaz.database import hub_around
from ustaz.messages import N_
from ustaz.privacy.attributions import touched, unchanged
from ustaz.privacy.file_trees import walk
from ustaz.privacy.gradebook import published
from ustaz.privacy.meetings import mentioning
from ustaz.privacy.model import DataSubject, Member, Retained
from ustaz.threads import Threads

#: So many files are named; the rest is counted.
SHOWN: Final = 20
#: Not read: locks, half-written files, and databases, which are looked at by their rows.
_PASSED: Final = re.compile(r".*(\.lock|\.tmp|\.db|\.sqlite3?)(-wal|-shm|-journal)?\Z")
#: What Ustaz itself writes while it erases.
_OURS: Final = frozenset({"state/erasing.json"})
MOST: Final = 64 << 20

STAYS: Final = {
    "totals": N_("Totals are counted anew without them; what somebody copied from a page is not."),
    "mentions": N_(
        "{count} files of others still mention the name or the id: {files}. These are others'"
        " words; look at them yourself."
    ),
    "contacts": N_(
        "Contacts that others wrote down under an alias are theirs and stay as they are."
    ),
    "damaged": N_(
        "{files} cannot be made anew, because it is damaged or belongs to another account: the id"
        " stays in it. Look at it with `ustaz verify`."
    ),
    "account": N_(
        "The account “{account}” of the hub stays: this was about one course. For all of it:"
        " ustaz person erase {dir} {account}"
    ),
    "own_home": N_(
        "The account “{account}” of this computer has a home of its own, which Ustaz leaves alone."
    ),
    "logs": N_("Logs of the system hold ids, never words, until they are rotated."),
    "browser": N_("Words that were not saved may wait in the person's own browser."),
    "backup": N_("The backup {file} still holds them; it goes when it is removed."),
    "backup_unread": N_("The backup {file} cannot be read; look at it yourself."),
    "backups_clean": N_("None of the {count} backups in {dir} holds them."),
    "backups_unknown": N_(
        "Backups that were made before still hold them. To see which: --backups DIR"
    ),
}


def stays(subject: DataSubject, backups: Path | None) -> Iterator[Retained]:
    """Yield everything that will stay."""
    for member in subject.members:
        names = mentions(member)
        damaged = unchanged(member)
        rest = [name for name in names if not name.startswith(tuple(damaged))]
        if rest:
            shown = ", ".join(rest[:SHOWN]) + (" …" if len(rest) > SHOWN else "")
            yield _retained("mentions", count=len(rest), files=shown)
        if damaged:
            yield _retained("damaged", files=", ".join(damaged[:SHOWN]))
    yield _retained("contacts")
    yield _retained("totals")
    around = hub_around(subject.root)
    if subject.hub is None and around is not None:
        yield _retained("account", account=subject.account, dir=str(around))
    if subject.hub is not None and subject.hub.settings.lab == "everybody" and not subject.hub.demo:
        yield _retained("own_home", account=subject.account)
    yield from _backups(subject, backups)
    yield _retained("logs")
    yield _retained("browser")


def _exchanged(member: Member) -> set[Path]:
    """Return files and folders of others that an erasure makes anew without the person."""
    threads = Threads(member.course.dir)
    own = {threads.ledger.path(id_) for id_, _ in threads.lines_of(member.person)}
    return touched(member) | {*published(member)} | own | mentioning(member)


def _retained(id: str, **params: object) -> Retained:
    return Retained(id, STAYS[id], dict(params))


# -- others' words --------------------------------------------------------------------------------
def mentions(member: Member) -> list[str]:
    """Return files of the course, other than the person's own, that name them in some way."""
    wanted, exchanged = pattern(member.person, member.name), _exchanged(member)
    return [
        path.relative_to(member.course.dir).as_posix()
        for path in walk(member.course.dir)
        if not _own(member, path)
        and exchanged.isdisjoint((path, path.parent))
        and _names(path, wanted)
    ]


def pattern(person: str, name: str) -> re.Pattern[bytes]:
    """Return what finds an id as a word of its own, or a name."""
    inner = rb"[A-Za-z0-9_-]"
    id_ = rb"(?<!" + inner + rb")" + re.escape(person.encode()) + rb"(?!" + inner + rb")"
    names = [re.escape(name.encode())] if name and name != person else []
    return re.compile(b"|".join([id_, *names]))


def _own(member: Member, path: Path) -> bool:
    """Tell whether a path is one of the places that an erasure empties or makes anew."""
    name = path.relative_to(member.course.dir).as_posix()
    parts = name.split("/")
    return (
        name in _OURS
        or bool(_PASSED.match(name))
        or member.person in parts
        or any(part.startswith((f"{member.person}+", f"{member.account}+")) for part in parts)
        or path.stem == member.person
        or name in ("people.csv", "roster/people.jsonl")
        or name.startswith(f"{LAST_GOOD}/")
        or parts[0] in ("confirmations", "entered")
        or path.stat().st_size > MOST
    )


def _names(path: Path, wanted: re.Pattern[bytes]) -> bool:
    try:
        return bool(wanted.search(path.read_bytes()))
    except OSError:
        return False


# -- backups --------------------------------------------------------------------------------------
def _backups(subject: DataSubject, folder: Path | None) -> Iterator[Retained]:
    if folder is None:
        yield _retained("backups_unknown")
        return
    clean = 0
    paths = sorted(path for path in folder.iterdir() if ARCHIVE.match(path.name))
    for path in paths:
        try:
            if _another(path, subject):
                continue
            if holds(path, subject):
                yield _retained("backup", file=path.name)
            else:
                clean += 1
        except (OSError, KeepingError, ValueError, csv.Error):
            yield _retained("backup_unread", file=path.name)
    if clean == len(paths):
        yield _retained("backups_clean", count=clean, dir=str(folder))


def _another(archive: Path, subject: DataSubject) -> bool:
    """Tell whether an archive is another installation's, where another may have the same id."""
    try:
        own = (subject.root / STATE / INSTALLATION).read_text(encoding="ascii").strip()
    except OSError:
        return False
    theirs = about(archive).installation
    return bool(own and theirs) and own != theirs


def holds(archive: Path, subject: DataSubject) -> bool:
    """Tell whether an archive holds a person: a file of theirs, or their line in a roster.

    One that is cut off or broken raises ``KeepingError``, unless the person was met before.
    """
    ids = {member.person for member in subject.members}
    courses = {member.course.dir.name for member in subject.members}
    with archive_members(archive) as entries:
        for info, content in entries:
            parts = info.name.split("/")
            if parts[1:2] == ["courses"] and not courses.intersection(parts[2:3]):
                continue
            if ids.intersection(parts) or (len(parts) > 1 and Path(parts[-1]).stem in ids):
                return True
            if subject.hub is not None and "homes" in parts and subject.account in parts:
                return True
            if content is not None and parts[-1] == "people.csv":
                text = content.read(MOST).decode("utf-8-sig")
                rows = csv.DictReader(io.StringIO(text, newline=""))
                if any(row.get("person") in ids for row in rows):
                    return True
    return False
