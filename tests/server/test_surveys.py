"""The pages of surveys: who opens one and reads it, answering by a slip, refusals in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server.helpers import LANGUAGES, ROSTER, html, visit
from tests.support.qr import path_of
from ustaz import surveys
from ustaz.course import Course
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import answering
from ustaz.server.pages import surveys as pages
from ustaz.server.site import Site
from ustaz.surveys import Answers

LEADERS = ("bakhyt-d", "dina-f", "saule-m")
OTHERS = ("aigul-s", "yerlan-b", "kairat-f", "other-d", "reader-r")
MORE = """\
kairat-f,Kairat F.,facilitator,g9,,en,
other-d,Other D.,director,,s2,en,
reader-r,Reader R.,reviewer,,,en,
"""


@pytest.fixture
def roster(course: Course) -> Course:
    (course.dir / "people.csv").write_text(ROSTER + MORE, encoding="utf-8")
    return course


def act(site: Site, person: str, **form: str) -> Response:
    return pages.act(visit(site, person, "surveys", method="POST", form=form))


def begin(site: Site, slips: int = 7, school: str = "s1") -> list[str]:
    reply = act(site, "bakhyt-d", do="open", survey="school", school=school, slips=str(slips))
    return re.findall(r'uzs-secret">([0-9A-Z-]{14})<', html(reply))


def slip(site: Site, code: str, lang: str = "en") -> str:
    return html(answering.questions(visit(site, None, f"survey/{code}", code=code, lang=lang)))


def send(site: Site, code: str, lang: str = "en", **form: str) -> Response:
    path = f"survey/{code}"
    request = visit(site, None, path, method="POST", form=form, code=code, lang=lang)
    return answering.send(request)


def ticks(rating: int = 4) -> dict[str, str]:
    return {f"s{at}": str(rating) for at in range(21)}


def ended(site: Site, people: int = 7) -> surveys.Round:
    codes = begin(site)
    known = surveys.rounds(site.course)[0]
    for number, code in enumerate(codes[:people]):
        place = surveys.place_of_code(site.course, code)
        assert place is not None
        ratings = tuple((number + at) % 5 + 1 if at % 3 else 4 for at in range(21))
        mine = Answers(ratings, "teacher", {"teams": f"canary-{number} <b>"})
        surveys.answer(site.course, place, mine)
    return known


def test_a_round_gives_one_slip_a_person_and_its_codes_once(roster: Course, site: Site) -> None:
    codes = begin(site)
    assert len(set(codes)) == 7
    listing = html(pages.listing(visit(site, "bakhyt-d", "surveys")))
    assert "0 people have answered" in listing
    assert not [code for code in codes if code in listing]


def test_each_slip_has_its_own_address_as_a_qr_code(roster: Course, site: Site) -> None:
    form = {"do": "open", "survey": "school", "school": "s1", "slips": "5"}
    request = visit(site, "bakhyt-d", "surveys", method="POST", form=form)
    slips = re.split(r"<li class=\"uzs-card uzs-slip\"", html(pages.act(request)))[1:]
    assert len(slips) == 5
    for slip_ in slips:
        code = re.findall(r'uzs-secret">([^<]+)<', slip_)
        drawn = re.findall(r'<path class="qrline" stroke="#000" d="([^"]+)"', slip_)
        assert drawn == [path_of(f"{request.origin}{site.url('survey', code[0])}")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_slip_is_answered_without_a_sign_in_and_once(
    roster: Course, site: Site, lang: str
) -> None:
    code = begin(site)[0]
    page = slip(site, code, lang)
    assert page.count('type="radio"') == 21 * 6 + 4
    sent = html(send(site, code, lang, **ticks(), role="leader"))
    again = html(send(site, code, lang, **ticks(1)))
    assert sent != again
    assert again.split("<h1>")[1] == slip(site, code, lang).split("<h1>")[1]
    assert surveys.given_answers(site.course, surveys.rounds(site.course)[0]) == 1


def test_what_has_no_tick_is_said_and_counts_as_cannot_say_only_where_one_says_so(
    roster: Course, site: Site
) -> None:
    code = begin(site)[0]
    some = {"s0": "5", "c-vision": "My remark"}
    reply = send(site, code, **some)
    assert reply.status == 422
    page = html(reply)
    assert "20 statements have no answer yet" in page
    assert "My remark" in page
    assert re.search(r'name="s0" value="5" checked', page)
    assert "Nothing is ticked yet" in html(send(site, code, anyway="yes"))
    assert "Thank you" in html(send(site, code, **some, anyway="yes"))


def test_another_language_keeps_what_was_ticked_and_stores_nothing(
    roster: Course, site: Site
) -> None:
    code = begin(site)[0]
    reply = send(site, code, do="lang-ru", s3="2", role="support")
    assert (reply.status, reply.lang) == (200, "ru")
    assert re.search(r'name="s3" value="2" checked', html(reply))
    assert re.search(r'value="support" checked', html(reply))
    assert surveys.given_answers(site.course, surveys.rounds(site.course)[0]) == 0


@pytest.mark.parametrize("bad", [{"s0": "9"}, {"role": "boss"}, {"c-vision": "x" * 301}])
def test_what_cannot_be_read_is_refused_whole_and_the_slip_stays_good(
    roster: Course, site: Site, bad: dict[str, str]
) -> None:
    code = begin(site)[0]
    reply = send(site, code, **(ticks() | bad))
    assert (reply.status, "nothing was sent" in html(reply)) == (422, True)
    assert "Thank you" in html(send(site, code, **ticks()))


def test_a_wrong_code_is_said_and_guessing_is_slowed_down(roster: Course, site: Site) -> None:
    good = begin(site)[0]

    def typed(code: str) -> Response:
        form = {"code": code}
        return answering.take_code(visit(site, None, "survey", method="POST", form=form))

    assert typed(good.lower()).status == 303
    reply = typed("ABCD-EFGH-JKMN")
    assert (reply.status, "This code opens nothing." in html(reply)) == (422, True)
    with pytest.raises(HTTPProblem) as refused:
        slip(site, "ABCD-EFGH-JKMN")
    assert (refused.value.status, refused.value.id) == (404, "no_slip")
    site.throttle.begin(*[answering.TRIES] * 60)
    for _ in range(60):
        site.throttle.begin(answering.TRIES)
    with pytest.raises(HTTPProblem) as slow:
        slip(site, "ABCD-EFGH-JKMN")
    assert slow.value.status == 429


@pytest.mark.parametrize("person", OTHERS)
def test_who_is_not_of_the_school_gets_no_round_and_no_report(
    roster: Course, site: Site, person: str
) -> None:
    known = ended(site)
    surveys.close(site.course, known.id)
    with pytest.raises(HTTPProblem) as refused:
        pages.report(visit(site, person, "surveys", survey=known.id))
    assert refused.value.status in {403, 404}
    for form in (
        {"do": "open", "survey": "school", "school": "s1", "slips": "9"},
        {"do": "close", "round": known.id},
        {"do": "discard", "round": known.id},
        {"do": "more", "round": known.id, "slips": "3"},
    ):
        with pytest.raises(HTTPProblem) as refused:
            act(site, person, **form)
        assert refused.value.status in {403, 404}, form


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("person", LEADERS)
def test_leaders_read_the_report_and_staff_alone_the_remarks(
    roster: Course, site: Site, person: str, lang: str
) -> None:
    known = ended(site)
    assert act(site, person, do="close", round=known.id).status == 303
    request = visit(site, person, "surveys", survey=known.id, lang=lang)
    page = html(pages.report(request))
    assert page.count('class="uzv-bar"') == 7
    assert ("canary-0 &lt;b&gt;" in page) == (person == "saule-m")
    kept = html(pages.report(visit(site, person, survey=known.id, lang=lang, query={"file": "1"})))
    assert "canary" not in kept


def test_with_four_answers_the_end_is_refused_in_words(roster: Course, site: Site) -> None:
    known = ended(site, people=4)
    reply = act(site, "bakhyt-d", do="close", round=known.id)
    assert reply.status == 422
    assert "Fewer than five people have answered" in html(reply)
    with pytest.raises(HTTPProblem):
        pages.report(visit(site, "bakhyt-d", survey=known.id))
    with pytest.raises(HTTPProblem):
        act(site, "bakhyt-d", do="nothing", round=known.id)


def test_a_round_that_comes_too_early_is_refused_with_the_day(roster: Course, site: Site) -> None:
    known = ended(site)
    act(site, "bakhyt-d", do="close", round=known.id)
    reply = act(site, "bakhyt-d", do="open", survey="school", school="s1", slips="7")
    assert (reply.status, "21 February 2027" in html(reply)) == (422, True)


def test_a_later_report_stands_beside_the_start(
    roster: Course, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(site, "dina-f", do="close", round=ended(site).id)
    monkeypatch.setenv("USTAZ_NOW", "2027-05-10T12:00:00+05:00")
    known = ended(site, people=6)
    act(site, "dina-f", do="close", round=known.id)
    page = html(pages.report(visit(site, "dina-f", survey=known.id)))
    assert page.count('class="uzv-before"') == 7
    assert "Thin: the start, 23 November 2026." in page


def test_no_name_of_the_roster_stands_in_what_is_kept(roster: Course, site: Site) -> None:
    known = ended(site)
    act(site, "bakhyt-d", do="close", round=known.id)
    kept = b"".join(path.read_bytes() for path in Path(site.course.dir, "surveys").iterdir())
    for person in site.course.people:
        assert person.encode() not in kept


def test_the_questions_about_the_programme_are_asked_and_read_by_course_staff_alone(
    roster: Course, site: Site
) -> None:
    form = {"do": "open", "survey": "programme", "school": "s1", "slips": "6"}
    for person in ("bakhyt-d", "dina-f"):
        with pytest.raises(HTTPProblem) as refused:
            act(site, person, **form)
        assert refused.value.status == 403
        assert "12 statements" not in html(pages.listing(visit(site, person, "surveys")))
    slips = html(act(site, "saule-m", **form))
    codes = re.findall(r'uzs-secret">([0-9A-Z-]{14})<', slips)
    assert "Teacher leadership: how do I see my work?" in slips
    page = slip(site, codes[0], "kk")
    assert page.count('type="radio"') == 12 * 6
    for code in codes[:5]:
        assert "Thank you" in html(send(site, code, **{f"s{at}": "4" for at in range(12)}))
    known = surveys.rounds(site.course)[0]
    for person in ("bakhyt-d", "dina-f"):
        with pytest.raises(HTTPProblem) as refused:
            pages.report(visit(site, person, "surveys", survey=known.id))
        assert refused.value.status == 404
    assert act(site, "saule-m", do="close", round=known.id).status == 303
    report = html(pages.report(visit(site, "saule-m", "surveys", survey=known.id)))
    assert report.count('class="uzv-bar"') == 3
    assert "nearly everybody agrees" in report


def test_after_a_restore_staff_alone_may_say_that_no_result_was_shown(
    roster: Course, site: Site
) -> None:
    from ustaz.base import clock
    from ustaz.surveys import restored

    made = clock.now().replace(year=2026, month=11, day=20)
    restored.note(site.course.dir / "surveys", made, clock.now())
    form = {"do": "open", "survey": "school", "school": "s1", "slips": "6", "sure": "yes"}
    reply = act(site, "bakhyt-d", **form)
    assert (reply.status, "brought back from a backup" in html(reply)) == (422, True)
    assert 'name="sure"' not in html(reply)
    assert 'name="sure"' in html(act(site, "saule-m", **(form | {"sure": ""})))
    assert act(site, "saule-m", **form).status == 200
