"""Messages as pages: sent, read, taken back, handed on, announced, kept when refused."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from tests.server.helpers import LANGUAGES, html, make_course, visit
from tests.support.courses import NOW
from ustaz.course import Course
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import messages, participant
from ustaz.server.site import Site
from ustaz.threads import Threads, drafts

TEXT = "canary <b>сәлем</b>: жоспарымды қарап шыға аласыз ба?"
SHOWN = "canary &lt;b&gt;сәлем&lt;/b&gt;"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    return make_course(tmp_path / "course")


def batch() -> str:
    batch.count = getattr(batch, "count", 0) + 1  # type: ignore[attr-defined]
    return f"{batch.count:012x}"  # type: ignore[attr-defined]


def send(site: Site, person: str, to: str, text: str = TEXT, **form: str) -> str:
    """Send a new message; return the id of its thread, or the page that refuses it."""
    fields = {"do": "say", "to": to, "text": text, "batch": batch(), **form}
    reply = messages.begin(visit(site, person, "messages/new", method="POST", form=fields))
    found = re.search(r"messages/([0-9a-f]{12})", reply.headers.get("Location", ""))
    return found[1] if found else html(reply)


def act(site: Site, person: str, thread: str, do: str, **form: str) -> str:
    fields = {"do": do, "batch": batch(), **form}
    request = visit(site, person, "messages", method="POST", form=fields, thread=thread)
    reply = messages.act(request)
    return html(reply) if reply.status != 303 else ""


def read(site: Site, person: str, thread: str, lang: str = "en", **query: str) -> str:
    request = visit(site, person, "messages", thread=thread, lang=lang, query=query)
    return html(messages.thread(request))


def home(site: Site, person: str, lang: str = "en") -> str:
    return html(participant.home(visit(site, person, lang=lang)))


def test_a_message_is_new_on_home_until_it_is_opened_and_says_by_whom_it_was(site: Site) -> None:
    id = send(site, "aigul-s", "person:dina-f")
    new = home(site, "dina-f")
    assert f'messages/{id}"' in new
    assert " wrote to you</bdi>" in new
    assert SHOWN not in new
    assert "Read by" not in read(site, "aigul-s", id)
    assert SHOWN in read(site, "dina-f", id)
    assert f"messages/{id}" not in home(site, "dina-f")
    assert "Read by" in read(site, "aigul-s", id)
    assert send(site, "dina-f", "person:aigul-s", "An answer of some words") == id
    assert f"messages/{id}" in home(site, "aigul-s")


@pytest.mark.parametrize("person", ["olga-p", "bakhyt-d", "saule-m", "yerlan-b"])
def test_nobody_else_reads_or_answers_a_thread_of_two(site: Site, person: str) -> None:
    id = send(site, "aigul-s", "person:dina-f")
    for request in (
        lambda: read(site, person, id),
        lambda: act(site, person, id, "say", text=TEXT),
        lambda: act(site, person, id, "hand_on", text=TEXT),
        lambda: read(site, person, "f" * 12),
    ):
        with pytest.raises(HTTPProblem) as refused:
            request()
        assert (refused.value.status, refused.value.id) == (403, "not_yours")
    assert id not in html(messages.listing(visit(site, person, "messages")))
    thread = Threads(site.course.dir).get(id)
    assert thread is not None
    assert len(thread.messages) == 1


def test_staff_read_what_was_handed_on_and_nothing_before(site: Site) -> None:
    id = send(site, "aigul-s", "person:dina-f")
    act(site, "dina-f", id, "hand_on", text="Please look at the date with us")
    page = read(site, "saule-m", id)
    assert "Please look at the date with us" in page
    assert "canary" not in page
    assert "handed this on" in read(site, "aigul-s", id)
    act(site, "saule-m", id, "say", text="We have looked at it, thank you")
    assert "We have looked at it" in read(site, "aigul-s", id)


@pytest.mark.parametrize("text", ["short", "x" * 2001, "signs \x00 that nobody sees"])
def test_what_is_refused_changes_nothing_and_stands_on_the_page(site: Site, text: str) -> None:
    assert 'role="alert"' in send(site, "aigul-s", "person:dina-f", text)
    assert not list(Threads(site.course.dir))
    page = send(site, "aigul-s", "person:bakhyt-d")
    assert SHOWN in page
    assert 'role="alert"' in page


def test_a_draft_comes_back_and_goes_when_it_is_sent(site: Site) -> None:
    form = {"key": "new", "text": TEXT, "to": "staff"}
    request = visit(site, "aigul-s", "messages/draft", method="POST", form=form)
    assert messages.draft(request).status == 200
    page = html(messages.new(visit(site, "aigul-s", "messages/new")))
    assert SHOWN in page
    assert '<option value="staff" selected>' in page
    assert SHOWN not in html(messages.new(visit(site, "dina-f", "messages/new")))
    send(site, "aigul-s", "staff")
    assert drafts.read(site.course.dir, "aigul-s") == {}


def test_a_draft_that_arrives_after_its_message_does_not_come_back(site: Site) -> None:
    id = send(site, "aigul-s", "person:dina-f")
    sent = Threads(site.course.dir).get(id)
    assert sent is not None
    for key in ("new", id):
        form = {"key": key, "text": TEXT, "batch": sent.messages[0].id}
        request = visit(site, "aigul-s", "messages/draft", method="POST", form=form)
        assert messages.draft(request).status == 200
    assert drafts.read(site.course.dir, "aigul-s") == {}


def test_a_draft_that_is_being_kept_while_its_message_is_sent_is_gone_before_the_page_comes(
    site: Site,
) -> None:
    """Whether it is sent is asked while the draft's file is locked, and who sends waits for it."""
    lock = drafts.path_of(site.course.dir, "aigul-s").with_suffix(".lock")
    removing: list[bool] = []

    def is_sent() -> bool:
        with pytest.raises(Timeout):
            FileLock(lock, is_singleton=False).acquire(timeout=0)
        sending = threading.Thread(
            target=lambda: removing.append(drafts.keep(site.course.dir, "aigul-s", "new", ""))
        )
        sending.start()
        threads.append(sending)
        return False

    threads: list[threading.Thread] = []
    assert drafts.keep(site.course.dir, "aigul-s", "new", TEXT, is_sent=is_sent)
    threads[0].join(60)
    assert removing == [True]
    assert drafts.read(site.course.dir, "aigul-s") == {}


