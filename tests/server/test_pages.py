"""Every page in every language: safe headers, nothing from elsewhere, small, and in words."""

from __future__ import annotations

import gzip
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from tests.server import helpers
from tests.server.helpers import LANGUAGES, Browser, Server, addresses
from ustaz.course import Course
from ustaz.messages import translator
from ustaz.server import problem_texts
from ustaz.server.http import PAGE_CSP, HTTPProblem
from ustaz.server.pages import participant
from ustaz.server.pages.book import book, front_page, policy
from ustaz.server.site import Site

READING = "ustaz/people/olga-p/focus"
PAGES = {
    "choose": (None, "ustaz/", 200),
    "home": ("aigul-s", "ustaz/", 200),
    "empty home": ("yerlan-b", "ustaz/", 200),
    "facilitator": ("dina-f", "ustaz/", 200),
    "director": ("bakhyt-d", "ustaz/", 200),
    "staff": ("saule-m", "ustaz/", 200),
    "workbook": ("olga-p", "ustaz/workbooks/focus", 200),
    "plan": ("olga-p", "ustaz/workbooks/action-plan", 200),
    "receipt": ("aigul-s", "ustaz/workbooks/focus/receipt/1", 200),
    "reading": ("dina-f", READING, 200),
    "reading nothing": ("dina-f", "ustaz/people/nurgul-a/action-plan", 200),
    "no feedback": ("aigul-s", "ustaz/workbooks/focus/feedback", 404),
    "no receipt": ("aigul-s", "ustaz/workbooks/focus/receipt/9", 404),
    "no page": ("aigul-s", "ustaz/no/such/page", 404),
    "no workbook": ("aigul-s", "ustaz/workbooks/no-such", 404),
    "not yours": ("aigul-s", "ustaz/people/olga-p/focus", 403),
}


