"""A teacher's whole year on a telephone in Kazakh, at a real hub: from the invitation to the PDF.

Marat's workbooks are filled as a hand fills them (`hand.py`), with his words of the demo, from the
starting point to the portfolio; his facilitator answers in between, and a photo goes over a
connection that breaks twice. The hub is stopped and started again between the seasons, so that the
year passes. The short form has one season of it: invitation, focus, an entry from home, the photo,
the portfolio and its PDF. Screenshots are kept where `USTAZ_SHOTS` says.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops

from tests.hub.helpers import COURSE, ROSTER, LiveHub, give_passwords, make_hub
from tests.hub.test_sign_in import code_for
from tests.story.hand import Hand
from tests.support import hostile_files as samples
from tests.support.browser import PHONE, SHOTS, Watch, axe, follow, ready
from tests.support.courses import course_at
from tests.support.forms import kept
from ustaz.admin.create import COMPANIONS, HANDED_IN
from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.demo._create import DUE
from ustaz.demo._events import with_events
from ustaz.demo._people import teachers
from ustaz.demo._returning import Returning
from ustaz.demo.pictures import jpeg
from ustaz.grading import release_assignments, write_config
from ustaz.hub.settings import PREFIX, HubDir
from ustaz.portfolio.typesetting import available

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OWNER, FACILITATOR = "marat-t", "natalya-v"
WORDS = "қоңыр күздің самалы"
ZONE = dt.timezone(dt.timedelta(hours=5))
AUTUMN = dt.datetime(2026, 10, 2, 16, 5, tzinfo=ZONE)
WINTER = dt.datetime(2027, 1, 20, 16, 5, tzinfo=ZONE)
SPRING = dt.datetime(2027, 4, 12, 16, 5, tzinfo=ZONE)
SENTENCE = "Бүгін алты бала өзі сұрақ қойды."
QUESTION = "Үнсіз оқушының басында сұрақ бар-жоғын қалай білесіз?"
REPLY = "Әлі білмеймін, жәшік сол үшін керек."
#: How much of a long table is written by hand: every kind of row, and not all of them.
ROWS = {"people": 4, "talks": 3, "record": 3, "items": 3, "steps": 5}


class Walk:
    """A teacher's browser of 360 px, and what is seen in it."""

    def __init__(self, hub: HubDir, chromium: Any, folder: Path) -> None:
        self.hub, self.folder = hub, folder
        self.course = Course.open(hub.dir / "courses" / COURSE)
        self.teacher = next(one for one in teachers(2, 1) if one.person.person == OWNER)
        self.context = chromium.new_context(viewport=PHONE, locale="kk-KZ", accept_downloads=True)
        self.context.set_default_timeout(90_000)
        self.watch = Watch(self.context)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.pieces: list[int] = []
        self.count = 0

    # -- looking ----------------------------------------------------------------------------------
    def open(self, path: str) -> None:
        reply = self.page.goto(f"{self.hub.settings.address}{PREFIX}{COURSE}/{path}")
        assert reply.status == 200, path
        ready(self.page)

    def look(self, name: str) -> None:
        """Note what is wrong with the page as it is, and keep a picture."""
        self.count += 1
        ready(self.page)
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.faults.append(f"{name}: wider than the phone")
        if self.page.evaluate("document.documentElement.lang") != "kk":
            self.faults.append(f"{name}: not in Kazakh")
        self.faults += [f"{name}: {fault}" for fault in axe(self.page)]
        if SHOTS:
            Path(SHOTS).mkdir(exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{self.count:02}-{name}.png", full_page=True)

    def answers(self, workbook: str) -> dict[str, Any]:
        """Return what the server has of a workbook."""
        document = self.course.store.read(Subject.person(OWNER), workbook)
        assert document.lang == "kk"
        return document.answers

    def saved(self) -> None:
        self.page.locator("h1").first.click()
        self.page.locator(".uz-state--saved").wait_for(timeout=60_000)

    # -- writing ----------------------------------------------------------------------------------
    def written(self, workbook: str) -> dict[str, Any]:
        """Return what the teacher writes by hand in a workbook."""
        answers = self.teacher.year[workbook]["answers"]
        return {
            name: value[: ROWS[name]] if name in ROWS and isinstance(value, list) else value
            for name, value in answers.items()
        }

    def write(self, workbook: str, *, only: tuple[str, ...] = (), **more: Any) -> None:
        """Fill a workbook, or `only` some of its fields, as a hand does it, and look at it."""
        answers = {**self.written(workbook), **more}
        answers = {name: answers[name] for name in only or answers}
        self.open(f"workbooks/{workbook}")
        steps = [step["action"] for step in self.written("action-plan")["steps"]]
        definition = self.course.library[workbook]
        Hand(self.page, definition, self.course.start, steps, self.attach).write(answers)
        self.saved()
        self.look(workbook)
        kept = self.answers(workbook)
        assert set(answers) <= set(kept), workbook
        for name, value in answers.items():
            if definition.field(name).columns:
                assert len(kept[name]) >= len(value), (workbook, name)
            elif definition.field(name).kind == "text":
                assert kept[name] == value.strip(), (workbook, name)

    def attach(self, field: Any, file: Mapping[str, Any]) -> None:
        """Send a photo from the telephone; the first one over a connection that breaks twice."""
        path = self.folder / file["name"]
        path.write_bytes(as_by_a_telephone(jpeg(file["picture"])))
        field.locator("[id$=-add]").click()
        field.locator("[id$=-seen-none]").check()
        field.locator("[id$=-upload]").set_input_files(path)
        field.locator("[id$=-send]").click()
        caption = field.locator("li [id$=-caption]")
        caption.wait_for(timeout=90_000)
        caption.fill(file["caption"])

    def breaking(self, route: Any) -> None:
        """Lose a piece of a file on the way, and a later one with the connection."""
        if route.request.method == "PUT":
            self.pieces.append(1)
            lost = {1: "connectionreset", 3: "internetdisconnected"}.get(len(self.pieces))
            if lost:
                route.abort(lost)
                return
        route.fallback()

    def submit(self, workbook: str) -> None:
        page = self.page
        page.locator(".uz-finish .uz-button--main").last.click()
        panel = page.locator("#uz-submit")
        panel.wait_for()
        self.look(f"{workbook}-before-submitting")
        if panel.locator("#uz-submit-all").count():
            panel.locator("#uz-submit-all").check()
        panel.locator(".uz-button--main").last.click()
        page.locator("#uz-receipt code").wait_for(timeout=60_000)
        self.look(f"{workbook}-receipt")


def as_by_a_telephone(drawn: bytes) -> bytes:
    """Return a picture as large as a telephone makes it, with a place in it and with noise."""
    image = Image.open(io.BytesIO(drawn)).convert("RGB").resize((2640, 1980))
    noise = Image.effect_noise(image.size, 40).convert("RGB")
    shaky = ImageChops.blend(image, ImageChops.overlay(image, noise), 0.5)
    return samples.packed(shaky, "JPEG", exif=samples.exif(1), quality=85)


@pytest.fixture
def hub(tmp_path: Path) -> HubDir:
    made = make_hub(tmp_path / "hub", pilot=False, accounts=False)
    due = "".join(f"{name} = {day}\n" for name, day in due_days().items())
    listed = {"assignments": HANDED_IN, "companions": COMPANIONS}
    lists = "".join(f"{name} = {list(ids)}\n".replace("'", '"') for name, ids in listed.items())
    course = course_at(
        made.dir / "courses" / COURSE, COURSE, "Мұғалім көшбасшылығы", ROSTER, demo=False,
        workbooks=f"[calendar.due]\n{due}\n[workbooks]\n{lists}",
    )  # fmt: skip
    with_events(course)
    give_passwords(made, but=(OWNER,))
    return made


def due_days() -> dict[str, dt.date]:
    return {name: dt.date(2026, 9, 1) + dt.timedelta(days=day) for name, day in DUE.items()}


@pytest.fixture
def walk(hub: HubDir, chromium: Any, tmp_path: Path) -> Iterator[Walk]:
    walk = Walk(hub, chromium, tmp_path)
    yield walk
    walk.context.close()


# -- what happens in the year ---------------------------------------------------------------------
def invited(walk: Walk, live: LiveHub) -> None:
    """Follow the secret address that staff hand to somebody, and see home for the first time."""
    slip = code_for(live, "saule-m", OWNER)
    page = walk.page
    page.goto(f"{slip['link']}&lang=kk")
    walk.look("invitation")
    page.fill("#password", WORDS)
    page.locator("input[type=password]").nth(1).fill(WORDS)
    with page.expect_navigation(url=re.compile(re.escape(PREFIX))):
        page.locator("form.uzs-form button").click()
    walk.open("")
    walk.look("home-first")
    assert page.get_by_text("Natalya V.").count()


def answered(walk: Walk, live: LiveHub) -> None:
    """The facilitator agrees to the focus and asks; the teacher finds it on home and answers."""
    facilitator = live.visitor(FACILITATOR)
    at = facilitator.at(f"people/{OWNER}/focus")
    facilitator.form(f"{at}/confirm", field="focus_agreed_with_facilitator", value="yes")
    facilitator.form(
        f"{at}/remarks", do="say", to=f"remark:{OWNER}/focus/concern_raw", sort="question",
        text=QUESTION, batch="c0ffee000001",
    )  # fmt: skip
    page = walk.page
    walk.open("")
    walk.look("home-remark")
    follow(page, "#new li a")
    remark = page.locator(".uzr-remark", has_text=QUESTION)
    remark.wait_for()
    walk.look("remark")
    remark.locator("summary").click()
    remark.locator("textarea").fill(REPLY)
    walk.look("remark-answering")
    remark.get_by_role("button", name="Жіберу").click()
    remark.get_by_text(REPLY).wait_for()
    walk.look("remark-answered")


def sentence(walk: Walk) -> None:
    """Write one sentence on home."""
    page = walk.page
    walk.open("")
    page.locator("#entry-participation textarea").fill(SENTENCE)
    follow(page, "#entry-participation button")
    walk.look("home-entry")
    assert walk.answers("participation")["record"][0]["what_i_did"] == SENTENCE


def evidence(walk: Walk, pieces: int) -> None:
    """Keep what shows the work, with photos; the first one over a connection that breaks twice."""
    walk.context.route("**/api/v1/files/*", walk.breaking)
    walk.write("evidence", items=walk.written("evidence")["items"][:pieces])
    walk.context.unroute("**/api/v1/files/*")
    assert len(walk.pieces) >= 4  # two at least, and the two that were lost
    lost = ("ERR_CONNECTION_RESET", "ERR_INTERNET_DISCONNECTED")
    walk.watch.errors = [line for line in walk.watch.errors if not any(e in line for e in lost)]
    for item in walk.answers("evidence")["items"]:
        for file in item["file"]:
            kept_file = walk.course.people_dir / OWNER / "files" / file["hash"]
            with Image.open(kept_file) as image:
                assert not image.getexif()


def portfolio(walk: Walk) -> None:
    page = walk.page
    walk.write("portfolio", own_work="yes")
    walk.open("portfolio")
    walk.look("portfolio-read")
    follow(page, "a[href$='/portfolio/submit']")
    walk.look("portfolio-before-submitting")
    if page.locator("input[name=all]").count():
        page.check("input[name=all]")
    follow(page, "form button.uzs-button")
    assert "/receipt/1" in page.url
    walk.look("portfolio-receipt")


def pdf(walk: Walk) -> str:
    """Take the portfolio away as PDF, look at its pages, and return its words."""
    page = walk.page
    walk.open("portfolio")
    with page.expect_download() as waiting:
        page.click("a[href*='/portfolio/pdf']")
    path = walk.folder / "portfolio.pdf"
    waiting.value.save_as(path)
    document = pypdfium2.PdfDocument(path.read_bytes())
    texts = []
    for number, leaf in enumerate(document, 1):
        text = leaf.get_textpage().get_text_bounded()
        texts.append(" ".join(text.split()))
        drawn = leaf.render(scale=0.9).to_pil()
        if SHOTS:
            drawn.save(f"{SHOTS}/pdf-{number:02}.png")
        # A page with something on it: words, and ink where they are.
        assert len(texts[-1]) > 20, number
        assert sum(drawn.convert("L").histogram()[:128]) > 500, number
    document.close()
    return " ".join(texts)


# -- the year -------------------------------------------------------------------------------------
def short_year(walk: Walk) -> None:
    """One season: what every teacher's year has."""
    with LiveHub(walk.hub, now=SPRING.isoformat()) as live:
        invited(walk, live)
        walk.write("focus")
        walk.submit("focus")
        answered(walk, live)
        sentence(walk)
        evidence(walk, 1)
        portfolio(walk)
        if available():
            words = pdf(walk)
            assert all(text in words for text in words_of(walk, "focus", "evidence", "portfolio"))


def whole_year(walk: Walk) -> None:
    """Three seasons: every workbook, and what comes back in between."""
    page = walk.page
    write_config(walk.course)
    release_assignments(walk.course)
    returning = Returning(walk.course)
    with LiveHub(walk.hub, now=AUTUMN.isoformat()) as live:
        invited(walk, live)
        for workbook in ("starting-point", "focus"):
            walk.write(workbook)
        walk.submit("focus")
        answered(walk, live)
        for workbook in ("culture", "people-map", "consultations", "action-plan"):
            walk.write(workbook)
        walk.submit("action-plan")
        for place in ("", "calendar"):
            walk.open(place)
            walk.look(f"{place or 'home'}-autumn")
    given_back(walk, returning, WINTER, "focus", "action-plan")
    with LiveHub(walk.hub, now=WINTER.isoformat()):
        read_feedback(walk, "action-plan")
        step_done(walk)
        sentence(walk)
        walk.write("participation")
        evidence(walk, ROWS["items"])
        walk.write("half-way-review")
        walk.submit("half-way-review")
        walk.open("story")
        walk.look("story")
    given_back(walk, returning, SPRING, "half-way-review")
    with LiveHub(walk.hub, now=SPRING.isoformat()):
        read_feedback(walk, "half-way-review")
        walk.write("network-notes")
        walk.open("workbooks/network-notes/poster")
        walk.look("poster")
        walk.write("project-review")
        walk.write("vignette")
        walk.submit("vignette")
        portfolio(walk)
        for place in ("shares", "story", ""):
            walk.open(place)
            walk.look(f"{place or 'home'}-spring")
        # Home, which was opened last, still asks of the steps that nobody said are done.
        assert page.get_by_text(walk.written("action-plan")["steps"][1]["action"]).count()
        if available():
            words = pdf(walk)
            assert all(text in words for text in words_of(walk, *WRITTEN))


def given_back(walk: Walk, returning: Returning, until: dt.datetime, *workbooks: str) -> None:
    """Let course staff collect, mark and give back what was handed in, before a day."""
    for workbook in workbooks:
        returning.sent(walk.teacher, workbook)
    returning.until(until)


def read_feedback(walk: Walk, workbook: str) -> None:
    """Find on home that feedback has come, and read it."""
    walk.open("")
    walk.look(f"home-feedback-{workbook}")
    follow(walk.page, f"a[href$='{workbook}/feedback'] >> nth=0")
    walk.look(f"{workbook}-feedback")
    said = " ".join(walk.page.locator("main").inner_text().split())
    assert " ".join(walk.teacher.comments[workbook].split()) in said


def step_done(walk: Walk) -> None:
    """Say on home that a step of the plan is done."""
    action = walk.written("action-plan")["steps"][0]["action"]
    walk.open("")
    follow(walk.page, walk.page.get_by_role("button", name=f"Орындалды: {action}"))
    walk.look("home-step-done")
    assert walk.answers("action-plan")["steps"][0]["status"] == "done"


#: Whose words stand in a portfolio.
WRITTEN = ("focus", "consultations", "action-plan", "evidence", "half-way-review", "project-review",
           "vignette", "portfolio")  # fmt: skip
#: One answer of each, with Kazakh letters in it.
SHOWN = {
    "focus": "focus_statement",
    "consultations": "pattern",
    "action-plan": "title",
    "half-way-review": "proud_of",
    "project-review": "impact_pupils",
    "vignette": "changed",
    "portfolio": "cover_statement",
}


def words_of(walk: Walk, *workbooks: str) -> Iterator[str]:
    """Yield what must stand in the PDF, its white space as that of its pages is compared."""
    for workbook in workbooks:
        answers = walk.written(workbook)
        if workbook == "evidence":
            items = walk.answers("evidence")["items"]
            texts = [file["caption"] for item in items for file in item.get("file", ())]
        else:
            texts = [answers[SHOWN[workbook]]]
        yield from (" ".join(text.split()) for text in texts)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("year", kept([short_year], [whole_year]))
def test_a_teacher_goes_through_the_year_on_a_telephone(walk: Walk, year: Any) -> None:
    year(walk)
    submitted = walk.hub.dir / "courses" / COURSE / "exchange" / "inbound" / OWNER
    expected = {"focus", "portfolio"} if year is short_year else set(HANDED_IN)
    assert {folder.name for folder in submitted.iterdir()} == expected
    assert walk.faults == []
    assert walk.watch.errors == []
    assert walk.watch.outside == []
