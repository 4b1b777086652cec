"""The language of workbooks: what is read, what is refused and where; and its page."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.language import EXAMPLE
from ustaz.workbook import DefinitionErrors, Library, definition_json, load, messages
from ustaz.workbook.fieldreader import COMMON as FIELD_KEYS
from ustaz.workbook.kinds import REGISTRY, kind_of
from ustaz.workbook.reader import OPERATIONS
from ustaz.workbook.rulereader import COMMON as RULE_KEYS
from ustaz.workbook.rulereader import OF_KIND as RULE_KINDS

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).parent / "fixtures"
KITCHEN = (FIXTURES / "kitchen" / "workbook.yml").read_text(encoding="utf-8")


def write(folder: Path, text: str, name: str = "kitchen") -> Path:
    path = folder / name / "workbook.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def complaints(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    try:
        load(path, name="w.yml")
    except DefinitionErrors as errors:
        return [str(one) for one in errors.problems]
    return []


def test_the_example_of_the_page_loads(tmp_path: Path) -> None:
    write(tmp_path, EXAMPLE, "example")
    people = (FIXTURES / "pantry" / "workbook.yml").read_text(encoding="utf-8")
    write(tmp_path, people.replace("id: pantry", "id: example-people"), "example-people")
    assert Library.from_dirs([tmp_path]).ids == ("example", "example-people")


def keys_of(node: object) -> set[str]:
    if isinstance(node, dict):
        return set(node) | {key for one in node.values() for key in keys_of(one)}
    if isinstance(node, list):
        return {key for one in node for key in keys_of(one)}
    return set()


def test_every_key_of_the_language_stands_in_the_example() -> None:
    shown = yaml.load(EXAMPLE, Loader=yaml.CBaseLoader)
    known = {*FIELD_KEYS, *RULE_KEYS, *OPERATIONS, "embed", "example", "manual", "upgrades"}
    settings = (*(kind.keys for kind in REGISTRY.values()), *RULE_KINDS.values())
    known |= {key for keys in settings for key in keys}
    assert known - keys_of(shown) == set()
    kinds = {one["kind"] for section in shown["sections"] for one in section.get("fields", [])}
    kinds |= {"person", "row"}
    assert set(REGISTRY) - kinds == set()
    assert set(RULE_KINDS) == {one["kind"] for one in shown["rules"]}


def test_staff_add_a_workbook_without_code(tmp_path: Path) -> None:
    library = Library.from_dirs([ROOT / "workbooks", FIXTURES])
    assert library["tiny"].title == "One good moment"


REFUSED = [
    ("purpose: For tests.\n", "", "purpose: missing"),
    ("visibility: [self, facilitator, staff]\n", "", "visibility: missing"),
    ("visibility: [self, facilitator", "visibility: [facilitator", "visibility: the owner (self)"),
    ("visibility: [self,", "visibility: [self, boss,", "visibility: 'boss' is not one of"),
    ("retention: 12\n", "", "retention: missing"),
    ("retention: 12", "retention: 0", "retention: expected a whole number from 1 to 120"),
    ("companion: no", "companion: no\npart: ending", "part: expected one of starting, planning"),
    ("companion: no", "companion: yes", "points: a companion is not handed in by itself"),
    ("format: 1", "format: 2", "1: format: this version of Ustaz reads format 1"),
    ("code: K01", "code: k1", "3: code: expected capital letters"),
    ("version: 1.2.0", "version: 1.2", "4: version: expected three numbers"),
    ("title: Every kind of field\n", "", "title: missing"),
    ("minutes: 10", "minutes: ten", "7: minutes: expected a whole number"),
    ("companion: no", "companion: false", "8: companion: expected yes or no"),
    ("companion: no", "company: no", "8: company: unknown key; known here: format"),
    ("kind: text, label: Name,", "kind: prose, label: Name,", "kind: expected one of text"),
    ("min: 5, max: 10", "min: 50, max: 10", "fields[0].max: is smaller than `min`"),
    ("min: 5, max: 10", "rows: 5", "fields[0].rows: unknown key"),
    ("label: Secret", "help: Secret", "fields[2].label: missing"),
    ("audiences: [self]", "audiences: [staff]", "the owner (self) always reads"),
    ("audiences: [self]", "audiences: [self, all]", "'all' is not one of self"),
    ("{id: secret,", "{id: name,", "the field 'name' stands in line"),
    ("{id: secret,", "{id: self,", "has a meaning of its own"),
    ("{id: secret,", "{id: Secret,", "expected small letters"),
    ("name: Жұппен сөйлесу", "nom: x", "answers.nom: this section has no such field"),
    ("lines: [one, two]", "lines: one", "answers.lines: expected a list of texts"),
    ("{id: c, label: Third}", "{id: a, label: Third}", "another option is called 'a' too"),
    ("{field: one, is: [b, c], at: ready}", "{field: one, is: [z], at: ready}", "no such option"),
    ("{field: one, is: [b, c], at: ready}", "{field: two, is: [b]}", "no other field 'two' here"),
    ("{field: one, is: [b, c], at: ready}", "{field: name, is: [b]}", "'name' is not a choice"),
    ("from: 1, to: 5, low", "from: 5, to: 1, low", "to: must be more than `from`"),
    ("{id: voice, label: Voice}", "{id: trust, label: V}", "another dimension is called 'trust'"),
    ("          - {id: time, label: Time}\n", "", "dimensions: expected at least 3"),
    ("compare: pantry/before", "compare: before", "compare: expected workbook/field"),
    ("min_items: 2\n        low", "min_items: 4\n        low", "a whole number from 0 to 3"),
    ("min_rows: 2", "min_rows: 200", "min_rows: expected a whole number from 0 to 100"),
    ("row_name: Step\n", "row_name: ''\n", "row_name: is empty; leave the key out instead"),
    ("to: pantry/topic", "to: pantry", "to: expected workbook/field"),
    ("first: start, then: end", "first: start, then: name", "'name' is a text, expected date"),
    ("first: start, then: end", "first: start, then: never", "no field 'never' in this workbook"),
    ("first: steps.begin, then: steps.due", "first: start, then: steps.due", "in the same row"),
    ("from: start, to: end}", "from: steps.due, to: end}", "a border cannot be a column"),
    ("any: [share, embed]", "any: [share, fly]", "any: no such option: fly"),
    ("column: steps.strand, all", "column: one, all", "expected table.column"),
    ("count: 2", "count: 4", "count: expected a whole number from 1 to 3"),
    ("at_most: 2, message", "message", "at_most: say at_most or at_least"),
    ("at_most: 2, message: Perhaps make it smaller.", "at_most: 2", "message: missing"),
    ("id: twice, kind: unique", "id: order, kind: unique", "another rule is called 'order' too"),
    ("kind: unique", "kind: eval", "kind: expected one of date_order"),
    ("to: 1.1.0", "to: 1.0.0", "must be a later version than `from`"),
    ("drop: mood", "drop: mood, rename: {from: a, to: b}", "does exactly one of rename"),
    ("to: 1.2.0\n", "to: 1.3.0\n", "is later than the workbook's own version"),
    ("points: 5\n  hint", "points: 0\n  hint", "points: expected a whole number from 1"),
    ("embed: pantry/people", "embed: pantry", "expected workbook/section"),
    ("label: Note}", "label: *x}", "anchors and aliases are not part"),
    ("label: Note}", "label: &x Note}", "anchors and aliases are not part of this language"),
    ("label: Note}", "label: !!python/name:os.system Note}", "tags are not part"),
    ("label: Note}", "label: Note, label: Other}", "the key 'label' stands in line"),
    ("label: Note}", "? [a]: b}", "a key must be a word"),
    ("{id: note, kind: text, label: Note}", "note", "sections[4].fields[0]: expected keys"),
    ("label: Note}", "label: [Note]}", "sections[4].fields[0].label: expected a text"),
    ("label: Note}", "label: " + "x" * 5001 + "}", "label: is longer than 5000 characters"),
    ("is: [b, c], at: ready", "is: [], at: ready", "required_when.is: expected at least 1"),
    ("is: [b, c], at: ready", "is: [[b]], at: ready", "required_when.is[0]: expected a text"),
    ("{field: one, is: [b]}", "one", "shown_when: expected keys with values"),
    ("kind: text, label: Secret, required: ready,",
     "kind: text, label: Secret, required: ready, required_when: {field: one, is: [b]},",
     "required_when: the field is required anyway"),
    ("{id: c, label: Third}", "third", "options[2]: expected keys with values"),
    ("- {id: low, kind: advise", "- low\n  - {id: low, kind: advise", "rules[8]: expected keys"),
    ("dates: [steps.done_on]", "dates: []", "rules[4].dates: expected at least 1"),
    ("fields: [story, note, other], count: 2", "fields: [], count: 1", "rules[6].fields: expected"),
    ("fields: [story, note, other]", "fields: [story, steps.due]", "columns cannot be counted"),
    ("all: [consult, try_out], any: [share, embed]", "all: []", "name options under `all`"),
    ("kind: unique, column: steps.action", "kind: unique, column: name", "expected table.column"),
    ("field: scale, at_most", "field: steps.due, at_most", "'steps.due' is a date"),
    ("  - from: 1.0.0\n", "  - soon\n  - from: 1.0.0\n", "upgrades[0]: expected keys"),
    ("{name: nobody used it, drop: mood}", "mood", "upgrades[0].steps[1]: expected keys"),
    ("rename: {from: title, to: name}", "rename: title", "rename: expected keys with values"),
    ("from: 1.1.0\n    to: 1.2.0", "from: 1.0.0\n    to: 1.2.0", "another upgrade starts from"),
    ("  - id: free\n", "  - free\n  - id: free\n", "sections[4]: expected keys with values"),
    ("manual:\n  points: 5\n  hint: Look for sense.", "manual: 5", "manual: expected keys"),
    ("    example:\n      person: Aigul S.", "    example: x\n    exemple:\n      person: A",
     "sections[0].example: expected keys with values"),
    ("answers:\n        name: Жұппен сөйлесу\n        lines: [one, two]", "answers: none",
     "example.answers: expected keys with values"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), REFUSED, ids=[one[2][:48] for one in REFUSED])
def test_a_mistake_is_named_with_file_line_and_place(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert old in KITCHEN
    found = complaints(tmp_path, KITCHEN.replace(old, new, 1))
    assert any(said in one for one in found), found
    assert all(re.match(r"w\.yml:\d+: ", one) for one in found)


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = KITCHEN.replace("code: K01", "code: k").replace("max_rows: 3", "max_rows: three")
    text = text.replace("label: Secret", "lable: Secret")
    assert len(complaints(tmp_path, text)) >= 4


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"- a\n- b\n", "expected keys with values"),
        (b"a: [" * 5, "is not YAML"),
        (b"a: [" * 40, "nested too deeply"),
        (b"[" * 250_000, "nested too deeply"),
        (b"{a: " * 100_000, "nested too deeply"),
        (b"- " * 200_000, "nested too deeply"),
        (b"? " * 200_000, "nested too deeply"),
        (b"a: " + b"[" * 40 + b"]" * 40, "nested too deeply"),
        (b"x" * 600_000, "larger than 512 KiB"),
        (b"? [a]\n: b\n", "a key must be a word"),
        (b"--- a\n--- b\n", "is not YAML"),
    ],
)
def test_what_is_no_definition_is_refused(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "w.yml"
    path.write_bytes(data)
    with pytest.raises(DefinitionErrors, match=re.escape(said)):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionErrors, match="cannot be read"):
        load(tmp_path / "none.yml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to: pantry/topic", "to: larder/topic", "there is no workbook 'larder'"),
        ("to: pantry/topic", "to: pantry/subject", "pantry has no field 'subject'"),
        ("to: pantry/topic", "to: pantry/people", "a table cannot be referred to"),
        ("embed: pantry/people", "embed: pantry/cellar", "pantry has no section 'cellar'"),
        ("embed: pantry/people", "embed: kitchen/words", "this is the workbook itself"),
        ("to: pantry/topic", "to: kitchen/name", "sections[2].fields[5].to: 'kitchen/name': this"),
        ("from: pantry/people, label_column: alias, m", "from: kitchen/steps, label_column: a, m",
         "sections[2].fields[2].columns[2].from: 'kitchen/steps': this is the workbook itself"),
        ("label_column: alias, many", "label_column: relation, many", "label_column must be"),
        ("from: pantry/people, label_column: alias}", "from: pantry/topic, label_column: alias}",
         "rows come from a table"),
    ],
)  # fmt: skip
def test_what_does_not_fit_between_workbooks_is_named(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert old in KITCHEN
    write(tmp_path, KITCHEN.replace(old, new, 1))
    write(tmp_path, (FIXTURES / "pantry" / "workbook.yml").read_text(), "pantry")
    with pytest.raises(DefinitionErrors, match=re.escape(said)):
        Library.from_dirs([tmp_path])


def test_a_reference_is_never_shown_to_more_people_than_its_target(tmp_path: Path) -> None:
    pantry = (FIXTURES / "pantry" / "workbook.yml").read_text()
    write(tmp_path, KITCHEN)
    write(tmp_path, pantry.replace("label: Topic}", "label: Topic, audiences: [self]}"), "pantry")
    with pytest.raises(DefinitionErrors, match="is shown to fewer people"):
        Library.from_dirs([tmp_path])


def test_a_folder_is_called_as_its_workbook(tmp_path: Path) -> None:
    write(tmp_path, (FIXTURES / "tiny" / "workbook.yml").read_text(), "small")
    with pytest.raises(DefinitionErrors, match="both must be the same"):
        Library.from_dirs([tmp_path])


def test_two_workbooks_cannot_share_an_id() -> None:
    tiny = load(FIXTURES / "tiny" / "workbook.yml")
    with pytest.raises(DefinitionErrors, match="another workbook is called 'tiny' too"):
        Library([tiny, tiny])


def test_every_text_of_a_workbook_is_offered_to_the_translators() -> None:
    kitchen = load(FIXTURES / "kitchen" / "workbook.yml")
    offered = {text for _, text in messages(kitchen)}
    assert {"Every kind of field", "Third", "little", "Жұппен сөйлесу", "one", "Step"} <= offered
    shouted = definition_json(kitchen, lambda text: text.upper())
    assert shouted["sections"][0]["fields"][0]["label"] == "NAME"
    assert shouted["sections"][0]["fields"][0]["id"] == "name"


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.yml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(DefinitionErrors):
            load(path)


def test_a_circle_of_sections_cannot_be_written(tmp_path: Path) -> None:
    pantry = (FIXTURES / "pantry" / "workbook.yml").read_text()
    back = "  - {id: back, title: Back, minutes: 1, guidance: x, embed: kitchen/shelf}\nrules:"
    write(tmp_path, KITCHEN)
    write(tmp_path, pantry.replace("rules:", back, 1), "pantry")
    with pytest.raises(DefinitionErrors, match="a section with fields of its own is expected"):
        Library.from_dirs([tmp_path])


def test_complaints_about_one_file_do_not_hide_those_about_another(tmp_path: Path) -> None:
    tiny = (FIXTURES / "tiny" / "workbook.yml").read_text()
    write(tmp_path, KITCHEN.replace("to: pantry/topic", "to: tiny/where"))
    write(tmp_path, "format: 1\n", "pantry")
    write(tmp_path, tiny, "tiny")
    with pytest.raises(DefinitionErrors) as caught:
        Library.from_dirs([tmp_path])
    said = str(caught.value)
    assert "tiny has no field 'where'" in said
    assert "there is no workbook 'pantry'" not in said


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("is: [b, c], at: ready", "is: [z], at: ready", "[1].fields[1].required_when.is: no such"),
        ("{field: one, is: [b]}", "{field: two, is: [b]}", "fields[1].shown_when.field: no other"),
        ("{field: status, is: [done]}", "{field: action, is: [done]}", "fields[2].columns[6]"),
        ("{id: secret,", "{id: name,", "28: sections[0].fields[2].id: the field 'name' stands in"),
        ("{id: due,", "{id: who,", "sections[2].fields[2].columns[3].id: the column 'who' stands"),
        ("- id: rows\n", "- id: words\n", "sections[2].id: the section 'words' stands in line 10"),
    ],
)  # fmt: skip
def test_what_goes_together_is_complained_about_at_its_place(
    old: str, new: str, place: str, tmp_path: Path
) -> None:
    assert old in KITCHEN
    found = complaints(tmp_path, KITCHEN.replace(old, new, 1))
    assert any(place in one for one in found), found


def test_a_broken_field_is_complained_about_once_and_hides_no_broken_rule(tmp_path: Path) -> None:
    text = KITCHEN.replace("{id: start, kind: date,", "{id: start, kind: day,")
    text = text.replace("kind: unique, column: steps.action", "kind: unique, colum: steps.action")
    text = text.replace("{id: one, kind", "{id: One, kind").replace("- id: one\n", "- id: One\n")
    found = complaints(tmp_path, text)
    assert any("sections[2].fields[0].kind: expected one of" in one for one in found)
    assert any("rules[7].colum: unknown key" in one for one in found)
    assert any("rules[7].column: missing" in one for one in found)
    assert not any("'start'" in one or "'one'" in one for one in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "drop: mood",
            "drop: story",
            "upgrades[0].steps[1].drop: the field 'story' is still there",
        ),
        ("from: title, to: name", "from: story, to: name", "the field 'story' is still there"),
        ("from: title, to: name", "from: steps.title, to: name", "a name changes inside its table"),
    ],
)
def test_an_upgrade_never_reuses_an_id(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in KITCHEN
    found = complaints(tmp_path, KITCHEN.replace(old, new, 1))
    assert any(said in one for one in found), found


@pytest.mark.parametrize("key", ["rules", "upgrades", "sections"])
def test_a_list_that_is_none_is_complained_about_once(key: str, tmp_path: Path) -> None:
    text = re.sub(rf"^{key}:$(\n  .*|\n)*", f"{key}: none\n", KITCHEN, flags=re.MULTILINE)
    found = complaints(tmp_path, text)
    assert sum(f"{key}: expected a list" in one for one in found) == 1, found


def test_an_embedding_section_has_nothing_of_its_own(tmp_path: Path) -> None:
    text = KITCHEN.replace("    embed: pantry/people", "    embed: pantry/people\n    fields: []")
    assert any(
        "sections[3].fields: a section that embeds" in one for one in complaints(tmp_path, text)
    )


EXAMPLES = [
    ("one", "a", None),
    ("one", "z", "no such option: z"),
    ("one", ["a"], "expected a text"),
    ("some", ["p", "z"], "no such option: z"),
    ("scale", "5", None),
    ("scale", "6", "expected a whole number from 1 to 5"),
    ("start", "2026-10-15", None),
    ("start", "October", "expected a date"),
    ("with", ["O.P."], None),
    ("with", "O.P.", "expected a list of texts"),
    ("steps", "none", "expected a list of rows"),
    ("steps", [{"action": "Ask", "who": ["self"]}], None),
    ("steps", [{"deed": "Ask"}], "no such column: deed"),
    ("steps", [{"strand": "fly"}], "strand: no such option: fly"),
    ("topic", "x", "nobody writes this"),
]


@pytest.mark.parametrize(("field", "value", "said"), EXAMPLES)
def test_a_worked_example_has_the_shape_of_answers(
    field: str, value: object, said: str | None
) -> None:
    about = load(FIXTURES / "kitchen" / "workbook.yml").field(field)
    found = kind_of(about).example_problem(about, value)
    assert (found is None) if said is None else (said in str(found))


def test_words_of_an_example_are_translated_and_ids_and_dates_are_not() -> None:
    library = Library.from_dirs([ROOT / "workbooks"])
    said = definition_json(library["action-plan"], str.upper)
    steps = next(one for one in said["sections"] if one["id"] == "steps")["example"]["answers"]
    assert steps["steps"][1]["action"].isupper()
    assert steps["steps"][2]["who"] == ["self", "PUPILS OF 2 AND 3"]
    assert steps["steps"][0]["strand"] == "consult"
    assert steps["steps"][0]["due"] == "2026-10-16"
    reach = next(
        one for one in definition_json(library["focus"])["sections"] if one["id"] == "reach"
    )["example"]["answers"]
    assert reach["within_my_influence"] == 4


def test_translators_read_where_a_text_stands() -> None:
    notes = {text: note for note, text in messages(load(FIXTURES / "kitchen" / "workbook.yml"))}
    assert notes["Every kind of field"] == "kitchen: title"
    assert notes["Third"] == "kitchen: choices / one / c: label"
    assert notes["Try out"] == "kitchen: rows / steps / strand / try_out: label"
    assert notes["Perhaps make it smaller."] == "kitchen: low: message"


def test_a_text_that_stands_twice_is_translated_once() -> None:
    for definition in Library.from_dirs([ROOT / "workbooks"]).values():
        offered = [text for _, text in messages(definition)]
        assert len(offered) == len(set(offered))
        heard: set[str] = set()
        definition_json(definition, lambda text, heard=heard: heard.add(text) or text)
        assert set(offered) == heard


def test_a_workbook_without_sections_is_none(tmp_path: Path) -> None:
    text = KITCHEN[: KITCHEN.index("sections:")] + KITCHEN[KITCHEN.index("upgrades:") :]
    found = complaints(tmp_path, text.replace("drop: mood", "drop: story"))
    assert found == ["w.yml:1: sections: missing"]
    found = complaints(tmp_path, text + "sections: []\n")
    assert any("sections: expected at least 1" in one for one in found)


def test_advice_looks_at_the_workbook_and_not_at_rows(tmp_path: Path) -> None:
    column = "          - {id: ease, kind: scale, label: Ease, from: 1, to: 5}\n"
    text = KITCHEN.replace("          - {id: due,", column + "          - {id: due,")
    text = text.replace("kind: advise, field: scale", "kind: advise, field: steps.ease")
    assert any("a column cannot be advised on" in one for one in complaints(tmp_path, text))
    text = text.replace("kind: advise, field: steps.ease", "kind: advise")
    assert any("rules[8].field: missing" in one for one in complaints(tmp_path, text))


def test_an_upgrade_is_not_doubted_where_fields_could_not_be_read(tmp_path: Path) -> None:
    text = KITCHEN.replace("drop: mood", "drop: story").replace("{id: name,", "{id: Name,")
    found = complaints(tmp_path, text)
    assert any("fields[0].id: expected small letters" in one for one in found)
    assert not any("still there" in one for one in found)


HEARD = (FIXTURES / "heard" / "workbook.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("rows: 3, message", "message", "rules[0].rows: say `rows`, `most`, "),
        ("rows: 3, message: Three talks show more than one.", "rows: 3", "message: missing"),
        ("any: [letter]", "any: [dove]", "rules[1].any: no such option: dove"),
        ("talks.way, rows", "talks.heard, rows", "'talks.heard' is a text, expected choice"),
        ("talks.way, rows", "talks, rows", "column: expected table.column"),
        ("of: relation, ", "", "'talks.who' is a person, expected choice"),
        ("rows: 3, message", "after: 3, message", "rules[0].rows: say `rows`, `most`, "),
        ("rows: 3, message", "each: [dove], message", "rules[0].each: no such option: dove"),
        ("different: 2, any", "all: [director], any", "rules[2].all: of the people chosen"),
    ],
)
def test_a_thought_about_rows_is_refused_where_it_cannot_be_judged(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    assert before in HEARD
    lines = complaints(tmp_path, HEARD.replace(before, after, 1))
    assert any(complaint in line for line in lines), lines


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("of: relation", "of: alias", "rules[2].of: 'alias' is not a choice of pantry/people"),
        ("of: relation", "of: nobody", "rules[2].of: 'nobody' is not a choice of pantry/people"),
        ("any: [director]", "any: [king]", "rules[2].any: no such option: king"),
    ],
)
def test_people_of_another_workbook_have_what_a_thought_looks_at(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    write(tmp_path, HEARD.replace(before, after, 1), "heard")
    write(tmp_path, (FIXTURES / "pantry" / "workbook.yml").read_text(encoding="utf-8"), "pantry")
    with pytest.raises(DefinitionErrors, match=re.escape(complaint)):
        Library.from_dirs([tmp_path])


PROOF = (FIXTURES / "proof" / "workbook.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("rubric: trial", "rubric: nowhere", "rubric: there is no rubric 'nowhere'"),
        ("rubric: trial", "rubric: ../trial", "rubric: there is no rubric"),
        ("rubric: trial", "rubric: trial, options: []", "options: the criteria of the rubric are"),
        ("min: 1}", "min: 9}", "min: expected a whole number from 0 to"),
        ("label_column: alias", "label_column: relation", "label_column must be a text column"),
        ("from: pantry/people", "from: pantry/topic", "rows come from a table"),
    ],
)
def test_criteria_come_from_a_rubric_and_rows_from_a_table(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    assert before in PROOF
    (tmp_path / "rubrics").mkdir()
    trial = (FIXTURES / "rubrics" / "trial.yml").read_text(encoding="utf-8")
    (tmp_path / "rubrics" / "trial.yml").write_text(trial, encoding="utf-8")
    write(tmp_path, (FIXTURES / "pantry" / "workbook.yml").read_text(encoding="utf-8"), "pantry")
    write(tmp_path, PROOF.replace(before, after, 1), "proof")
    with pytest.raises(DefinitionErrors) as caught:
        Library.from_dirs([tmp_path])
    assert complaint in str(caught.value)


def test_a_broken_rubric_is_named_where_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "trial.yml").write_text("format: 1\n", encoding="utf-8")
    write(tmp_path, PROOF, "proof")
    with pytest.raises(DefinitionErrors, match=r"rubric: .*missing"):
        Library.from_dirs([tmp_path])
