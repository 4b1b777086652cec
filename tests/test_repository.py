"""What holds for the repository as a whole: direction of imports, locks, words, files."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools.imports import circle, import_graph, rooms
from tools.imports import modules as package_modules
from tools.map import MAP, rendered
from tools.names import violations

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "ustaz"

# What each room may import of `ustaz`, itself aside. Dependencies point one way.
GROUND = {"base", "messages"}
WORDS = GROUND | {"workbook"}
COURSE = WORDS | {"config_files", "database", "answers", "roster", "course"}
ALLOWED = {
    # The package itself names its server extension, and imports it only where a server runs.
    "__init__": {"base", "server"},
    "base": set(),
    "messages": {"base"},
    "workbook": GROUND,
    "builder": WORDS,
    "preview": WORDS | {"builder", "config_files", "grading"},
    "catalogs": WORDS | {"book"},
    "notebook": WORDS,
    "config_files": GROUND,
    "database": GROUND | {"config_files"},
    "answers": WORDS | {"database"},
    "storyline": WORDS,
    "standalone": WORDS | {"storyline"},
    "roster": GROUND | {"config_files"},
    "files": GROUND,
    "book": WORDS | {"database"},
    "course": COURSE,
    "transcription": COURSE,
    "enrolment": COURSE,
    "deadlines": COURSE | {"enrolment"},
    "tutorials": COURSE,
    "calendar": COURSE | {"deadlines", "enrolment", "tutorials"},
    "shares": COURSE | {"projects"},
    "threads": COURSE | {"shares"},
    "sessions": COURSE | {"book", "calendar", "catalogs", "deadlines"},
    "surveys": COURSE,
    "schools": COURSE | {"deadlines", "projects"},
    "exchange": COURSE | {"deadlines", "files", "transcription"},
    "cohort": COURSE | {"calendar", "deadlines", "exchange", "projects", "sessions"},
    "portfolio": COURSE | {"exchange", "files", "storyline"},
    "projects": COURSE | {"deadlines", "exchange", "files", "transcription"},
    "grading": COURSE
    | {"deadlines", "transcription", "exchange", "files", "notebook", "portfolio"},
    "forms": WORDS | {"grading"},
    "gallery": COURSE | {"book", "grading", "schools", "shares"},
    "admin": COURSE
    | {
        "calendar",
        "deadlines",
        "transcription",
        "exchange",
        "grading",
        "schools",
        "shares",
        "threads",
        "tutorials",
    },
    "server": COURSE
    | {
        "admin",
        "book",
        "builder",
        "calendar",
        "cohort",
        "deadlines",
        "enrolment",
        "exchange",
        "files",
        "forms",
        "gallery",
        "grading",
        "notebook",
        "preview",
        "sessions",
        "shares",
        "storyline",
        "portfolio",
        "projects",
        "threads",
        "schools",
        "surveys",
        "transcription",
        "tutorials",
    },
    "hub": COURSE | {"admin", "book", "exchange", "grading", "notebook", "server"},
    # The hub's part describes the tables of its accounts, where there is a hub.
    "backup": COURSE | {"admin", "exchange", "hub", "schools", "shares", "surveys"},
    # It knows every place where something of a person is; the command line and the doctor ask it.
    "privacy": COURSE
    | {
        "backup",
        "calendar",
        "deadlines",
        "enrolment",
        "exchange",
        "files",
        "grading",
        "hub",
        "gallery",
        "schools",
        "sessions",
        "shares",
        "storyline",
        "portfolio",
        "projects",
        "threads",
        "transcription",
        "tutorials",
    },
    # It looks at everything, and nothing but the command line asks it.
    "doctor": None,
    "demo": None,
    "cli": None,
}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Return the parts of `ustaz` that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("ustaz.")}
    return found & set(ALLOWED)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_dependencies_point_one_way(path: Path) -> None:
    part = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    allowed = ALLOWED.get(part, set())
    if allowed is not None:
        assert imported(path) - {part} <= allowed


def _syncs_or_renames(node: ast.Call) -> bool:
    """Tell whether a call is one of ``os.fsync``, ``os.replace``, ``Path.rename`` and the like."""
    if not isinstance(node.func, ast.Attribute):
        return False
    name, of = node.func.attr, node.func.value
    if isinstance(of, ast.Name) and of.id == "os":
        return name in {"fsync", "fdatasync", "replace", "rename", "renames", "link", "sync"}
    # A path's method takes one argument, a text's `replace` and a table's `rename` do not.
    by_path = len(node.args) == 1 and not node.keywords and name in {"rename", "replace"}
    ours = isinstance(of, ast.Name) and of.id == "files"
    return name == "hardlink_to" or (by_path and not ours)


def durable_writes(source: str) -> list[int]:
    """Return the lines on which a module syncs or renames by itself."""
    nodes = ast.walk(ast.parse(source))
    return [node.lineno for node in nodes if isinstance(node, ast.Call) and _syncs_or_renames(node)]


def test_durable_writes_stand_in_one_place() -> None:
    elsewhere = {
        name: lines
        for path in modules()
        if (name := path.relative_to(SOURCE).as_posix()) != "base/files.py"
        and (lines := durable_writes(path.read_text(encoding="utf-8")))
    }
    assert elsewhere == {}, "write through ustaz.base.files"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import os\nos.fsync(fd)", [2]),
        ("os.replace(a, b, src_dir_fd=3)", [1]),
        ("fresh.replace(path)", [1]),
        ("(folder / name).rename(target)", [1]),
        ("path.hardlink_to(fresh)", [1]),
        ("text.replace('a', 'b')", []),
        ("frame.rename(columns={})", []),
    ],
)
def test_a_durable_write_is_recognised(source: str, lines: list[int]) -> None:
    assert durable_writes(source) == lines


def test_no_module_and_no_room_imports_itself_in_a_circle_not_even_for_types() -> None:
    graph = import_graph(package_modules())
    assert circle(graph) == []
    assert circle(rooms(graph)) == []


def test_the_map_of_the_rooms_is_current() -> None:
    assert MAP.read_text(encoding="utf-8") == rendered(), "run make map"


def test_names_say_what_things_are() -> None:
    assert violations([SOURCE, ROOT / "widgets" / "ustaz_widgets"]) == []


def test_what_people_see_knows_nothing_of_the_course() -> None:
    for path in (ROOT / "widgets").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import) (ustaz|nbgrader)\b", text, re.MULTILINE), path


@pytest.mark.parametrize(
    "path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.name
)
def test_locks_carry_hashes_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9_.\[\]-]+)==", text, re.MULTILINE)
    assert pins
    entries = re.split(r"^(?=[A-Za-z0-9_.\[\]-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links", text)


def test_the_packages_metadata_bounds_and_the_lock_pins() -> None:
    # A pin in the metadata would keep a security release from everybody who installs the package.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(one for extra in extras for one in extra)]
    assert [one for one in named if "==" in one] == []


def test_the_node_lock_carries_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for name, entry in lock["packages"].items():
        assert "resolved" not in entry, name
        # Packages of other platforms that no registry served when the lock was made carry none.
        assert not name or "integrity" in entry or entry.get("optional"), name


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name]


def test_no_built_file_is_kept() -> None:
    names = [str(path.relative_to(ROOT)) for path in tracked()]
    assert not [one for one in names if one.startswith("widgets/ustaz_widgets/static/")]
    assert not [one for one in names if one.endswith((".mo", ".pyc", ".min.js"))]


# What is read in one sitting; single functions are held short by the linter.
LONGEST = {".py": 500, ".tsx": 500, ".ts": 500}


def test_modules_can_be_read_in_one_sitting() -> None:
    """250 lines are the aim; these the end."""
    long = {
        str(path.relative_to(ROOT))
        for folder in (SOURCE, ROOT / "widgets")
        for path in folder.rglob("*")
        if path.suffix in LONGEST
        and not path.name.endswith((".test.ts", ".test.tsx"))
        and not {"static", "labextension"} & set(path.parts)
        and len(path.read_text(encoding="utf-8").splitlines()) > LONGEST[path.suffix]
    }
    assert long == set()


def test_the_files_that_the_documents_name_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("## To change X, open Y") : text.index("## A course directory")]
    named = set(re.findall(r"`([a-z_]+(?:/[\w.-]+)*/(?:[\w.-]+)?)`", table))
    tops = (ROOT, SOURCE, ROOT / "widgets" / "ustaz_widgets")
    missing = {name for name in named if not any((top / name).exists() for top in tops)}
    assert len(named) > 80
    assert missing == set()


TOP = (
    "book", "book/modules", "workbooks", "widgets", "facilitator_notes", "tests", "docs", "locale",
    "src", "benchmarks", "deploy", "shared",
)  # fmt: skip


@pytest.mark.parametrize("folder", TOP)
def test_each_room_says_what_lives_there(folder: str) -> None:
    readme = ROOT / folder / "README.md"
    assert readme.is_file()
    assert len(readme.read_text(encoding="utf-8").split()) > 15


def test_documents_link_to_files_that_exist() -> None:
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []
