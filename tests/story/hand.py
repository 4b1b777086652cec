"""A hand that fills a workbook's page: what somebody wrote, chosen, typed and added as they would.

The words are those of the demo's invented people (`src/ustaz/demo/people`): tables by their rows,
people and steps by what stands beside the box, days counted from the first day of the programme.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ustaz.demo._answers import ON, SELF, STATE, Translator
from ustaz.workbook import Definition, Field

ADD, ADD_ROW, ME = re.compile("^Тағы қосу"), re.compile("^Қосу: "), "мен"
#: What a step has when its plan is handed in: what becomes of it comes with the year.
LATER = {*STATE, ON}


class Hand:
    """Fills one workbook's page.

    Parameters
    ----------
    page : object
        Playwright's, on the page of the workbook.
    definition : Definition
    start : date
        The first day of the programme.
    steps : sequence of str
        What is done in each step of the plan.
    attach : callable
        Sends a file: gets the locator of its field and what the demo says of the file.
    """

    def __init__(
        self,
        page: Any,
        definition: Definition,
        start: dt.date,
        steps: Iterable[str],
        attach: Callable[[Any, Mapping[str, Any]], None],
    ) -> None:
        self.page, self.definition = page, definition
        self.steps, self.attach = list(steps), attach
        self.day = Translator(start, {}).day

    def write(self, answers: Mapping[str, Any]) -> None:
        """Fill fields in the order in which they stand on the page."""
        for field in self.definition.fields:
            if field.id in answers:
                self._put(field, answers[field.id], f"uz-{self.definition.id}-{field.id}")

    def _at(self, id: str) -> Any:
        return self.page.locator(f"[id='{id}']")

    def _put(self, field: Field, value: Any, id: str) -> None:
        getattr(self, f"_{field.kind}")(field, value, id)

    # -- by kind ----------------------------------------------------------------------------------
    def _text(self, _field: Field, value: Any, id: str) -> None:
        self._at(id).fill(str(value).strip())

    _number = _text

    def _date(self, _field: Field, value: Any, id: str) -> None:
        self._at(id).fill(self.day(value))

    def _scale(self, _field: Field, value: int, id: str) -> None:
        self._at(f"{id}-{value}").check()

    def _choice(self, _field: Field, value: str, id: str) -> None:
        """Press one of few options, or take one out of the list that opens."""
        many = self.page.locator(f"select[id='{id}'], [id='{id}'] select")
        option = self.page.locator(f"[id='{id}-{value}']")
        many.or_(option).first.wait_for(state="attached")  # an entry that was just opened
        if many.count():
            many.select_option(value)
        else:
            option.check()

    def _choices(self, _field: Field, value: Iterable[str], id: str) -> None:
        for option in value:
            self._at(f"{id}-{option}").check()

    def _row(self, _field: Field, value: Iterable[int], id: str) -> None:
        for number in value:
            self._tick(id, self.steps[number - 1])

    def _person(self, _field: Field, value: Iterable[str], id: str) -> None:
        for alias in value:
            self._tick(id, ME if alias == SELF else alias)

    def _ratings(self, _field: Field, value: Mapping[str, Any], id: str) -> None:
        for name, parts in value.items():
            for part, rating in parts.items():
                self._at(f"{id}-{name}-{part}-{rating or 'none'}").check()

    def _levels(self, _field: Field, value: Mapping[str, Any], id: str) -> None:
        for name, cell in value.items():
            self._at(f"{id}-{name}-level-{cell['level']}").check()
            self._at(f"{id}-{name}-reason").fill(cell["reason"])

    def _file(self, _field: Field, value: Iterable[Mapping[str, Any]], id: str) -> None:
        for description in value:
            self.attach(self._at(id), description)

    def _list(self, _field: Field, value: Iterable[str], id: str) -> None:
        field = self._at(id)
        for number, text in enumerate(value):
            if field.locator("textarea, input").count() <= number:
                field.get_by_role("button", name=ADD).click()
            field.locator("textarea, input").nth(number).fill(text)

    def _entries(self, field: Field, value: Iterable[Mapping[str, Any]], id: str) -> None:
        for entry in value:
            self._entry(field, entry, id)

    def _tick(self, id: str, words: str) -> None:
        """Check what stands beside a box or a button of several."""
        box = self._at(id).get_by_label(words, exact=True)
        box.first.check()

    # -- rows -------------------------------------------------------------------------------------
    def _cells(self, field: Field, row: Any) -> dict[str, Any]:
        names = [column.id for column in field.columns]
        return dict(zip(names, row, strict=False)) if isinstance(row, list) else dict(row)

    def _table(self, field: Field, rows: Iterable[Any], id: str) -> None:
        plan = field.component == "plan"
        table = self._at(id)
        start = table.locator("[data-part=start]")
        if plan:
            # The plan itself comes after the page, when somebody is there.
            table.scroll_into_view_if_needed()
            table.locator(".uz-plan").wait_for()
            if start.count():
                start.click()
        for number, row in enumerate(rows):
            cards = table.locator(".uz-plan-step, .uz-card")
            if cards.count() <= number:
                by_name = table.get_by_role("button", name=ADD_ROW)
                (table.locator("[data-part=add]") if plan else by_name.last).click()
            here = f"{id}-{cards.nth(number).get_attribute('data-row')}"
            if plan:
                toggle = self._at(here).locator("[data-part=details]")
                if toggle.get_attribute("aria-expanded") == "false":
                    toggle.click()
            self._fill_row(field, self._cells(field, row), here)

    def _fill_row(self, field: Field, cells: Mapping[str, Any], here: str) -> None:
        for column in field.columns:
            if column.id in cells and column.id not in LATER:
                self._put(column, cells[column.id], f"{here}-{column.id}")

    def _entry(self, field: Field, cells: Mapping[str, Any], id: str) -> None:
        """One sentence and its day; then open it and add the rest."""
        form = self._at(id).locator(".uz-entry-quick")
        words = next(column for column in field.columns if column.kind == "text")
        form.locator("textarea").fill(cells[words.id])
        form.locator("input[type=date]").fill(self.day(cells["date"]))
        entries = self._at(id).locator(".uz-entry")
        before = {entry.get_attribute("data-row") for entry in entries.all()}
        form.get_by_role("button").click()
        entries.nth(len(before)).wait_for(state="attached")
        (row,) = {entry.get_attribute("data-row") for entry in entries.all()} - before
        rest = {name: cells[name] for name in cells if name not in {words.id, "date"}}
        if rest:
            here = f"{id}-{row}"
            self._at(here).locator("summary").first.click()
            self._fill_row(field, rest, here)
            self._at(here).locator("summary").first.click()
