"""What is written about work that is shown to a group: by whom, read by whom, for how long."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.server.helpers import LANGUAGES, NOW, ROSTER, html, put, visit
from tests.support.courses import course_at
from ustaz import shares
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.privacy.erasing import erase
from ustaz.privacy.subject import subject_of
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import group, messages, participant
from ustaz.server.site import Site
from ustaz.server.views.comments import of_group
from ustaz.threads import Threads, may_comment

WORKBOOKS = """\
[workbooks]
assignments = ["focus", "vignette"]
companions = ["network-notes"]
"""
MORE = """\
natalya-v,Natalya V.,facilitator,g2,,ru,
zhanar-e,Zhanar E.,reviewer,,,kk,
irina-m,Irina M.,operator,,,ru,
"""
TEXT = "canary <b>сәлем</b>: сіздің сұрағыңыз маған ой салды"
SHOWN = "canary &lt;b&gt;сәлем&lt;/b&gt;"
TO = "aigul-s/vignette/g1"
OUTSIDERS = ("yerlan-b", "natalya-v", "bakhyt-d", "saule-m", "zhanar-e", "irina-m")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    made = course_at(
        tmp_path / "course", "server-trial", "Leading", ROSTER + MORE, workbooks=WORKBOOKS
    )
    put(made, "aigul-s", "vignette", title="Сұрақ жәшігі", concern="Үндемейтін оқушылар")
    shares.show(
        made, "aigul-s", "group", workbook="vignette", what="document", places=["title", "concern"]
    )
    return made


def write(site: Site, person: str, text: str = TEXT, to: str = TO, do: str = "say") -> str:
    """Write a comment; return the page that refuses it, or nothing."""
    write.count = getattr(write, "count", 0) + 1  # type: ignore[attr-defined]
    form = {"do": do, "text": text, "to": to, "batch": f"{write.count:012x}"}  # type: ignore[attr-defined]
    reply = group.comment(visit(site, person, "group/comments", method="POST", form=form))
    return html(reply) if reply.status != 303 else ""


def page(site: Site, person: str, lang: str = "en") -> str:
    return html(group.group(visit(site, person, "group", lang=lang)))


def thread(site: Site) -> str:
    (only,) = Threads(site.course.dir)
    return only.id


def ended(site: Site) -> None:
    (share,) = shares.live(site.course, "aigul-s")
    shares.end(site.course, "aigul-s", share.id)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_sees_the_work_reads_and_writes_about_it(site: Site, lang: str) -> None:
    assert write(site, "olga-p") == ""
    write(site, "dina-f", "The box has eleven questions now, how did you do it?")
    write(site, "aigul-s", "They write at home, nobody sees who it was")
    for person in ("aigul-s", "olga-p", "nurgul-a", "dina-f"):
        shown = page(site, person, lang)
        assert SHOWN in shown
        assert shown.index(SHOWN) < shown.index("eleven questions") < shown.index("They write")
    assert len(list(Threads(site.course.dir))) == 1


@pytest.mark.parametrize("person", OUTSIDERS)
def test_nobody_else_writes_or_reads(site: Site, person: str) -> None:
    write(site, "olga-p")
    id = thread(site)
    for call in (
        lambda: write(site, person),
        lambda: messages.thread(visit(site, person, "messages", thread=id)),
    ):
        with pytest.raises(HTTPProblem) as refused:
            call()
        assert (refused.value.status, refused.value.id) == (403, "not_yours")
    assert SHOWN not in html(messages.listing(visit(site, person, "messages")))
    known = Threads(site.course.dir).get(id)
    assert known is not None
    assert len(known.messages) == 1


def test_the_table_of_who_may_write_about_whose_work(course: Course) -> None:
    def may(
        person: str, owner: str = "aigul-s", workbook: str = "vignette", name: str = "g1"
    ) -> bool:
        roles = frozenset(course.people[person].roles)
        return may_comment(course, Identity(person, roles), owner, workbook, name)

    allowed = {person for person in course.people if may(person)}
    assert allowed == {"aigul-s", "olga-p", "nurgul-a", "dina-f"}
    assert not may("olga-p", workbook="network-notes")  # not shown
    assert not may("aigul-s", owner="olga-p")  # she shows nothing
    assert not may("yerlan-b", name="g2")  # shown to another group
    assert not may("olga-p", owner="nobody")
    gone = replace(Identity("olga-p", frozenset({"participant"})), status="withdrawn")
    assert not may_comment(course, gone, "aigul-s", "vignette", "g1")


def test_the_page_reads_the_shares_of_a_member_once_however_much_they_show(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def live(course: Course, owner: str, kinds: tuple[str, ...]) -> list[shares.Share]:
        read.append(owner)
        return shares.live(course, owner, kinds)

    monkeypatch.setattr("ustaz.threads.access.live", live)
    comments = of_group(visit(site, "olga-p", "group"), "g1")
    assert comments("aigul-s", "vignette") is not None
    assert comments("aigul-s", "network-notes") is None
    assert read == ["aigul-s"]


def test_when_it_is_no_longer_shown_its_owner_alone_reads_and_nobody_writes(site: Site) -> None:
    write(site, "olga-p")
    id = thread(site)
    ended(site)
    with pytest.raises(HTTPProblem):
        write(site, "nurgul-a")
    for person in ("olga-p", "nurgul-a", "dina-f"):
        assert SHOWN not in page(site, person)
        with pytest.raises(HTTPProblem):
            messages.thread(visit(site, person, "messages", thread=id))
    own = html(messages.thread(visit(site, "aigul-s", "messages", thread=id)))
    assert SHOWN in own
    assert 'id="answer"' not in own
    assert "no longer shown to the group" in own


def test_it_is_new_to_its_owner_and_to_those_who_wrote_and_to_nobody_else(site: Site) -> None:
    def home(person: str) -> str:
        return html(participant.home(visit(site, person)))

    write(site, "olga-p")
    link = f"messages/{thread(site)}"
    assert link in home("aigul-s")
    assert " wrote about what you show: " in home("aigul-s")
    assert link not in home("nurgul-a")
    assert link not in home("dina-f")
    page(site, "aigul-s")
    assert link not in home("aigul-s")
    write(site, "aigul-s", "Thank you, that is a good question")
    assert link in home("olga-p")
    assert " answered about their own work: " in home("olga-p")


def test_what_is_refused_stands_in_its_form_and_a_draft_comes_back(site: Site) -> None:
    refused = write(site, "olga-p", "short")
    assert 'role="alert"' in refused
    assert "\nshort</textarea>" in refused
    assert not list(Threads(site.course.dir))
    write(site, "olga-p", "a beginning of something", do="draft")
    assert "a beginning of something" in page(site, "olga-p")
    assert "a beginning of something" not in page(site, "aigul-s")


def test_it_is_taken_back_while_nobody_has_read_it(site: Site) -> None:
    write(site, "olga-p")
    assert "Take it back" in page(site, "olga-p")
    known = Threads(site.course.dir).get(thread(site))
    assert known is not None
    form = {"do": "back", "message": known.messages[0].id, "back": site.url("group")}
    request = visit(site, "olga-p", "messages", method="POST", form=form, thread=known.id)
    assert messages.act(request).headers["Location"] == site.url("group")
    assert SHOWN not in page(site, "aigul-s")


def test_an_erasure_takes_the_words_or_all_that_is_about_somebodys_work(site: Site) -> None:
    write(site, "olga-p")
    write(site, "dina-f", "A facilitators own words stay here")
    erase(subject_of(site.course.dir, "olga-p"), by="operator")
    fresh = Site(Course.open(site.course.dir), book_dir=site.book_dir)
    shown = page(fresh, "aigul-s")
    assert SHOWN not in shown
    assert "own words stay" in shown
    erase(subject_of(site.course.dir, "aigul-s"), by="operator")
    assert not list(Threads(site.course.dir))
