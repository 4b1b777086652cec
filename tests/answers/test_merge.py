"""Which changes apply beside what others saved, and which are handed back."""

from __future__ import annotations

import pytest

from tests.answers.helpers import AIGUL, add_row, batch, clear, move_row, put, remove_row
from ustaz.answers import Document
from ustaz.answers.merge import apply_record, merge

THEIRS = "laptop"
MINE = "phone"


def after(document, *changes, client=THEIRS):
    """Return the next generation, `client` having seen everything."""
    made = batch(*changes, base=document.revision, client=client)
    merged = merge(document, made)
    assert not merged.conflicts
    record = {
        "revision": document.revision + 1, "client": client, "at": "", "batches": {}, "lang": None,
    }  # fmt: skip
    return apply_record(document, record, merged.effective)


EMPTY = Document(workbook="plan", definition="1.1.0", subject=AIGUL)
ROWS = [add_row("row001", action="x"), add_row("row002", "row001"), add_row("row003", "row002")]
#: What both pages saw last.
BASE = after(EMPTY, put("title", "0"), put("influence", 3), *ROWS, client="before")


def row(document, id):
    return next(one for one in document.answers["steps"] if one["id"] == id)


#: what they saved, what I send without having seen it, what of theirs is handed back.
CONFLICTS = {
    "same_field": (put("title", "a"), put("title", "b"), "a"),
    "field_that_was_empty": (put("aim", "a"), put("aim", "b"), "a"),
    "field_they_cleared": (clear("title"), put("title", "b"), None),
    "field_i_clear": (put("title", "a"), clear("title"), "a"),
    "null_against_a_number": (put("influence", None), put("influence", 4), None),
    "a_number_against_null": (put("influence", 4), put("influence", None), 4),
    "same_cell": (put("steps/row001/action", "a"), put("steps/row001/action", "b"), "a"),
    "cell_they_cleared": (clear("steps/row001/action"), put("steps/row001/action", "b"), None),
    "cell_i_clear": (put("steps/row001/action", "a"), clear("steps/row001/action"), "a"),
    "cell_of_a_row_they_removed": (remove_row("row001"), put("steps/row001/action", "b"), None),
    "row_i_remove": (
        put("steps/row001/action", "a"),
        remove_row("row001"),
        {"id": "row001", "action": "a"},
    ),
    "row_both_add": (
        add_row("row009", action="a"),
        add_row("row009", action="b"),
        {"id": "row009", "action": "a"},
    ),
    "cell_of_a_row_they_added": (
        add_row("row009", action="a"),
        put("steps/row009/action", "b"),
        "a",
    ),
    "order_both_change": (
        move_row("row003", None),
        move_row("row001", "row002"),
        ["row003", "row001", "row002"],
    ),
    "status": ({"op": "status", "value": "ready"}, None, None),
}


@pytest.mark.parametrize("name", [name for name in CONFLICTS if name != "status"])
def test_the_same_place_is_a_conflict(name):
    theirs, mine, handed_back = CONFLICTS[name]
    document = after(BASE, theirs)
    merged = merge(document, batch(mine, base=BASE.revision, client=MINE))
    assert merged.effective == ()
    (conflict,) = merged.conflicts
    assert conflict.theirs == handed_back
    assert conflict.theirs_revision == (None if "removed" in name else document.revision)
    # Seen, and sent again: mine stands (a row that is gone has to be added again).
    again = merge(document, batch(mine, base=document.revision, client=MINE))
    assert bool(again.conflicts) == ("removed" in name)
    # The same from the page that wrote it is no conflict.
    assert bool(merge(document, batch(mine, base=BASE.revision, client=THEIRS)).conflicts) == (
        "removed" in name
    )


def test_status_conflicts_when_it_differs():
    ready = after(BASE, {"op": "status", "value": "ready"})
    back = after(ready, {"op": "status", "value": "draft"})
    merged = merge(back, batch({"op": "status", "value": "ready"}, base=BASE.revision, client=MINE))
    assert [(one.theirs, one.theirs_revision) for one in merged.conflicts] == [("draft", 3)]
    same = merge(ready, batch({"op": "status", "value": "ready"}, base=BASE.revision, client=MINE))
    assert (same.effective, same.conflicts) == ((), ())


