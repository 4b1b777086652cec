"""``levels``: where somebody stands by the criteria of a rubric, and a sentence that says why."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ustaz.messages import N_
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.graphemes import graphemes, trim
from ustaz.workbook.kinds.base import (
    ABSENT,
    Json,
    Limit,
    OwnTable,
    Page,
    Path,
    ReadColumn,
    Side,
    TidyColumn,
    check_text,
    refuse,
)
from ustaz.workbook.kinds.form import (
    CLEAR,
    Form,
    Place,
    count_line,
    ending,
    option_row,
    press,
    text_control,
)
from ustaz.workbook.kinds.options import criteria, read_rubric
from ustaz.workbook.kinds.parts import (
    InParts,
    answered,
    check_parts,
    examples_problem,
    parts_schema,
)
from ustaz.workbook.model import Field, Translate

LEVEL: Final = "level"
REASON: Final = "reason"
PARTS: Final = (LEVEL, REASON)
REASON_CAP: Final = 2000
USUAL_REASON: Final = 200
MOST: Final = 20

CRITERION_LABEL: Final = N_("Criterion")
LEVEL_LABEL: Final = N_("Level")
REASON_LABEL: Final = N_("What shows it? One sentence.")


def _is_assessed(answer: Json) -> bool:
    return LEVEL in answer and bool(trim(answer.get(REASON, "")))


def _is_begun(answer: Json) -> bool:
    return LEVEL in answer or bool(trim(answer.get(REASON, "")))


class Levels(InParts):
    """A level is its place in the rubric, from 0; a criterion counts with level and sentence."""

    name = "levels"
    topic = "criterion"
    topics = "criteria"
    parts = PARTS
    unordered = True
    ended = True
    keys = ("rubric", "min_items", "max")

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        rubric = read_rubric(cursor)
        options = criteria(rubric)
        return {
            "options": options,
            "min_items": cursor.number("min_items", most=len(options) or MOST),
            "max": cursor.integer("max", least=1, most=REASON_CAP, default=USUAL_REASON),
            "settings": {"rubric": rubric},
        }

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        rubric = field.settings["rubric"]
        return {
            "rubric": rubric.id,
            **rubric.scale(translate),
            "min_items": field.min_items,
            "max": field.max,
        }

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401
        if problem := examples_problem(value, field.option_ids, PARTS):
            return problem
        known = {str(level) for level in range(_count(field))}
        levels = {answer[LEVEL] for answer in value.values() if LEVEL in answer}
        return None if levels <= known else f"expected a level from 0 to {_count(field) - 1}"

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        return {
            criterion: {
                part: int(inner) if part == LEVEL else translate(inner)
                for part, inner in answer.items()
            }
            for criterion, answer in value.items()
        }

    # -- values -----------------------------------------------------------------------------------
    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        def check_level(path: Path, level: Any) -> None:  # noqa: ANN401
            refuse(type(level) is not int, "wrong_type", path)
            refuse(not 0 <= level < _count(field), "out_of_range", path)

        def check_reason(path: Path, reason: Any) -> None:  # noqa: ANN401
            check_text(path, reason, REASON_CAP)

        parts = {LEVEL: check_level, REASON: check_reason}
        check_parts(path, value, field.option_ids, parts)

    def schema(self, field: Field) -> dict[str, Any]:
        level = {"type": "integer", "minimum": 0, "maximum": _count(field) - 1}
        reason = {"type": "string", "maxLength": REASON_CAP}
        return parts_schema(field.option_ids, {LEVEL: level, REASON: reason})

    def is_empty(self, field: Field, holder: Json, context: Context) -> bool:  # noqa: ARG002
        return not any(_is_begun(answer) for answer in (holder.get(field.id) or {}).values())

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401, ARG002
        assessed = sum(_is_assessed(answer) for answer in value.values())
        if field.min_items is not None and assessed < field.min_items:
            yield Limit("levels_few", "missing", {"min": field.min_items})
        longest = max((graphemes(answer.get(REASON, "")) for answer in value.values()), default=0)
        if field.max is not None and longest > field.max:
            yield Limit("item_max", "problem", {"max": field.max, "over": longest - field.max})

    # -- tables and pages -------------------------------------------------------------------------
    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield self.count_column(field, _is_assessed)

    def own_table(self, field: Field) -> OwnTable:
        columns = (
            TidyColumn("criterion", "string", field, CRITERION_LABEL, lambda row: row["criterion"]),
            TidyColumn(LEVEL, "Int64", field, LEVEL_LABEL, lambda row: row.get(LEVEL)),
            TidyColumn(REASON, "string", field, REASON_LABEL, lambda row: row.get(REASON)),
        )

        return OwnTable(columns, lambda holder: self.topic_rows(field, holder))

    def values(self, field: Field, translate: Translate) -> str:
        levels = enumerate(field.settings["rubric"].levels)
        return "; ".join(
            [
                *(f"{option.id} = {translate(option.label)}" for option in field.options),
                *(f"{number} = {translate(level)}" for number, level in levels),
            ]
        )

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        lines = []
        for criterion in json["criteria"]:
            answer = value.get(criterion["id"])
            if answer:
                level = json["levels"][answer[LEVEL]] if LEVEL in answer else "–"
                lines.append(f"{criterion['label']}: {level}. {answer.get(REASON, '')}".strip())
        return "\n".join(lines)

    def shown(self, page: Page, json: Json, holder: Json) -> str:
        value = answered(holder.get(json["id"]))
        begun = any(map(_is_begun, value.values()))
        return self.reading(page, json, value) if begun else page.empty()

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        labels = [page.label(text) for text in (CRITERION_LABEL, LEVEL_LABEL, REASON_LABEL)]
        head = "".join(f'<th scope="col">{label}</th>' for label in labels)
        rows = []
        for criterion in json["criteria"]:
            answer: Json = value.get(criterion["id"], {})
            level = "–"
            if LEVEL in answer:
                name = html.escape(str(json["levels"][answer[LEVEL]]))
                means = html.escape(str(criterion["descriptors"][answer[LEVEL]]))
                level = f"<strong>{name}</strong><div><small>{means}</small></div>"
            reason = page.text(answer[REASON]) if trim(answer.get(REASON, "")) else "–"
            rows.append(
                f'<tr><th scope="row">{html.escape(str(criterion["label"]))}</th>'
                f'<td data-label="{labels[1]}">{level}</td>'
                f'<td data-label="{labels[2]}">{reason}</td></tr>'
            )
        return (
            f'<div class="uz-scroll"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )

    # -- the form ---------------------------------------------------------------------------------
    def texts(self, json: Json, value: Any, lang: str) -> list[str]:  # noqa: ANN401, ARG002
        answers = {} if value is ABSENT else value
        return [
            f"{name}:{answers[criterion][part]}"
            for name in self.subnames(json)
            for criterion, part in [name.split("/")]
            if part in answers.get(criterion, {})
        ] + [
            # A sentence that is left empty is posted all the same.
            f"{criterion['id']}/{REASON}:"
            for criterion in json["criteria"]
            if REASON not in answers.get(criterion["id"], {})
        ]

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        answers: dict[str, dict[str, Any]] = {}
        known = set(self.subnames(json))
        levels = {str(level): level for level in range(len(json["levels"]))}
        for text in texts:
            name, _, answer = text.partition(":")
            criterion, _, part = name.partition("/")
            if name not in known:
                continue
            if part == REASON and answer:
                answers.setdefault(criterion, {})[part] = answer.replace("\n", " ")
            elif answer in levels:
                answers.setdefault(criterion, {})[part] = levels[answer]
        return answers or ABSENT

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        answers: Json = {} if value is ABSENT else value
        fields = "".join(
            _criterion(form, json, criterion, answers.get(criterion["id"], {}), place, at)
            for at, criterion in enumerate(json["criteria"], 1)
        )
        count = form.t(
            N_("{count} of {of} rated"),
            count=sum(map(_is_assessed, answers.values())),
            of=len(json["criteria"]),
        )
        return f'{fields}<p class="uz-count">{count}</p>{ending(place.name)}'


def _count(field: Field) -> int:
    return len(field.settings["rubric"].levels)


def _criterion(form: Form, json: Json, criterion: Json, answer: Json, place: Place, at: int) -> str:
    here = place.inner(str(criterion["id"]))
    label = html.escape(str(criterion["label"]))
    options = "".join(
        option_row(
            here.inner(LEVEL),
            "radio",
            str(number),
            html.escape(level),
            checked=answer.get(LEVEL) == number,
            help=descriptor,
        )
        for number, (level, descriptor) in enumerate(
            zip(json["levels"], criterion["descriptors"], strict=True)
        )
    )
    reason = here.inner(REASON)
    text = str(answer.get(REASON, ""))
    sentence = text_control(
        form, reason.name, text, id=reason.id, grows=True, describedby=f"{reason.id}-count"
    )
    clear = ""
    if answer:
        words = f'{form.t(CLEAR)}<span class="uz-hidden"> {label}</span>'
        clear = press(words, f"clear:{here.name}", "uz-link")
    return (
        f'<fieldset class="uz-rating" id="{here.id}"><legend>{at}. {label}</legend>'
        f'<div class="uz-options">{options}</div>'
        f'<label class="uz-label" for="{reason.id}">{form.t(REASON_LABEL)}</label>'
        f"{sentence}{count_line(form, f'{reason.id}-count', {'max': json['max']}, text)}{clear}"
        "</fieldset>"
    )
