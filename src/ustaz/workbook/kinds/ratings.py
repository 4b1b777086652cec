"""``ratings``: how something is now and how it is wanted, dimension by dimension.

With ``single`` only how it is now is asked: of somebody's own work the wish is plain, and what
matters is how it has moved since the earlier ratings that ``compare`` names.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ustaz.messages import N_
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
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
    maybe,
    refuse,
)
from ustaz.workbook.kinds.form import CLEAR, Form, Place, ending, help_line, posting, press
from ustaz.workbook.kinds.options import options_json, read_options
from ustaz.workbook.kinds.parts import (
    InParts,
    answered,
    check_parts,
    examples_problem,
    parts_schema,
)
from ustaz.workbook.kinds.row_ids import TARGET
from ustaz.workbook.kinds.words import (
    CANNOT_SAY,
    CANNOT_SAY_COLUMN,
    DIFFERENCE,
    DIMENSION,
    EARLIER,
    NOW,
    WANTED,
)
from ustaz.workbook.model import Field, Translate

LOW: Final = 1
HIGH: Final = 5
PARTS: Final = ("now", "wanted")
LABELS: Final = {"now": NOW, "wanted": WANTED}
MOST: Final = 20
"""Dimensions; the picture has an axis for each, and a phone has to hold them."""
NOT_SAID: Final = "cannot_say"
"""How a worked example writes null."""


def parts_of(json: Json) -> tuple[str, ...]:
    """Return the parts that a field asks for, by its JSON or its settings."""
    return PARTS[:1] if json.get("single") else PARTS


def _rated(answer: Json, parts: Sequence[str]) -> bool:
    return all(part in answer for part in parts)


def _difference(answer: Json) -> int | None:
    return _between(answer.get("now"), answer.get("wanted"))


def _between(first: int | None, then: int | None) -> int | None:
    return None if first is None or then is None else then - first


def _check_rating(path: Path, value: Any) -> None:  # noqa: ANN401
    refuse(value is not None and type(value) is not int, "wrong_type", path)
    refuse(value is not None and not LOW <= value <= HIGH, "out_of_range", path)


class Ratings(InParts):
    """A rating is a whole number, or null for "cannot say"; a dimension counts with both."""

    name = "ratings"
    topic = "dimension"
    topics = "dimensions"
    parts = PARTS
    ended = True
    keys = ("dimensions", "min_items", "low", "high", "compare", "single")
    roles = frozenset({"ratings"})
    refers_to = "ratings"

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        dimensions = read_options(cursor, "dimensions", least=3)
        if len(dimensions) > MOST:
            cursor.complain("dimensions", f"expected at most {MOST}")
        compare = cursor.match("compare", TARGET, "workbook/field") if cursor.has("compare") else ""
        return {
            "options": dimensions,
            "min_items": cursor.number("min_items", most=max(len(dimensions), 1)),
            "low": cursor.optional("low"),
            "high": cursor.optional("high"),
            "to": compare or None,
            "settings": {"single": cursor.flag("single")},
        }

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        return {
            "dimensions": options_json(field.options, translate),
            "min_items": field.min_items,
            "low": maybe(field.low, translate),
            "high": maybe(field.high, translate),
            "compare": field.to,
            **({"single": True} if field.settings["single"] else {}),
        }

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401
        if problem := examples_problem(value, field.option_ids, parts_of(field.settings)):
            return problem
        known = {NOT_SAID, *map(str, range(LOW, HIGH + 1))}
        ratings = {rating for answer in value.values() for rating in answer.values()}
        return None if ratings <= known else f"expected {LOW} to {HIGH} or {NOT_SAID}"

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        return {
            dimension: {
                part: None if rating == NOT_SAID else int(rating) for part, rating in answer.items()
            }
            for dimension, answer in value.items()
        }

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        parts = dict.fromkeys(parts_of(field.settings), _check_rating)
        check_parts(path, value, field.option_ids, parts)

    def schema(self, field: Field) -> dict[str, Any]:
        rating = {"anyOf": [{"type": "integer", "minimum": LOW, "maximum": HIGH}, {"type": "null"}]}
        return parts_schema(field.option_ids, dict.fromkeys(parts_of(field.settings), rating))

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401, ARG002
        rated = _count(value, parts_of(field.settings))
        if field.min_items is not None and rated < field.min_items:
            yield Limit("ratings_few", "missing", {"min": field.min_items})

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        parts = parts_of(field.settings)
        yield self.count_column(field, lambda answer: _rated(answer, parts))

    def own_table(self, field: Field) -> OwnTable:
        columns = [
            TidyColumn("dimension", "string", field, DIMENSION, lambda row: row["dimension"])
        ]
        for part in parts_of(field.settings):
            columns += [
                TidyColumn(part, "Int64", field, LABELS[part], _reads(part)),
                TidyColumn(
                    f"{part}_cannot_say", "boolean", field, CANNOT_SAY_COLUMN, _not_said(part)
                ),
            ]
        if not field.settings["single"]:
            columns.append(TidyColumn("difference", "Int64", field, DIFFERENCE, _difference))

        return OwnTable(tuple(columns), lambda holder: self.topic_rows(field, holder))

    def values(self, field: Field, translate: Translate) -> str:
        ends = ((LOW, field.low), (HIGH, field.high))
        numbers = [
            f"{number} = {translate(label)}" if label else str(number) for number, label in ends
        ]
        return "; ".join(
            [*(f"{option.id} = {translate(option.label)}" for option in field.options), *numbers]
        )

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401
        lines, parts = [], parts_of(json)
        for dimension in json["dimensions"]:
            answer = value.get(dimension["id"])
            if answer:
                ratings = (
                    (f"{side.gettext(LABELS[part])}: " if len(parts) > 1 else "")
                    + _number(answer, part, side.gettext(CANNOT_SAY))
                    for part in parts
                )
                lines.append(f"{dimension['label']}: {', '.join(ratings)}")
        return "\n".join(lines)

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        earlier = answered(page.linked_answer(str(json["compare"]))) if json.get("compare") else {}
        heads = [(EARLIER, "earlier")] if earlier else []
        heads += [(LABELS[part], part) for part in parts_of(json)]
        if earlier or not json.get("single"):
            heads.append((DIFFERENCE, "difference"))
        labels = [(page.label(label), part) for label, part in heads]
        # Where a row becomes a card each cell says what it is; the only one has the head above.
        several = len(labels) > 1
        head = "".join(f'<th scope="col">{label}</th>' for label, _ in labels)
        rows = []
        for dimension in json["dimensions"]:
            answer: Mapping[str, Any] = value.get(dimension["id"], {})
            before = earlier.get(dimension["id"], {})
            cells = {
                "earlier": _number(before, "now", page.label(CANNOT_SAY)),
                "now": _number(answer, "now", page.label(CANNOT_SAY)),
                "wanted": _number(answer, "wanted", page.label(CANNOT_SAY)),
                "difference": _signed(
                    _between(before.get("now"), answer.get("now"))
                    if json.get("single")
                    else _difference(answer)
                ),
            }
            rows.append(
                f'<tr><th scope="row">{html.escape(dimension["label"])}</th>'
                + "".join(
                    f'<td data-label="{label if several else ""}">{cells[part]}</td>'
                    for label, part in labels
                )
                + "</tr>"
            )
        return (
            f'<div class="uz-scroll"><table><thead><tr><th scope="col">{page.label(DIMENSION)}</th>'
            f"{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        )

    # -- the form ---------------------------------------------------------------------------------
    def asked(self, json: Json) -> Sequence[str]:
        return parts_of(json)

    def texts(self, json: Json, value: Any, lang: str) -> list[str]:  # noqa: ANN401, ARG002
        ratings = {} if value is ABSENT else value
        return [
            f"{name}:{NOT_SAID if ratings[topic][part] is None else ratings[topic][part]}"
            for name in self.subnames(json)
            for topic, part in [name.split("/")]
            if part in ratings.get(topic, {})
        ]

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        ratings: dict[str, dict[str, int | None]] = {}
        known = set(self.subnames(json))
        for text in texts:
            name, _, rating = text.partition(":")
            if name in known and rating in _RATINGS:
                topic, part = name.split("/")
                ratings.setdefault(topic, {})[part] = None if rating == NOT_SAID else int(rating)
        return ratings or ABSENT

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        ratings: Json = {} if value is ABSENT else value
        ends = ""
        if json.get("low") and json.get("high"):
            ends = form.t(
                N_("1 means: {low}. 5 means: {high}."), low=json["low"], high=json["high"]
            )
        fields = "".join(
            _dimension(form, dimension, parts_of(json), ratings.get(dimension["id"]), place, at)
            for at, dimension in enumerate(json["dimensions"], 1)
        )
        rated = _count(ratings, parts_of(json))
        of = len(json["dimensions"])
        count = form.t(N_("{count} of {of} rated"), count=rated, of=of)
        return (
            f'<p class="uz-help" id="{place.id}-ends">{ends}</p>{fields}'
            f'<p class="uz-count">{count}</p>{ending(place.name)}'
        )


_RATINGS: Final = frozenset({NOT_SAID, *map(str, range(LOW, HIGH + 1))})


def _count(ratings: Json, parts: Sequence[str]) -> int:
    return sum(_rated(answer, parts) for answer in ratings.values())


def _dimension(
    form: Form,
    dimension: Json,
    parts: Sequence[str],
    answer: Json | None,
    place: Place,
    at: int,
) -> str:
    name, label = f"{place.id}-{dimension['id']}", html.escape(str(dimension["label"]))
    note = help_line(dimension.get("help"))
    rows = []
    alone = len(parts) == 1  # then the statement says it, and "Now" beside each would be noise
    for part in parts:
        words = "" if alone else form.t(LABELS[part])
        rated = (answer or {}).get(part, ABSENT)
        posts = f"{place.name}/{dimension['id']}/{part}"
        choices = [(str(rating), str(rating), rated == rating) for rating in range(LOW, HIGH + 1)]
        choices.append((NOT_SAID, form.t(CANNOT_SAY), rated is None))
        radios = "".join(
            f'<span class="uz-rating-choice"><input type="radio"'
            f"{posting(posts, id=f'{name}-{part}-{_ids(rating)}', value=rating, checked=on)}>"
            f'<label for="{name}-{part}-{_ids(rating)}">{text}</label></span>'
            for rating, text, on in choices
        )
        rows.append(
            f'<div class="uz-rating-row{" uz-rating-alone" if alone else ""}" role="radiogroup"'
            f' aria-label="{label if alone else f"{label}: {words}"}"'
            f' aria-describedby="{place.id}-ends">{_part_words(words)}{radios}</div>'
        )
    clear = ""
    if answer:
        words = f'{form.t(CLEAR)}<span class="uz-hidden"> {label}</span>'
        clear = press(words, f"clear:{place.name}/{dimension['id']}", "uz-link")
    return (
        f'<fieldset class="uz-rating" id="{name}"><legend>{at}. {label}</legend>'
        f"{note}{''.join(rows)}{clear}</fieldset>"
    )


def _part_words(words: str) -> str:
    return f'<span class="uz-rating-part" aria-hidden="true">{words}</span>' if words else ""


def _ids(rating: str) -> str:
    return "none" if rating == NOT_SAID else rating


def _reads(part: str) -> Any:  # noqa: ANN401
    return lambda row: row.get(part)


def _not_said(part: str) -> Any:  # noqa: ANN401
    return lambda row: row[part] is None if part in row else None


def _number(answer: Json, part: str, cannot_say: str) -> str:
    if part not in answer:
        return "–"
    return cannot_say if answer[part] is None else str(answer[part])


def _signed(difference: int | None) -> str:
    if difference is None:
        return "–"
    return f"{difference:+d}".replace("-", "\u2212") if difference else "0"
