"""The year: its table, minutes and workbooks agree with the runbooks, for groups of 4 to 15."""

from __future__ import annotations

import inspect
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from tests.book.conftest import ROOT

BOOK, NOTES, WORKBOOKS = ROOT / "book", ROOT / "facilitator_notes", ROOT / "workbooks"
WORKSHOPS = [NOTES / f"workshop-{number}.md" for number in range(1, 8)]
MONTHS = ["Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May"]
SIZES = range(4, 16)
COUNTS = [
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
]
COUNT = "|".join(COUNTS)
ACTIVITY = re.compile(r"^::::\{activity\} ([^\n]*)\n(.*?)^::::$", re.DOTALL | re.MULTILINE)
#: What stands in the table of the year and is no meeting.
NO_MEETING = {"The portfolio is handed in, if the teacher wants that"}


def number(word: str) -> int:
    return COUNTS.index(word.lower()) + 1


def plain(text: str) -> str:
    """Return a text without the marks of terms, and with single spaces."""
    text = re.sub(r"\{\w+\}`([^`<]*?)\s*(?:<[^`>]*>)?`", r"\1", text)
    return " ".join(text.replace("’", "'").split())


def front(page: Path) -> dict[str, object]:
    matter: dict[str, object] = yaml.safe_load(page.read_text().split("---\n")[1])
    return matter


def minutes(page: Path) -> int:
    return int(str(front(page)["minutes"]))


def activities(page: Path) -> dict[str, tuple[int, str, str]]:
    """Return the minutes, the grouping and the task of each activity, by its title."""
    found = {}
    for title, body in ACTIVITY.findall(page.read_text()):
        option = dict(re.findall(r"^:(\w+): (\w+)$", body, re.MULTILINE))
        task = plain(re.sub(r"^:\w+: \w+$", "", body.split(":::{say}")[0], flags=re.MULTILINE))
        found[title.strip()] = (int(option["minutes"]), option["grouping"], task)
    return found


def table(page: Path, heading: str) -> list[list[str]]:
    """Return the rows of the table whose first column has a heading."""
    rows = page.read_text().partition(f"| {heading} |")[2].split("\n\n")[0].splitlines()[2:]
    cells = [row.strip().strip("|").split("|") for row in rows if row.startswith("|")]
    return [[plain(cell) for cell in row] for row in cells]


def meetings(what: str) -> list[tuple[Path, str]]:
    """Return the runbooks of a row of the year, each with the activity that it is, or nothing."""
    name = re.split("[:,]", what, maxsplit=1)[0]
    kind, _, nth = name.rpartition(" ")
    if name.startswith("Workshop"):
        return [(NOTES / f"workshop-{nth}.md", "")]
    if name.startswith("Network event"):
        return [(NOTES / f"network-event-{nth}.md", "")]
    if kind in {"Tutorial", "Check-in"} or nth == "director":
        page = NOTES / ("tutorials.md" if kind == "Tutorial" else "director-talks.md")
        start = name.split(" with ")[0]
        return [(page, next(one for one in activities(page) if one.startswith(start)))]
    pages = {
        "Induction": ["induction-1", "induction-2"],
        "Facilitators' meeting": [
            "demonstrations" if "demonstrations" in what else "reading-together"
        ],
        "Story evening of schools": ["story-evening"],
    }[name]
    return [(NOTES / f"{page}.md", "") for page in pages]


def year() -> list[tuple[str, str]]:
    rows = table(BOOK / "year.md", "When")
    return [(month, what) for month, what, _ in rows if what not in NO_MEETING]


def test_every_meeting_of_the_year_has_a_runbook_and_every_runbook_a_meeting():
    used = {page.stem for _, what in year() for page, _ in meetings(what)}
    runbooks = {page.stem for page in NOTES.glob("*.md")} - {"README"}
    assert used == runbooks - {page.stem for page in (BOOK / "modules").glob("*.md")}


def test_a_workshop_has_the_title_of_its_runbook():
    for _, what in year():
        if what.startswith("Workshop"):
            page = meetings(what)[0][0]
            assert str(front(page)["title"]).lower() == f"runbook: {what.replace(':', ',').lower()}"


