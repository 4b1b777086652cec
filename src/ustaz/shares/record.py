"""The record of shares: in ``shares/<owner>.jsonl``, lines that are only ever added.

A line says that something is shown, that it no longer is, or that a school agrees to a publication
and takes that back. A share keeps the project, the places, the group or school and the days that
it was given for, so that whatever changes later, it never shows more than its owner said.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Final

from ustaz.base.errors import KnownError
from ustaz.base.ids import PERSON_ID, WORKBOOK_ID
from ustaz.base.ledger import Ledger
from ustaz.config_files.last_good import stat_key
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.projects.earlier import earlier, present
from ustaz.workbook.model import RECIPIENTS

FOLDER: Final = "shares"
RESEARCH: Final = "research"
#: A share of one's answers with research; it shows nobody anything, and names no workbook.
KINDS: Final = (*RECIPIENTS, RESEARCH)
LINK: Final = "outside"
SHARE_ID: Final = re.compile(r"[0-9a-f]{12}\Z")
DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
MOST_NOTE: Final = 120
#: Shares of one person that are open at once, ended ones not counted.
MOST: Final = 200
#: A secret address has an end: at most a year from now.
MOST_LINK_DAYS: Final = 366
BYTES: Final = 32


class ShareError(KnownError):
    """Nothing was shown or ended, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "share_unknown": (
            N_("There is no such thing to show."),
            N_("Choose it on the page of the workbook once more."),
        ),
        "share_nobody": (
            N_("There is nobody there to show it to."),
            N_("The list of people names no group or school for you yet. Ask the course staff."),
        ),
        "share_day": (
            N_("This day cannot be the last one."),
            N_("Choose a day from today on; for a secret address within a year."),
        ),
        "share_many": (
            N_("You show very many things already."),
            N_("Stop some of them on the page “What I show”, then try again."),
        ),
    }


@dataclass(frozen=True, slots=True)
class Permission:
    """A school's word on the publication of one text.

    Attributes
    ----------
    by : str
        Id of whoever gave it.
    at : str
        ISO 8601.
    content : str
        Digest of the text that was agreed to.
    """

    by: str
    at: str
    content: str


@dataclass(frozen=True, slots=True)
class Share:
    """Something that somebody shows or has shown.

    Attributes
    ----------
    owner, id : str
    to : str
        One of :data:`KINDS`.
    target : str
        The name of the group or school that it is for, as the roster had it.
    workbook : str
    what : str
        Which of the workbook's shareable parts it is
        (:attr:`~ustaz.workbook.model.Shareable.id`), and the row behind ``#``.
    places : frozenset of str
        See :mod:`ustaz.workbook.sharing`.
    at : str
        When it was said, ISO 8601.
    start : date
    until : date or None
        The last day; None until it is ended.
    note : str
        Why, or for whom: for its owner alone.
    digest : str
        SHA-256 of the secret of an address.
    ended : str
        When its owner ended it; empty where nobody did.
    permission : Permission or None
    project : int or None
        In which project it was said (:func:`ustaz.projects.present`); None in a line that was
        written before lines said it.
    """

    owner: str
    id: str
    to: str
    target: str
    workbook: str
    what: str
    places: frozenset[str]
    at: str
    start: dt.date
    until: dt.date | None
    note: str = ""
    digest: str = ""
    ended: str = ""
    permission: Permission | None = None
    project: int | None = None

    @property
    def part(self) -> str:
        """Return which shareable part it is, without the row."""
        return self.what.partition("#")[0]

    @property
    def row(self) -> str:
        """Return which row of a table it is; empty where it is none."""
        return self.what.partition("#")[2]


def ledger(course: Course) -> Ledger:
    """Return the lines about shares."""
    return Ledger(course.dir / FOLDER)


def read(course: Course, owner: str) -> tuple[Share, ...]:
    """Return everything that somebody shows or has shown, oldest first."""
    if not PERSON_ID.match(owner):
        return ()
    try:
        key = stat_key(ledger(course).path(owner))
    except PermissionError:  # a person's own account: only the course's may read it
        return ()
    return () if key is None else _read(course.dir, owner, key)


@lru_cache(maxsize=4096)
def _read(directory: Path, owner: str, _key: tuple[int, int, int, int]) -> tuple[Share, ...]:
    return _shares_in(Ledger(directory / FOLDER).entries(owner), owner)


def _shares_in(lines: Iterable[Mapping[str, Any]], owner: str) -> tuple[Share, ...]:
    """Return what the lines of a record come to."""
    shares: dict[str, Share] = {}
    for line in lines:
        share_id, action = line.get("id"), line.get("do")
        if not isinstance(share_id, str):
            continue
        known = shares.get(share_id)
        if action == "show" and known is None:
            share = _share(owner, line)
            if share is not None:
                shares[share_id] = share
        elif known is not None and action == "end":
            shares[share_id] = replace(known, ended=known.ended or str(line.get("at", "")) or "-")
        elif known is not None and action == "permit":
            content, by, at = (str(line.get(key, "")) for key in ("content", "by", "at"))
            shares[share_id] = replace(known, permission=Permission(by, at, content))
        elif known is not None and action == "refuse":
            shares[share_id] = replace(known, permission=None)
    return tuple(shares.values())


