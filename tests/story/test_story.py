"""The whole story, on a phone and on a desktop, in Kazakh: from an empty focus to the feedback.

A teacher opens home, writes the focus and the plan, moves a step by keyboard, reloads; the server
is killed and started again; everything is there; the plan is handed in. Staff collect, grade, mark
in the real formgrader and release. The teacher reads what was said. Screenshots of every step are
kept in `USTAZ_PICTURES` (default: the test's own folder).
"""

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import DESKTOP, PHONE, Watch, axe, follow, ready
from tests.support.demos import NOT_BEGUN, PEOPLE, demo_course
from tests.support.formgrader import mark, open_submission
from tests.support.forms import kept
from tests.support.live import TOKEN, Live

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STAFF = "irina-m"
FOCUS = (
    "Біріктірілген сыныпта әр оқушы өз жауабын дауыстап түсіндіре алуы үшін мен жұппен сөйлесуді "
    "дамытқым келеді, ол үшін аптасына екі рет он минут бөлемін."
)
CONCERN = (
    "Оқушылардың көбі жауабын білсе де үндемейді. Сабақта тек үш бала сөйлейді, қалғандары тыңдап "
    "отырады. Мен олардың қалай ойлайтынын білмеймін. <script>alert('ә')</script>"
)
PUPILS = "Әр оқушы аптасына кемінде бір рет өз ойын көршісіне толық сөйлеммен түсіндіреді."
STEPS = (
    "Ә.Қ. апаймен ақылдасамын",
    "Екі аптада сынап көремін",
    "Не өзгергенін қараймын",
    "Бөлісемін",
)
COMMENT = "Қадамдарыңыз анық. Кеңескеннен кейін не өзгерді? <b>Жақсы</b>"


#: Who has not begun, and how many people the demo must have for that.
TELLERS = {"phone": (NOT_BEGUN, PEOPLE), "desktop": ("nurlan-a", 30)}