def test_the_figure_of_the_year_has_every_meeting_in_its_month():
    svg = (BOOK / "figures/year.svg").read_text()
    found: dict[str, str] = {}
    month = ""
    for text in re.findall(r">([^<>\n]+)</text>", svg):
        month = text if text in MONTHS else month
        found[month] = f"{found.get(month, '')} {text}"
    for when, what in year():
        name = re.split(":| with |,", what, maxsplit=1)[0]
        if name.startswith(("First talk", "Facilitators")):
            continue
        word = name.split()[-1] if name.split()[-1].isdigit() else name.split()[0].lower()
        assert re.search(rf"\b{word}\b", found[when[:3]]), f"{name} in {when}"


def test_the_hours_that_the_book_names_are_those_of_the_runbooks():
    workshops = [minutes(page) for page in WORKSHOPS]
    events = [minutes(NOTES / f"network-event-{nth}.md") for nth in (1, 2)]
    tutorials = [length for length, _, _ in activities(NOTES / "tutorials.md").values()]
    check_ins = [length for length, _, _ in activities(NOTES / "director-talks.md").values()]
    text = plain((BOOK / "year.md").read_text())
    assert workshops == [120] * 7
    assert "Seven workshops of two hours make 14 hours" in text
    assert tutorials == [20] * 3
    assert "Three tutorials of twenty minutes make one hour" in text
    assert events == [180] * 2
    assert "network events take about three hours each" in text
    assert minutes(NOTES / "story-evening.md") == 150
    assert "the story evening two and a half" in text
    assert check_ins == [20] * 3
    assert "of twenty minutes with the facilitator" in plain((BOOK / "directors.md").read_text())
    certificate = plain((BOOK / "certificate.md").read_text())
    assert (sum(workshops), 10 * sum(tutorials), sum(events)) == (14 * 60, 10 * 60, 6 * 60)
    assert "14 hours of workshops, ten hours of tutorials and six hours of network" in certificate


def test_a_demonstration_takes_the_minutes_of_its_table_and_its_meeting_has_them():
    parts = [int(row[0]) for row in table(BOOK / "demonstration.md", "minutes")]
    assert f"By the clock it is {sum(parts)} minutes for each person" in plain(
        (BOOK / "demonstration.md").read_text()
    )
    for title in ("The first two show", "The other two show"):
        assert 2 * sum(parts) <= activities(NOTES / "demonstrations.md")[title][0]


@pytest.mark.parametrize("page", sorted(NOTES.glob("*.md")), ids=lambda page: page.stem)
def test_the_parts_of_an_activity_fill_its_minutes_and_no_more(page):
    for title, (length, _, task) in activities(page).items():
        clock = [(int(a), int(b)) for a, b in re.findall(r"(?<!\d)(\d+)–(\d+)(?= )", task)]
        if clock:
            assert clock[0][0] == 0, title
            assert clock[-1][1] == length, title
            assert all(one[1] == two[0] for one, two in pairwise(clock)), title
        parts = [int(part) for part in re.findall(r"\*[^*]*, (\d+) minutes:\*", task)]
        assert not parts or sum(parts) == length, title