def test_language_never_conflicts():
    document = after(BASE, {"op": "lang", "value": "ru"})
    merged = merge(document, batch({"op": "lang", "value": "kk"}, base=BASE.revision, client=MINE))
    assert len(merged.effective) == 1


APPLY = {
    "another_field": (put("title", "a"), put("aim", "b")),
    "another_cell": (put("steps/row001/action", "a"), put("steps/row001/state", "b")),
    "another_row": (put("steps/row001/action", "a"), put("steps/row002/action", "b")),
    "a_row_beside_theirs": (add_row("row008"), add_row("row009")),
    "a_row_after_one_they_removed": (remove_row("row002"), add_row("row009", "row002")),
    "text_in_a_row_they_moved": (move_row("row001", "row003"), put("steps/row001/action", "b")),
    "a_move_of_a_row_they_changed": (put("steps/row001/action", "a"), move_row("row001", "row003")),
    "a_row_beside_a_move": (move_row("row003", None), add_row("row009", "row001")),
    "removing_another_row": (remove_row("row001"), remove_row("row002")),
    "bringing_back_a_row_they_removed": (remove_row("row001"), add_row("row001", action="b")),
}


@pytest.mark.parametrize("name", APPLY)
def test_different_places_merge(name):
    theirs, mine = APPLY[name]
    merged = merge(after(BASE, theirs), batch(mine, base=BASE.revision, client=MINE))
    assert len(merged.effective) == 1
    assert merged.conflicts == ()


NOTHING = {
    "the_same_value": (put("title", "a"), put("title", "a")),
    "both_clear": (clear("title"), clear("title")),
    "both_remove": (remove_row("row001"), remove_row("row001")),
    "clearing_a_cell_of_a_row_that_is_gone": (remove_row("row001"), clear("steps/row001/action")),
    "moving_a_row_that_is_gone": (remove_row("row001"), move_row("row001", "row003")),
    "the_same_move": (move_row("row003", None), move_row("row003", None)),
    "the_same_row": (add_row("row009", action="a"), add_row("row009", action="a")),
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_says_nothing_new_is_neither_change_nor_conflict(name):
    theirs, mine = NOTHING[name]
    merged = merge(after(BASE, theirs), batch(mine, base=BASE.revision, client=MINE))
    assert (merged.effective, merged.conflicts) == ((), ())


def test_changes_of_one_batch_see_each_other():
    document = after(BASE, remove_row("row001"))
    mine = [
        put("steps/row001/action", "lost?"),
        add_row("row001", action="again"),
        put("steps/row001/action", "kept"),
        remove_row("row002"),
        put("steps/row002/action", "into nothing"),
    ]
    merged = merge(document, batch(*mine, base=BASE.revision, client=MINE))
    assert [one.index for one in merged.conflicts] == [0, 4]
    assert len(merged.effective) == 3


def test_a_page_that_did_not_wait_for_its_answer_does_not_conflict_with_itself():
    document = after(BASE, put("title", "a"), client=MINE)
    assert not merge(document, batch(put("title", "b"), base=BASE.revision, client=MINE)).conflicts


def test_a_base_from_a_generation_that_never_came_to_be_is_not_trusted():
    document = after(BASE, put("title", "a"))
    merged = merge(document, batch(put("title", "b"), base=document.revision + 5, client=MINE))
    assert [one.theirs for one in merged.conflicts] == ["a"]


def test_a_row_that_is_there_takes_the_cells_that_come_again():
    document = after(BASE, add_row("row001", action="y"), client=MINE)
    assert row(document, "row001")["action"] == "y"
    assert document.stamps["steps/row001/action"] == [2, MINE]
    assert document.stamps["steps/row001"] == [1, "before"]


def test_a_row_that_goes_takes_its_stamps_along():
    document = after(BASE, put("steps/row001/action", "y"), move_row("row001", "row003"))
    gone = after(document, remove_row("row001"))
    assert {path for path in gone.stamps if "row001" in path} == set()
    assert "steps#order" in gone.stamps


def test_stamps_are_bounded_by_what_there_is():
    document = EMPTY
    for _ in range(3):
        document = after(document, *ROWS, put("steps/row001/action", "y"))
        document = after(document, *(remove_row(f"row00{number}") for number in (1, 2, 3)))
    assert document.stamps == {}
