"""What a course keeps of a person as theirs: answers, rounds, marks, ledgers, the roster's line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from ustaz import database, gallery, shares
from ustaz.answers import Subject
from ustaz.answers.postgres.migrate import Place as Documents
from ustaz.base.ledger import Ledger
from ustaz.calendar.subscriptions import FOLDER as CALENDARS
from ustaz.course import Course
from ustaz.deadlines.scoped import FOLDER as SHIFTS
from ustaz.messages import N_
from ustaz.privacy.file_trees import as_json, copied, measured, put, removed
from ustaz.privacy.meetings import MEETINGS
from ustaz.privacy.model import Amount, Member, Place
from ustaz.projects.earlier import FOLDER as PROJECTS
from ustaz.projects.earlier import numbered
from ustaz.roster import reaching
from ustaz.roster.history import ABOUT, ledger_file, state_of
from ustaz.roster.history import ledger as history
from ustaz.roster.writing import forget
from ustaz.schools.asks import FOLDER as ASKS
from ustaz.shares.links import OPENINGS
from ustaz.shares.record import FOLDER as SHARES
from ustaz.threads import Threads, drafts
from ustaz.transcription.marks import FOLDER as ENTERED
from ustaz.tutorials import FOLDER as TUTORIALS
from ustaz.tutorials import WORKBOOK as NOTE
from ustaz.tutorials.record import TUTORIAL_ID

SEEN: Final = "seen"
CONFIRMATIONS: Final = "confirmations"


# -- answers ------------------------------------------------------------------------------------
def documents(course: Course) -> Documents:
    """Return a course's documents, wherever they are."""
    return Documents(course.people_dir, course.id, course.database)


def _own(place: Documents, member: Member) -> list[str]:
    return [name for name in place.folders() if name.split("/")[0] == member.person]


def in_database(member: Member) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield the documents that are rows of a database, by folder."""
    place = documents(member.course)
    if place.in_database:
        for folder in _own(place, member):
            yield folder, place.peek(folder)


def _answers_amount(member: Member) -> Amount:
    amount = measured(member.course.people_dir / member.person)
    for _, files in in_database(member):
        amount += Amount(len(files), sum(map(len, files.values())))
    return amount


def _answers_copied(member: Member, to: Path) -> None:
    copied(member.course.people_dir / member.person, to)
    for folder, files in in_database(member):
        for name, data in files.items():
            put(to / folder.partition("/")[2] / name, data)


def _answers_erased(member: Member) -> None:
    place = documents(member.course)
    for folder in _own(place, member):
        # Under the lock: a save that began before is whole, and then it goes with the rest.
        with place.held(folder) as handle:
            for name in place.content(handle):
                place.fs.remove(handle, name)
    if place.in_database:
        database.vacuum(
            member.course.database, database.course_schema(member.course.id), "answers_file"
        )
    removed(member.course.people_dir / member.person)


# -- what was handed in, and what staff made of it ----------------------------------------------
def _folders(*names: str) -> Any:  # noqa: ANN401 - three functions of one shape
    def paths(member: Member) -> list[Path]:
        return [member.course.dir / name / member.person for name in names]

    def amount(member: Member) -> Amount:
        return measured(*paths(member))

    def copy(member: Member, to: Path) -> None:
        for path in paths(member):
            copied(path, to / path.parent.name if len(names) > 1 else to)

    def erase(member: Member) -> None:
        for path in paths(member):
            removed(path)

    return amount, copy, erase


# -- ledgers ------------------------------------------------------------------------------------
def _ledger(*folders: str) -> Any:  # noqa: ANN401
    def paths(member: Member) -> list[Path]:
        return [Ledger(member.course.dir / folder).path(member.person) for folder in folders]

    def lines_in(path: Path) -> list[dict[str, Any]]:
        return list(Ledger(path.parent).entries(path.stem))

    def amount(member: Member) -> Amount:
        total = Amount()
        for path in paths(member):
            if path.exists():
                total += Amount(len(lines_in(path)), path.stat().st_size)
        return total

    def copy(member: Member, to: Path) -> None:
        for path in paths(member):
            lines = lines_in(path)
            if lines:
                # The second ledger of a place is called by its own folder.
                name = to if path == paths(member)[0] else to.with_name(path.parent.name)
                put(name.with_suffix(".json"), as_json(lines))

    def erase(member: Member) -> None:
        for path in paths(member):
            removed(path)
            removed(path.with_suffix(".lock"))

    return amount, copy, erase


# -- notes of tutorials ---------------------------------------------------------------------------
_note_lines: Final = _ledger(TUTORIALS)


def own_notes(member: Member) -> list[str]:
    """Return the folders of the notes of a teacher's own tutorials."""
    lines = Ledger(member.course.dir / TUTORIALS).entries(member.person)
    ids = dict.fromkeys(str(line.get("tutorial")) for line in lines)
    return [f"_tutorial/{id}/{NOTE}" for id in ids if TUTORIAL_ID.match(id)]