def test_taken_back_leaves_a_line_and_no_word(site: Site) -> None:
    id = send(site, "dina-f", "group:g1")
    thread = Threads(site.course.dir).get(id)
    assert thread is not None
    act(site, "dina-f", id, "back", message=thread.messages[0].id)
    page = read(site, "olga-p", id)
    assert "Taken back" in page
    assert "canary" not in page
    assert id not in home(site, "olga-p")


def test_an_announcement_stands_on_home_until_it_is_put_away_or_over(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = send(site, "saule-m", "all", title="Friday", until="2026-11-25")
    for person in ("aigul-s", "dina-f", "bakhyt-d"):
        assert SHOWN in home(site, person)
    with pytest.raises(HTTPProblem):
        act(site, "dina-f", id, "end")
    assert 'role="alert"' in act(site, "aigul-s", id, "say", text=TEXT)
    act(site, "aigul-s", id, "dismiss")
    assert SHOWN not in home(site, "aigul-s")
    assert SHOWN in read(site, "aigul-s", id)
    monkeypatch.setenv("USTAZ_NOW", "2026-11-26T09:00:00+05:00")
    assert SHOWN not in home(site, "dina-f")
    for bad in ("2026-11-20", "2028-01-01", "soon", ""):
        assert 'role="alert"' in send(site, "saule-m", "all", title="Friday", until=bad)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_thread_is_taken_along_as_a_file_in_the_readers_language(site: Site, lang: str) -> None:
    id = send(site, "aigul-s", "person:dina-f")
    for person in ("aigul-s", "dina-f"):
        file = read(site, person, id, lang, file="1")
        assert f'<html lang="{lang}">' in file
        assert SHOWN in file
        assert "<form" not in file
        assert "<script" not in file
    empty = html(messages.listing(visit(site, "bakhyt-d", "messages", lang=lang)))
    assert "uzs-lead" in empty


def test_so_many_messages_at_once_are_refused(site: Site) -> None:
    id = send(site, "aigul-s", "person:dina-f")
    for number in range(29):
        act(site, "aigul-s", id, "say", text=f"Message number {number} of many")
    with pytest.raises(HTTPProblem) as refused:
        act(site, "aigul-s", id, "say", text="One message more than that")
    assert refused.value.id == "too_many"
