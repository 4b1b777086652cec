"""What backups speak of: what an archive says of itself, what was found, what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from ustaz.backup.names import shown
from ustaz.base.errors import UstazError
from ustaz.messages import N_

FORMAT: Final = 1
ABOUT_NAME: Final = "about.json"
MANIFEST_NAME: Final = "manifest.json"
DATA: Final = "data/"
SETTINGS: Final = {"course": "ustaz.toml", "hub": "ustaz-hub.toml"}

#: Exit codes of the command line (``ustaz.cli._exit``).
REFUSED: Final = 12
STORAGE: Final = 14
DAMAGED: Final = 15
NOT_OURS: Final = 16

#: What may be found: id -> (level, message). Never a text of anybody: a path and an error's id.
FINDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "document_damaged": ("problem", N_("the answers cannot be read ({detail})")),
    "document_mended": ("note", N_("the next save will mend the answers ({detail})")),
    "unknown_workbook": ("note", N_("no library has this workbook; it was not read")),
    "round_damaged": ("problem", N_("the round is not what was sent ({detail})")),
    "collected_damaged": (
        "note",
        N_("what was collected cannot be read ({detail}); collect again"),
    ),
    "marks_damaged": ("problem", N_("the marks cannot be read ({detail})")),
    "ledger_damaged": ("problem", N_("a line cannot be read (line {detail})")),
    "ledger_torn": ("note", N_("a line was cut off by a crash; it was never confirmed to anybody")),
    "database_damaged": ("problem", N_("the database is damaged ({detail})")),
    "settings_damaged": ("problem", N_("the settings cannot be read ({detail})")),
    "roster_damaged": ("problem", N_("the roster cannot be read ({detail})")),
    "evidence_damaged": ("problem", N_("a piece of evidence is not what was handed in")),
    "missing_file": ("problem", N_("the file is missing")),
    "wrong_hash": ("problem", N_("the file is not what was backed up")),
    "not_listed": ("problem", N_("the file is in the archive and not in its list")),
    "unreadable": ("problem", N_("the file could not be read ({detail})")),
    "changing": ("problem", N_("the file changed all the while it was copied")),
    "bad_name": ("problem", N_("the name cannot be kept; rename it")),
    "not_a_file": ("note", N_("a link or a device was left out")),
}


class KeepingError(UstazError):
    """A backup was not made, or not restored; nothing was changed."""

    exit_code = REFUSED
    #: For programs: an id of the cause below.
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found at one place.

    Its place is a path below the directory, as the file system names it; never what a file holds.

    Attributes
    ----------
    id : str
        A key of :data:`FINDINGS`.
    place : str
        Path relative to the directory.
    detail : str
        An error's id or a number; never a text of anybody.
    """

    id: str
    place: str
    detail: str = ""

    @property
    def level(self) -> str:
        """Return ``problem`` or ``note``."""
        return FINDINGS[self.id][0]

    @property
    def message(self) -> str:
        """Return the message id."""
        return FINDINGS[self.id][1]

    def to_json(self) -> dict[str, str]:
        """Return the JSON form; a place is written as it may be shown."""
        place = shown(self.place)
        return {"id": self.id, "level": self.level, "place": place, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class About:
    """What an archive is a copy of.

    Attributes
    ----------
    format : int
    ustaz : str
        The version that wrote it.
    kind : str
        ``course`` or ``hub``.
    id : str
        The course's or the hub's short id.
    installation : str
        Random, kept in ``state/installation``; older archives are removed by this only.
    created : str
        When copying began, UTC.
    courses : tuple of str
        Folders below ``courses/`` of a hub.
    database : str
        ``files`` or ``postgresql``: where answers, gradebooks and accounts were at that time.
    """

    kind: str
    id: str
    installation: str
    created: str
    ustaz: str
    courses: tuple[str, ...] = ()
    database: str = "files"
    format: int = FORMAT

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {**asdict(self), "courses": list(self.courses)}

    @classmethod
    def from_json(cls, value: object) -> About:
        """Read it back; refuse what is newer or not ours."""
        if not isinstance(value, dict) or not isinstance(value.get("format"), int):
            raise not_ours("about")
        if value["format"] > FORMAT:
            raise KeepingError(
                "newer",
                N_("The archive was made by a newer Ustaz."),
                N_("Update Ustaz, then try again. Nothing was changed."),
                exit_code=NOT_OURS,
            )
        texts = ("kind", "id", "installation", "created", "ustaz", "database")
        courses = value.get("courses")
        if not all(isinstance(value.get(key), str) for key in texts) or (
            not isinstance(courses, list) or value["kind"] not in SETTINGS
        ):
            raise not_ours("about")
        return cls(
            **{key: value[key] for key in texts},
            courses=tuple(str(course) for course in courses),
            format=value["format"],
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive, as its list names it."""

    name: str
    size: int
    sha256: str
    mode: int
    mtime: int


@dataclass(slots=True)
class Manifest:
    """The last part of an archive: what must be in it, and what is left out on purpose."""

    about: About
    files: list[Entry] = field(default_factory=list)
    folders: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "about": self.about.to_json(),
            "files": [asdict(file) for file in self.files],
            "folders": self.folders,
            "left_out": {why: len(places) for why, places in self.left_out.items()},
            "left_out_places": self.left_out,
            "findings": [finding.to_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, value: object) -> Manifest:
        """Read it back; refuse what has another shape."""
        try:
            if not isinstance(value, dict):
                raise TypeError
            return cls(
                about=About.from_json(value["about"]),
                files=[Entry(**entry) for entry in value["files"]],
                folders={str(name): int(mode) for name, mode in value["folders"].items()},
                # Archives of before name only how many there were.
                left_out={
                    str(why): [str(place) for place in places]
                    for why, places in value.get("left_out_places", {}).items()
                },
                findings=[
                    Finding(entry["id"], entry["place"], entry["detail"])
                    for entry in value["findings"]
                    if entry["id"] in FINDINGS
                ],
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise not_ours("manifest") from None


def not_ours(why: str) -> KeepingError:
    """Return the refusal of a file that is not an archive of ours."""
    error = KeepingError(
        "not_an_archive",
        N_("The file is not an archive of Ustaz, or its beginning is damaged."),
        N_("Archives are called ustaz-….tar.gz and are made by `ustaz backup`."),
        exit_code=NOT_OURS,
    )
    error.detail = why
    return error


def damaged(why: str) -> KeepingError:
    """Return the refusal of an archive that is cut off or damaged."""
    error = KeepingError(
        "archive_damaged",
        N_("The archive is damaged or cut off."),
        N_("Use another one. `ustaz verify` looks at each."),
        exit_code=DAMAGED,
    )
    error.detail = why
    return error
