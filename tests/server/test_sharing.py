"""Showing to others: the panel, the group's page, directors, secret addresses, and taking back."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from contextlib import suppress
from pathlib import Path

import pytest

from tests.server.helpers import LANGUAGES, NOW, ROSTER, html, put, visit, write
from tests.support.courses import course_at
from ustaz import shares
from ustaz.course import Course
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import (
    group,
    outside,
    participant,
    posters,
    publications,
    sharing,
    staff,
    stories,
)
from ustaz.server.site import Site

WORKBOOKS = """\
[calendar.due]
focus = 2026-10-15

[workbooks]
assignments = ["focus", "action-plan", "vignette", "portfolio"]
companions = ["participation", "network-notes", "starting-point", "people-map"]
"""
ASK, HIDDEN = "canary-question: қалай?", "canary-hidden: менің ойым"
POSTER, STORY, WISH = "canary-poster", "canary-story", "canary-wish"
VISITED, PLAN = "canary-visited", "canary-plan"
READERS = ("nurgul-a", "olga-p", "yerlan-b", "dina-f", "bakhyt-d", "saule-m")
FELLOWS = frozenset({"nurgul-a", "olga-p", "dina-f"})


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    made = course_at(
        tmp_path / "course", "server-trial", "Teacher leadership", ROSTER, workbooks=WORKBOOKS
    )
    put(made, "aigul-s", "vignette", title=STORY, concern=f"{STORY} <b>x</b>", publish="public",
        byline="initials", keywords=[WISH])  # fmt: skip
    put(made, "aigul-s", "network-notes", what_i_did=POSTER, changes=VISITED)
    put(made, "aigul-s", "action-plan", title="A title", purpose_for_pupils=PLAN)
    rows = [
        ("questionrow1", {"question_for_group": ASK, "what_i_did": HIDDEN, "date": "2026-10-01"}),
        ("hiddenrow001", {"what_i_did": HIDDEN, "feeling": 1}),
    ]
    changes = [
        {"op": "add_row", "path": ["record", name], "after": None, "value": value}
        for name, value in rows
    ]
    write(made, "aigul-s", "participation", changes)
    return made


def look(site: Site, workbook: str, lang: str = "en", **query: str) -> str:
    request = visit(site, "aigul-s", "share", query=query, workbook=workbook, lang=lang)
    return html(sharing.look(request))


def act(site: Site, workbook: str, person: str = "aigul-s", **form: str) -> str:
    form = {"do": "show", "read": "yes"} | form
    request = visit(site, person, "share", method="POST", form=form, workbook=workbook)
    request.origin = "https://ustaz.example"
    reply = sharing.act(request)
    return reply.headers.get("Location") or html(reply)


def show(site: Site, workbook: str, what: str, to: str, **form: str) -> shares.Share:
    act(site, workbook, what=what, to=to, **form)
    return shares.live(site.course, "aigul-s")[-1]


def seen(site: Site, person: str) -> str:
    """Return everything of Aigul's that somebody is sent: the group's page and what it leads to."""
    text = ""
    with contextlib.suppress(HTTPProblem):
        text += html(group.group(visit(site, person, "group")))
    for share in shares.read(site.course, "aigul-s"):
        shown = visit(site, person, "shown", person="aigul-s", share=share.id)
        with suppress(HTTPProblem):
            text += html(sharing.shown(shown))
    return text


# -- the panel ------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "workbook", ["vignette", "participation", "network-notes", "action-plan", "portfolio"]
)
def test_the_panel_offers_what_the_workbook_says(site: Site, workbook: str, lang: str) -> None:
    page = html(sharing.panel(visit(site, "aigul-s", "share", workbook=workbook, lang=lang)))
    assert page.count('<form class="uzs-card') == len(site.course.library[workbook].shares)


def test_of_a_workbook_that_offers_nothing_nothing_is_shown(site: Site) -> None:
    with pytest.raises(HTTPProblem) as refused:
        sharing.panel(visit(site, "aigul-s", "share", workbook="people-map"))
    assert (refused.value.status, refused.value.id) == (404, "nothing_to_show")


def test_what_is_looked_at_first_is_what_others_read(site: Site) -> None:
    before = look(site, "network-notes", what="section:poster", to="group")
    assert POSTER in before
    assert VISITED not in before
    assert not shares.live(site.course, "aigul-s")
    show(site, "network-notes", "section:poster", "group")
    after = seen(site, "nurgul-a")
    answers = re.search(r'<div class="uz-answers.*?</div>', before, re.DOTALL)
    assert answers
    assert answers[0] in after


def test_without_the_tick_nothing_is_shown_and_the_page_comes_again(site: Site) -> None:
    page = act(site, "vignette", what="document", to="group", read="", note="<for the group>")
    assert 'role="alert"' in page
    assert "&lt;for the group&gt;" in page
    assert not shares.live(site.course, "aigul-s")


@pytest.mark.parametrize(
    "form",
    [
        {"what": "document", "to": "everybody"},
        {"what": "none", "to": "group"},
        {"what": "document", "to": "group", "term": "-1"},
        {"what": "document", "to": "group", "term": "10000000000"},
        {"what": "document", "to": "group", "row": "row1", "do": "nothing"},
    ],
)
def test_what_is_not_offered_is_refused(site: Site, form: dict[str, str]) -> None:
    with pytest.raises(HTTPProblem):
        act(site, "vignette", **form)
    assert not shares.live(site.course, "aigul-s")


@pytest.mark.parametrize("row", ["", "none", "../x"])
def test_a_row_that_is_not_there_is_refused(site: Site, row: str) -> None:
    with pytest.raises(HTTPProblem):
        act(site, "participation", what="row:record", to="group", row=row)


def test_a_story_is_not_offered_to_the_public_by_another_workbook(site: Site) -> None:
    with pytest.raises(HTTPProblem):
        act(site, "participation", what="row:record", to="public", row="questionrow1")


# -- who sees what --------------------------------------------------------------------------------
def test_without_a_share_nobody_sees_anything(site: Site) -> None:
    for person in READERS:
        assert "canary" not in seen(site, person)


@pytest.mark.parametrize(
    ("workbook", "what", "row", "canary"),
    [
        ("network-notes", "section:poster", "", POSTER),
        ("participation", "cell:record.question_for_group", "questionrow1", ASK),
        ("participation", "row:record", "hiddenrow001", HIDDEN),
        ("vignette", "document", "", STORY),
        ("action-plan", "document", "", PLAN),
    ],
)
def test_the_group_sees_what_is_shown_and_nothing_else(
    site: Site, workbook: str, what: str, row: str, canary: str
) -> None:
    share = show(site, workbook, what, "group", row=row)
    others = {POSTER, ASK, HIDDEN, STORY, PLAN, VISITED} - {canary}
    for person in READERS:
        text = seen(site, person)
        assert (canary.partition(":")[0] in text) is (person in FELLOWS)
        assert not [other for other in others if other.partition(":")[0] in text]
    act(site, workbook, do="end", id=share.id)
    for person in READERS:
        assert "canary" not in seen(site, person)


def test_what_is_for_the_writer_alone_is_never_shown(site: Site) -> None:
    share = show(site, "participation", "row:record", "group", row="hiddenrow001")
    page = html(sharing.shown(visit(site, "nurgul-a", "s", person="aigul-s", share=share.id)))
    assert "exhausted" not in page
    assert "feel" not in page


def test_a_share_ends_for_others_when_its_owner_is_in_another_group(site: Site) -> None:
    show(site, "network-notes", "section:poster", "group")
    roster = site.course.dir / "people.csv"
    moved = roster.read_text().replace(
        "aigul-s,Әйгүл С.,participant,g1", "aigul-s,Ә,participant,g2"
    )
    roster.write_text(moved)
    for person in READERS:
        assert POSTER not in seen(site, person)


def test_the_director_sees_a_name_and_a_text_only_where_a_teacher_shows_it(site: Site) -> None:
    home = html(participant.home(visit(site, "bakhyt-d")))
    assert "Әйгүл" not in home
    share = show(site, "action-plan", "document", "school_link")
    for person in READERS:
        assert (PLAN in seen(site, person)) is (person == "bakhyt-d")
    home = html(participant.home(visit(site, "bakhyt-d")))
    assert "Әйгүл" in home
    assert share.id in home
    act(site, "action-plan", do="end", id=share.id)
    assert "Әйгүл" not in html(participant.home(visit(site, "bakhyt-d")))
    assert PLAN not in seen(site, "bakhyt-d")


def test_a_facilitator_reads_an_entry_that_is_shown_to_the_group_on_its_page_too(
    site: Site,
) -> None:
    page = visit(site, "dina-f", "people", person="aigul-s", workbook="participation")
    assert HIDDEN not in html(staff.reading(page))
    show(site, "participation", "row:record", "group", row="hiddenrow001")
    assert HIDDEN in html(staff.reading(page))


@pytest.mark.parametrize("person", ["nurgul-a", "yerlan-b", "bakhyt-d"])
def test_who_is_shown_a_part_reads_no_whole_workbook(site: Site, person: str) -> None:
    show(site, "vignette", "document", "group")
    show(site, "vignette", "document", "school_link")
    with pytest.raises(HTTPProblem) as refused:
        staff.reading(visit(site, person, "people", person="aigul-s", workbook="vignette"))
    assert refused.value.id == "not_yours"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("person", ["aigul-s", "nurgul-a", "yerlan-b", "dina-f"])
def test_an_empty_group_page_says_so(site: Site, person: str, lang: str) -> None:
    page = html(group.group(visit(site, person, "group", lang=lang)))
    assert "canary" not in page
    assert "<main" in page


@pytest.mark.parametrize("person", ["bakhyt-d", "saule-m"])
def test_the_group_page_is_for_members_and_facilitators(site: Site, person: str) -> None:
    with pytest.raises(HTTPProblem) as refused:
        group.group(visit(site, person, "group"))
    assert refused.value.id == "not_yours"


def test_nobody_opens_another_groups_page(site: Site) -> None:
    with pytest.raises(HTTPProblem):
        group.group(visit(site, "yerlan-b", "group", query={"group": "g1"}))


# -- posters and the project as a picture ----------------------------------------------------------
def poster_page(site: Site, person: str) -> str:
    asked = visit(site, person, "poster", person="aigul-s", workbook="network-notes")
    try:
        return html(posters.of_person(asked))
    except HTTPProblem as problem:
        return problem.id


def story_page(site: Site, person: str) -> str:
    try:
        return html(stories.of_person(visit(site, person, "story", person="aigul-s")))
    except HTTPProblem as problem:
        return problem.id


def test_a_poster_is_a_sheet_for_those_to_whom_it_is_shown_and_nobody_else(site: Site) -> None:
    assert poster_page(site, "nurgul-a") == poster_page(site, "bakhyt-d") == "not_yours"
    share = show(site, "network-notes", "section:poster", "group")
    page = poster_page(site, "nurgul-a")
    assert POSTER in page
    assert "A title" in page  # the project's name, which the poster refers to
    assert VISITED not in page
    assert "not_yours" == poster_page(site, "yerlan-b") == poster_page(site, "bakhyt-d")
    link = "people/aigul-s/network-notes/poster"
    assert link in html(group.group(visit(site, "nurgul-a", "group")))
    panel = visit(site, "aigul-s", "share", workbook="network-notes")
    assert "workbooks/network-notes/poster" in html(sharing.panel(panel))
    show(site, "network-notes", "section:poster", "school_link")
    assert "A title" in poster_page(site, "bakhyt-d")
    act(site, "network-notes", do="end", id=share.id)
    assert poster_page(site, "nurgul-a") == "not_yours"


def test_a_project_is_a_picture_for_others_of_what_is_shown_and_nothing_else(site: Site) -> None:
    put(site.course, "aigul-s", "focus", concern_raw="canary-concern", focus_statement="My focus")
    step = {"action": "canary-step", "due": "2026-10-20"}
    row = {"op": "add_row", "path": ["steps", "step00000001"], "after": None, "value": step}
    write(site.course, "aigul-s", "action-plan", [row])
    for person in ("nurgul-a", "bakhyt-d", "yerlan-b"):
        assert story_page(site, person) == "not_yours"
    show(site, "network-notes", "section:poster", "group")
    assert story_page(site, "nurgul-a") == "not_yours"  # a poster is no part of the picture
    share = show(site, "action-plan", "document", "group")
    page = story_page(site, "nurgul-a")
    assert "canary-step" in page
    assert "canary-concern" not in page
    assert '/people/aigul-s/action-plan"' not in page  # whole workbooks stay closed
    assert story_page(site, "yerlan-b") == "not_yours"
    act(site, "action-plan", do="end", id=share.id)
    assert story_page(site, "nurgul-a") == "not_yours"


# -- what I show ----------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_page_lists_everything_with_a_button_each(site: Site, lang: str) -> None:
    made = [
        show(site, "network-notes", "section:poster", "group", note="<note>"),
        show(site, "participation", "row:record", "school_link", row="questionrow1"),
        show(site, "vignette", "document", "public"),
        show(site, "vignette", "document", "outside", term="14"),
    ]
    page = html(sharing.mine(visit(site, "aigul-s", "shares", lang=lang)))
    for share in made:
        assert f'name="id" value="{share.id}"' in page
    assert "&lt;note&gt;" in page
    for share in made:
        form = {"do": "end", "id": share.id}
        sharing.change(visit(site, "aigul-s", "shares", method="POST", form=form))
    assert not shares.live(site.course, "aigul-s")
    page = html(sharing.mine(visit(site, "aigul-s", "shares", lang=lang)))
    assert 'name="do" value="end"' not in page
    assert all(f"share-{share.id}" in page for share in made)


def test_nobody_stops_anothers_share(site: Site) -> None:
    share = show(site, "vignette", "document", "group")
    for person in READERS:
        form = {"do": "end", "id": share.id}
        sharing.change(visit(site, person, "shares", method="POST", form=form))
    assert shares.live(site.course, "aigul-s") == [share]


def test_consent_to_research_is_given_and_taken_back(site: Site) -> None:
    form = {"do": "research"}
    sharing.change(visit(site, "aigul-s", "shares", method="POST", form=form))
    assert shares.consenting(site.course) == ["aigul-s"]
    (share,) = shares.live(site.course, "aigul-s")
    sharing.change(
        visit(site, "aigul-s", "shares", method="POST", form={"do": "end", "id": share.id})
    )
    assert shares.consenting(site.course) == []
    with pytest.raises(HTTPProblem):
        sharing.change(visit(site, "bakhyt-d", "shares", method="POST", form=form))


# -- a secret address -----------------------------------------------------------------------------
def address(site: Site, workbook: str = "vignette", what: str = "document") -> str:
    page = act(site, workbook, what=what, to="outside", term="14", note="moderator")
    match = re.search(r"<code>https://ustaz.example/ustaz/shared/([^<]+)</code>", page)
    assert match
    return match[1]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("who", [None, "aigul-s", "saule-m"])
def test_a_look_at_the_address_tells_nothing_and_counts_as_nobody(
    site: Site, who: str | None, lang: str
) -> None:
    secret = address(site)
    reply = outside.cover(visit(site, who, f"shared/{secret}", secret=secret, lang=lang))
    page = html(reply)
    for word in ("canary", "Әйгүл", "aigul", "moderator"):
        assert word not in page
    assert "noindex" in reply.headers["X-Robots-Tag"]
    assert "noindex" in page
    assert reply.headers["Referrer-Policy"] == "same-origin"
    (share,) = shares.live(site.course, "aigul-s")
    assert shares.openings(site.course, share).count == 0


def test_a_press_opens_it_and_its_owner_sees_how_often_and_when(site: Site) -> None:
    secret = address(site)
    for _ in range(2):
        request = visit(site, None, f"shared/{secret}", method="POST", secret=secret)
        reply = outside.opened(request)
    page = html(reply)
    assert STORY in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert WISH in page
    assert reply.headers["Cache-Control"] == "no-store"
    assert "public" not in page.partition("<main")[2]
    mine = html(sharing.mine(visit(site, "aigul-s", "shares")))
    assert "Opened 2 times" in mine


def test_from_what_is_opened_no_other_page_is_reached(site: Site) -> None:
    secret = address(site)
    for method, action in (("GET", outside.cover), ("POST", outside.opened)):
        request = visit(site, None, f"shared/{secret}", method=method, secret=secret)
        page = html(action(request))
        leads = re.findall(r'(?:href|action)="([^"]*)"', page)
        assert all(
            lead.startswith(("/ustaz/static/", "?lang=", f"/ustaz/shared/{secret}"))
            for lead in leads
        ), leads


def test_a_closed_address_and_a_guess_are_answered_alike(site: Site) -> None:
    secret = address(site)
    (share,) = shares.live(site.course, "aigul-s")
    act(site, "vignette", do="end", id=share.id)
    for guess in (secret, "A" * 43, "x", "../../people.csv"):
        for action in (outside.cover, outside.opened):
            with pytest.raises(HTTPProblem) as refused:
                action(visit(site, None, "shared", secret=guess))
            assert (refused.value.status, refused.value.id) == (404, "not_shown")


def test_an_address_ends_with_its_last_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = address(site)
    end = site.course.today() + dt.timedelta(15)
    monkeypatch.setenv("USTAZ_NOW", f"{end}T00:01:00+05:00")
    with pytest.raises(HTTPProblem):
        outside.cover(visit(site, None, "shared", secret=secret))


def test_openings_and_guesses_are_limited(site: Site) -> None:
    secret = address(site)
    statuses = []
    for _ in range(40):
        try:
            outside.opened(visit(site, None, "shared", method="POST", secret=secret))
            statuses.append(200)
        except HTTPProblem as problem:
            statuses.append(problem.status)
    assert statuses == [200] * 30 + [429] * 10
    for _ in range(70):
        with pytest.raises(HTTPProblem) as refused:
            outside.cover(visit(site, None, "shared", secret="B" * 43))
    assert refused.value.status == 429
    outside.cover(visit(site, None, "shared", secret=secret))  # the right one is not held up


def test_no_log_holds_a_secret_address() -> None:
    from ustaz.server.host.logs import address as logged
    from ustaz.server.host.tornado import Answering
    from ustaz.server.routes import OUTSIDE, ROUTES

    for route in ROUTES:
        if route.pattern.startswith(OUTSIDE):
            handler = Answering.__new__(Answering)
            handler.route = route
            handler.path_kwargs = {"secret": "s3cret", "hash": "0" * 64}
            assert "s3cret" not in logged(handler)


# -- the school's word ----------------------------------------------------------------------------
def decide(site: Site, person: str, share: shares.Share, do: str, content: str = "") -> str:
    page = html(publications.waiting(visit(site, person, "stories")))
    match = re.search(
        rf'value="{share.id}"><input type="hidden" name="content" value="(\w+)"', page
    )
    form = {"do": do, "person": share.owner, "id": share.id}
    form["content"] = content or (match[1] if match else "")
    reply = publications.decide(visit(site, person, "stories", method="POST", form=form))
    return str(reply.headers["Location"])


@pytest.mark.parametrize("person", ["bakhyt-d", "saule-m"])
def test_a_director_or_staff_agrees_to_the_words_that_stand_there(site: Site, person: str) -> None:
    share = show(site, "vignette", "document", "public")
    assert STORY in seen(site, person)
    assert "kept" in decide(site, person, share, "agree")
    (known,) = shares.live(site.course, "aigul-s")
    assert known.permission is not None
    assert known.permission.by == person
    put(site.course, "aigul-s", "vignette", concern="Something else")
    assert "Changed since" in html(publications.waiting(visit(site, person, "stories")))
    decide(site, person, known, "take_back")
    assert shares.live(site.course, "aigul-s")[0].permission is None


def test_nobody_agrees_to_words_that_they_have_not_read(site: Site) -> None:
    share = show(site, "vignette", "document", "public")
    assert "changed" in decide(site, "bakhyt-d", share, "agree", content="0" * 64)
    assert shares.live(site.course, "aigul-s")[0].permission is None


@pytest.mark.parametrize("person", ["aigul-s", "nurgul-a", "dina-f", "yerlan-b"])
def test_nobody_else_agrees_for_a_school(site: Site, person: str) -> None:
    share = show(site, "vignette", "document", "public")
    with pytest.raises(HTTPProblem):
        publications.waiting(visit(site, person, "stories"))
    form = {"do": "agree", "person": "aigul-s", "id": share.id}
    with pytest.raises(HTTPProblem):
        publications.decide(visit(site, person, "stories", method="POST", form=form))


def test_a_director_of_another_school_neither_reads_nor_agrees(site: Site) -> None:
    share = show(site, "vignette", "document", "public")
    roster = site.course.dir / "people.csv"
    roster.write_text(roster.read_text().replace("director,,s1", "director,,s9"))
    assert STORY not in seen(site, "bakhyt-d")
    with pytest.raises(HTTPProblem):
        decide(site, "bakhyt-d", share, "agree")
