"""A teacher's whole year on a telephone in Kazakh, at a real hub: from the invitation to the PDF.

Each workbook is filled as a hand does it: what stands on the page is pressed, chosen and typed into
until nothing is empty. A photo goes over a connection that breaks twice. The hub is stopped and
started between the seasons, so that the year passes. A second, shorter way goes by keyboard alone.
Screenshots are kept where `USTAZ_SHOTS` says.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.hub.helpers import COURSE, ROSTER, LiveHub, give_passwords, make_hub
from tests.portfolio import year
from tests.support import hostile_files as samples
from tests.support.browser import PHONE, SHOTS, Watch, axe, follow, ready
from tests.support.courses import course_at
from ustaz.hub.settings import PREFIX, HubDir
from ustaz.portfolio.typesetting import available

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.soak]

OWNER, OTHER = "aigul-s", "nurgul-a"
WORDS = "қоңыр күздің самалы"
SEASONS = {
    "autumn": "2026-09-28T16:05:00+05:00",
    "winter": "2027-01-18T16:05:00+05:00",
    "spring": "2027-05-10T16:05:00+05:00",
}
DAYS = {"autumn": "2026-09-21", "winter": "2026-12-07", "spring": "2027-04-12"}
SHORT = ("Жұппен сөйлесу", "Сұрақ жәшігі", "Он минут оқу", "Әріптестер үйірмесі", "Ғылым күні")
LONG = (
    "Оқушылар алдымен жұбымен ойласады, содан кейін ғана жауап береді; үнсіз балалар да сөйлейді.",
    "Әріптесім сабағыма келіп, кім қанша сөйлегенін санап берді, біз оны бірге талқыладық.",
    "Ең қиыны – өзім үндемей күту болды: үш секунд та ұзақ көрінеді, бірақ жауаптар толық.",
    "Келесі айда осы тәсілді көрші сыныпта байқаймыз, нәтижесін қыркүйекпен салыстырамыз.",
)

#: What can still be pressed or filled, in the order of the page; each once.
EMPTY = """() => {
  const seen = [];
  const shows = el => el.offsetParent !== null && !el.disabled && !el.readOnly;
  const main = document.querySelector("main") ?? document;
  const groups = new Set();
  for (const el of main.querySelectorAll("input, textarea, select")) {
    if (!shows(el) || !el.id || el.id === "uz-writing" || el.closest(".uz-finish")) continue;
    const type = el.localName === "input" ? el.type : el.localName;
    if (type === "radio" || type === "checkbox") {
      const group = el.closest("fieldset, [role=group], [role=radiogroup]") ?? el;
      const name = type === "radio" ? el.name : group;
      if (groups.has(name)) continue;
      groups.add(name);
      const all = type === "radio"
        ? [...main.querySelectorAll(`input[name="${CSS.escape(el.name)}"]`)]
        : [...group.querySelectorAll("input[type=checkbox]")];
      if (all.some(other => other.checked)) continue;
      seen.push([type, all[Math.min(type === "radio" ? 1 : 0, all.length - 1)].id]);
    } else if (["text", "textarea", "date", "number", "select"].includes(type)
        && (type === "select" ? el.selectedIndex < 1 : !el.value)) {
      // What would begin a further entry, and not a further answer to this one.
      if (el.closest(".uz-entry-quick") && main.querySelector(".uz-entry details[open]")) continue;
      seen.push([["numeric", "decimal"].includes(el.inputMode) ? "number" : type, el.id]);
    }
  }
  return seen;
}"""


class Walk:
    """A teacher's browser of 360 px, and what is seen in it."""

    def __init__(self, hub: HubDir, chromium: Any, folder: Path) -> None:
        self.hub, self.folder = hub, folder
        self.context = chromium.new_context(viewport=PHONE, locale="kk-KZ", accept_downloads=True)
        self.watch = Watch(self.context)
        self.page = self.context.new_page()
        self.season, self.count = "autumn", 0
        self.faults: list[str] = []
        self.typed = 0

    @property
    def root(self) -> str:
        return f"{self.hub.settings.address}{PREFIX}{COURSE}/"

    def open(self, path: str) -> None:
        reply = self.page.goto(self.root + path)
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
        path = self.hub.dir / "courses" / COURSE / "people" / OWNER / workbook / "answers.json"
        answers: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["answers"]
        return answers

    def language(self, workbook: str) -> str:
        """Return the language in which a workbook is written."""
        path = self.hub.dir / "courses" / COURSE / "people" / OWNER / workbook / "answers.json"
        return str(json.loads(path.read_text(encoding="utf-8"))["lang"])

    def saved(self) -> None:
        self.page.locator(".uz-state--saved").wait_for(timeout=60_000)

    # -- as a hand does it ------------------------------------------------------------------------
    def words(self, long: bool) -> str:
        self.typed += 1
        stock = LONG if long else SHORT
        return stock[self.typed % len(stock)]

    def put(self, kind: str, element: str) -> None:
        control = self.page.locator(f"[id='{element}']")
        match kind:
            case "radio" | "checkbox":
                control.check()
            case "select":
                control.select_option(index=1)
            case "date":
                control.fill(DAYS[self.season])
            case "number":
                control.fill("7")
            case _:
                control.fill(self.words(kind == "textarea"))

    def fill(self, workbook: str, *, rows: int = 1) -> None:
        """Fill a workbook until nothing that shows is empty, and look at it."""
        page = self.page
        self.open(f"workbooks/{workbook}?lang=kk")
        start = page.locator("[data-part=start]")
        page.mouse.move(100, 200)
        page.mouse.wheel(0, 200)
        if page.locator(".uz-field--table, .uz-plan").count():
            page.wait_for_load_state("networkidle")
        for _ in range(rows):
            if start.count():
                start.first.click()
            for add in page.get_by_role("button", name=re.compile("^Қосу")).all():
                if add.is_visible():
                    add.click()
        tried: set[str] = set()
        for _ in range(5):
            empty = [pair for pair in page.evaluate(EMPTY) if pair[1] not in tried]
            if not empty:
                break
            for kind, element in empty:
                tried.add(element)
                control = page.locator(f"[id='{element}']")
                if control.count() and control.is_visible():
                    self.put(kind, element)
            # An entry of a journal is added, and opens for the details.
            quick = page.locator(".uz-entry-quick button[type=submit]")
            if quick.count() and not page.locator(".uz-entry details[open]").count():
                quick.first.click()
                page.locator(".uz-entry summary").first.click()
                page.locator(".uz-entry details[open] button").last.wait_for()
        page.locator("h1").first.click()
        self.saved()
        self.look(workbook)
        assert self.answers(workbook)
        page.get_by_role("button", name="Жауаптарымды тексеру").click()
        page.locator("#uz-check").wait_for()
        self.look(f"{workbook}-checked")

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


