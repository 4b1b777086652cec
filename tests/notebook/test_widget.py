"""The widget tells Python what stands on the server, for the right person and workbook."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ustaz_widgets
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from IPython.lib.pretty import pretty
from ustaz_widgets import Workbook
from ustaz_widgets.notebook import CourseError, Progress, page_address
from ustaz_widgets.notebook.course import course_here, owner_here

from tests.server import helpers
from tests.support.demos import demo_course
from tests.support.live import Live


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    course = tmp_path_factory.mktemp("widget") / "course"
    with Live(demo_course(tmp_path_factory, course)) as server:
        yield server


@pytest.fixture
def beside(live: Live, monkeypatch: pytest.MonkeyPatch) -> Live:
    """Make this process a kernel of the live server, in a folder that is nobody's."""
    assert live.process is not None
    monkeypatch.setenv("JPY_PARENT_PID", str(live.process.pid))
    monkeypatch.chdir(live.course)
    return live


def folder(live: Live, person: str, workbook: str) -> Path:
    place = live.course / "people" / person / workbook
    place.mkdir(parents=True, exist_ok=True)
    return place


def test_the_root_of_the_package_gives_the_widget_and_nothing_else() -> None:
    assert ustaz_widgets.Workbook is Workbook
    with pytest.raises(AttributeError, match="has no attribute 'Werkbuch'"):
        _ = ustaz_widgets.Werkbuch


@pytest.mark.parametrize(
    "arguments",
    [
        {"workbook": "Focus"},
        {"workbook": "../focus"},
        {"workbook": "focus", "person": "Aigul S."},
        {"workbook": "focus", "person": "a?b"},
        {"workbook": "focus", "section": "<b>"},
        {"workbook": "focus", "lang": "kazakh"},
    ],
)
def test_what_is_no_id_is_refused(arguments: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="small letters"):
        Workbook(**arguments)  # type: ignore[arg-type]


def test_a_misspelt_argument_is_refused_with_a_guess() -> None:
    with pytest.raises(TypeError, match="takes no argument 'language'; did you mean 'lang'"):
        Workbook("focus", language="kk")
    with pytest.raises(TypeError, match="did you mean 'section'"):
        Workbook("focus", sektion="values")
    assert Workbook("focus", layout={"height": "20em"}).layout.height == "20em"


def test_a_widget_and_its_progress_are_read_at_the_prompt() -> None:
    shown = Workbook("focus", person="aigul-s", read_only=True)
    assert repr(shown) == "Workbook('focus', person='aigul-s', read_only=True)"
    assert pretty(Progress(1, 3, "draft", ("Why", "When"))) == "1 of 3 answered; open: Why, When"


def test_a_notebook_shows_the_words_of_an_error_and_none_of_our_code() -> None:
    shell = InteractiveShell()
    shown: list[str] = []
    shell._showtraceback = lambda etype, evalue, lines: shown.extend(lines)
    shell.run_cell(
        "from ustaz_widgets.notebook import CourseError\n"
        "raise CourseError('not_yours', 'This is not yours.', 'Yours are on the home page.')"
    )
    assert shown == ["CourseError (not_yours): This is not yours.", "Yours are on the home page."]


def test_without_a_server_an_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    with pytest.raises(CourseError) as caught:
        _ = Workbook("focus").answers
    assert caught.value.id == "no_service"
    assert "ustaz serve" in caught.value.hint


def test_answers_are_those_of_the_owner_of_the_folder(
    beside: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder(beside, "aigul-s", "focus"))
    shown = Workbook("focus")
    assert owner_here() == "aigul-s"
    assert shown.answers["focus_statement"]
    # In the folder of another workbook it is still the one that was asked for.
    monkeypatch.chdir(folder(beside, "aigul-s", "action-plan"))
    assert shown.answers == Workbook("focus").answers
    assert "steps" in Workbook("action-plan").answers


def test_changing_the_copy_changes_nothing(beside: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder(beside, "aigul-s", "focus"))
    shown = Workbook("focus")
    before = shown.answers
    shown.answers.clear()
    assert shown.answers == before


def test_where_nobody_is_signed_in_nothing_is_read(beside: Live) -> None:
    with pytest.raises(CourseError) as caught:
        _ = Workbook("focus").answers
    assert caught.value.id == "choose_person"
    assert "os.environ['USTAZ_PERSON']" in caught.value.hint


