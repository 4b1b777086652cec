"""Rubrics: read with every complaint, and an award that follows from the levels."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ustaz.messages import LANGUAGES, translator
from ustaz.workbook.problems import DefinitionErrors
from ustaz.workbook.rubrics import load_rubric, rubric, rubric_messages

SHIPPED = Path(__file__).resolve().parents[2] / "workbooks" / "rubrics" / "teacher-leadership.yml"
RUBRIC = rubric("teacher-leadership")
IDS = [criterion.id for criterion in RUBRIC.criteria]


def levels(*numbers: int) -> dict[str, int]:
    return dict(zip(IDS, numbers, strict=True))


@pytest.mark.parametrize(
    ("reached", "decision"),
    [
        ((2, 2, 2, 2, 2, 2, 1, 1), "award"),
        ((2, 1, 1, 2, 2, 2, 2, 2), "award"),
        ((3, 3, 3, 3, 3, 3, 1, 1), "award_with_commendation"),
        ((2, 3, 3, 3, 3, 3, 3, 1), "award_with_commendation"),
        ((3, 3, 3, 3, 3, 3, 3, 0), "return"),  # nothing is left out
        ((1, 3, 3, 3, 3, 3, 3, 3), "return"),  # the concern has to be secure
        ((3, 3, 3, 3, 3, 1, 3, 3), "return"),  # and the effect
        ((2, 2, 2, 2, 1, 2, 1, 1), "return"),  # five at 2 are one too few
        ((0, 0, 0, 0, 0, 0, 0, 0), "return"),
    ],
)
def test_the_award_follows_from_the_levels(reached: tuple[int, ...], decision: str) -> None:
    assert RUBRIC.decision(levels(*reached)) == decision


@given(st.dictionaries(st.sampled_from(IDS), st.integers(0, 3)), st.sampled_from(IDS))
def test_a_higher_level_never_makes_a_decision_worse(reached: dict[str, int], which: str) -> None:
    order = ["return", "award", "award_with_commendation"]
    before = RUBRIC.decision(reached)
    after = RUBRIC.decision({**reached, which: min(3, reached.get(which, 0) + 1)})
    assert order.index(after) >= order.index(before)


@pytest.mark.parametrize("wrong", [{"t9": 1}, {"t1": 4}, {"t1": -1}])
def test_a_level_that_there_is_not_decides_nothing(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="no such"):
        RUBRIC.decision(wrong)


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_every_text_of_the_rubric_is_translated(lang: str) -> None:
    words = translator(lang)
    assert [text for _, text in rubric_messages(RUBRIC) if words.gettext(text) == text] == []
    assert RUBRIC.to_json(words.gettext)["criteria"][0]["descriptors"][0] != ""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("format: 1", "format: 2", "format: this version of Ustaz reads format 1"),
        ("  - strong\n", "", "criteria[0].descriptors: expected one for each level: 3"),
        ("id: t2", "id: t1", "another criterion is called 't1' too"),
        ("code: T1", "code: t1", "expected capital letters"),
        ("these: {t1: 2, t6: 2}\n  - d", "these: {t9: 2}\n  - d", "t9: unknown key"),
        ("{count: 6, level: 3}", "{count: 9, level: 3}", "expected a whole number from 1 to 8"),
        ("{count: 6, level: 3}", "{count: 6, level: 4}", "expected a whole number from 1 to 3"),
        ("  - decision: return\n", "", "the last decision has no conditions"),
        ("title: C", "colour: C", "colour: unknown key"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "rubric.yml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionErrors) as caught:
        load_rubric(path, name="r.yml")
    assert complaint in str(caught.value)


def test_a_course_may_have_a_rubric_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    text = SHIPPED.read_text(encoding="utf-8").replace("version: 1.1.0", "version: 2.0.0")
    (tmp_path / "rubrics" / "teacher-leadership.yml").write_text(text, encoding="utf-8")
    assert rubric("teacher-leadership", tmp_path).version == "2.0.0"
    for wrong in ("nothing", "../action-plan/workbook"):
        with pytest.raises(KeyError):
            rubric(wrong, tmp_path)