@pytest.fixture
def hub(tmp_path: Path) -> HubDir:
    made = make_hub(tmp_path / "hub", pilot=False, accounts=False)
    settings = year.SETTINGS.replace(', "proof"', "").replace('library = ["library"]\n', "")
    course_at(
        made.dir / "courses" / COURSE, COURSE, "Мұғалім көшбасшылығы", ROSTER, demo=False,
        workbooks=settings,
    )  # fmt: skip
    give_passwords(made, but=(OWNER, OTHER))
    return made


def invitation(live: LiveHub, person: str) -> str:
    """Return the secret address that staff hand to somebody."""
    staff = live.visitor("saule-m")
    reply = staff.form(staff.at("sign-in"), action="invite", person=person)
    link = re.search(r'href="([^"]*/hub/code\?[^"]*)"', reply.text)
    assert link
    return link[1].replace("&amp;", "&") + "&lang=kk"


@pytest.fixture
def walk(hub: HubDir, chromium: Any, tmp_path: Path) -> Iterator[Walk]:
    walk = Walk(hub, chromium, tmp_path)
    yield walk
    walk.context.close()


def autumn(walk: Walk) -> None:
    page = walk.page
    with LiveHub(walk.hub, now=SEASONS["autumn"]) as live:
        page.goto(invitation(live, OWNER))
        walk.look("invitation")
        page.fill("#password", WORDS)
        page.keyboard.press("Tab")
        page.keyboard.type(WORDS)
        with page.expect_navigation(url=re.compile(re.escape(PREFIX))):
            page.keyboard.press("Enter")
        walk.open("?lang=kk")
        walk.look("home-first")
        for workbook in ("starting-point", "culture", "people-map"):
            walk.fill(workbook, rows=2)
        walk.fill("focus")
        walk.submit("focus")
        walk.fill("action-plan", rows=2)
        walk.submit("action-plan")
        walk.open("")
        walk.look("home-autumn")
        walk.open("calendar")
        walk.look("calendar")


def photo(walk: Walk) -> None:
    """Send a photo over a connection that breaks twice."""
    page = walk.page
    path = walk.folder / "Тақта.jpg"
    noise = Image.effect_noise((2400, 1800), 40).convert("RGB")
    path.write_bytes(samples.packed(noise, "JPEG", quality=80))
    pieces: list[int] = []

    def breaking(route: Any) -> None:
        if route.request.method == "PUT":
            pieces.append(1)
            if len(pieces) in {1, 2}:
                route.abort("connectionreset")
                return
        route.fallback()

    walk.context.route("**/api/v1/files/*", breaking)
    seen = page.locator("[id$=-seen-none]:visible")
    if not seen.count():
        page.locator("[id$=-photos-add]:visible, [id$=-files-add]:visible").first.click()
    seen.first.check()
    page.locator("[id$=-upload]").first.set_input_files(path)
    page.locator("[id$=-send]:visible").first.click()
    caption = page.locator("li [id$=-caption]:visible").first
    caption.wait_for(timeout=90_000)
    assert len(pieces) >= 3
    caption.fill("Тақтадағы оқушылар сұрақтары")
    caption.blur()
    # Without that it is nobody's but the group's, and stays out of the portfolio.
    staff = page.locator("input[type=checkbox][id$='-staff']:visible")
    for box in staff.all():
        box.check()
    assert staff.count()
    walk.saved()
    walk.look("evidence-photo")
    walk.context.unroute("**/api/v1/files/*")
    walk.watch.errors = [line for line in walk.watch.errors if "CONNECTION_RESET" not in line]


