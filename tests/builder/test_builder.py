"""A workbook built in Python is exactly the file that an author would have written."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.language import EXAMPLE
from ustaz import builder as W  # noqa: N812 - as docs/jupyter.md shows it
from ustaz.workbook import Definition, DefinitionErrors, load
from ustaz.workbook.kinds import REGISTRY
from ustaz.workbook.rulereader import RULE_KINDS

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "workbooks").glob("*/workbook.yml"))
#: Keys that are called otherwise where Python has the word already.
CALLED = {
    "scale": {"from": "least", "to": "most"},
    "person": {"from": "source", "self": "myself"},
    "row": {"from": "source"},
    "date_within": {"from": "start", "to": "end"},
    "suggest": {"each": "in_each_row"},
}
FLAGS = {"long", "cannot_say", "many", "myself", "single"}


def condition(tree: dict[str, Any]) -> W.Part:
    return W.when(tree["field"], *tree["is"], at=tree.get("at"))


def options(trees: list[dict[str, Any]]) -> list[W.Part]:
    return [W.option(tree["id"], tree["label"], tree.get("help")) for tree in trees]


def rebuilt_field(tree: dict[str, Any]) -> W.Part:
    """Call the builder with what a file says of a field."""
    names = CALLED.get(tree["kind"], {})
    keys = {names.get(key, key): value for key, value in tree.items() if key not in {"kind", "id"}}
    columns = [rebuilt_field(column) for column in keys.pop("columns", [])]
    for key, value in keys.items():
        if key in {"required_when", "shown_when"}:
            keys[key] = condition(value)
        elif key in {"options", "dimensions"}:
            keys[key] = options(value)
        elif key == "map":
            keys[key] = W.map_of(**value)
        elif key in FLAGS:
            keys[key] = value == "yes"
    return getattr(W, tree["kind"])(tree["id"], *columns, **keys)


def rebuilt_rule(tree: dict[str, Any]) -> W.Part:
    names = CALLED.get(tree["kind"], {})
    keys = {names.get(key, key): value for key, value in tree.items() if key != "kind"}
    if "where" in keys:
        keys["where"] = [
            W.rules.holds(part.pop("column"), *part.pop("any", ()), **part)
            for part in map(dict, keys["where"])
        ]
    lists = [*keys.pop("dates", []), *keys.pop("fields", [])]
    first = [keys.pop("id"), *([keys.pop("count")] if tree["kind"] == "at_least" else [])]
    return getattr(W.rules, tree["kind"])(*first, *lists, **keys)


def rebuilt_step(tree: dict[str, Any]) -> W.Part:
    if "drop" in tree:
        return W.drop(tree["name"], tree["drop"])
    kind = "rename" if "rename" in tree else "map_choice"
    keys = dict(tree[kind])
    start, end = keys.pop("from"), keys.pop("to")
    return getattr(W, kind)(tree["name"], **keys, start=start, end=end)


def rebuilt_share(tree: dict[str, Any]) -> W.Part:
    keys = dict(tree)
    to, without = keys.pop("to"), keys.pop("without", [])
    ((scope, name),) = keys.items()
    return W.share(scope, "" if scope == "document" else name, to=to, without=without)


def rebuilt_section(tree: dict[str, Any]) -> W.Part:
    keys = dict(tree)
    fields = [rebuilt_field(field) for field in keys.pop("fields", [])]
    for key in ("example", "weak_example"):
        if key in keys:
            keys[key] = W.example(**keys[key])
    if "poster" in keys:
        keys["poster"] = W.poster(**keys["poster"])
    return W.section(*fields, **keys)


def rebuilt(path: Path) -> W.Workbook:
    """Build a workbook again from its file, by the functions of the builder alone."""
    keys = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    assert keys.pop("format") == "1"
    for key, function in {
        "sections": rebuilt_section,
        "rules": rebuilt_rule,
        "shares": rebuilt_share,
    }.items():
        keys[key] = [function(tree) for tree in keys.get(key, [])]
    keys["upgrades"] = [
        W.upgrade(tree["from"], tree["to"], *(rebuilt_step(step) for step in tree["steps"]))
        for tree in keys.get("upgrades", [])
    ]
    for key in ("manual", "portfolio"):
        if key in keys:
            keys[key] = getattr(W, key)(**keys[key])
    keys["companion"] = keys.get("companion") == "yes"
    return W.workbook(**keys)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_a_workbook_that_ships_is_built_again_as_it_is(path: Path) -> None:
    assert rebuilt(path).definition == load(path)


def test_every_key_of_the_language_can_be_built(tmp_path: Path) -> None:
    path = tmp_path / "workbook.yml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert rebuilt(path).definition == load(path)


def test_every_kind_of_field_and_of_rule_has_a_function() -> None:
    assert set(REGISTRY) <= set(W.__all__)
    assert [kind for kind in RULE_KINDS if not callable(getattr(W.rules, kind, None))] == []


def survey(language: str = "en") -> W.Workbook:
    steps = W.table("steps", W.text("action"), W.date("due"), min_rows=2)
    return W.workbook(
        "my-survey", language=language, sections=[W.section(W.text("why", points=2), steps)]
    )


def test_two_lines_of_python_are_a_workbook() -> None:
    definition = survey().definition
    assert (definition.id, definition.code, definition.minutes) == ("my-survey", "MYSURVEY", 8)
    (section,) = definition.sections
    assert (section.id, section.title, section.points) == ("part-1", "Why", 2)
    assert [field.label for field in section.fields] == ["Why", "Steps"]
    assert [column.kind for column in definition.field("steps").columns] == ["text", "date"]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_what_an_author_leaves_out_is_said_in_the_language_of_the_workbook(language: str) -> None:
    definition = survey(language).definition
    assert definition.language == language
    for text in (definition.purpose, definition.sections[0].guidance):
        assert re.search("[а-яёәіңғүұқөһ]", text), text


def test_what_does_not_fit_is_said_by_line_and_place_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = W.workbook(
        "my-survey",
        sections=[W.section(W.text("why", min=9, max=3))],
    )
    with pytest.raises(DefinitionErrors) as errors:
        wrong.write(tmp_path)
    (said,) = (str(problem) for problem in errors.value.problems)
    line = wrong.yaml.splitlines().index("        max: 3") + 1
    assert said == (
        f"my-survey/workbook.yml:{line}: sections[0].fields[0].max: is smaller than `min`"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_is_written_where_the_course_finds_it(tmp_path: Path) -> None:
    path = survey().write(tmp_path)
    assert path == tmp_path / "my-survey" / "workbook.yml"
    assert load(path) == survey().definition
    again = W.workbook("my-survey", title="Another", sections=[W.section(W.text("why"))])
    assert load(again.write(tmp_path)).title == "Another"


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(" \n'\"#:-|>"),
    min_size=1,
    max_size=60,
).filter(str.strip)


@given(label=WORDS, guidance=WORDS, option=WORDS)
def test_any_text_comes_back_as_it_was_written(label: str, guidance: str, option: str) -> None:
    chosen = W.choice("mood", label, options={"yes": option, "no": label})
    read: Definition = W.workbook("w", sections=[W.section(chosen, guidance=guidance)]).definition
    field = read.field("mood")
    assert (field.label, read.sections[0].guidance) == (label.strip(), guidance.strip())
    assert [(entry.id, entry.label) for entry in field.options] == [
        ("yes", option.strip()),
        ("no", label.strip()),
    ]


@given(id=st.text(string.ascii_lowercase + "_", min_size=1, max_size=20))
def test_a_label_is_made_of_an_id_and_never_empty(id: str) -> None:
    label = W.text(id)["label"]
    assert label == label.strip()
    assert bool(label) == bool(id.strip("_"))


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_what_an_author_begins_with_is_whole_in_the_authors_language(lang: str) -> None:
    from ustaz.builder.beginning import beginning
    from ustaz.preview.reading import read

    made = beginning("my-workbook-2", lang)
    reading = read(made.yaml)
    assert reading.problems == ()
    assert (made.definition.id, made.definition.language) == ("my-workbook-2", lang)
    assert (lang == "en") == (made.definition.title == "A new workbook")
