"""A workbook's notebook in the real JupyterLab and Notebook: the workbook, and no kernel in it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import DESKTOP, Watch, follow
from tests.support.demos import demo_course
from tests.support.forms import kept
from tests.support.lab import choose, run, run_all, wait_for_output, write_notebook
from tests.support.live import TOKEN, Live

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PERSON = "aigul-s"
NOTEBOOK = f"people/{PERSON}/focus/focus.ipynb"
HOST = ".uz-lab-host"
#: What an author builds.
SURVEY = "after-the-lesson"
# `?reset` on every address: Lab would bring back the tabs of the test before, in front of ours.


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    course = demo_course(tmp_path_factory, tmp_path_factory.mktemp("lab") / "course")
    settings = course / "ustaz.toml"
    text = settings.read_text(encoding="utf-8").replace("library = []", 'library = ["library"]')
    # An author names a workbook before it is there; until then the course goes on without it.
    named = text.replace("assignments = [", f'assignments = ["{SURVEY}", ')
    settings.write_text(named, encoding="utf-8")
    with Live(course) as server:
        yield server


@pytest.fixture
def signed_in(live: Live, chromium: Any) -> Iterator[tuple[Any, Watch]]:
    context = chromium.new_context(viewport=DESKTOP)
    watch = Watch(context)
    page = context.new_page()
    page.goto(f"{live.url}ustaz/?token={TOKEN}")
    live.act_as(context, PERSON)
    yield page, watch
    assert watch.outside == []
    context.close()


def answers(live: Live) -> dict:
    path = live.course / "people" / PERSON / "focus" / "answers.json"
    return json.loads(path.read_text(encoding="utf-8"))["answers"]


def wait_for(page: Any, live: Live, name: str, value: str) -> None:
    """Wait until what was typed is on disk."""
    page.wait_for_function("() => true")
    for _ in range(200):
        if answers(live).get(name) == value:
            return
        page.wait_for_timeout(100)
    assert value == answers(live).get(name)


@pytest.mark.parametrize("where", kept(["lab/tree"], ["notebooks"]))
def test_the_notebook_opens_as_the_workbook_without_code(
    where: str, live: Live, signed_in: tuple[Any, Watch], tmp_path: Path
) -> None:
    page, _watch = signed_in
    page.goto(f"{live.url}{where}/{NOTEBOOK}?reset")
    field = page.locator(f"{HOST} textarea").first
    field.wait_for(timeout=90_000)
    page.screenshot(path=str(tmp_path / "notebook.png"))
    covered = page.evaluate(
        f"""() => {{
          const host = document.querySelector('{HOST}').getBoundingClientRect();
          const cell = document.querySelector('.jp-Notebook').getBoundingClientRect();
          return host.left <= cell.left && host.right >= cell.right && host.bottom >= cell.bottom;
        }}"""
    )
    assert covered
    # Neither the keyboard nor a screen reader reaches what lies below: code, the markers' rubric.
    heard = page.locator(HOST).evaluate(
        """(host) => [...host.parentElement.children]
          .filter((one) => !one.matches('.uz-lab-host, .uz-lab-back') && !one.inert)
          .map((one) => one.className)"""
    )
    assert heard == []
    assert page.locator(".jp-Notebook").first.evaluate("(one) => one.closest('[inert]') !== null")
    # Lab's shortcuts stay out: "d d" would delete a cell, "a" would add one.
    text = f"Бір ой: dd a x b ({where})"
    last = page.locator(f"{HOST} #uz-focus-focus_statement, {HOST} textarea").last
    last.fill("")
    last.press_sequentially(text)
    wait_for(page, live, "focus_statement", text)
    page.locator(f"{HOST} select, {HOST} input[type=radio]").first.press("d")
    page.keyboard.press("d")
    assert page.locator(".jp-Notebook .jp-Cell").count() >= 2


def test_a_dead_kernel_takes_nothing_with_it(live: Live, signed_in: tuple[Any, Watch]) -> None:
    page, _ = signed_in
    page.goto(f"{live.url}lab/tree/{NOTEBOOK}?reset")
    field = page.locator(f"{HOST} textarea").last
    field.wait_for(timeout=90_000)
    headers = {"Authorization": f"token {TOKEN}"}
    kernels = page.context.request.get(f"{live.url}api/kernels", headers=headers).json()
    for one in kernels:
        page.context.request.delete(f"{live.url}api/kernels/{one['id']}", headers=headers)
    field.fill("Ядросыз да сақталады, ештеңе жоғалмайды.")
    wait_for(page, live, "focus_statement", "Ядросыз да сақталады, ештеңе жоғалмайды.")


def test_staff_see_the_cells_of_what_was_released(live: Live, signed_in: tuple[Any, Watch]) -> None:
    page, _ = signed_in
    page.goto(f"{live.url}lab/tree/source/focus/focus.ipynb?reset")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
    assert page.locator(HOST).count() == 0


def rounds_of(live: Live, person: str, workbook: str) -> int:
    folder = live.course / "exchange" / "inbound" / person / workbook
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_a_workbook_is_handed_in_from_the_notebook(
    live: Live, signed_in: tuple[Any, Watch]
) -> None:
    page, _ = signed_in
    before = rounds_of(live, PERSON, "focus")
    page.goto(f"{live.url}lab/tree/{NOTEBOOK}?reset")
    field = page.locator(f"{HOST} textarea").last
    field.wait_for(timeout=90_000)
    text = "Оқушылар өз ойын толық айта алуы үшін мен жұппен сөйлесуді дамытқым келеді."
    field.fill(text)
    wait_for(page, live, "focus_statement", text)
    page.locator(f"{HOST} .uz-button--main").last.click()
    panel = page.locator("#uz-submit")
    panel.wait_for()
    if panel.locator("#uz-submit-all").count():
        panel.locator("#uz-submit-all").check()
    panel.locator(".uz-button--main").click()
    # While it is being sent the button can not be pressed.
    again = panel.locator(".uz-button--main:not([aria-disabled=true])")
    receipt = page.locator("#uz-receipt code")
    receipt.or_(again).first.wait_for(timeout=30_000)
    if not receipt.count():
        again.click()  # "an earlier round exists": yes, send a new one
    receipt.wait_for(timeout=30_000)
    assert before + 1 == rounds_of(live, PERSON, "focus")


def test_labs_assignments_page_hands_in_as_the_person_who_was_chosen(
    live: Live, signed_in: tuple[Any, Watch]
) -> None:
    page, _ = signed_in
    before = rounds_of(live, PERSON, "action-plan")
    path = live.course / "people" / PERSON / "action-plan" / "answers.json"
    # Something has to be new: the same content again would only repeat the receipt.
    change = {
        "batch": "4a1c9e0e-1b6b-4f0a-9f0e-000000000001",
        "client": "another-device",
        "base_revision": json.loads(path.read_text(encoding="utf-8"))["revision"],
        "changes": [{"op": "set", "path": ["title"], "value": "Жаңа атау, жаңа тапсырылым"}],
    }
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "_xsrf")
    answer = page.context.request.patch(
        f"{live.url}ustaz/api/v1/workbooks/action-plan/answers",
        data=json.dumps(change),
        headers={"X-XSRFToken": token, "Content-Type": "application/json"},
    )
    assert answer.ok, answer.text()
    page.goto(f"{live.url}lab?reset")
    page.get_by_role("menuitem", name="Nbgrader").click(timeout=90_000)
    page.locator(".lm-Menu-item", has_text="Assignment List").click()
    row = page.locator("#fetched_assignments_list .list_item", has_text="action-plan").first
    row.get_by_role("button", name="Submit").click(timeout=30_000)
    submitted = page.locator("#submitted_assignments_list")
    submitted.get_by_text("action-plan").first.wait_for(timeout=30_000)
    for _ in range(150):
        if rounds_of(live, PERSON, "action-plan") == before + 1:
            return
        page.wait_for_timeout(100)
    assert before + 1 == rounds_of(live, PERSON, "action-plan")


COUNTING = """from ustaz_widgets import Workbook
heard = []
focus = Workbook("focus", section="focus")
focus.on_saved(lambda widget: heard.append(widget.revision))
focus"""
READING = """last = focus.revision == heard[-1]
print("saved", len(heard), "last", last, focus.answers["focus_statement"])
Workbook("action-plan", read_only=True)"""


def test_a_callback_counts_acknowledged_saves(
    live: Live, signed_in: tuple[Any, Watch], tmp_path: Path
) -> None:
    write_notebook(live.course / "counting.ipynb", COUNTING, READING, "focus")
    page, _ = signed_in
    page.goto(f"{live.url}lab/tree/counting.ipynb?reset")
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    run(page, cell)
    view = cell.locator(".uz-page")
    wait_for_output(view)
    # One section, and nothing around it.
    assert view.locator(".uz-section").count() == 1
    assert view.locator("nav, .uz-finish").count() == 0
    field = view.locator("textarea").last
    text = "Оқушылар өз ойын дауыстап айтсын деймін, сондықтан жұптық әңгімені бастаймын."
    field.fill(text)
    wait_for(page, live, "focus_statement", text)
    run(page, page.locator(".jp-Notebook .jp-CodeCell").nth(1))
    second = page.locator(".jp-Notebook .jp-CodeCell").nth(1)
    wait_for_output(second.get_by_text("saved 1 last True Оқушылар өз ойын"))
    read = second.locator(".uz-page--read")
    wait_for_output(read)
    assert read.locator("textarea, input").count() == 0
    # The same workbook twice: what is typed in one view comes to the other, and both go on.
    third = page.locator(".jp-Notebook .jp-CodeCell").nth(2)
    run(page, third)
    other = third.locator(".uz-page textarea").last
    wait_for_output(other)
    holds = "([area, text]) => area.value === text"
    for source, target, words in ((field, other, "Алғашқы."), (other, field, "Екінші.")):
        source.fill(words)
        page.wait_for_function(holds, arg=[target.element_handle(), words], timeout=30_000)
    wait_for(page, live, "focus_statement", "Екінші.")
    page.screenshot(path=str(tmp_path / "counting.png"))
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))


TRYING = """from ustaz.preview import Preview
Preview("survey/workbook.yml", lang="kk")"""


@pytest.mark.soak
def test_a_workbook_under_work_is_tried_and_follows_its_file(
    live: Live, signed_in: tuple[Any, Watch], tmp_path: Path
) -> None:
    from ustaz import builder as W  # noqa: N812

    def save(title: str) -> None:
        first = W.text("why", "Не жақсы өтті?", required="ready")
        steps = W.table("steps", W.text("action"), W.date("due"), min_rows=1)
        survey = W.workbook(
            "survey", title=title, language="kk", sections=[W.section(first, steps)]
        )
        path.write_text(survey.yaml, encoding="utf-8")

    path = live.course / "survey" / "workbook.yml"
    path.parent.mkdir()
    save("Сабақтан соң")
    write_notebook(live.course / "trying.ipynb", TRYING)
    page, _ = signed_in
    page.goto(f"{live.url}lab/tree/trying.ipynb?reset")
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    run(page, cell)
    preview = cell.locator(".uz-preview")
    wait_for_output(preview.get_by_role("heading", name="Сабақтан соң"))
    field = preview.locator("textarea, input[type=text]").first
    field.fill("Балалар сұрақ қойды")
    # A better title is saved: the view follows, and what was typed stays.
    save("Сабақтан кейін")
    preview.get_by_role("heading", name="Сабақтан кейін").wait_for(timeout=30_000)
    assert field.input_value() == "Балалар сұрақ қойды"
    preview.get_by_role("button", name="Русский").click()
    preview.get_by_role("button", name="Проверить мои ответы").wait_for(timeout=30_000)
    # A mistake is said below, by its line, and takes nothing away.
    path.write_text(path.read_text(encoding="utf-8").replace("kind: date", "kind: day"), "utf-8")
    wrong = path.read_text(encoding="utf-8").splitlines().index("          - id: due") + 2
    preview.get_by_text(f"строка {wrong}").wait_for(timeout=30_000)
    assert field.input_value() == "Балалар сұрақ қойды"
    page.screenshot(path=str(tmp_path / "trying.png"))
    assert list((live.course / "people").glob("*/survey")) == []


def answers_of(live: Live, person: str, workbook: str) -> dict[str, Any]:
    path = live.course / "people" / person / workbook / "answers.json"
    return json.loads(path.read_text(encoding="utf-8"))["answers"] if path.is_file() else {}


def card(page: Any, name: str) -> Any:
    return page.locator(".jp-LauncherCard", has_text=name)


STATES = {
    "not_started": "басталмаған", "doing": "орындалуда", "done": "орындалды",
    "changed": "өзгертілді", "dropped": "алынып тасталды",
}  # fmt: skip


@pytest.mark.parametrize("program", ["lab", "notebook"])
def test_a_facilitator_opens_the_group_and_reads_a_members_plan_beside_its_chart(
    program: str, live: Live, signed_in: tuple[Any, Watch], tmp_path: Path
) -> None:
    """From the launcher, or in Notebook from the menu: no line of Python is written."""
    page, _ = signed_in
    live.act_as(page.context, "saule-n")  # facilitator of Aigul's group, who reads Kazakh
    notebook = live.course / "people" / "saule-n" / "my-group.ipynb"
    notebook.unlink(missing_ok=True)
    if program == "lab":
        page.goto(f"{live.url}lab?reset")
        card(page, "Менің тобым").click(timeout=90_000)
    else:
        page.goto(f"{live.url}tree")
        with page.context.expect_page(timeout=90_000) as opened:
            choose(page, "File", "Менің тобым")
        page = opened.value
    run_all(page)
    # Each member's steps by their state, in the reader's language, as many as stand in the plan.
    chart = page.locator(".jp-OutputArea svg[role=img]")
    wait_for_output(chart)
    spoken = dict(line.split(": ") for line in chart.get_attribute("aria-label").split("; "))
    steps = answers_of(live, PERSON, "action-plan")["steps"]
    states = Counter(step.get("status", "not_started") for step in steps)
    drawn = dict(part.rsplit(" ", 1) for part in spoken["Aigul S."].split(", "))
    assert {state: int(count) for state, count in drawn.items()} == {
        STATES[state]: count for state, count in states.items()
    }
    # A member is chosen: the plan stands below the chart, to be read.
    page.locator(".widget-dropdown select").select_option("Aigul S.")
    plan = page.locator(".jp-OutputArea .uz-page--read")
    title = answers_of(live, PERSON, "action-plan")["title"]
    wait_for_output(plan.get_by_text(title).first)
    assert plan.locator(".uz-plan").count() == 1
    assert plan.locator("textarea, input, select").count() == 0
    assert chart.is_visible()
    page.screenshot(path=str(tmp_path / "group.png"))
    page.keyboard.press("Control+s")
    for _ in range(100):
        if "svg" in notebook.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(100)
    # The saved file has the chart, and nothing of what a member wrote.
    assert "svg" in notebook.read_text(encoding="utf-8")
    assert title not in notebook.read_text(encoding="utf-8")


BUILDING = f"""from ustaz import builder as W
survey = W.workbook(
    "{SURVEY}",
    title="Сабақтан соң",
    language="kk",
    sections=[W.section(
        W.text("why", "Не жақсы өтті?", long=True, required="ready", points=2),
        W.table("steps", W.text("action", "Қадам"), W.date("due", "Мерзімі"), label="Қадамдар"),
    )],
)
survey.write("library")
survey.definition.version"""
RELEASING = f"""import sys
!{{sys.executable}} -m ustaz.cli workbook build {SURVEY} --course ."""
LOADING = "%load_ext ustaz.preview"
BROKEN = f"""%%workbook kk
format: 1
id: {SURVEY}
code: W90
version: 1.0.0
language: kk
title: Сабақтан соң
summary: Бір сабақ туралы.
minutes: 5
purpose: Сабақты ой елегінен өткізу үшін.
visibility: [self, facilitator, staff]
retention: 24
sections:
  - id: lesson
    title: Не болды
    minutes: 5
    points: 2
    guidance: Өз сөзіңізбен жазыңыз.
    fields:
      - id: why
        kind: words
        label: Не жақсы өтті?"""


def test_an_author_mends_a_preview_builds_and_releases_and_a_participant_answers(
    live: Live, signed_in: tuple[Any, Watch], tmp_path: Path
) -> None:
    write_notebook(live.course / "building.ipynb", LOADING, BROKEN, BUILDING, RELEASING)
    page, _ = signed_in
    live.act_as(page.context, "zhanar-e")
    page.goto(f"{live.url}lab/tree/building.ipynb?reset")
    loading, trying, building, releasing = map(page.locator(".jp-CodeCell").nth, range(4))
    run(page, loading)
    run(page, trying)
    preview = trying.locator(".uz-preview")
    complaint = preview.locator("[role=status] li")
    wait_for_output(complaint)
    wrong = BROKEN.splitlines().index("        kind: words") + 1
    assert complaint.inner_text().startswith(f"жол: {wrong} "), complaint.inner_text()
    page.screenshot(path=str(tmp_path / "broken.png"))

    # It is mended where it says, and tried.
    trying.locator(".cm-line").nth(wrong - 1).click()
    page.keyboard.press("End")
    for _ in "words":
        page.keyboard.press("Backspace")
    page.keyboard.type("text")
    page.keyboard.press("Shift+Enter")
    wait_for_output(preview.get_by_role("heading", name="Не болды"))
    assert complaint.count() == 0
    preview.locator("textarea, input[type=text]").first.fill("Балалар сұрақ қойды")
    page.screenshot(path=str(tmp_path / "mended.png"))

    run(page, building)
    wait_for_output(building.get_by_text("1.0.0").last)
    run(page, releasing)
    wait_for_output(releasing.locator(".jp-OutputArea").get_by_text(SURVEY))
    page.screenshot(path=str(tmp_path / "released.png"))
    assert (live.course / "release" / SURVEY / f"{SURVEY}.ipynb").is_file()

    live.act_as(page.context, PERSON)
    teacher = page.context.new_page()
    teacher.goto(f"{live.url}ustaz/")
    follow(teacher, teacher.get_by_role("link", name="Сабақтан соң").first)
    teacher.get_by_role("textbox", name="Не жақсы өтті?").fill("Бір оқушы өзі сұрақ қойды.")
    teacher.get_by_text("Сақталды").first.wait_for(timeout=30_000)
    teacher.screenshot(path=str(tmp_path / "answered.png"))
    assert answers_of(live, PERSON, SURVEY)["why"] == "Бір оқушы өзі сұрақ қойды."


@pytest.mark.soak
def test_an_author_begins_a_workbook_from_a_card_and_its_preview_follows_the_file(
    live: Live, signed_in: tuple[Any, Watch], tmp_path: Path
) -> None:
    page, _ = signed_in
    live.act_as(page.context, "saule-n")
    page.goto(f"{live.url}lab?reset")
    card(page, "Жаңа дәптер").click(timeout=90_000)
    page.locator(".jp-Dialog .jp-mod-accept").click()
    preview = page.locator(".uz-lab-preview")
    preview.get_by_role("heading", name="Жаңа жұмыс дәптері").wait_for(timeout=60_000)
    path = live.course / "my-workbook" / "workbook.yml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("kind: date", "kind: day"), encoding="utf-8")
    preview.locator("[role=status] li").wait_for(timeout=30_000)
    path.write_text(good.replace("Не болды", "Не көрдім"), encoding="utf-8")
    preview.get_by_role("heading", name="Не көрдім").wait_for(timeout=30_000)
    assert preview.locator("[role=status] li").count() == 0
    page.screenshot(path=str(tmp_path / "new.png"))

    # Notebook has no launcher: the same stand in its menu.
    page.goto(f"{live.url}tree")
    page.get_by_role("menuitem", name="File", exact=True).click(timeout=90_000)
    for name in ("Менің жұмыс дәптерлерім", "Менің тобым", "Жаңа дәптер", "Алдын ала қарау"):
        page.locator(".lm-Menu-item", has_text=name).first.wait_for(timeout=30_000)
    page.keyboard.press("Escape")
    page.goto(f"{live.url}edit/my-workbook/workbook.yml")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Алдын ала қарау").click(timeout=60_000)
    shown = opened.value.locator(".uz-lab-preview")
    shown.get_by_role("heading", name="Не көрдім").wait_for(timeout=90_000)