def winter(walk: Walk) -> None:
    page = walk.page
    walk.season = "winter"
    with LiveHub(walk.hub, now=SEASONS["winter"]):
        walk.open("")  # the sign-in of autumn is still good
        walk.look("home-winter")
        entry = page.locator("form[id^=entry-] textarea").first
        entry.fill("Бүгін алты бала өзі сұрақ қойды.")
        follow(page, "form[id^=entry-] button >> nth=0")
        walk.look("home-entry")
        walk.fill("consultations")
        walk.fill("participation")
        assert walk.language("participation") == "kk"
        walk.fill("evidence")
        photo(walk)
        walk.fill("half-way-review")
        walk.submit("half-way-review")
        walk.open("story")
        walk.look("story")


def spring(walk: Walk) -> Path | None:
    page = walk.page
    walk.season = "spring"
    with LiveHub(walk.hub, now=SEASONS["spring"]):
        walk.open("")
        walk.look("home-spring")
        walk.fill("network-notes")
        walk.open("workbooks/network-notes/poster")
        walk.look("poster")
        walk.fill("project-review")
        walk.fill("vignette")
        walk.submit("vignette")
        walk.fill("portfolio")
        walk.open("portfolio")
        walk.look("portfolio")
        walk.open("workbooks/portfolio/submit")
        walk.look("portfolio-submit")
        if page.locator("input[name=all]").count():
            page.check("input[name=all]")
        follow(page, "form button.uzs-button")
        assert "/receipt/1" in page.url
        walk.look("portfolio-receipt")
        walk.open("shares")
        walk.look("shares")
        walk.open("")
        walk.look("home-end")
        if not available():
            return None
        walk.open("portfolio")
        with page.expect_download() as waiting:
            page.click("a[href*='/portfolio/pdf']")
        path = walk.folder / "portfolio.pdf"
        waiting.value.save_as(path)
        return path


@pytest.mark.timeout(1800)
def test_a_teacher_goes_through_the_whole_year_on_a_telephone(walk: Walk) -> None:
    autumn(walk)
    winter(walk)
    pdf = spring(walk)
    # What was written for nobody else stayed at home; what was submitted is whole.
    submitted = walk.hub.dir / "courses" / COURSE / "exchange" / "inbound" / OWNER
    assert {one.name for one in submitted.iterdir()} >= {
        "focus", "action-plan", "half-way-review", "vignette", "portfolio",
    }  # fmt: skip
    if pdf:
        text = subprocess.run(
            ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert text.count("\f") >= 2
        assert "Тақтадағы оқушылар сұрақтары" in " ".join(text.split())
        assert all(leaf.strip() for leaf in text.split("\f")[:-1])
        if SHOTS:
            pages = ["pdftoppm", "-r", "50", "-png", str(pdf), f"{SHOTS}/pdf"]
            subprocess.run(pages, check=True)
    assert walk.faults == []
    assert walk.watch.errors == []
    assert walk.watch.outside == []


def tab_to(page: Any, selector: str, most: int = 150) -> None:
    """Press Tab until what is wanted has the focus, and can be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate(
                """() => {
                  const style = getComputedStyle(document.activeElement);
                  return style.outlineStyle !== "none" || style.boxShadow !== "none";
                }"""
            ), selector
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


@pytest.mark.timeout(600)
def test_from_the_invitation_to_a_receipt_by_keyboard_alone(
    hub: HubDir, chromium: Any, tmp_path: Path
) -> None:
    walk = Walk(hub, chromium, tmp_path)
    page, keys = walk.page, walk.page.keyboard
    with LiveHub(hub, now=SEASONS["autumn"]) as live:
        page.goto(invitation(live, OTHER))
        tab_to(page, "#password")
        keys.type(WORDS)
        keys.press("Tab")
        keys.type(WORDS)
        with page.expect_navigation(url=re.compile(re.escape(PREFIX))):
            keys.press("Enter")
        ready(page)
        tab_to(page, "a[href$='/workbooks/focus']")
        with page.expect_navigation():
            keys.press("Enter")
        ready(page)
        for field, words in (("concern_raw", LONG[0]), ("why_me", LONG[2])):
            tab_to(page, f"#uz-focus-{field}")
            keys.type(words)
        tab_to(page, "#uz-focus-focus_statement")
        keys.type(LONG[1])
        walk.saved()
        tab_to(page, ".uz-finish button.uz-button--main")
        keys.press("Enter")
        page.locator("#uz-submit").wait_for()
        if page.locator("#uz-submit-all").count():
            tab_to(page, "#uz-submit-all")
            keys.press("Space")
        tab_to(page, "#uz-submit .uz-button--main")
        keys.press("Enter")
        page.locator("#uz-receipt code").wait_for(timeout=60_000)
        walk.look("keyboard-receipt")
    assert walk.faults == []
    assert walk.watch.errors == []
    walk.context.close()
