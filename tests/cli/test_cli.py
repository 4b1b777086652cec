"""The command line keeps what docs/cli.md promises."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from tests.support.forms import kept
from ustaz.cli import EXIT_CODES, _checking, app
from ustaz.course import Course

DOCS = Path(__file__).parents[2] / "docs" / "cli.md"
Call = Callable[..., "Result"]  # noqa: F821 - tests/cli/conftest.py


def commands(
    group: click.Group = app, prefix: str = "ustaz"
) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


# -- documentation ------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "command"), list(commands()), ids=str)
def test_every_command_and_option_is_documented_and_has_help(
    name: str, command: click.Command
) -> None:
    text = DOCS.read_text(encoding="utf-8")
    section = text.split(f"\n## {name}\n", 1)
    assert len(section) == 2, f"docs/cli.md has no section “{name}”"
    body = section[1].split("\n## ", 1)[0]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"
            assert parameter.opts[-1] in body, f"{name} {parameter.opts} is not in docs/cli.md"


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=str)
def test_every_command_has_an_example_that_it_understands(
    ustaz: Call, name: str, command: click.Command
) -> None:
    example = command.epilog or ""
    line = ustaz("--lang", "en", *name.split()[1:], "--help").out.splitlines()[-2:]
    assert line == ["Example:", f"  {example}"]
    words = shlex.split(example)
    assert words[: len(name.split())] == name.split()
    # Options, choices and arguments are read; nothing is done.
    command.make_context(name, words[len(name.split()) :])


def test_the_names_that_scripts_use_are_fixed() -> None:
    assert [name for name, _ in commands()] == [
        "ustaz new",
        "ustaz serve",
        "ustaz roster list",
        "ustaz roster find",
        "ustaz roster history",
        "ustaz roster import",
        "ustaz roster join",
        "ustaz roster move",
        "ustaz roster leave",
        "ustaz roster return",
        "ustaz roster withdraw",
        "ustaz roster substitute",
        "ustaz submit",
        "ustaz collect",
        "ustaz grade",
        "ustaz feedback",
        "ustaz extend",
        "ustaz check",
        "ustaz workbook check",
        "ustaz workbook build",
        "ustaz workbook messages",
        "ustaz export",
        "ustaz course copy",
        "ustaz course close",
        "ustaz course archive",
        "ustaz course reopen",
        "ustaz storage move",
        "ustaz hub init",
        "ustaz hub serve",
        "ustaz hub invite",
        "ustaz hub allow",
        "ustaz hub templates",
        "ustaz book build",
        "ustaz gallery build",
        "ustaz doctor",
        "ustaz backup",
        "ustaz verify",
        "ustaz restore",
        "ustaz person export",
        "ustaz person erase",
    ]


def test_every_exit_code_is_documented_with_its_meaning() -> None:
    text = DOCS.read_text(encoding="utf-8").split("## Exit codes")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", text, re.MULTILINE))
    assert rows == {str(code): meaning for code, meaning in EXIT_CODES.items()}


def test_every_error_class_ends_with_a_documented_code() -> None:
    import ustaz.answers
    import ustaz.course
    import ustaz.course.identity
    import ustaz.exchange
    import ustaz.workbook  # noqa: F401 - so that the classes below exist
    from ustaz.answers.errors import EXIT_CODES as STORE_CODES
    from ustaz.base.errors import UstazError

    def below(kind: type) -> Iterator[type[UstazError]]:
        yield kind
        for one in kind.__subclasses__():
            yield from below(one)

    codes = {one.exit_code for one in below(UstazError)} | set(STORE_CODES.values())
    assert codes <= set(EXIT_CODES)


# -- manners ------------------------------------------------------------------------------------
def test_help_answers_without_loading_anything_heavy() -> None:
    code = "from ustaz.cli._app import run; import sys; run(['--help']);"
    heavy = "{'nbgrader', 'nbconvert', 'jupyter_server', 'pandas', 'sqlalchemy', 'yaml', 'babel'}"
    done = subprocess.run(
        [sys.executable, "-c", f"{code} print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("lang", "word"), [("en", "Commands:"), ("ru", "Команды:"), ("kk", "Пәрмендер:")]
)
def test_help_speaks_three_languages(ustaz: Call, lang: str, word: str) -> None:
    assert word in ustaz("--lang", lang, "--help").out


def test_the_environment_chooses_the_language(ustaz: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "kk_KZ.UTF-8")
    assert "Параметрлер" in ustaz("grade", "--help").out
    monkeypatch.setenv("USTAZ_LANG", "ru")
    assert "Параметры" in ustaz("grade", "--help").out


def test_an_error_is_one_line_and_a_hint(ustaz: Call, tmp_path: Path) -> None:
    result = ustaz("collect", tmp_path)
    assert result.code == 10
    lines = result.err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Error: ")
    assert lines[1] == "Hint: Create one with `ustaz new DIR`."
    assert "Traceback" not in result.err


def test_an_error_is_json_where_a_program_asked(ustaz: Call, tmp_path: Path) -> None:
    result = ustaz("grade", tmp_path, "--json")
    assert result.out == ""
    error = json.loads(result.err)
    assert (error["error"], error["exit_code"], result.code) == ("no_course", 10, 10)


@pytest.mark.parametrize(
    ("lang", "said"), [("ru", "В {path} нет файла answers.json."), ("kk", "ішінде answers.json")]
)
def test_an_error_with_a_value_speaks_the_callers_language(
    ustaz: Call, tmp_path: Path, lang: str, said: str
) -> None:
    (tmp_path / "{lang}").mkdir()  # a name is never looked into
    result = ustaz("--lang", lang, "check", tmp_path / "{lang}")
    assert said.format(path=tmp_path / "{lang}") in result.err
    assert str(tmp_path / "{lang}") in result.err
    assert "Error:" not in result.err
    assert "Hint:" not in result.err
    assert len(result.err.splitlines()) == 2


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_who_may_not_open_a_directory_is_told_whose_account_to_use(
    ustaz: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "ustaz.toml"))

    monkeypatch.setattr(Path, "is_file", closed)
    result = ustaz("--lang", lang, "collect", tmp_path)
    assert result.code == 1
    assert "sudo -u" in result.err
    assert str(tmp_path) in result.err
    assert ("may not open" in result.err) is (lang == "en")
    assert "Permission denied" not in result.err


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=str)
def test_no_path_is_refused_in_the_librarys_own_english(name: str, command: click.Command) -> None:
    # Its check of what can be read ends in a usage error that names no account.
    kinds = [one.type for one in command.params if isinstance(one.type, click.Path)]
    assert not [name for kind in kinds if kind.readable]


def test_an_error_keeps_its_values_across_processes() -> None:
    import pickle

    from ustaz.base.errors import UstazError

    error = UstazError("a", "No {x}.", "Look at {x}.", exit_code=12, params={"x": "{y}"})
    for one in (error, pickle.loads(pickle.dumps(error))):
        assert (str(one), one.message, one.hint) == ("No {y}.", "No {y}.", "Look at {y}.")
        assert one.translated(str.upper) == ("NO {X}.", "LOOK AT {X}.")
        assert one.exit_code == 12


def test_a_wrong_option_is_a_usage_error(ustaz: Call, tmp_path: Path) -> None:
    assert ustaz("grade", tmp_path, "--nonsense").code == 2
    assert ustaz("submit", tmp_path).code == 2
    assert ustaz("nonsense").code == 2


# -- new ----------------------------------------------------------------------------------------
def test_a_new_course_can_be_opened_and_is_closed_to_others(ustaz: Call, tmp_path: Path) -> None:
    from ustaz.course import Course

    result = ustaz("new", tmp_path / "My course", "--start", "2026-09-01", "--end", "2027-05-31")
    assert result.code == 0
    course = Course.open(tmp_path / "My course")
    assert (course.id, course.name, course.demo) == ("my-course", "My course", False)
    assert course.people == {}
    for name in ("people", "exchange", "people.csv", "gradebook.db"):
        assert (course.dir / name).stat().st_mode & 0o077 == 0
    assert (course.dir / "nbgrader_config.py").is_file()
    assert (course.dir / "release" / "focus" / "focus.ipynb").is_file()


def test_new_never_writes_into_a_directory_that_holds_something(
    ustaz: Call, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    result = ustaz("new", tmp_path)
    assert result.code == 12
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("people", kept([4], [20]))
def test_a_demo_shows_how_far_it_is(
    ustaz: Call, tmp_path: Path, people: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ustaz.cli._output.Progress.MANY", people)
    result = ustaz("new", tmp_path / "a", "--demo", "--people", people)
    lines = [line for line in result.err.splitlines() if line.startswith("Writing the demo")]
    assert lines == [
        f"Writing the demo {people * quarter // 4}/{people}" for quarter in (1, 2, 3, 4)
    ]
    assert ustaz("new", tmp_path / "b", "--demo", "--people", "1").err == ""


def test_progress_is_a_bar_on_a_terminal_lines_in_a_file_and_nothing_for_a_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ustaz.cli._output import Output, Progress

    def shown(*, terminal: bool, as_json: bool = False, of: int = 40) -> str:
        monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
        progress = Progress(Output(click.Context(app), as_json=as_json), "Going")
        for done in range(of + 1):
            progress(done, of)
        return capsys.readouterr().err

    bar = shown(terminal=True, of=2)
    assert bar.split("\r")[1:] == [
        f"Going {'░' * 30} 0/2",
        f"Going {'█' * 15}{'░' * 15} 1/2",
        f"Going {'█' * 30} 2/2\n",
    ]
    assert shown(terminal=False, of=20) == "Going 5/20\nGoing 10/20\nGoing 15/20\nGoing 20/20\n"
    assert shown(terminal=False, of=19) == ""
    assert shown(terminal=False) == "Going 10/40\nGoing 20/40\nGoing 30/40\nGoing 40/40\n"
    assert shown(terminal=False, of=5) == ""
    assert shown(terminal=True, as_json=True) == shown(terminal=False, as_json=True) == ""


def test_an_end_before_the_start_is_a_usage_error(ustaz: Call, tmp_path: Path) -> None:
    result = ustaz("new", tmp_path / "a", "--start", "2026-09-01", "--end", "2026-08-01")
    assert result.code == 2
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("name", ['He said "yes"\\', "Курс «Көшбасшы»", "a\nb", "x = [1]"])
def test_any_name_of_a_course_survives_its_settings(name: str, tmp_path: Path) -> None:
    import datetime as dt
    import tomllib

    from ustaz.admin.create import Plan, settings_text

    plan = Plan(id="a", name=name, start=dt.date(2026, 9, 1), end=dt.date(2027, 5, 31))
    found = tomllib.loads(settings_text(plan))
    assert found["course"]["name"] == name.replace("\n", "")


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-11-23", "2026-09-01", "2027-05-31"),
        ("2027-02-01", "2026-09-01", "2027-05-31"),
        ("2027-06-15", "2027-09-01", "2028-05-31"),
    ],
)
def test_the_school_year_begins_in_september(today: str, first: str, last: str) -> None:
    import datetime as dt

    from ustaz.admin.create import school_year

    found = school_year(dt.date.fromisoformat(today))
    assert tuple(one.isoformat() for one in found) == (first, last)


# -- the way of a round -------------------------------------------------------------------------
def test_the_way_of_a_round_from_the_shell(ustaz: Call, demo: Path) -> None:
    submitted = ustaz("submit", demo, "--workbook", "action-plan", "--person", "yerlan-b", "--json")
    assert submitted.code == 0
    receipt = json.loads(submitted.out)
    assert (receipt["person"], receipt["round"], receipt["repeated"]) == ("yerlan-b", 1, False)

    again = ustaz("submit", demo, "--workbook", "action-plan", "--person", "yerlan-b")
    assert again.code == 0
    assert "handed in before" in again.out
    assert receipt["code"] in again.out

    taken = json.loads(ustaz("collect", demo, "--workbook", "action-plan", "--json").out)
    assert {"person": "yerlan-b", "workbook": "action-plan", "round": 1} in taken["taken"]
    graded = ustaz("grade", demo, "--workbook", "action-plan", "--json")
    assert graded.code == 0
    assert {"person": "yerlan-b", "workbook": "action-plan"} in json.loads(graded.out)["graded"]
    returned = json.loads(ustaz("feedback", demo, "--workbook", "action-plan", "--json").out)
    assert {"person": "yerlan-b", "workbook": "action-plan"} in returned["waiting"]


def test_a_stranger_is_refused_with_a_code_of_its_own(ustaz: Call, demo: Path) -> None:
    assert ustaz("submit", demo, "--workbook", "focus", "--person", "nobody").code == 13
    assert ustaz("submit", demo, "--workbook", "nothing", "--person", "dina-k").code == 12


@pytest.mark.parametrize("command", ["collect", "grade", "feedback"])
def test_a_mistyped_workbook_does_not_look_like_success(
    ustaz: Call, demo: Path, command: str
) -> None:
    result = ustaz(command, demo, "--workbook", "focuss", "--json")
    assert (result.code, result.out) == (12, "")
    assignments = Course.open(demo).assignments
    assert {"focus", "action-plan"} <= set(assignments)
    assert json.loads(result.err)["hint"] == f"Handed in are: {', '.join(assignments)}."


# -- check --------------------------------------------------------------------------------------
def test_check_names_section_field_and_rule(ustaz: Call, demo: Path) -> None:
    file = demo / "people" / "yerlan-b" / "action-plan" / "answers.json"
    result = ustaz("check", file)
    assert result.code == 3
    assert "Action plan: 7 of 8 answered (draft)" in result.out
    assert "Steps of my project, From: This is still empty. [required]" in result.out
    assert "share, embed. [strands]" in result.out


def test_check_of_a_course_reads_every_document(ustaz: Call, demo: Path) -> None:
    found = json.loads(ustaz("check", demo, "--json").out)
    notes = [one for one in found["documents"] if "_tutorial" in Path(one["file"]).parts]
    assert {one["workbook"] for one in notes} == {"tutorial"}
    names = {Path(one["file"]).parts[-3] for one in found["documents"] if one not in notes}
    teachers = {"aigul-s", "dina-k", "marat-t", "nurgul-a", "olga-p", "yerlan-b"}
    assert names == teachers | {"saule-n", "natalya-v"}  # facilitators, on where they stand
    levels = {
        (Path(one["file"]).parts[-3], one["workbook"]): one["level"] for one in found["documents"]
    }
    assert levels["olga-p", "action-plan"] == "complete"
    assert levels["yerlan-b", "action-plan"] == "draft"


def test_check_of_whole_answers_ends_well(ustaz: Call, demo: Path) -> None:
    assert ustaz("check", demo / "people" / "olga-p").code == 0


def test_check_speaks_the_readers_language(ustaz: Call, demo: Path) -> None:
    file = demo / "people" / "yerlan-b" / "action-plan" / "answers.json"
    assert "Бұл жер әзірге бос." in ustaz("--lang", "kk", "check", file).out


@pytest.mark.parametrize(
    "text", ["", "{", '{"answers": {}, "answers": {}}', "[" * 5000, '{"answers": NaN}', "{}"]
)
def test_check_of_a_damaged_file_says_so(ustaz: Call, demo: Path, text: str) -> None:
    file = demo / "people" / "olga-p" / "focus" / "answers.json"
    file.write_text(text, encoding="utf-8")
    result = ustaz("check", file)
    assert result.code == 14
    assert "Traceback" not in result.err


def test_check_outside_of_a_course_needs_no_calendar(
    ustaz: Call, demo: Path, tmp_path: Path
) -> None:
    import shutil

    shutil.copytree(demo / "people" / "olga-p", tmp_path / "olga")
    assert ustaz("check", tmp_path / "olga").code == 0


@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["lines", "json"])
def test_several_processes_say_what_one_says(
    ustaz: Call, demo: Path, monkeypatch: pytest.MonkeyPatch, as_json: list[str]
) -> None:
    monkeypatch.setattr(_checking, "BATCH", 5)
    alone = ustaz("--lang", "kk", "check", demo, *as_json)
    monkeypatch.setattr(_checking, "WORTH_A_PROCESS", 5)
    assert ustaz("--lang", "kk", "check", demo, "--jobs", "2", *as_json) == alone
    if as_json:
        assert alone.out == json.dumps(json.loads(alone.out), ensure_ascii=False, indent=2) + "\n"


def test_a_damaged_file_among_many_is_named_after_those_before_it(
    ustaz: Call, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (demo / "people" / "olga-p" / "focus" / "answers.json").write_text("{")
    monkeypatch.setattr(_checking, "BATCH", 5)
    alone = ustaz("check", demo)
    assert alone.code == 14
    assert "olga-p/focus" in alone.err
    assert "nurgul-a" in alone.out
    assert "yerlan-b" not in alone.out
    monkeypatch.setattr(_checking, "WORTH_A_PROCESS", 5)
    assert ustaz("check", demo, "--jobs", "2") == alone


# -- workbook -----------------------------------------------------------------------------------
def test_the_shipped_workbooks_are_in_order(ustaz: Call) -> None:
    result = ustaz("workbook", "check", "--json")
    assert result.code == 0
    assert json.loads(result.out)["workbooks"] == sorted(
        path.parent.name for path in (DOCS.parents[1] / "workbooks").glob("*/workbook.yml")
    )


def test_what_follows_from_the_workbooks_is_current(ustaz: Call) -> None:
    result = ustaz("workbook", "build", "--check")
    assert result.code == 0, result.out


def test_a_wrong_definition_is_named_with_file_and_line(ustaz: Call, tmp_path: Path) -> None:
    folder = tmp_path / "mini"
    folder.mkdir()
    (folder / "workbook.yml").write_text("format: 1\nid: mini\nminutes: many\n", encoding="utf-8")
    result = ustaz("workbook", "check", "--dir", tmp_path)
    assert result.code == 4
    assert f"{folder / 'workbook.yml'}:3: minutes:" in result.out


def test_an_unknown_workbook_is_named(ustaz: Call) -> None:
    result = ustaz("workbook", "check", "nothing")
    assert result.code == 1
    assert "Workbooks here: action-plan, consultations, culture, evidence, focus, " in result.err


def test_build_releases_in_a_course(ustaz: Call, demo: Path) -> None:
    (demo / "nbgrader_config.py").unlink()
    assert ustaz("workbook", "build", "--course", demo).code == 0
    assert (demo / "nbgrader_config.py").is_file()
