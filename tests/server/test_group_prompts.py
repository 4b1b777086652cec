"""Prompts out of a group's answers: what they go by, whom they name, and who reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.helpers import LANGUAGES, ROSTER, html, put, visit, write
from tests.support.courses import course_at
from ustaz.course import Course
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import group
from ustaz.server.site import Site
from ustaz.server.views.group_prompts import telling_stems

AIGUL = "Кітапхана бұрышы бос тұр, кітапты ешкім сұрамайды."
NURGUL = "Балалар кітапхананың бұрышына үзілісте ғана келеді."
FAR = "Ата-аналар жиналысқа қатыспайды."


WORKBOOKS = """\
[calendar.due]
focus = 2026-12-09

[workbooks]
assignments = ["focus", "action-plan", "half-way-review"]
"""


@pytest.fixture
def course(tmp_path: Path, _fixed_now: None) -> Course:
    return course_at(tmp_path / "course", "trial", "Trial", ROSTER, workbooks=WORKBOOKS)


def shown(site: Site, who: str = "dina-f", lang: str = "en", **query: str) -> str:
    return html(group.prompts(visit(site, who, "group/prompts", lang=lang, query=query)))


def step(row: str, strand: str, due: str, status: str, action: str) -> dict[str, object]:
    value = {"action": action, "strand": strand, "due": due, "start": due, "status": status}
    return {"op": "add_row", "path": ["steps", row], "after": None, "value": value}


def concern(course: Course, person: str, text: str) -> None:
    change = {"op": "set", "path": ["concern_raw"], "value": text}
    write(course, person, "focus", [{"op": "lang", "value": "kk"}, change])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_who_use_the_same_rare_words_are_a_pair_and_the_words_are_shown(
    site: Site, lang: str
) -> None:
    concern(site.course, "aigul-s", AIGUL)
    concern(site.course, "nurgul-a", NURGUL)
    concern(site.course, "olga-p", FAR)
    page = shown(site, lang=lang)
    assert page.count('class="uzs-card"') == 1
    assert "кітапхананың, бұрышына" in page
    assert site.url("people", "nurgul-a", "focus") in page
    assert site.url("people", "olga-p", "focus") not in page


def test_words_that_say_nothing_make_no_pair() -> None:
    assert telling_stems("Мен үшін және сонда туралы 2026", "kk") == {}
    assert telling_stems("потому что когда чтобы если", "ru") == {}
    assert telling_stems("that this with about because", "en") == {}
    assert set(telling_stems("кітапхана кітапхананың", "kk").values()) == {"кітапхана"}
    assert telling_stems("слова", "tr") == {}


def test_a_late_step_is_shown_with_who_has_done_one_of_its_kind(site: Site) -> None:
    course = site.course
    write(course, "aigul-s", "action-plan", [
        step("late00000001", "consult", "2026-10-01", "doing", "Ask three colleagues"),
    ])  # fmt: skip
    write(course, "olga-p", "action-plan", [
        step("done00000001", "consult", "2026-10-01", "done", "Talk with the parents"),
        step("done00000002", "design", "2026-10-01", "done", "Make ten cards"),
    ])  # fmt: skip
    page = shown(site)
    assert page.index("Ask three colleagues") < page.index("Talk with the parents")
    assert "Make ten cards" not in page


def test_what_somebody_is_stuck_on_is_quoted_and_private_words_never(site: Site) -> None:
    put(site.course, "olga-p", "half-way-review", stuck_on="Nobody <b>comes</b> to my lesson")
    put(site.course, "olga-p", "focus", why_me="кітапхана бұрышы canary-private")
    put(site.course, "aigul-s", "focus", why_me="кітапхана бұрышы canary-private")
    page = shown(site)
    assert "Nobody &lt;b&gt;comes&lt;/b&gt; to my lesson" in page
    assert "canary-private" not in page
    assert "бұрышы" not in page


def test_other_groups_and_other_readers_are_refused(site: Site) -> None:
    put(site.course, "yerlan-b", "half-way-review", stuck_on="Words of another group")
    assert "Words of another group" not in shown(site)
    for who, query in (("dina-f", {"group": "g2"}), ("aigul-s", {}), ("saule-m", {}),
                       ("bakhyt-d", {})):  # fmt: skip
        with pytest.raises(HTTPProblem) as refused:
            shown(site, who, **query)
        assert (refused.value.status, refused.value.id) == (403, "not_yours")