def _share(owner: str, line: Mapping[str, Any]) -> Share | None:
    """Return the share of a line; None where the line is not whole, which then shows nothing."""
    texts = {key: line.get(key, "") for key in ("id", "to", "target", "workbook", "what", "at")}
    places, digest = line.get("places", []), line.get("digest", "")
    if not all(isinstance(text, str) for text in (*texts.values(), digest)):
        return None
    if not isinstance(places, list) or not all(isinstance(place, str) for place in places):
        return None
    start, until = _day(line.get("start")), _day(line.get("until"))
    if start is None or (until is None and line.get("until") is not None):
        return None
    project = line.get("project")
    if project is not None and type(project) is not int:
        return None
    if texts["to"] not in KINDS or not SHARE_ID.match(texts["id"]):
        return None
    if texts["to"] == LINK and (until is None or not DIGEST.match(digest)):
        return None
    return Share(
        owner,
        **texts,
        places=frozenset(places),
        start=start,
        until=until,
        note=str(line.get("note", "")),
        digest=digest if texts["to"] == LINK else "",
        project=project,
    )


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


def is_live(course: Course, share: Share) -> bool:
    """Tell whether a share holds now.

    It ends when its owner ends it, after its last day, when its owner begins another project, when
    its owner leaves the course or is no longer in it, and, for a group or a school, when its owner
    is in another one.
    """
    owner = course.people.get(share.owner)
    if owner is None or owner.status == "withdrawn" or share.ended:
        return False
    today = course.today()
    if today < share.start or (share.until is not None and today > share.until):
        return False
    if share.to != RESEARCH and not _is_of_present_project(course, share):
        return False
    if share.to == "group":
        return bool(share.target) and share.target in owner.groups
    if share.to == "school_link":
        return bool(share.target) and share.target == owner.school
    return True


def _is_of_present_project(course: Course, share: Share) -> bool:
    """Tell whether what stands in the workbooks is still the project that a share was given for.

    What was taken along counts as another project too: it goes on with words that nobody showed.
    """
    if share.project is not None:
        return share.project == present(course, share.owner)
    closed = [project.closed_at for project in earlier(course, share.owner)]
    if not closed:
        return True
    try:
        return dt.datetime.fromisoformat(share.at) > max(closed)
    except (ValueError, TypeError):
        return False


def live(course: Course, owner: str, to: Iterable[str] = KINDS) -> list[Share]:
    """Return the shares of somebody that hold now, oldest first."""
    wanted = frozenset(to)
    return [share for share in read(course, owner) if share.to in wanted and is_live(course, share)]


def show(
    course: Course,
    owner: str,
    to: str,
    *,
    workbook: str = "",
    what: str = "",
    places: Iterable[str] = (),
    until: dt.date | None = None,
    note: str = "",
) -> tuple[Share, str]:
    """Show something to somebody from today on; return the share, and a secret this once.

    Who shows the same to the same again has one share: the one before ends.

    Raises
    ------
    ShareError
        ``share_nobody``, ``share_day``, ``share_many``.
    """
    today = course.today()
    person = course.person(owner)
    target = {"group": person.group, "school_link": person.school}.get(to, "")
    if to in ("group", "school_link") and not target:
        raise ShareError("share_nobody")
    if to not in KINDS or (to != RESEARCH and not WORKBOOK_ID.match(workbook)):
        raise ShareError("share_unknown")
    latest = today + dt.timedelta(days=MOST_LINK_DAYS)
    if (until is None and to == LINK) or (until is not None and until < today):
        raise ShareError("share_day")
    if to == LINK and until is not None and until > latest:
        raise ShareError("share_day")
    open_shares = live(course, owner)
    if len(open_shares) >= MOST:
        raise ShareError("share_many")
    secret = secrets.token_urlsafe(BYTES) if to == LINK else ""
    share_id = secrets.token_hex(6)
    line: dict[str, Any] = {
        "do": "show",
        "id": share_id,
        "to": to,
        "target": target,
        "workbook": workbook,
        "what": what,
        "places": sorted(places),
        "start": today.isoformat(),
        "until": until.isoformat() if until else None,
        "note": " ".join(note.split())[:MOST_NOTE],
        "project": present(course, owner),
    }
    if secret:
        line["digest"] = digest_of(secret)
    before = [
        {"do": "end", "id": share.id}
        for share in open_shares
        if to != LINK and (share.to, share.workbook, share.what) == (to, workbook, what)
    ]
    ledger(course).append_all(owner, [*before, line])
    return next(share for share in read(course, owner) if share.id == share_id), secret


def end(course: Course, owner: str, share_id: str) -> bool:
    """End a share at once; tell whether there was one that had not ended."""
    if not any(share.id == share_id and not share.ended for share in read(course, owner)):
        return False
    ledger(course).append(owner, {"do": "end", "id": share_id})
    return True


def end_outside(directory: Path) -> int:
    """End every open address and publication of a course directory; return how many.

    For a copy that may be older than the moment when somebody closed them.
    """
    count = 0
    book = Ledger(directory / FOLDER)
    for path in sorted(book.folder.glob("*.jsonl")):
        if not PERSON_ID.match(path.stem):
            continue
        lines = [
            {"do": "end", "id": share.id}
            for share in _shares_in(book.entries(path.stem), path.stem)
            if share.to in (LINK, "public") and not share.ended
        ]
        book.append_all(path.stem, lines)
        count += len(lines)
    return count


def permit(course: Course, share: Share, content: str, *, by: str) -> None:
    """Record that the school agrees to the publication of one text."""
    line = {"do": "permit", "id": share.id, "content": content, "by": by}
    ledger(course).append(share.owner, line)


def take_permission_back(course: Course, share: Share, *, by: str) -> None:
    """Record that the school no longer agrees."""
    ledger(course).append(share.owner, {"do": "refuse", "id": share.id, "by": by})


def consenting(course: Course) -> list[str]:
    """Return who lets research use their answers now, in the order of the roster."""
    return [person for person in course.people if live(course, person, (RESEARCH,))]


def digest_of(secret: str) -> str:
    """Return under which digest a secret is kept."""
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