def _shared_notes(member: Member) -> list[str]:
    """Return the folders of the notes in which a facilitator stands: begun or confirmed by them."""
    folder = member.course.dir / TUTORIALS
    ids = {
        str(line.get("tutorial"))
        for path in sorted(folder.glob("*.jsonl"))
        if path.stem != member.person
        for line in Ledger(folder).entries(path.stem)
        if line.get("by") == member.person
    }
    return [f"_tutorial/{id}/{NOTE}" for id in sorted(ids) if TUTORIAL_ID.match(id)]


def _notes_amount(member: Member) -> Amount:
    amount, _, _ = _note_lines
    total: Amount = amount(member)
    place = documents(member.course)
    for folder in own_notes(member):
        files = place.peek(folder)
        total += Amount(len(files), sum(map(len, files.values())))
    return total


def _notes_copied(member: Member, to: Path) -> None:
    """Copy the notes of both sides: a teacher's with their history, a facilitator's as they are."""
    _, copy, _ = _note_lines
    copy(member, to / "record")
    place = documents(member.course)
    for folder in own_notes(member):
        for name, data in place.peek(folder).items():
            put(to / folder.split("/")[1] / name, data)
    for folder in _shared_notes(member) if NOTE in member.course.library.ids else ():
        id = folder.split("/")[1]
        note = member.course.store.read(Subject("tutorial", id), NOTE)
        if note.revision:
            put(to / "with-teachers" / f"{id}.json", as_json(note.answers))


def _notes_erased(member: Member) -> None:
    _, _, erase = _note_lines
    place = documents(member.course)
    for folder in own_notes(member):
        with place.held(folder) as handle:
            for name in place.content(handle):
                place.fs.remove(handle, name)
        if not place.in_database:
            removed(member.course.people_dir / Path(folder).parent)
    erase(member)


# -- earlier projects ---------------------------------------------------------------------------
def _project_folders(member: Member) -> list[Path]:
    return [folder / member.person for folder in numbered(member.course.dir)]


_project_lines: Final = _ledger(PROJECTS)


def _projects_amount(member: Member) -> Amount:
    amount, _, _ = _project_lines
    lines: Amount = amount(member)
    return lines + measured(*_project_folders(member))


def _projects_copied(member: Member, to: Path) -> None:
    _, copy, _ = _project_lines
    copy(member, to / "projects")
    for folder in _project_folders(member):
        copied(folder, to / folder.parent.name)


def _projects_erased(member: Member) -> None:
    _, _, erase = _project_lines
    for folder in _project_folders(member):
        removed(folder)
    erase(member)
    removed(member.course.dir / PROJECTS / f"{member.person}.begin.lock")


# -- how somebody is reached ----------------------------------------------------------------------
def _reach_amount(member: Member) -> Amount:
    return measured(reaching.path_of(member.course.dir, member.person))


def _reach_copied(member: Member, to: Path) -> None:
    reach = reaching.read(member.course.dir, member.person)
    if reach:
        put(to.with_suffix(".json"), as_json(asdict(reach)))


def _reach_erased(member: Member) -> None:
    removed(reaching.path_of(member.course.dir, member.person))


# -- messages -------------------------------------------------------------------------------------
def _threads_amount(member: Member) -> Amount:
    lines = [line for _, own in Threads(member.course.dir).lines_of(member.person) for line in own]
    size = sum(len(as_json(line)) for line in lines)
    return Amount(len(lines), size) + measured(drafts.path_of(member.course.dir, member.person))


def _threads_copied(member: Member, to: Path) -> None:
    """Copy threads of theirs whole, and of those of a group what they wrote themselves."""
    own = [
        {"thread": id_, "lines": lines}
        for id_, lines in Threads(member.course.dir).lines_of(member.person)
    ]
    begun = drafts.read(member.course.dir, member.person)
    if own or begun:
        kept = {key: asdict(draft) for key, draft in begun.items()}
        put(to.with_suffix(".json"), as_json({"threads": own, "drafts": kept}))


