"""Everything that is kept of a person, copied into a folder that they can read by themselves."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ustaz.base import clock, files
from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.privacy import export_pages, places
from ustaz.privacy.course_data import as_json
from ustaz.privacy.erasing import counted, titles
from ustaz.privacy.export_pages import Item, Part
from ustaz.privacy.file_trees import measured, put
from ustaz.privacy.model import Found, Member, PersonalError, Whose

README: Final = "README.html"
DATA: Final = "data"


@dataclass(slots=True)
class Export:
    """What was copied out.

    Attributes
    ----------
    whose : Whose
    folder : Path
    places : dict of str to Found
    size : Found
        Of the folder that was made.
    """

    whose: Whose
    folder: Path
    places: dict[str, Found] = field(default_factory=dict)
    size: Found = field(default_factory=Found)

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "person": self.whose.asked,
            "account": self.whose.account,
            "courses": [member.course.id for member in self.whose.members],
            "folder": str(self.folder),
            "files": self.size.count,
            "bytes": self.size.size,
            "places": [
                {"place": name, "count": found.count, "bytes": found.size}
                for name, found in self.places.items()
            ],
        }


def export(whose: Whose, to: Path) -> Export:
    """Copy everything of a person into a new folder.

    Nothing appears under the folder's name before all of it is there.

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
    if target.resolve().is_relative_to(whose.root):
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
    made = Export(whose, target, counted(whose))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    beside.mkdir(0o700)
    try:
        _fill(whose, beside)
        made.size = measured(beside)
        files.rename(beside, target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return made


def _fill(whose: Whose, folder: Path) -> None:
    say = translator(whose.lang).gettext
    parts: list[Part] = []
    for member in whose.members:
        parts += _course(member, folder / member.course.id)
    if whose.hub is not None:
        for place in places.HUB:
            place.copy(whose, folder / DATA / place.id)
    when = export_pages.moment(whose.lang, clock.now(), whose.members[0].course)
    title = say(N_("What is kept of you: {name}"))
    page = export_pages.page(
        whose.lang,
        fill_in(title, name=whose.members[0].name),
        subtitle=fill_in(say(SUBTITLE), when=when),
        parts=[*parts, _for_programs(whose)],
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


def _course(member: Member, folder: Path) -> list[Part]:
    say = translator(member.lang).gettext
    data = folder / DATA
    for place in places.COURSE:
        place.copy(member, data / place.id)
    answers = Part(f"{member.course.name}: {say(N_('Your answers'))}")
    answers.items_ = [
        _below(folder, answer) for answer in export_pages.answers(member, folder / "answers")
    ]
    listed = list(export_pages.handed_in(member, folder / "rounds"))
    rounds = Part(
        say(N_("What you handed in")), items_=[_below(folder, member) for member, _ in listed]
    )
    if listed:
        put(folder / "receipts.json", as_json([receipt for _, receipt in listed]))
    feedback = Part(say(N_("Feedback that came back")))
    feedback.items_ = [_below(folder, item) for item in export_pages.returned(member, data)]
    return [part for part in (answers, rounds, feedback) if part.items_]


def _below(folder: Path, item: Item) -> Item:
    return Item(item.text, f"{folder.name}/{item.href}" if item.href else "", item.note)


def _for_programs(whose: Whose) -> Part:
    say = translator(whose.lang).gettext
    named = titles()
    found = counted(whose)
    items = [Item(f"{name}: {say(named[name])}") for name, it in found.items() if it.count]
    return Part(say(N_("For programs")), say(FOR_PROGRAMS), items)
