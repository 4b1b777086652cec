"""``ustaz roster``: lists with a dry run, changes with history, refusals with their codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., "Result"]  # noqa: F821 - tests/cli/conftest.py
LIST = "Аты-жөні;Тобы;Мектебі\nҒалия Б.;terek;№ 5\nAigul S.;terek;small-rural-1\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-16")
    return path


def test_a_list_is_first_only_looked_at_and_then_taken_over(ustaz: Call, demo: Path, people: Path):
    before = (demo / "people.csv").read_bytes()
    looked = ustaz("roster", "import", demo, people)
    assert looked.code == 0
    assert "New: galiya-b (Ғалия Б.)" in looked.out
    assert "Changed: aigul-s (Aigul S.): group " in looked.out
    assert "Not in the list, left as they are: 11" in looked.out
    assert looked.out.splitlines()[-1] == "Nothing was changed yet. Add --apply to do it."
    assert (demo / "people.csv").read_bytes() == before
    done = json.loads(ustaz("roster", "import", demo, people, "--apply", "--json").out)
    assert done["applied"] is True
    assert done["new"] == [{"row": 2, "person": "galiya-b"}]
    assert done["changed"] == [{"row": 3, "person": "aigul-s", "fields": ["groups"]}]
    again = json.loads(ustaz("roster", "import", demo, people, "--apply", "--json").out)
    assert (again["new"], again["changed"], again["unchanged"]) == ([], [], 2)


def test_every_mistake_is_said_with_its_place_and_nothing_is_changed(
    ustaz: Call, demo: Path, people: Path
):
    before = (demo / "people.csv").read_bytes()
    people.write_text("ФИО;Роль\n87011234567;учитель\nЯн;король\n", encoding="utf-8")
    result = ustaz("roster", "import", demo, people, "--apply")
    assert result.code == 12
    assert result.out.splitlines()[:3] == [
        (
            "✗ Row 2, column A (ФИО): This looks like a telephone number. Ustaz keeps none here:"
            " leave it out."
        ),
        (
            "✗ Row 3, column B (Роль): This role is not known. Use: participant, facilitator,"
            " director, reviewer, staff, operator."
        ),
        "2 mistakes in the list: nothing was changed.",
    ]
    errors = json.loads(ustaz("roster", "import", demo, people, "--json").out)["errors"]
    assert [(one["id"], one["row"], one["column"], one["heading"]) for one in errors] == [
        ("phone", 2, "A", "ФИО"),
        ("bad_role", 3, "B", "Роль"),
    ]
    assert (demo / "people.csv").read_bytes() == before


def test_a_list_that_is_not_there_is_an_error_in_one_line(ustaz: Call, demo: Path):
    result = ustaz("roster", "import", demo, demo / "nothing.csv")
    assert result.code == 1
    assert "nothing.csv" in result.err
    assert "Traceback" not in result.err


def test_people_are_listed_and_found(ustaz: Call, demo: Path):
    everybody = json.loads(ustaz("roster", "list", demo, "--json").out)["people"]
    assert len(everybody) == 12
    terek = ustaz("roster", "list", demo, "--group", "terek").out
    assert "olga-p (Olga P.)" in terek
    assert "aigul-s" not in terek
    assert "3 people." in terek
    found = json.loads(ustaz("roster", "find", demo, "Айгүл", "--json").out)["people"]
    assert [one["person"] for one in found] == ["aigul-s"]
    assert "0 people." in ustaz("roster", "find", demo, "nobody").out
    assert ustaz("roster", "list", demo, "--status", "gone").code == 12


def test_a_person_whom_nobody_has_changed_has_no_history_yet(ustaz: Call, demo: Path):
    assert "Nothing has been changed" in ustaz("roster", "history", demo, "aigul-s").out


def test_each_change_is_done_told_and_kept_in_the_history(ustaz: Call, demo: Path):
    for arguments, said in (
        (("move", demo, "aigul-s", "terek"), "aigul-s is in the group terek now."),
        (("leave", demo, "aigul-s"), "aigul-s is on leave now."),
        (("withdraw", demo, "aigul-s"), "aigul-s has left the course. What they wrote is kept."),
        (("return", demo, "aigul-s"), "aigul-s takes part again."),
        (
            ("substitute", demo, "saule-n", "terek", "--until", "2026-12-04"),
            "saule-n stands in for the group terek from 2026-11-23 until 2026-12-04.",
        ),
    ):
        result = ustaz("roster", *arguments)
        assert (result.code, result.out.strip()) == (0, said)
    shown = json.loads(ustaz("roster", "find", demo, "saule-n", "--json").out)["people"][0]
    assert (shown["groups"], shown["groups_today"]) == (["almaly"], ["almaly", "terek"])
    assert ustaz("roster", "substitute", demo, "saule-n", "terek", "--stop").code == 0
    told = ustaz("roster", "history", demo, "aigul-s").out
    for word in ("moved from the group almaly to terek", "went on leave", "left the course"):
        assert word in told
    assert "2026-11-23T14:00:00+05:00" in told, "in the course's own hours"
    kept = json.loads(ustaz("roster", "history", demo, "saule-n", "--json").out)["history"]
    assert [one["kind"] for one in kept] == ["first", "substitute", "substitute_end"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("move", "nobody", "terek"), 13),
        (("history", "nobody"), 13),
        (("leave", "nobody"), 13),
        (("move", "aigul-s", "<b>"), 12),
        (("substitute", "aigul-s", "terek", "--until", "2026-12-04"), 12),
        (("substitute", "saule-n", "terek", "--until", "2026-11-01"), 12),
        (("substitute", "saule-n", "terek", "--stop"), 12),
        (("substitute", "saule-n", "terek"), 2),
        (("substitute", "saule-n", "terek", "--stop", "--until", "2026-12-04"), 2),
    ],
)
def test_a_refusal_has_its_code_and_changes_nothing(
    ustaz: Call, demo: Path, arguments: tuple[str, ...], code: int
):
    before = (demo / "people.csv").read_bytes()
    result = ustaz("roster", arguments[0], demo, *arguments[1:])
    assert result.code == code
    assert "Traceback" not in result.err
    assert (demo / "people.csv").read_bytes() == before


@pytest.mark.parametrize(("lang", "said"), [("ru", "теперь на паузе"), ("kk", "енді демалыста")])
def test_the_roster_speaks_three_languages(ustaz: Call, demo: Path, lang: str, said: str):
    assert said in ustaz("--lang", lang, "roster", "leave", demo, "aigul-s").out


def test_unknown_headings_are_told_on_the_command_line(ustaz: Call, demo: Path, people: Path):
    people.write_text("Кто;Кем\nЖанар Ерғали;методист\n", encoding="utf-8")
    assert ustaz("roster", "import", demo, people).code == 12
    chosen = ("--column", "A=name", "--column", "B=role", "--role", "методист=participant")
    done = json.loads(ustaz("roster", "import", demo, people, *chosen, "--apply", "--json").out)
    assert (done["applied"], len(done["new"])) == (True, 1)
    for wrong in (("--column", "A=boss"), ("--column", "A"), ("--role", "методист=boss")):
        assert ustaz("roster", "import", demo, people, *wrong).code == 2


def test_spellings_are_joined_looked_at_first_and_undone(ustaz: Call, demo: Path, people: Path):
    people.write_text("ФИО;Школа\nЖанар Ерғали;№5 мектеп\nЯн Ким;Школа № 5\n", encoding="utf-8")
    assert ustaz("roster", "import", demo, people, "--apply").code == 0
    assert "№5 мектеп | Школа № 5" in ustaz("roster", "join", demo).out
    before = (demo / "people.csv").read_bytes()
    call = ("roster", "join", demo, "--school", "Школа № 5", "--into", "№5 мектеп")
    assert "Школа № 5 → №5 мектеп" in ustaz(*call).out
    assert (demo / "people.csv").read_bytes() == before
    assert ustaz(*call, "--apply").code == 0
    (made,) = json.loads(ustaz("roster", "join", demo, "--json").out)["joined"]
    assert ustaz("roster", "join", demo, "--undo", str(made["number"])).code == 0
    assert (demo / "people.csv").read_bytes() == before
    assert ustaz("roster", "join", demo, "--school", "nowhere", "--into", "x").code == 12
    assert ustaz("roster", "join", demo, "--into", "x").code == 2