def _threads_erased(member: Member) -> None:
    path = drafts.path_of(member.course.dir, member.person)
    removed(path)
    removed(path.with_suffix(".lock"))
    Threads(member.course.dir).erase(member.person, member.former)


# -- the roster ---------------------------------------------------------------------------------
def _lines(member: Member) -> list[dict[str, Any]]:
    """Return the history's lines about a person; of others it says nothing here."""
    return [
        {key: value for key, value in line.items() if key != "by" or value == member.person}
        for line in history(member.course.dir).entries(ABOUT)
        if line.get("person") == member.person
    ]


def _roster_amount(member: Member) -> Amount:
    there = member.course.people.get(member.person)
    lines = _lines(member)
    size = len(repr(there)) if there else 0
    return Amount(len(lines) + (there is not None), size + sum(len(as_json(i)) for i in lines))


def _roster_copied(member: Member, to: Path) -> None:
    there = member.course.people.get(member.person)
    present = {"person": member.person, "name": member.name, "account": member.account}
    roster_line = {"now": present | (state_of(there) if there else {}), "history": _lines(member)}
    put(to.with_suffix(".json"), as_json(roster_line))


def _roster_erased(member: Member) -> None:
    if (member.course.dir / "people.csv").exists() or ledger_file(member.course.dir).exists():
        forget(member.course.dir, member.person)


# -- what is published ---------------------------------------------------------------------------
def _published(member: Member) -> list[Path]:
    """Return the pages of somebody's stories beside the book; those elsewhere are not known."""
    folder = gallery.folder_of(member.course)
    return [folder / f"{share.id}.html" for share in shares.read(member.course, member.person)]


def _published_erased(member: Member) -> None:
    """Remove the pages, and the titles from the list: at once, and not at the next build."""
    for path in _published(member):
        removed(path)
    gallery.refresh(member.course)


def _published_copied(member: Member, to: Path) -> None:
    """Name the pages; their words are among the answers."""
    names = [path.name for path in _published(member) if path.is_file()]
    if names:
        put(to.with_suffix(".json"), as_json(names))


#: Before the record of shares, which names the pages.
GALLERY: Final[Place[Member]] = Place(
    "gallery",
    N_("stories of theirs that are published beside the book"),
    lambda member: measured(*_published(member)),
    _published_copied,
    _published_erased,
)

#: The roster first: from then on nothing of theirs is let in any more.
PLACES: Final[tuple[Place[Member], ...]] = (
    Place(
        "roster",
        N_("the line in the roster, and its history"),
        _roster_amount,
        _roster_copied,
        _roster_erased,
    ),
    Place(
        "answers",
        N_("answers with their history, contacts, evidence, feedback that was given back"),
        _answers_amount,
        _answers_copied,
        _answers_erased,
    ),
    Place(
        "projects",
        N_("earlier projects as they were, with their history"),
        _projects_amount,
        _projects_copied,
        _projects_erased,
    ),
    Place("rounds", N_("rounds that were handed in"), *_folders("exchange/inbound")),
    Place(
        "graded",
        N_("what staff collected, graded and wrote back"),
        *_folders("submitted", "autograded", "feedback"),
    ),
    Place("marks", N_("marks of each round"), *_folders("exchange/marks")),
    Place("seen", N_("which feedback was opened"), *_ledger(SEEN)),
    Place("confirmations", N_("what others confirmed about their work"), *_ledger(CONFIRMATIONS)),
    Place("shifts", N_("more time and other meeting times, with the reason"), *_ledger(SHIFTS)),
    Place(
        "calendars",
        N_("that a telephone may read their calendar: a hash of the address"),
        *_ledger(CALENDARS),
    ),
    Place(
        "shares",
        N_("what they show to whom, and when a secret address was opened"),
        *_ledger(SHARES, OPENINGS),
    ),
    Place("asks", N_("what they asked of the director, and the answers"), *_ledger(ASKS)),
    Place(
        "reach",
        N_("how their group reaches them, as they wrote it"),
        _reach_amount,
        _reach_copied,
        _reach_erased,
    ),
    MEETINGS,
    Place(
        "threads",
        N_("messages, and drafts of messages"),
        _threads_amount,
        _threads_copied,
        _threads_erased,
    ),
    Place(
        "tutorials",
        N_("notes of their tutorials, which the facilitator has written with them"),
        _notes_amount,
        _notes_copied,
        _notes_erased,
    ),
    Place("entered", N_("notes on what was typed in for them"), *_ledger(ENTERED)),
)
