"""Answers that may be kept as a draft, for any definition: one strategy a field kind."""

from hypothesis import strategies as st

from ustaz.base.evidence import MOST_OF_A_FILE, SUFFIXES, VISIBLE
from ustaz.workbook import Definition, Field
from ustaz.workbook.kinds import KINDS, STORED_KINDS
from ustaz.workbook.kinds.ratings import parts_of

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(
    lambda text: __import__("unicodedata").normalize("NFC", text)
)
ROW_IDS = st.from_regex(r"[a-z0-9]{6,16}", fullmatch=True)
RATINGS = st.integers(1, 5) | st.none()
FILES = st.fixed_dictionaries(
    {
        "hash": st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
        "name": WORDS,
        "size": st.integers(1, MOST_OF_A_FILE),
        "type": st.sampled_from(sorted(SUFFIXES)),
        "caption": WORDS,
        "visible": st.sampled_from(VISIBLE),
    }
)
DATES = st.dates().map(lambda day: day.isoformat())


def cell(field: Field) -> st.SearchStrategy:
    """Return values that a field may hold."""
    return {
        "text": lambda: WORDS,
        "list": lambda: st.lists(WORDS, max_size=6),
        "choice": lambda: st.sampled_from(field.option_ids),
        "choices": lambda: st.lists(st.sampled_from(field.option_ids), unique=True),
        "scale": lambda: st.one_of(
            st.integers(field.low_value, field.high_value),
            *([st.none()] if field.cannot_say else []),
        ),
        "number": lambda: st.one_of(
            st.integers(-(10**12), 10**12),
            st.floats(-1e12, 1e12, allow_nan=False),
            WORDS,
        ),
        "ratings": lambda: st.dictionaries(
            st.sampled_from(field.option_ids),
            st.fixed_dictionaries({}, optional=dict.fromkeys(parts_of(field.settings), RATINGS)),
        ),
        "levels": lambda: st.dictionaries(
            st.sampled_from(field.option_ids),
            st.fixed_dictionaries({}, optional={"level": st.integers(0, 2), "reason": WORDS}),
        ),
        "file": lambda: st.lists(FILES, max_size=3, unique_by=lambda entry: entry["hash"]),
        "date": lambda: DATES,
        "person": lambda: st.lists(
            st.one_of(ROW_IDS, *([st.just("self")] if field.self else [])),
            unique=True,
            max_size=4 if field.many else 1,
        ),
        "row": lambda: st.lists(ROW_IDS, unique=True, max_size=4 if field.many else 1),
        "entries": lambda: st.lists(row(field), max_size=5, unique_by=lambda one: one["id"]),
        "table": lambda: st.lists(row(field), max_size=5, unique_by=lambda one: one["id"]),
    }[field.kind]()


def row(table: Field) -> st.SearchStrategy:
    """Return rows of a table."""
    columns = {one.id: cell(one) for one in table.columns}
    return st.fixed_dictionaries({"id": ROW_IDS}, optional=columns)


def answers(definition: Definition) -> st.SearchStrategy:
    """Return answers that a draft may hold."""
    fields = {one.id: cell(one) for one in definition.fields if one.kind in STORED_KINDS}
    return st.fixed_dictionaries({}, optional=fields)


assert set(KINDS) - STORED_KINDS == {"reference", "confirmation"}