def test_the_page_says_as_whom_it_is_used(beside: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Workbook("focus")
    shown._heard(shown, {"event": "opened", "revision": 1, "reader": "marat-t"}, [])
    assert shown.answers["focus_statement"]
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")
    assert shown.answers == Workbook("focus", person="aigul-s").answers


def test_somebody_elses_workbook_is_refused_with_a_reason(
    beside: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")
    with pytest.raises(CourseError) as caught:
        _ = Workbook("focus", person="olga-p").answers
    assert caught.value.id == "not_yours"


def test_progress_says_how_much_is_answered_and_what_is_open(
    beside: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")
    whole = Workbook("focus").evaluation
    assert 0 < whole.answered <= whole.of
    assert str(whole).startswith(f"{whole.answered} of {whole.of} answered")
    part = Progress(1, 3, "draft", ("Why", "When"))
    assert str(part) == "1 of 3 answered; open: Why, When"


def test_a_table_is_a_frame_with_types_in_it(beside: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")
    plan = Workbook("action-plan")
    steps = plan.table("steps")
    assert len(steps) == len(plan.answers["steps"])
    assert steps.due.dtype == "datetime64[s]"
    assert set(steps.person) == {"aigul-s"}
    assert len(plan.table()) == 1
    with pytest.raises(KeyError, match=r"it has .*steps"):
        plan.table("stepz")


def test_only_an_acknowledged_save_calls_back() -> None:
    shown = Workbook("focus", layout={"height": "20em"})
    heard: list[int] = []
    traits: list[int] = []
    shown.on_saved(lambda widget: heard.append(widget.revision))
    shown.observe(lambda change: traits.append(change["new"]), "revision")
    hostile: list[Any] = [
        None, "saved", {}, {"event": "saved"}, {"event": "saved", "revision": "7"},
        {"event": "saved", "revision": True}, {"event": "saved", "revision": -1},
        {"event": "saved", "revision": 1.5}, {"event": "opened", "reader": "../../x"},
    ]  # fmt: skip
    for content in hostile:
        shown._heard(shown, content, [])
    assert (heard, traits, shown._reader) == ([], [], "")
    shown._heard(shown, {"event": "opened", "revision": 3, "reader": "aigul-s"}, [])
    shown._heard(shown, {"event": "saved", "revision": 4, "reader": "aigul-s"}, [])
    shown._heard(shown, {"event": "saved", "revision": 5, "reader": "aigul-s"}, [])
    assert (heard, traits) == ([4, 5], [3, 4, 5])


def test_the_course_is_that_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_SERVICE_COURSES", "trial pilot")
    deep = tmp_path / "pilot" / "focus"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert course_here() == "pilot"
    monkeypatch.chdir(tmp_path)
    assert course_here() == ""
    assert os.environ["USTAZ_SERVICE_COURSES"]


HOSTILE = '<script>alert(1)</script><img src="https://example.org/x.png"> ![a](https://example.org)'


def static(widget: Workbook) -> tuple[str, str]:
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    return data["text/html"], data["text/plain"]


def test_a_saved_output_holds_the_own_answers_escaped_and_asks_for_nothing(
    beside: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ustaz.answers import Subject
    from ustaz.course import Course

    course = Course.open(beside.course)
    answers = course.store.read(Subject.person("aigul-s"), "focus").answers
    helpers.put(course, "aigul-s", "focus", focus_statement=HOSTILE, why_me="Тек өзім үшін")
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")
    shown, text = static(Workbook("focus", lang="kk"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert HOSTILE in text
    tags = BeautifulSoup(shown, "html.parser").find_all()
    assert not {tag.name for tag in tags} & {"script", "img", "link", "style", "iframe", "object"}
    assert {name for tag in tags for name in tag.attrs} <= {
        "href", "lang", "class", "dir", "scope", "data-label",
    }  # fmt: skip
    assert [tag["href"] for tag in tags if tag.has_attr("href")] == [page_address("focus")]
    # Neither what is private, nor what markers look at.
    assert "Тек өзім үшін" not in shown + text
    hint = course.library["focus"].manual
    assert hint is not None
    assert not any(line.strip() and line.strip("- ") in text for line in hint.hint.splitlines())
    # One section alone, and nothing at all where somebody wants that.
    part = static(Workbook("focus", section="values"))[1]
    assert HOSTILE not in part
    left_out = static(Workbook("focus", answers_in_file=False, lang="kk"))
    assert HOSTILE not in left_out[1]
    assert "Жауаптар бұл файлда сақталмайды." in left_out[1]
    monkeypatch.setenv("USTAZ_ANSWERS_IN_FILES", "none")
    assert HOSTILE not in static(Workbook("focus", answers_in_file=True))[1]
    helpers.put(course, "aigul-s", "focus", **{key: answers[key] for key in ("focus_statement",)})


def test_a_members_answers_stay_out_of_a_facilitators_file_unless_the_cell_asks_for_them(
    beside: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_PERSON", "saule-n")
    title = Workbook("action-plan", person="aigul-s").answers["title"]
    shown, text = static(Workbook("action-plan", person="aigul-s", read_only=True))
    assert title not in shown + text
    asked = static(Workbook("action-plan", person="aigul-s", answers_in_file=True))
    assert title in asked[1]
    # What is not theirs to read is in no file, whatever the cell asks for.
    refused = static(Workbook("action-plan", person="olga-p", answers_in_file=True))
    assert refused[1] == "action-plan"


def test_without_a_server_a_saved_output_is_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    assert static(Workbook("focus")) == (
        f'<div><p><a href="{page_address("focus")}">focus</a></p></div>',
        "focus",
    )