@pytest.fixture
def live(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    course = tmp_path_factory.mktemp("story") / "course"
    demo_course(tmp_path_factory, course, people=TELLERS[name][1])
    with Live(course) as server:
        yield server


class Story:
    """One telling: a browser with a size, a teacher, and where its pictures go."""

    def __init__(self, live: Live, chromium: Any, size: dict, teacher: str, pictures: Path) -> None:
        self.live, self.teacher, self.pictures = live, teacher, pictures
        # A clock of the browser that is not the server's: nothing may depend on it.
        self.context = chromium.new_context(viewport=size, locale="kk-KZ")
        self.watch = Watch(self.context)
        self.page = self.context.new_page()
        self.count = 0

    def picture(self, name: str) -> None:
        """Keep a picture of the page as it is."""
        self.count += 1
        path = self.pictures / f"{self.count:02}-{name}.png"
        self.page.screenshot(path=str(path), full_page=True)

    def sign_in(self) -> None:
        self.page.goto(f"{self.live.url}ustaz/?token={TOKEN}")

    def become(self, person: str) -> None:
        """Choose a person on the home page of the demo, as a visitor does."""
        self.page.goto(f"{self.live.url}ustaz/?choose=1")
        self.live.act_as(self.context, person)

    def open(self, path: str) -> None:
        answer = self.page.goto(self.live.url + path)
        assert answer.status == 200, path
        ready(self.page)

    def saved(self) -> None:
        """Wait until the page says that everything is kept by the server."""
        self.page.locator(".uz-state--saved").wait_for(timeout=30_000)

    def document(self, workbook: str) -> dict:
        path = self.live.course / "people" / self.teacher / workbook / "answers.json"
        return json.loads(path.read_text(encoding="utf-8"))["answers"]


def write_focus(story: Story) -> None:
    page = story.page
    story.open("ustaz/workbooks/focus")
    assert page.locator("html").get_attribute("lang") == "kk"
    table = page.locator("#uz-focus-values")
    for number, (value, look) in enumerate(
        [("Әр бала сөйлейді", "Сабақта әр бала бір толық сөйлем айтады."),
         ("Сенім", "Қателесуден қорықпайды, досынан сұрайды.")]
    ):  # fmt: skip
        if table.locator("input[type=text]").count() <= number:
            table.locator(":scope > button, .uz-button").last.click()
        table.locator("input[type=text]").nth(number).fill(value)
        table.locator("textarea").nth(number).fill(look)
    page.locator("#uz-focus-concern_raw").fill(CONCERN)
    page.locator("#uz-focus-who_is_affected-pupils").check()
    page.locator("#uz-focus-within_my_influence-4").check()
    page.locator("#uz-focus-why_me").fill("Бұл жеке ой: өзім де мектепте үндемейтінмін.")
    page.locator("#uz-focus-focus_statement").fill(FOCUS)
    page.locator("#uz-focus-focus_statement").blur()
    story.saved()
    story.picture("focus-written")
    assert story.document("focus")["focus_statement"] == FOCUS


def write_plan(story: Story) -> None:
    page = story.page
    story.open("ustaz/workbooks/action-plan")
    # The focus is shown, not asked for again.
    page.get_by_text(FOCUS).first.wait_for()
    page.locator("#uz-action-plan-title").fill("Жұппен сөйлесеміз")
    page.locator("#uz-action-plan-purpose_for_pupils").fill(PUPILS)
    signs = page.locator("#uz-action-plan-success_signs")
    for number, sign in enumerate(["Он бала сұрақ қояды.", "Жұпта бәрі сөйлейді."]):
        if signs.locator(".uz-input").count() <= number:
            signs.locator(".uz-button").last.click()
        signs.locator(".uz-input").nth(number).fill(sign)
    people = page.locator(".uz-embedded")
    people.locator(".uz-button").last.click()
    people.locator("input[type=text]").first.fill("Ә.Қ.")
    people.locator("select").first.select_option(index=2)
    people.locator("select").first.blur()
    page.get_by_role("checkbox", name="Ә.Қ.").first.check()
    today = dt.datetime.now(dt.UTC).date()  # the demo's year is around it
    page.locator("#uz-action-plan-start").fill(str(today - dt.timedelta(days=180)))
    page.locator("#uz-action-plan-end").fill(str(today + dt.timedelta(days=30)))
    steps = page.locator("#uz-action-plan-steps")
    steps.locator("[data-part=start]").click()
    for number, text in enumerate(STEPS):
        steps.locator("textarea[id$=-action]").nth(number).fill(text)
    page.locator("#uz-action-plan-title").focus()
    story.saved()
    story.picture("plan-written")
    assert [one["action"] for one in story.document("action-plan")["steps"]] == list(STEPS)


def move_a_step_by_keyboard(story: Story) -> None:
    page = story.page
    handle = page.locator("[data-part=handle]").nth(2)
    handle.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    story.saved()
    moved = [STEPS[0], STEPS[2], STEPS[1], STEPS[3]]
    page.wait_for_function(
        "want => JSON.stringify([...document.querySelectorAll("
        "'#uz-action-plan-steps textarea[id$=-action]')].map(x => x.value)) === want",
        arg=json.dumps(moved, ensure_ascii=False, separators=(",", ":")),
    )
    for _ in range(100):
        if [one["action"] for one in story.document("action-plan")["steps"]] == moved:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the move did not reach the disk")


def reload_and_survive_a_crash(story: Story) -> None:
    page = story.page
    page.reload()
    story.saved()
    title = page.locator("#uz-action-plan-title")
    assert title.input_value() == "Жұппен сөйлесеміз"
    story.live.kill()
    title.fill("Жұппен сөйлесеміз, бәріміз")
    title.blur()
    page.locator(".uz-state--kept").wait_for(timeout=30_000)
    story.picture("server-killed")
    story.live.start()
    story.saved()
    page.reload()
    story.saved()
    assert page.locator("#uz-action-plan-title").input_value() == "Жұппен сөйлесеміз, бәріміз"
    actions = page.locator("#uz-action-plan-steps textarea[id$=-action]")
    assert [actions.nth(number).input_value() for number in range(4)] == [
        STEPS[0], STEPS[2], STEPS[1], STEPS[3],
    ]  # fmt: skip


def hand_in(story: Story) -> str:
    page = story.page
    page.locator(".uz-actions .uz-button--main, .uz-finish .uz-button--main").last.click()
    panel = page.locator("#uz-submit")
    panel.wait_for()
    story.picture("before-submitting")
    if panel.locator("#uz-submit-all").count():
        panel.locator("#uz-submit-all").check()
    panel.locator(".uz-button--main").click()
    receipt = page.locator("#uz-receipt code")
    receipt.wait_for(timeout=30_000)
    code = receipt.inner_text()
    story.picture("receipt")
    return code


def staff_collect_grade_and_mark(story: Story) -> None:
    page = story.page
    story.become(STAFF)
    story.open("ustaz/")
    story.picture("staff-home")
    for action in ("collect", "grade"):
        run(story, action)
    story.picture("staff-graded")
    page.goto(f"{story.live.url}formgrader/gradebook/action-plan/action-plan")
    page.locator("#main-table tbody tr, table tbody tr").first.wait_for(timeout=30_000)
    story.picture("formgrader-submissions")
    story.watch.errors.clear()  # what nbgrader's own list says on a phone is not ours
    gradebook = story.live.course / "gradebook.db"
    number = submission_id(gradebook, story.teacher)
    open_submission(page, f"{story.live.url}formgrader/submissions/{number}/")
    assert page.get_by_text(STEPS[0]).first.is_visible()
    mark(page, "review", "8", COMMENT)
    story.picture("formgrader-marking")


def run(story: Story, action: str) -> None:
    """Press one of staff's buttons, and wait for what the job has to say."""
    page = story.page
    card = page.locator("article", has=page.locator("#staff-action-plan"))
    follow(page, card.locator(f"form[action$='/{action}'] button"))
    told = page.locator(".uzs-run .uzs-list").first
    for _ in range(60):  # a job that takes long is looked for again, as its page says
        if told.count():
            return
        page.reload()
    told.wait_for()


def submission_id(gradebook: Path, person: str) -> str:
    """Return the id under which formgrader shows a person's action plan."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{gradebook}") as opened:
        notebook = opened.find_submission_notebook("action-plan", "action-plan", person)
        return str(notebook.id)


def release(story: Story) -> None:
    story.open("ustaz/")
    run(story, "feedback")
    story.picture("staff-released")


def read_feedback(story: Story) -> None:
    page = story.page
    story.become(story.teacher)
    story.open("ustaz/")
    page.locator("a[href$='action-plan/feedback']").first.wait_for()
    story.picture("home-with-feedback")
    story.open("ustaz/workbooks/action-plan/feedback")
    said = page.locator(".uzs-said").first
    # Escaped, as it was written, and without points for completeness.
    assert COMMENT in said.inner_text()
    assert page.get_by_text(STEPS[0]).first.is_visible()
    story.picture("feedback")


@pytest.mark.parametrize("name", kept(["phone"], ["desktop"]))
def test_a_project_goes_from_focus_to_feedback(
    name: str, live: Live, chromium: Any, tmp_path: Path
) -> None:
    size = {"phone": PHONE, "desktop": DESKTOP}[name]
    chosen = os.environ.get("USTAZ_PICTURES")
    pictures = Path(chosen) / name if chosen else tmp_path
    pictures.mkdir(parents=True, exist_ok=True)
    teacher = TELLERS[name][0]
    story = Story(live, chromium, size, teacher, pictures)
    story.sign_in()
    story.picture("demo")
    story.become(teacher)
    story.open("ustaz/")
    story.picture("home")
    assert axe(story.page) == []
    write_focus(story)
    assert axe(story.page) == []
    write_plan(story)
    assert axe(story.page) == []
    move_a_step_by_keyboard(story)
    story.watch.errors.clear()
    reload_and_survive_a_crash(story)
    story.watch.errors.clear()  # the browser itself reports refused connections
    code = hand_in(story)
    assert len(code.replace("-", "")) == 8
    staff_collect_grade_and_mark(story)
    release(story)
    read_feedback(story)
    assert story.watch.outside == []
    assert story.watch.errors == []
    # The private thought stayed at home.
    handed_in = live.course / "exchange" / "inbound" / teacher
    assert all("жеке ой" not in one.read_text("utf-8") for one in handed_in.rglob("*.json"))
    story.context.close()