# -- groups of 4 to 15 ---------------------------------------------------------------------------
def in_threes(people: int) -> list[int]:
    """Divide a group as the runbooks' first page says: threes, and fours for what is left."""
    fours = people % 3
    return [3] * ((people - 4 * fours) // 3) + [4] * fours


def turn(text: str) -> int:
    """Return the minutes of one turn: "eight minutes a round", "seven minutes and three"."""
    found = re.search(rf"\b({COUNT}) minutes(?: and ({COUNT})\b)?", text, re.IGNORECASE)
    assert found, text
    return number(found[1]) + (number(found[2]) if found[2] else 0)


def test_the_rule_for_threes_covers_every_group_but_five():
    assert {people: in_threes(people) for people in (4, 7, 8, 10, 11, 15)} == {
        4: [4],
        7: [3, 4],
        8: [4, 4],
        10: [3, 3, 4],
        11: [3, 4, 4],
        15: [3] * 5,
    }
    assert [people for people in SIZES if sum(in_threes(people)) != people] == [5]
    readme = plain((NOTES / "README.md").read_text())
    assert "Ten people are two threes and a four, four are one four" in readme
    assert "five are a three and a pair with you" in readme


@pytest.mark.parametrize("page", WORKSHOPS, ids=lambda page: page.stem)
def test_threes_and_fours_end_together_and_in_time(page):
    for title, (length, grouping, task) in activities(page).items():
        if grouping != "threes":
            continue
        three, found, four = re.split(r"(\*\*[Ii]n a four\*\*)", task, maxsplit=1)
        assert found, f"{title} does not say what a four does"
        assert 3 * turn(three) <= length, title
        assert 4 * turn(four) <= length, title
        assert abs(3 * turn(three) - 4 * turn(four)) <= 3, f"{title}: one of them waits"


def test_a_three_among_pairs_takes_no_longer_than_the_pairs():
    readme = plain((NOTES / "README.md").read_text())
    assert "in one three each turn is a third shorter" in readme
    for page in WORKSHOPS:
        for title, (length, grouping, task) in activities(page).items():
            each = re.findall(rf"\b({COUNT}) minutes each\b", task, re.IGNORECASE)
            if grouping == "pairs" and each:
                assert 2 * number(each[0]) <= length, title


def sums(parts: set[int], most: int) -> set[int]:
    """Return every number up to `most` that is a sum of parts."""
    reached = {0}
    for total in range(1, most + 1):
        if any(total - part in reached for part in parts):
            reached.add(total)
    return reached


@pytest.mark.parametrize("page", WORKSHOPS, ids=lambda page: page.stem)
def test_small_groups_say_sizes_into_which_every_group_divides(page):
    for title, (_, grouping, task) in activities(page).items():
        if grouping != "small":
            continue
        said = re.search(r"(?:Groups|Small tables): ([^.]*)\.", task)
        assert said, f"{title} says no sizes"
        sizes = {number(word) for word in re.findall(rf"\b({COUNT})\b", said[1])}
        assert set(SIZES) <= sums(sizes, max(SIZES)), title


@pytest.mark.parametrize("page", WORKSHOPS, ids=lambda page: page.stem)
def test_a_round_of_all_leaves_fifteen_people_twenty_seconds_each(page):
    for title, (length, grouping, task) in activities(page).items():
        if grouping == "whole" and re.search(r"\b([Ee]ach|[Ee]verybody|[Oo]ne round)\b", task):
            assert 20 * max(SIZES) <= 60 * length, title


# -- which workbook when -------------------------------------------------------------------------
def titles() -> dict[str, str]:
    """Return the title of each workbook, by its id."""
    return {
        page.parent.name: str(yaml.safe_load(page.read_text())["title"])
        for page in WORKBOOKS.glob("*/workbook.yml")
    }


@pytest.mark.parametrize("page", WORKSHOPS, ids=lambda page: page.stem)
def test_a_workshop_names_the_workbook_that_its_front_matter_has(page):
    workbook = front(page)["workbook"]
    if workbook:
        assert f'"{titles()[str(workbook)]}"' in plain(page.read_text())


def test_the_table_of_workbooks_names_those_that_exist_and_meetings_that_use_them():
    rows = table(BOOK / "year.md", "Workbook")
    of_teachers = {
        str(yaml.safe_load(page.read_text())["title"])
        for page in WORKBOOKS.glob("*/workbook.yml")
        if {"part", "role", "subject"} & yaml.safe_load(page.read_text()).keys() == {"part"}
    }
    assert {row[0] for row in rows} == of_teachers
    for title, begun, again in rows:
        for word, those in re.findall(r"\b(workshops?|tutorial) ([\d, and]+)", f"{begun}, {again}"):
            for nth in re.findall(r"\d", those):
                if word.startswith("workshop"):
                    assert f'"{title}"' in plain(WORKSHOPS[int(nth) - 1].read_text()), (title, nth)
                else:
                    page = activities(NOTES / "tutorials.md")
                    task = next(
                        one[2] for name, one in page.items() if name.startswith(f"Tutorial {nth}")
                    )
                    assert f'"{title}"' in task, (title, nth)


def test_a_workshop_of_the_year_uses_each_workbook_that_facilitators_teach():
    modules = [page for page in (BOOK / "modules").glob("*.md") if page.stem != "README"]
    taught = {front(page)["workbook"] for page in modules} - {""}
    assert taught <= {front(page)["workbook"] for page in WORKSHOPS}


# -- far away, and looking back ------------------------------------------------------------------
@pytest.mark.parametrize("page", WORKSHOPS, ids=lambda page: page.stem)
def test_every_activity_of_a_workshop_has_a_form_online_and_by_telephone(page):
    text = (NOTES / "guides/remote.md").read_text()
    said = re.search(r"workshop (\d), (.*)", str(front(page)["title"]))
    assert said
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in text.partition(f"## Workshop {said[1]}, {said[2]}\n")[2]
        .split("## ")[0]
        .splitlines()
        if row.startswith("|")
    ]
    assert [row[0] for row in rows[2:]] == list(activities(page))
    assert all(len(row) == 3 and all(row) for row in rows)
    assert "{doc}`each workshop online and by telephone <guides/remote>`" in " ".join(
        page.read_text().partition("## Before")[2].partition("## Start")[0].split()
    )


