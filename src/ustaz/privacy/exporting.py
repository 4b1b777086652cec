"""Everything that is kept of a person, copied into a folder that they can read by themselves."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from ustaz.base import clock, files
from ustaz.files import FileRefused, FileStore
from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.privacy import export_pages, places
from ustaz.privacy.erasing import counted, titles
from ustaz.privacy.export_pages import ExportEntry, Part
from ustaz.privacy.file_trees import as_json, measured, put
from ustaz.privacy.model import Amount, DataSubject, Member, PersonalError

README: Final = "README.html"
DATA: Final = "data"
EVIDENCE: Final = "files"


@dataclass(slots=True)
class Export:
    """What was copied out.

    Attributes
    ----------
    subject : DataSubject
    folder : Path
    places : dict of str to Amount
    size : Amount
        Of the folder that was made.
    """

    subject: DataSubject
    folder: Path
    places: dict[str, Amount] = field(default_factory=dict)
    size: Amount = field(default_factory=Amount)

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "person": self.subject.asked,
            "account": self.subject.account,
            "courses": [member.course.id for member in self.subject.members],
            "folder": str(self.folder),
            "files": self.size.count,
            "bytes": self.size.size,
            "places": [
                {"place": name, "count": amount.count, "bytes": amount.size}
                for name, amount in self.places.items()
            ],
        }


def export(subject: DataSubject, to: Path, *, without: Collection[str] = ()) -> Export:
    """Copy everything of a person into a new folder.

    Nothing appears under the folder's name before all of it is there.

    Parameters
    ----------
    subject : DataSubject
    to : Path
    without : collection of str
        Ids of places that are left out.

    Raises
    ------
    PersonalError
        ``occupied`` where the folder is there; ``inside`` where it would lie in the directory.
    """
    target = to.absolute()
    if target.exists() or target.is_symlink():
        raise PersonalError(
            "occupied",
            N_("{path} is there already; nothing was changed."),
            N_("Name a folder that does not exist yet."),
            params={"path": to},
        )
    if target.resolve().is_relative_to(subject.root):
        raise PersonalError(
            "inside",
            N_("The folder would lie in the directory of the course or the hub."),
            N_("Name one elsewhere: it is for the person, not for the course."),
        )
    if not target.parent.is_dir():
        raise PersonalError(
            "no_folder",
            N_("There is no folder {path}."),
            N_("Make it first, or name another one."),
            params={"path": target.parent},
        )
    amounts = {name: amount for name, amount in counted(subject).items() if name not in without}
    result = Export(subject, target, amounts)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    beside.mkdir(0o700)
    try:
        _fill(subject, beside, frozenset(without))
        result.size = measured(beside)
        files.rename(beside, target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return result


def _fill(subject: DataSubject, folder: Path, without: frozenset[str]) -> None:
    say = translator(subject.lang).gettext
    parts: list[Part] = []
    for member in subject.members:
        parts += _course(member, folder / member.course.id, without)
    if subject.hub is not None:
        for place in places.HUB:
            if place.id not in without:
                place.copy(subject, folder / DATA / place.id)
    when = export_pages.moment(subject.lang, clock.now(), subject.members[0].course)
    title = say(N_("What is kept of you: {name}"))
    page = export_pages.page(
        subject.lang,
        fill_in(title, name=subject.members[0].name),
        subtitle=fill_in(say(SUBTITLE), when=when),
        parts=[*parts, _for_programs(subject, without)],
    )
    put(folder / README, page)


SUBTITLE: Final = N_(
    "As of {when}. This folder is yours: it also holds what nobody else reads, so keep it safe."
    " Open the pages in a browser; nothing else is needed."
)
FOR_PROGRAMS: Final = N_(
    "In the folders called “data” lies the same as the programs keep it, with the history of every"
    " change. What others wrote for themselves is not here."
)

STILL_WITH_STAFF: Final = N_(
    "What the course staff is still marking is not here either; it comes with the feedback."
    " Ask them where you need a copy of everything."
)


def _course(member: Member, folder: Path, without: frozenset[str]) -> list[Part]:
    say = translator(member.lang).gettext
    data = folder / DATA
    for place in places.COURSE:
        if place.id not in without:
            place.copy(member, data / place.id)
    answers = Part(f"{member.course.name}: {say(N_('Your answers'))}")
    answers.items_ = [
        _below(folder, answer) for answer in export_pages.answers(member, folder / "answers")
    ]
    talks = Part(say(N_("Tutorials with your facilitator")))
    talks.items_ = [
        _below(folder, entry) for entry in export_pages.tutorial_notes(member, folder / "tutorials")
    ]
    before = Part(say(N_("Earlier projects")))
    before.items_ = [
        _below(folder, entry)
        for entry in export_pages.earlier_projects(member, folder / "projects")
    ]
    submissions = list(export_pages.handed_in(member, folder / "rounds"))
    rounds = Part(
        say(N_("What you handed in")), items_=[_below(folder, member) for member, _ in submissions]
    )
    if submissions:
        put(folder / "receipts.json", as_json([receipt for _, receipt in submissions]))
    feedback = Part(say(N_("Feedback that came back")))
    feedback.items_ = [_below(folder, entry) for entry in export_pages.returned(member, data)]
    evidence = Part(say(N_("Your files")))
    evidence.items_ = [_below(folder, entry) for entry in _evidence(member, folder / EVIDENCE)]
    return [part for part in (answers, talks, before, rounds, feedback, evidence) if part.items_]


def _evidence(member: Member, to: Path) -> Iterator[ExportEntry]:
    """Copy the files of a person under the names that they gave them, and yield where they are."""
    store = FileStore(member.course.people_dir)
    records = [record for record in store.records(member.person) if not record.of]
    for record in records:
        try:
            data = store.data(member.person, record)
        except FileRefused:
            continue
        # Two may be called alike, also on a system that does not tell A from a.
        name = f"{record.sha256[:8]}-{record.name}"
        put(to / name, data)
        yield ExportEntry(record.name, quote(f"{to.name}/{name}"))


def _below(folder: Path, entry: ExportEntry) -> ExportEntry:
    return ExportEntry(entry.text, f"{folder.name}/{entry.href}" if entry.href else "", entry.note)


def _for_programs(subject: DataSubject, without: frozenset[str]) -> Part:
    say = translator(subject.lang).gettext
    named = titles()
    amounts = counted(subject)
    items = [
        ExportEntry(f"{name}: {say(named[name])}")
        for name, amount in amounts.items()
        if amount.count and name not in without
    ]
    text = f"{say(FOR_PROGRAMS)} {say(STILL_WITH_STAFF)}" if without else say(FOR_PROGRAMS)
    return Part(say(N_("For programs")), text, items)
