"""The parts below the pages: limits, ledgers, words, jobs, the next step, the log."""

from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.server import helpers
from ustaz.base.ledger import Ledger
from ustaz.base.throttle import Throttle
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.roster import name_key
from ustaz.server import problem_texts, templates
from ustaz.server.host.limits import BURST, saves_of
from ustaz.server.http import HTTPProblem, embed_json, wants_gzip
from ustaz.server.i18n import choose_language
from ustaz.server.pages.book import policy, resolve
from ustaz.server.site import Site
from ustaz.server.views import homes, staff_overview
from ustaz.server.views.jobs import Run, Runs
from ustaz.server.views.records import record
from ustaz.server.views.serialize import rounds_json

# -- limits -----------------------------------------------------------------------------------


def test_a_burst_passes_then_the_pace_is_kept():
    now = [0.0]
    throttle = Throttle(clock=lambda: now[0])
    assert {throttle.begin(saves_of("a")) for _ in range(BURST)} == {0}
    assert throttle.begin(saves_of("a")) == 1
    assert throttle.begin(saves_of("b")) == 0
    now[0] = 0.1
    assert throttle.begin(saves_of("a")) == 0
    assert throttle.begin(saves_of("a")) == 1


# -- ledger -----------------------------------------------------------------------------------
def test_a_torn_last_line_is_skipped_and_the_next_one_is_whole(tmp_path: Path):
    ledger = Ledger(tmp_path / "ledger")
    ledger.append("aigul-s", {"field": "one"})
    path = tmp_path / "ledger" / "aigul-s.jsonl"
    with path.open("ab") as handle:
        handle.write(b'{"field": "tw')
    ledger.append("aigul-s", {"field": "three"})
    assert [one["field"] for one in ledger.entries("aigul-s")] == ["one", "three"]


def test_lines_of_many_writers_are_all_there(tmp_path: Path):
    ledger = Ledger(tmp_path)

    def work(name: int) -> None:
        for turn in range(10):
            ledger.append("aigul-s", {"who": name, "turn": turn})

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(list(ledger.entries("aigul-s"))) == 40


@pytest.mark.parametrize("name", ["../x", "A", "", "a/b", "a\n", "x" * 33])
def test_a_ledger_has_no_file_for_what_is_no_id(tmp_path: Path, name: str):
    with pytest.raises(ValueError):
        Ledger(tmp_path).append(name, {})
    assert list(tmp_path.iterdir()) == []


# -- words ------------------------------------------------------------------------------------
def test_names_stand_in_the_order_of_the_kazakh_alphabet():
    names = ["Ұлжан Т.", "Ботагөз Ә.", "Әйгүл С.", "Ирина Щ.", "Айгүл Қ.", "Қанат Б.", "Olga P."]
    assert sorted(names, key=name_key) == [
        "Olga P.", "Айгүл Қ.", "Әйгүл С.", "Ботагөз Ә.", "Ирина Щ.", "Қанат Б.", "Ұлжан Т.",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", helpers.LANGUAGES)
def test_dates_are_said_in_words_and_nobody_is_scolded(site: Site, lang: str):
    words = site.words(lang)
    day = dt.date(2026, 11, 23)
    for distance in (-30, -1, 0, 1, 2, 5, 21):
        said = words.due(day + dt.timedelta(days=distance), day)
        assert "{" not in said
        assert "2026" in said
    assert words.moment("2026-11-23T20:30:00+00:00").endswith("01:30")  # in Almaty, the next day


def test_a_wish_that_the_course_does_not_offer_is_passed_over():
    assert choose_language(("ru", "kk"), "en", None, "kk") == "kk"
    assert choose_language(("ru", "kk"), accept="en;q=1, kk;q=bad, ru;q=0") == "ru"


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=3))
def test_no_data_breaks_out_of_its_block(text: str, more: dict[str, str]):
    import json

    packed = embed_json({"text": text, "more": more, "end": "</script><!--"})
    assert not set("<>&\u2028\u2029") & set(packed)
    assert json.loads(packed)["text"] == text


def test_gzip_is_sent_only_to_who_takes_it():
    assert wants_gzip("br, gzip;q=0.8")
    assert wants_gzip("*")
    assert not wants_gzip("gzip; q=0, br")
    assert not wants_gzip("")


@pytest.mark.parametrize("lang", helpers.LANGUAGES)
def test_every_refusal_has_words(site: Site, lang: str):
    for error_id in problem_texts.REFUSALS:
        told = problem_texts.as_json(site.words(lang), HTTPProblem(400, error_id))
        assert told["error"] == error_id
        assert told["message"]
        assert told["hint"]
    unknown = problem_texts.as_json(site.words(lang), HTTPProblem(500, "never-heard-of"))
    assert unknown["message"]


# -- paths ------------------------------------------------------------------------------------
@given(st.text(alphabet=st.sampled_from("./\\a%:~\0 ..é"), max_size=20))
def test_no_address_leads_out_of_the_book(address: str):
    root = Path(__file__).parent
    found = resolve(root, address)
    assert found is None or found.is_relative_to(root)


def test_only_the_scripts_that_stand_in_a_page_may_run():
    html = b"<script>one()</script><script src='x.js'></script><SCRIPT type=a>two()</SCRIPT>"
    assert policy(html).count("sha256-") == 2
    assert "'unsafe-inline'" not in policy(html).split("style-src")[0]