class Inline(HTMLParser):
    """Finds what a strict policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.html_lang: str | None = None
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "html":
            self.html_lang = names.get("lang")
        if tag == "h1":
            self.headings += 1
        if tag == "style" or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(tag)
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.found.append(tag)


@pytest.fixture(scope="module")
def browsers(server: Server) -> dict[tuple[str | None, str], Browser]:
    people = {person for person, _, _ in PAGES.values()}
    return {(one, lang): server.browser(one, lang) for one in people for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_safe_and_speaks_the_readers_language(
    browsers: dict[tuple[str | None, str], Browser], name: str, lang: str
):
    person, path, status = PAGES[name]
    reply = browsers[person, lang].get(path)
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Content-Security-Policy"] == PAGE_CSP
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Encoding"] == "gzip"
    seen = Inline()
    seen.feed(reply.text)
    assert seen.found == []
    assert seen.html_lang == lang
    for address in addresses(reply.text):
        assert re.match(r"(/(?!/)|\?|#)", address), address
    assert "Traceback" not in reply.text
    prose = re.sub(r"<script.*?</script>", "", reply.text, flags=re.DOTALL)
    assert not re.search(r"\{[a-z_]+\}", prose)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_translation_that_waits_for_its_reader_says_so_on_every_page(
    browsers: dict[tuple[str | None, str], Browser], lang: str
):
    words = translator(lang)
    note = words.gettext("This translation is a draft until a native reader has signed it off.")
    for person, path in ((None, "ustaz/"), ("aigul-s", "ustaz/"), ("dina-f", READING)):
        page = browsers[person, lang].get(path).text
        shown = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
        assert shown.count(note) == (words.drafts > 0)
    assert f'"draft":{str(words.drafts > 0).lower()}' in _data(browsers["olga-p", lang], "focus")


def _data(browser: Browser, workbook: str) -> str:
    text = browser.get(f"ustaz/workbooks/{workbook}").text
    return text.split('id="ustaz-data">')[1].split("</script>")[0].replace('": ', '":')


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("workbook", ["focus", "action-plan"])
def test_the_html_of_a_workbook_is_small(server: Server, workbook: str, lang: str):
    """The page has two further requests; all together at most 100 kB travel."""
    one = server.browser("olga-p", lang)
    page = one.get(f"ustaz/workbooks/{workbook}")
    assert len(gzip.compress(page.content)) < 45_000
    wanted = [address for address in addresses(page.text) if "static" in address]
    assert len(wanted) <= 3


def test_who_takes_no_packed_answers_gets_plain_ones(server: Server):
    one = server.browser("olga-p")
    packed = one.get("ustaz/workbooks/focus")
    plain = one.get("ustaz/workbooks/focus", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert len(plain.content) > 5_000
    assert packed.headers["Vary"] == "Accept-Encoding, Accept-Language, Cookie"


def test_a_static_file_is_kept_for_ever_under_its_hash(server: Server):
    one = server.browser("olga-p")
    page = one.get("ustaz/").text
    address = next(each for each in addresses(page) if "site.css" in each)
    reply = one.get(address.lstrip("/"))
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.headers["Content-Encoding"] == "gzip"
    other = one.get("ustaz/static/site.css?v=another")
    assert other.headers["Cache-Control"] == "private, no-cache"
    again = one.get("ustaz/static/site.css", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


def test_a_language_is_switched_by_a_link_and_stays(server: Server):
    one = server.browser("aigul-s")
    assert 'lang="kk"' in one.get("ustaz/").text  # from the roster
    assert 'lang="ru"' in one.get("ustaz/?lang=ru").text
    assert 'lang="ru"' in one.get("ustaz/workbooks/focus").text
    reply = one.form("ustaz/lang", lang="en", next="/ustaz/workbooks/focus")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/ustaz/workbooks/focus")
    assert 'lang="en"' in one.get("ustaz/").text
    assert one.get("ustaz/?lang=de").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://else.example/",
        "//else.example",
        "/\\else.example",
        "/lab",
        "\n/",
        "",
    ],
)
def test_a_switch_of_language_leads_nowhere_else(server: Server, address: str):
    one = server.browser("aigul-s")
    assert one.form("ustaz/lang", lang="ru", next=address).headers["Location"] == "/ustaz/"


def test_the_browsers_language_is_the_first_guess(server: Server):
    with httpx.Client(base_url=server.root, params={"token": "t0ken-of-the-server-tests"}) as one:
        for accept, lang in {
            "kk-KZ,kk;q=0.9": "kk",
            "de,ru;q=0.5,kk;q=0.3": "ru",
            "de": "en",
        }.items():
            page = one.get("ustaz/", headers={"Accept-Language": accept}).text
            assert f'<html lang="{lang}">' in page


def test_a_form_that_is_too_large_is_refused_in_words(server: Server):
    reply = server.browser("aigul-s").form("ustaz/lang", lang="x" * 20_000)
    assert reply.status_code == 413
    assert "Traceback" not in reply.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_kinds_of_request_are_refused(server: Server, method: str):
    one = server.browser("aigul-s")
    assert one.request(method, "ustaz/").status_code == 405
    reply = one.request(method, "ustaz/api/v1/me")
    assert (reply.status_code, reply.json()["error"]) == (405, "wrong_method")


def test_what_only_the_head_asks_for_is_answered_without_a_body(server: Server):
    reply = server.browser("aigul-s").client.head("ustaz/")
    assert (reply.status_code, reply.content) == (200, b"")


def test_home_counts_answers_only_where_something_was_begun(server: Server):
    # The focus that a plan shows counts as answered there; that is no beginning.
    cards = server.browser("nurgul-a", "en").get("ustaz/").text.split('<li class="uzs-card">')[1:]
    assert any("Not started yet" in card for card in cards)
    for card in cards:
        assert ("Not started yet" in card) != ("uzs-counts" in card)


def test_a_facilitator_confirms_and_takes_back_without_javascript(server: Server):
    one = server.browser("dina-f", "en")
    url = "ustaz/people/aigul-s/focus"
    field = "focus_agreed_with_facilitator"
    assert "Not confirmed yet." in one.get(url).text
    reply = one.form(f"{url}/confirm", field=field, value="yes")
    assert reply.headers["Location"] == f"/{url}#confirmations"
    assert "Confirmed by <bdi>Dina F.</bdi>" in one.get(url).text
    one.form(f"{url}/confirm", field=field, value="no")
    assert "Not confirmed yet." in one.get(url).text
    assert one.form(f"{url}/confirm", field=field, value="perhaps").status_code == 400


# -- the book ---------------------------------------------------------------------------------
def test_the_book_opens_in_the_readers_edition(server: Server):
    teacher, facilitator = server.browser("aigul-s"), server.browser("dina-f")
    assert teacher.get("ustaz/book/").headers["Location"] == "/ustaz/book/en/"
    assert facilitator.get("ustaz/book/").headers["Location"] == "/ustaz/book/facilitator/en/"
    page = teacher.get("ustaz/book/en/")
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"] == policy(page.content)
    assert "sha256-" in policy(page.content)
    assert "unsafe-inline' ; script" not in page.headers["Content-Security-Policy"]
    tag = page.headers["ETag"]
    assert teacher.get("ustaz/book/en/", headers={"If-None-Match": tag}).status_code == 304
    assert teacher.get("ustaz/book/en").headers["Location"] == "/ustaz/book/en/"


@pytest.mark.parametrize("person", ["aigul-s", "dina-f"])
def test_home_says_beforehand_that_the_book_is_in_another_language(server: Server, person: str):
    words = "The book is in English so far."
    for lang in LANGUAGES:
        home = server.browser(person, lang).get("ustaz/").text
        assert (translator(lang).gettext(words) in home) == (lang != "en")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("person", ["olga-p", "dina-f", "bakhyt-d", "saule-m"])
def test_without_a_book_readers_are_told_so_and_staff_the_command(
    site: Site, person: str, lang: str
):
    command = f"ustaz book build {site.course.dir}"
    gettext = translator(lang).gettext
    for path in ("", "en/modules/focus.html", "facilitator/en/index.html"):
        if path.startswith("facilitator") and person in {"olga-p", "bakhyt-d"}:
            continue
        visit = helpers.visit(site, person, lang=lang)
        visit.params["path"] = path
        with pytest.raises(HTTPProblem) as caught:
            book(visit)
        told = problem_texts.as_json(visit.words, caught.value)
        assert (caught.value.status, told["error"]) == (404, "no_book")
        assert told["message"] == gettext("The book is not here yet.")
        assert (command in told["hint"]) == (person == "saule-m")
        assert not re.search(r"\bmake\b|\{", told["hint"])
    home = participant.home(helpers.visit(site, person, lang=lang)).body.decode()
    assert escape(gettext("The book is not here yet.")) in home
    assert (command in home) == (person == "saule-m")
    assert escape(gettext("Open the book")) not in home


def test_the_command_is_the_one_for_the_book_that_is_read(course: Course, tmp_path: Path):
    own = Site(course, book_dir=course.dir / "book")
    other = Site(course, book_dir=tmp_path / "site")
    command = f"ustaz book build {course.dir}"
    for site, said in ((own, command), (other, f"USTAZ_BOOK={tmp_path / 'site'} {command}")):
        with pytest.raises(HTTPProblem) as caught:
            front_page(helpers.visit(site, "saule-m"))
        assert caught.value.params == {"command": said}
        site.pool.shutdown()


@pytest.mark.parametrize(
    "path",
    [
        "en/link.html", "secret.py", "../outside.html", "%2e%2e/outside.html",
        "en/..%2f..%2foutside.html", "en/%00", "en//index.html", "en/.hidden", "en/%5c..%5cx.html",
        "en/" + "a" * 2000, "en/" + "a/" * 500, "en/page.html/", "C%3A/x.html", "en/%ff.html",
    ],
)  # fmt: skip
def test_nothing_outside_the_book_is_served(server: Server, path: str):
    with httpx.Client(cookies=server.browser("aigul-s").client.cookies) as raw:
        reply = raw.send(
            httpx.Request(
                "GET",
                f"{server.root}ustaz/book/{path}",
                headers={"Cookie": "; ".join(f"{c.name}={c.value}" for c in raw.cookies.jar)},
            )
        )
    assert reply.status_code in {400, 404}, reply.status_code
    assert "outside" not in reply.text
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    "path",
    [
        "../site.css",
        "..%2f__init__.py",
        "evaluating.py",
        ".hidden.css",
        "%00.css",
        "a/b.css",
        "x" * 300,
    ],
)
def test_nothing_but_the_static_files_is_served(server: Server, path: str):
    reply = server.browser("aigul-s").get(f"ustaz/static/{path}")
    assert reply.status_code == 404
