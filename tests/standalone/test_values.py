"""Values of the widgets that stand alone: plain data, refused whole where it does not fit."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from typing import Any

import ipywidgets
import pandas as pd
import pytest
import traitlets
import ustaz_widgets
from hypothesis import given, settings
from hypothesis import strategies as st
from ustaz_widgets import Levels, PeopleMap, Plan, Ratings, StoryLine

STEPS = [
    {"id": "step01", "action": "Ask two parents", "start": "2026-10-05", "due": "2026-10-16"},
    {"id": "step02", "action": "Pair talk", "due": "2027-01-22", "status": "doing"},
]
TODAY = "2026-11-23"


def all_five() -> list[Any]:
    return [
        Plan(STEPS, today=TODAY),
        Ratings({"trust": {"now": 3, "wanted": 5}}),
        PeopleMap([{"alias": "librarian", "interest": 4, "influence": 2}]),
        Levels({"t2": {"level": 2, "reason": "Two mothers changed the card."}}),
        StoryLine([{"kind": "concern", "day": "2026-09-21", "text": "Few pupils ask"}]),
    ]


# -- what is taken --------------------------------------------------------------------------------
def test_days_frames_and_gaps_become_plain_data() -> None:
    frame = pd.DataFrame(
        [
            {"action": "Ask", "due": pd.Timestamp("2026-10-16"), "status": "done"},
            {"action": "Try", "due": pd.NaT, "status": None},
        ]
    )
    expected = [
        {"id": "row0001", "action": "Ask", "due": "2026-10-16", "status": "done"},
        {"id": "row0002", "action": "Try"},
    ]
    assert Plan(frame).value == expected
    day = dt.date(2026, 10, 16)
    assert Plan([{"action": "Ask", "due": day, "who": None}]).value[0] == {
        "id": "row0001", "action": "Ask", "due": "2026-10-16",
    }  # fmt: skip


def test_a_column_with_gaps_holds_whole_numbers_still() -> None:
    frame = pd.DataFrame({"now": [1, None], "wanted": [3, 4]}, index=["trust", "voice"])
    ratings = Ratings(frame)
    assert ratings.value == {"trust": {"now": 1, "wanted": 3}, "voice": {"wanted": 4}}
    assert json.dumps(ratings.value)
    rows = [{"dimension": "trust", "now": 1, "wanted": None}]
    assert Ratings(rows).value == {"trust": {"now": 1, "wanted": None}}


def test_cannot_say_is_an_answer_and_nothing_is_none() -> None:
    people = PeopleMap([{"alias": "S.M.", "interest": None, "next_by": None}])
    assert people.value == [{"id": "row0001", "alias": "S.M.", "interest": None}]


def test_a_row_keeps_its_id_and_a_fresh_one_meets_no_other() -> None:
    plan = Plan([{"id": "row0001", "action": "Ask"}, {"action": "Try"}])
    assert [step["id"] for step in plan.value] == ["row0001", "row0002"]


CELLS = {
    "action": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    "strand": st.sampled_from(["consult", "try_out", "embed"]),
    "who": st.sampled_from(["A.N.", "Ә.Қ.", "<script>alert(1)</script>"]),
    "due": st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)).map(str),
    "evidence_expected": st.lists(
        st.sampled_from(["ev_note", "ev_photo"]), unique=True, min_size=1
    ),
    "status": st.sampled_from(["not_started", "doing", "done"]),
}
ROWS = st.lists(st.fixed_dictionaries({}, optional=CELLS), max_size=6).map(
    lambda rows: [{"id": f"step{at:02d}", **row} for at, row in enumerate(rows)]
)
RATING = st.one_of(st.none(), st.integers(1, 5))
ANSWERS = st.dictionaries(
    st.sampled_from(["trust", "voice", "time"]),
    st.fixed_dictionaries({}, optional={"now": RATING, "wanted": RATING}).filter(bool),
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan()


@pytest.fixture(scope="module")
def ratings() -> Ratings:
    return Ratings()


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_what_is_kept_comes_back_and_is_json(plan: Any, rows: list[dict[str, Any]]) -> None:
    plan.value = rows
    kept = plan.value
    assert json.loads(json.dumps(kept)) == kept
    assert [step["id"] for step in kept] == [row["id"] for row in rows]
    plan.value = kept
    assert plan.value == kept
    # What the page sends is what stands there: no key stroke is answered by a change.
    plan.set_state({"value": json.loads(json.dumps(kept))})
    assert plan.value == kept


@settings(max_examples=40, deadline=None)
@given(answers=ANSWERS)
def test_ratings_come_back_as_they_were(ratings: Any, answers: dict[str, Any]) -> None:
    ratings.value = answers
    assert ratings.value == answers


# -- what is refused ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (5, "steps: expected a list of dictionaries"),
        ("Ask two parents", "steps: expected a list of dictionaries"),
        ([3], "steps, row 1: expected a dictionary"),
        ([{"acton": "Ask"}], "steps, row 1, acton: expected one of action, "),
        ([{"action": 1}], "steps, row 1, action: expected a text"),
        ([{"action": ["Ask"]}], "steps, row 1, action: expected a text"),
        ([{"action": object()}], "steps, row 1, action: expected a text"),
        ([{}, {"due": "soon"}], "steps, row 2, due: expected a day, written as 2026-11-30"),
        ([{"due": "2026-02-30"}], "steps, row 1, due: expected a day"),
        ([{"strand": "sing"}], "steps, row 1, strand: expected one of consult, "),
        ([{"evidence_expected": "ev_note"}], "steps, row 1, evidence_expected: expected a list"),
        ([{"id": "A"}], "the id of a row has 6 to 16"),
        ([{"id": 7}], "the id of a row has 6 to 16"),
        ([{"id": "aaaaaa"}, {"id": "aaaaaa"}], "steps: the same twice"),
        ([{"action": "a"}] * 101, "steps: more than 100"),
        ([{"action": "x" * 20_001}], "steps, row 1, action: longer than 20000 characters"),
        ([{"action": "a\0b"}], "steps, row 1, action: a character that cannot be kept"),
        ([{"action": "\ud800"}], "steps, row 1, action: a character that cannot be kept"),
        ([{"action": "x" * 19_000}] * 20, "steps: more than 256 KiB"),
    ],
)
def test_steps_that_do_not_fit_are_refused_by_place_and_change_nothing(
    plan: Any, steps: object, words: str
) -> None:
    plan.value = STEPS
    with pytest.raises(traitlets.TraitError) as caught:
        plan.value = steps
    assert str(caught.value).startswith(words) or words in str(caught.value)
    assert plan.value == STEPS
    plan.set_state({"value": steps})
    assert plan.value == STEPS


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (7, "ratings: expected a dictionary"),
        ({"trust": 3}, "ratings, trust: expected a dictionary"),
        ({"trust": {"now": 6}}, "ratings, trust, now: expected a whole number from 1 to 5"),
        ({"trust": {"now": True}}, "ratings, trust, now: expected a whole number from 1 to 5"),
        ({"trust": {"now": 2.5}}, "ratings, trust, now: expected a whole number from 1 to 5"),
        ({"trust": {"then": 1}}, "ratings, trust, then: expected one of now, wanted"),
        ({"love": {"now": 1}}, "ratings, love: expected one of trust, "),
        ([{"now": 1}], "ratings, row 1: something is missing: dimension"),
        ([{"dimension": "trust"}] * 2, "ratings, row 2, trust: the same twice"),
    ],
)
def test_ratings_that_do_not_fit_are_refused_by_dimension(
    ratings: Any, answers: object, words: str
) -> None:
    ratings.value = {"trust": {"now": 1}}
    with pytest.raises(traitlets.TraitError) as caught:
        ratings.value = answers
    assert str(caught.value).startswith(words)
    assert ratings.value == {"trust": {"now": 1}}


def test_people_levels_and_events_name_what_does_not_fit() -> None:
    with pytest.raises(traitlets.TraitError, match=r"people, row 1, interest: .*from 1 to 5"):
        PeopleMap([{"interest": 9}])
    with pytest.raises(traitlets.TraitError, match=r"levels, t2, level: .*from 0 to 3"):
        Levels({"t2": {"level": 4}})
    with pytest.raises(traitlets.TraitError, match="levels, t2, reason: longer than 2000"):
        Levels({"t2": {"reason": "x" * 2001}})
    with pytest.raises(traitlets.TraitError, match="events, row 1: something is missing: day"):
        StoryLine([{"kind": "step"}])
    with pytest.raises(traitlets.TraitError, match="events, row 2, kind: expected one of concern"):
        StoryLine([{"kind": "review", "day": TODAY}, {"kind": "party", "day": TODAY}])
    with pytest.raises(traitlets.TraitError, match="events: more than 300"):
        StoryLine([{"kind": "entry", "day": TODAY}] * 301)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Plan(kinds={"Ask!": "Ask"}),
        lambda: Plan(kinds=[{"id": "ask"}]),
        lambda: Plan(kinds={"ask": "x" * 401}),
        lambda: Plan(kinds="ask"),
        lambda: Plan(start="2027-01-01", end="2026-01-01"),
        lambda: Plan(start="soon"),
        lambda: Plan(today=3),
        lambda: Plan(language="de"),
        lambda: Plan(read_only="yes"),
        lambda: Ratings(dimensions={"a": "A", "b": "B"}),
        lambda: Ratings(dimensions=[{"id": "a", "label": "A"}] * 3),
        lambda: Ratings(low=1),
        lambda: Ratings(earlier={"trust": {"now": 9}}),
        lambda: PeopleMap(corners=["a", "b"]),
        lambda: PeopleMap(x_name=""),
        lambda: PeopleMap(stances={f"s{at}": "S" for at in range(7)}),
        lambda: Levels(levels=["low", "high"]),
        lambda: Levels(levels=["low", "low"], criteria=[{"id": "a", "label": "A"}]),
        lambda: Levels(
            levels=["low", "high"], criteria=[{"id": "a", "label": "A", "descriptors": ["x"]}]
        ),
        lambda: StoryLine(start="2027-01-01", end="2026-01-01"),
        lambda: StoryLine(shown=["lane"]),
    ],
)
def test_arguments_that_do_not_fit_are_refused(make: Any) -> None:
    with pytest.raises(traitlets.TraitError):
        make()


# -- as an ipywidget ------------------------------------------------------------------------------
def test_they_stand_in_a_box_are_observed_linked_and_interacted_with() -> None:
    for widget in all_five():
        ipywidgets.VBox([widget])
        copy = type(widget)(language="ru")
        link = traitlets.link((widget, "value"), (copy, "value"))
        assert copy.value == widget.value
        heard: list[Any] = []
        copy.observe(lambda change, heard=heard: heard.append(change["new"]), "value")
        widget.value = type(widget.value)()
        assert heard == [type(widget.value)()]
        link.unlink()
        assert ipywidgets.interactive(lambda value: None, value=widget).children[0] is widget


def test_a_page_may_set_what_is_its_own_and_nothing_else() -> None:
    plan = Plan(STEPS, today=TODAY)
    script, page = plan._esm, plan.page
    plan.set_state({"page": {}, "_esm": "alert(1)", "_css": "", "read_only": True})
    assert (plan._esm, plan.page, plan.read_only) == (script, page, True)
    # All of it, or nothing.
    plan.set_state({"value": [], "language": "de"})
    assert (plan.value, plan.language) == (STEPS, "en")
    story = StoryLine(plan.events(), today=TODAY)
    picture = story.picture
    story.set_state({"picture": "<script>alert(1)</script>", "shown": ["steps"]})
    assert (story.picture, story.shown) == (picture, ["steps"])


def test_the_page_is_told_why_in_its_language() -> None:
    plan = Plan(STEPS, language="ru")
    sent: list[dict[str, Any]] = []
    plan.send = lambda content, buffers=None: sent.append(content)
    plan.set_state({"value": [{"id": "step01", "due": "soon"}]})
    plan.set_state({"value": []})
    assert [message["event"] for message in sent] == ["refused", "taken"]
    assert sent[0]["message"] == "строка 1, Окончание: нужен день, записанный как 2026-11-30"
    assert plan.value == []


def test_another_language_says_everything_anew() -> None:
    plan = Plan(STEPS)
    assert plan.page["messages"] == {}
    plan.language = "kk"
    (field,) = plan.page["definition"]["sections"][0]["fields"]
    assert field["label"] == "Іс-әрекет жоспары"
    assert plan.page["messages"]
    plan.description = "Our plan"
    assert plan.page["definition"]["sections"][0]["fields"][0]["label"] == "Our plan"


def test_nothing_speaks_of_who_may_read_it_in_a_course() -> None:
    for widget in all_five():
        assert "Only you can see this" not in json.dumps(widget.page)


def test_own_kinds_dimensions_people_and_rubrics_take_the_place_of_the_courses() -> None:
    plan = Plan([{"strand": "ask"}], kinds={"ask": "Ask others", "try": "Try it"})
    assert plan.value[0]["strand"] == "ask"
    with pytest.raises(traitlets.TraitError, match="expected one of ask, try"):
        plan.value = [{"strand": "consult"}]
    sides = [
        {"id": name, "label": name.title(), "help": "Say."} for name in ("joy", "calm", "pace")
    ]
    assert Ratings({"joy": {"now": 1}}, dimensions=sides, low="never", high="always").value
    people = PeopleMap(
        [{"stance": "yes"}], stances={"yes": "says yes"}, x_name="Time", y_name="Say"
    )
    shown = people.page["definition"]["sections"][0]["fields"][0]
    assert (shown["map"]["x_name"], shown["columns"][2]["label"]) == ("Time", "Time")
    rubric = {"levels": ["not yet", "often"], "criteria": [{"id": "ask", "label": "Pupils ask"}]}
    assert Levels({"ask": {"level": 1}}, **rubric).value == {"ask": {"level": 1}}


def test_steps_of_a_plan_are_events_of_a_story() -> None:
    events = Plan(STEPS, today=TODAY).events()
    assert [(event["day"], event["state"]) for event in events] == [
        ("2026-10-16", "late"),
        ("2027-01-22", "open"),
    ]
    story = StoryLine([*events, {"kind": "concern", "day": "2026-09-21", "text": "<b>Few</b>"}])
    assert "&lt;b&gt;Few" in story.picture
    assert "<b>Few" not in story.picture


# -- for readers without widgets -------------------------------------------------------------------
def test_readers_without_widgets_see_the_value_escaped() -> None:
    plan = Plan([{"action": "<script>alert(1)</script>\nand more", "due": "2026-10-16"}])
    data, _ = plan._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "<script>" not in data["text/html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>and more" in data["text/html"]
    assert "16 October 2026" in data["text/html"]
    assert data["text/plain"].splitlines()[1] == "What will happen | Until"
    for widget in all_five():
        shown, _ = widget._repr_mimebundle_()
        assert "<table" in shown["text/html"]
        for address in ("http:", "https:", "src=", "style="):
            assert address not in shown["text/html"]
    empty, _ = Ratings()._repr_mimebundle_()
    assert "Nothing here yet." in empty["text/html"]


def test_the_root_of_the_package_names_them_all() -> None:
    assert {"Levels", "PeopleMap", "Plan", "Ratings", "StoryLine", "Workbook"} <= set(
        dir(ustaz_widgets)
    )


def test_a_misspelt_argument_is_refused_and_those_of_all_are_offered_for_completion() -> None:
    with pytest.raises(TypeError, match="Plan takes no argument 'lang'; did you mean 'language'"):
        Plan(lang="kk")
    with pytest.raises(TypeError, match="Plan takes its value as 'steps'"):
        Plan(value=[])
    with pytest.raises(TypeError, match="did you mean 'dimensions'"):
        Ratings(dimension={})
    for widget in all_five():
        names = list(inspect.signature(type(widget)).parameters)
        assert names[-5:] == ["language", "read_only", "description", "layout", "kwargs"]
        assert repr(widget).startswith(f"{type(widget).__name__}(")
