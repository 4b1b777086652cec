"""A facilitator's meeting on a telephone, in Russian: planned, run late, logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.server.helpers import Server, let_in
from tests.support.browser import PHONE, Watch, follow, looks_right
from tests.support.courses import course_at
from ustaz.sessions import store
from ustaz.sessions.plan import Plan

pytestmark = pytest.mark.browser

MEMBERS = (
    "aigul-s,Әйгүл С.", "marat-t,Марат Т.", "olga-p,Ольга П.", "yerlan-b,Ерлан Б.",
    "nurgul-a,Нургуль А.", "serik-m,Серик М.", "irina-k,Ирина К.", "zarina-d,Зарина Д.",
    "timur-r,Тимур Р.", "gulnara-o,Гульнара О.",
)  # fmt: skip
ROSTER = (
    "person,name,role,group,school,lang,account\n"
    + "".join(f"{member},participant,g1,s1,ru,\n" for member in MEMBERS)
    + "dina-f,Дина Ф.,facilitator,g1,,ru,\nmarat-f,Марат Ф.,facilitator,g1,,kk,\n"
)
#: Seconds, by docs/decisions/0053-…: a tap with looking for it, a letter, a page at 50 kB/s.
TAP, LETTER, LOAD = 4.0, 0.5, 3.0
BEGIN = dt.datetime.fromisoformat("2026-11-25T15:05:00+05:00")


@dataclass
class Hand:
    """Whoever holds the telephone: what it costs them is counted."""

    page: Any
    taps: int = 0
    letters: int = 0
    loads: int = 0

    def tap(self, target: Any) -> None:
        self.taps += 1
        target.click()

    def open(self, target: Any) -> None:
        self.taps += 1
        self.loads += 1
        follow(self.page, target)

    def choose(self, target: Any, value: str) -> None:
        self.taps += 2  # the list, and what is in it
        target.select_option(value)

    def day(self, target: Any, day: str) -> None:
        self.taps += 3  # the calendar, the day, "set"
        target.fill(day)

    def write(self, target: Any, text: str) -> None:
        self.taps += 1
        self.letters += len(text)
        target.fill(text)

    @property
    def seconds(self) -> float:
        return self.taps * TAP + self.letters * LETTER + self.loads * LOAD


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("meetings")
    course = course_at(home / "course", "meetings", "Teacher leadership", ROSTER, demo=True)
    with Server(course, home) as running:
        yield running


def plan_of(server: Server, plan_id: str) -> store.Kept:
    kept = store.read(server.course, plan_id)
    assert kept is not None
    return kept


def test_a_meeting_is_planned_run_late_and_logged_within_minutes(
    server: Server, chromium: Any
) -> None:
    context = chromium.new_context(viewport=PHONE, locale="ru")
    watch = Watch(context)
    let_in(server, context, "dina-f", "ru")
    page = context.new_page()
    hand = Hand(page)
    page.goto(f"{server.root}ustaz/")
    hand.open(page.locator("a[href$='/ustaz/sessions']"))
    hand.choose(page.locator("#from-new"), "run-w3")
    hand.open(page.get_by_role("button", name="Начать план"))
    plan_id = page.url.split("/")[-1].split("?")[0]
    hand.day(page.locator("#day"), "2026-11-25")
    page.locator("#plan-state").get_by_text("Сохранено:").wait_for()
    assert page.locator("#people").input_value() == "10"
    looks_right(page, watch, "planner-ru")
    assert (hand.taps, hand.loads) == (7, 2)
    assert hand.seconds <= 3 * 60
    assert plan_of(server, plan_id).plan.day == "2026-11-25"

    # -- it begins five minutes late, with nine ----------------------------------------------------
    timer = context.new_page()
    timer.clock.install(time=BEGIN)
    timer.goto(f"{server.root}ustaz/sessions/{plan_id}/now")
    timer.get_by_role("button", name="На одного меньше").click()
    timer.locator(".uzm-next").click()
    looks_right(timer, watch, "timer-ru")
    lead = timer.locator("#timer .uzs-lead")

    def forward(minutes: int) -> None:
        timer.clock.fast_forward(minutes * 60_000)
        timer.clock.run_for(1000)

    assert "17:05. Это на 5 минут" in lead.inner_text()
    forward(10)
    timer.locator(".uzm-next").click()
    forward(25)
    with timer.expect_response(
        # Not the reply to what was sent before: that one may come late.
        lambda reply: (
            reply.url.endswith("/run") and '"block":"b3"' in (reply.request.post_data or "")
        )
    ):
        timer.locator(".uzm-next").click()
    # The server is gone: the meeting goes on.
    server.__exit__()
    forward(35)
    timer.locator(".uzm-next").click()
    timer.get_by_text("Связи нет.").wait_for()
    run = plan_of(server, plan_id).run
    assert run is not None
    assert run.block == "b3"
    server.__enter__()
    timer.reload()
    timer.locator("#timer h2").wait_for()
    with timer.expect_response(lambda reply: reply.url.endswith("/run")):
        timer.evaluate("dispatchEvent(new Event('online'))")
    run = plan_of(server, plan_id).run
    assert run is not None
    assert run.block == "b4"
    assert "(3 + 3 + 3)" in timer.locator("#timer").inner_text()

    forward(40)
    assert "17:20. Это на 20 минут" in lead.inner_text()
    assert timer.locator(".uzm-clock").inner_text().startswith("+05:")
    offer = timer.locator("[data-ways] li", has=timer.locator("[data-way='b5.0']"))
    assert "17:05" in offer.inner_text()
    watch.errors.clear()  # the browser's own words about the connection
    looks_right(timer, watch, "timer-late-ru")
    offer.get_by_role("button").click()
    assert "17:05" in lead.inner_text()
    timer.get_by_role("button", name="Отменить последнее нажатие").click()
    assert "17:20" in lead.inner_text()
    offer.get_by_role("button").click()
    timer.locator(".uzm-next").click()
    forward(8)
    timer.locator(".uzm-next").click()
    looks_right(timer, watch, "timer-over-ru")

    # -- the log -----------------------------------------------------------------------------------
    hand = Hand(timer)
    hand.open(timer.locator("a.uzm-next"))
    timer.clock.resume()
    hand.tap(timer.locator("label", has_text="Серик М.").locator("input"))
    hand.tap(timer.locator("input[name=energy][value='4']"))
    hand.write(timer.locator("#left_open"), "Как позвать тех, кто против")
    hand.choose(timer.locator("#fw1"), "aigul-s")
    hand.write(timer.locator("#fx1"), "Принести карточки")
    hand.day(timer.locator("#fb1"), "2026-12-02")
    hand.tap(timer.locator("#log-form button").last)
    timer.locator("#log-state").get_by_text("Сохранено:").wait_for()
    looks_right(timer, watch, "log-ru")
    assert hand.taps == 11
    assert hand.seconds <= 2 * 60
    log = plan_of(server, plan_id).plan.log
    assert log is not None
    assert dict(log.minutes) == {"b1": 10, "b2": 25, "b3": 35, "b4": 40, "b5": 0, "b6": 8}
    assert (len(log.present), len(log.members)) == (9, 10)
    assert "serik-m" not in log.present
    assert log.left_open == "Как позвать тех, кто против"
    page.goto(f"{server.root}ustaz/")
    assert "Принести карточки" in page.locator("section[aria-labelledby=follow-ups]").inner_text()
    context.close()


def test_blocks_are_moved_undone_and_kept_without_a_connection(
    server: Server, chromium: Any
) -> None:
    plan = Plan("Встреча")
    context = chromium.new_context(viewport=PHONE, locale="ru")
    watch = Watch(context)
    let_in(server, context, "dina-f", "ru")
    page = context.new_page()
    plan_id = store.create(server.course, "g1", plan, by="dina-f")
    page.goto(f"{server.root}ustaz/sessions/{plan_id}")
    saved = page.locator("#plan-state").get_by_text("Сохранено:")
    for kind in ("activity", "break", "buffer"):
        page.locator(f"button[value='add.{kind}']").click()
    saved.wait_for()

    def order() -> list[str]:
        return list(
            page.locator("#plan-blocks > li").evaluate_all("li => li.map(x => x.dataset.row)")
        )

    assert order() == ["b1", "b2", "b3"]
    # By keyboard, from within a field; the clock follows and it is said.
    page.locator("#mb3").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert order() == ["b1", "b3", "b2"]
    assert "2" in page.locator("#plan-said").inner_text()
    assert page.evaluate("document.activeElement.id") == "mb3"
    page.locator("#mb1").fill("25")
    assert "15:25–15:35" in page.locator("#block-b3").inner_text()
    page.locator("#lb3").evaluate("(x) => { x.closest('details').open = true }")
    page.locator("#lb3").fill("16:00")
    assert "16:00–16:10" in page.locator("#block-b3").inner_text()
    assert "35" in page.locator("#block-b3 [data-gap]").inner_text()
    # By pointer.
    handle = page.locator("#block-b2 [data-handle]")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 30, steps=3)
    page.mouse.move(x, y - 400, steps=6)
    page.mouse.up()
    assert order()[-1] != "b2"
    page.get_by_role("button", name="Отменить", exact=True).click()
    assert order() == ["b1", "b3", "b2"]
    page.locator("#people").focus()
    page.keyboard.press("Control+z")
    assert page.locator("#lb3").input_value() == ""
    page.keyboard.press("Control+Shift+z")
    assert page.locator("#lb3").input_value() == "16:00"
    page.locator("button[value='remove.b1']").click()
    assert order() == ["b3", "b2"]
    page.get_by_role("button", name="Отменить", exact=True).click()
    page.locator("button[value=save]").last.click()
    saved.wait_for()
    assert [block.id for block in plan_of(server, plan_id).plan.blocks] == ["b1", "b3", "b2"]

    # Without a connection the words stay here, and a page that is opened anew sends them.
    context.set_offline(True)
    page.locator("#title").fill("Слова без связи")
    page.locator("#plan-state").get_by_text("хранится в этом браузере").wait_for()
    page.close()
    context.set_offline(False)
    watch.errors.clear()  # the browser's own words about the connection
    page = context.new_page()
    page.goto(f"{server.root}ustaz/sessions/{plan_id}")
    page.locator("#plan-state").get_by_text("Сохранено:").wait_for()
    assert plan_of(server, plan_id).plan.title == "Слова без связи"

    # Somebody else saves in between: both are there, and the person chooses.
    kept = plan_of(server, plan_id)
    other = Plan(title="Марат", blocks=kept.plan.blocks)
    store.save(server.course, plan_id, other, base=kept.revision, by="marat-f")
    page.locator("#title").fill("Дина")
    page.locator("#plan-state [role=alert] button").first.wait_for()
    assert "Марат Ф." in page.locator("#plan-state").inner_text()
    watch.errors.clear()
    looks_right(page, watch, "planner-conflict-ru")
    page.locator("#plan-state [role=alert] button").first.click()
    page.locator("#plan-state").get_by_text("Сохранено:").wait_for()
    kept = plan_of(server, plan_id)
    assert kept.plan.title == "Дина"
    assert any(by == "marat-f" for _, by, _ in kept.versions)
    context.close()