# -- jobs -------------------------------------------------------------------------------------
def test_one_job_runs_at_a_time_and_a_fault_is_told_by_id():
    runs, go = Runs(), threading.Event()

    def job(run: Run) -> dict[str, object]:
        run.progress(1, 2)
        go.wait(10)
        raise RuntimeError("somebody's words")

    first = Run("grade", "focus", "saule-m")
    assert runs.start(first, job, lambda error: "internal")
    assert not runs.start(Run("grade", "focus", "saule-m"), job, lambda error: "internal")
    go.set()
    assert first.finished.wait(10)
    assert first.as_json()["error"] == "internal"
    assert (first.done, first.of) == (1, 2)
    last = Run("collect", "focus", "saule-m")
    assert runs.start(last, lambda run: {"taken": []}, lambda error: "internal")
    assert last.finished.wait(10)
    assert last.result == {"taken": []}


def test_the_log_of_a_fault_holds_places_and_no_words(site: Site):
    try:
        raise ValueError("what a teacher wrote")
    except ValueError as error:
        said = templates.where(type(error), error.__traceback__)
    assert said.startswith("ValueError at test_parts.py:")
    assert "teacher" not in said


# -- the next step ----------------------------------------------------------------------------
def step(site: Site, person: str) -> tuple[str, str]:
    found = homes.next_step(site, homes.records(site, person))
    return found.kind, found.workbook


def test_there_is_always_one_next_step(site: Site, course: Course, monkeypatch: pytest.MonkeyPatch):
    person = "aigul-s"
    assert step(site, person) == ("start", "focus")
    helpers.put(course, person, "focus", **helpers.FOCUS)
    assert step(site, person) == ("continue", "focus")
    helpers.write(course, person, "focus", [{"op": "status", "value": "ready"}])
    assert step(site, person) == ("submit", "focus")
    submit(course, person, "focus", identity=acting_as(course, person))
    assert step(site, person) == ("start", "action-plan")
    helpers.put(course, person, "action-plan", title="Weekly pair talk")
    submit(course, person, "action-plan", identity=acting_as(course, person))
    assert step(site, person) == ("wait", "")
    helpers.put(course, person, "focus", focus_statement="Something else now, after thinking")
    assert record(site, person, "focus").changed
    assert step(site, person) == ("wait", ""), "what goes on living asks for no other round"
    helpers.write(course, person, "focus", [{"op": "status", "value": "draft"}])
    helpers.write(course, person, "focus", [{"op": "status", "value": "ready"}])
    assert step(site, person) == ("send_again", "focus")


def test_status_comes_from_rounds_and_not_from_the_file(site: Site, course: Course):
    helpers.put(course, "aigul-s", "focus", **helpers.FOCUS)
    one = record(site, "aigul-s", "focus")
    assert (one.status, one.changed, one.unread) == ("draft", False, False)
    submit(course, "aigul-s", "focus", identity=acting_as(course, "aigul-s"))
    one = record(site, "aigul-s", "focus")
    assert (one.status, one.changed) == ("submitted", False)
    assert [each["current"] for each in rounds_json(one)] == [True]
    helpers.put(course, "aigul-s", "focus", focus_statement=helpers.FOCUS["focus_statement"])
    assert not record(site, "aigul-s", "focus").changed
    helpers.put(course, "aigul-s", "focus", focus_statement="Another")
    assert record(site, "aigul-s", "focus").changed


def test_an_empty_course_has_empty_counts(site: Site, course: Course):
    for one in staff_overview.overview(course):
        assert one["people"] == 4
        assert one["submitted"] == one["returned"] == one["to_mark"] == 0


def test_a_new_version_of_the_workbook_is_no_change_of_its_writers(
    site: Site, course: Course, monkeypatch: pytest.MonkeyPatch
):
    helpers.put(course, "aigul-s", "focus", **helpers.FOCUS)
    submit(course, "aigul-s", "focus", identity=acting_as(course, "aigul-s"))
    newer = replace(course.library["focus"], version="1.0.1")
    monkeypatch.setitem(course.library._by_id, "focus", newer)
    assert not record(site, "aigul-s", "focus").changed
    helpers.put(course, "aigul-s", "focus", focus_statement="Another")
    assert record(site, "aigul-s", "focus").changed


def test_what_is_in_another_language_says_so_and_nothing_else_does():
    from ustaz.server.templates import spoken

    page = "<p><bdi>Әйгүл С.</bdi> <bdi>Olga P.</bdi> <bdi>7</bdi> <bdi lang='kk'>Ә</bdi></p>"
    assert spoken(page, "en") == (
        '<p><bdi lang="kk">Әйгүл С.</bdi> <bdi>Olga P.</bdi> <bdi>7</bdi>'
        " <bdi lang='kk'>Ә</bdi></p>"
    )
    assert spoken("<bdi>Ольга &amp; Ко</bdi>", "kk") == "<bdi>Ольга &amp; Ко</bdi>"


def test_languages_by_letters_are_told_as_the_page_tells_them():
    from ustaz.messages import language_by_letters

    path = Path(__file__).resolve().parents[1] / "vectors" / "letters.json"
    for one in json.loads(path.read_text("utf-8")):
        assert language_by_letters(one["text"], one["lang"]) == one["found"], one