def test_the_numbers_at_the_end_of_the_log_are_those_of_its_entries():
    page = NOTES / "guides/year-log.md"
    entries = re.findall(
        r"workshop (\d)\.\*\* (\d) present[^*]*?My talk: (?:\*\*)?(\d+)", plain(page.read_text())
    )
    assert [row[0].removeprefix("workshop ") for row in table(page, "meeting")] == [
        nth for nth, _, _ in entries
    ]
    assert [tuple(row[1:3]) for row in table(page, "meeting")] == [one[1:] for one in entries]


def test_the_list_of_what_to_print_has_the_sheets_that_each_runbook_asks_for():
    text = (NOTES / "guides/printing.md").read_text()
    rows = [row for row in text.splitlines() if "/facilitator_notes/" in row]
    sheets = re.compile(r"handouts/([a-z-]+)>")
    listed = {
        row.split("/facilitator_notes/")[1].split(">")[0]: set(sheets.findall(row)) for row in rows
    }
    asked = {}
    for page in {page for _, what in year() for page, _ in meetings(what)}:
        before = page.read_text().partition("## Before")[2].partition("## Start")[0]
        asked[page.stem] = set(sheets.findall(before))
    others = {
        "induction-1",
        "induction-2",
        "demonstrations",
        "reading-together",
    }  # theirs are not a group's
    assert listed == {
        stem: sheets for stem, sheets in asked.items() if sheets and stem not in others
    }


# -- what these tests notice -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "before", "after", "check"),
    [
        ("year", "| October | Network event 1 | questions from other schools |\n", "",
         test_every_meeting_of_the_year_has_a_runbook_and_every_runbook_a_meeting),
        ("year", "make 14 hours", "make 12 hours",
         test_the_hours_that_the_book_names_are_those_of_the_runbooks),
        ("year", "| workshops 3, 4 and 5, tutorial 3 |", "| workshops 3, 4 and 6, tutorial 3 |",
         test_the_table_of_workbooks_names_those_that_exist_and_meetings_that_use_them),
        ("year", "| People map | after workshop 3, at home | tutorial 2 |\n", "",
         test_the_table_of_workbooks_names_those_that_exist_and_meetings_that_use_them),
        ("workshop-5", "minutes: 120", "minutes: 110",
         test_the_hours_that_the_book_names_are_those_of_the_runbooks),
        ("tutorials", "8–15 one", "8–16 one",
         test_the_parts_of_an_activity_fill_its_minutes_and_no_more),
        ("workshop-2", "Eight\nminutes a round", "Eleven\nminutes a round",
         test_threes_and_fours_end_together_and_in_time),
        ("workshop-6", "**in a four** seven minutes", "**in a four** ten minutes",
         test_threes_and_fours_end_together_and_in_time),
        ("workshop-4", "three or four people, or five where", "four people, or six where",
         test_small_groups_say_sizes_into_which_every_group_divides),
        ("workshop-7", ":minutes: 15\n:grouping: whole", ":minutes: 4\n:grouping: whole",
         test_a_round_of_all_leaves_fifteen_people_twenty_seconds_each),
        ("workshop-4", '"Action plan"', '"Focus"',
         test_a_workshop_names_the_workbook_that_its_front_matter_has),
    ],
)  # fmt: skip
def test_a_year_that_contradicts_its_runbooks_is_noticed(
    tmp_path, monkeypatch, name, before, after, check
):
    for constant, folder in (("BOOK", BOOK), ("NOTES", NOTES)):
        copy = tmp_path / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("portfolios", "*.bib"))
        monkeypatch.setitem(globals(), constant, copy)
    workshops = [NOTES / page.name for page in WORKSHOPS]
    monkeypatch.setitem(globals(), "WORKSHOPS", workshops)
    page = BOOK / "year.md" if name == "year" else NOTES / f"{name}.md"
    arguments = [page] if "page" in inspect.signature(check).parameters else []
    check(*arguments)
    text = page.read_text()
    assert before in text
    page.write_text(text.replace(before, after))
    with pytest.raises((AssertionError, StopIteration)):
        check(*arguments)
