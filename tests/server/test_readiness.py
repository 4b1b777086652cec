"""What facilitators write for themselves: on their home, read by them alone, taken and erased."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest

from tests.server.helpers import LANGUAGES, html, put, visit
from ustaz.privacy import exporting
from ustaz.privacy.erasing import erase
from ustaz.privacy.subject import subject_of
from ustaz.server.api import answers
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import participant, staff
from ustaz.server.site import Site
from ustaz.server.views import homes

OWN = "canary: мен үндемей күтемін"
BOTH = ("readiness", "readiness-end")


def home(site: Site, person: str, lang: str = "en") -> str:
    return html(participant.home(visit(site, person, lang=lang)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_facilitators_home_has_both_rounds_and_nobody_elses_has(site: Site, lang: str) -> None:
    for workbook in BOTH:
        address = f'href="{site.url("workbooks", workbook)}"'
        assert address in home(site, "dina-f", lang)
        for person in ("aigul-s", "bakhyt-d", "saule-m"):
            assert address not in home(site, person, lang)
    data = homes.facilitator(site, visit(site, "dina-f").who, site.words(lang))
    assert [card["workbook"] for card in data["own"]] == list(BOTH)


@pytest.mark.parametrize("person", ["aigul-s", "bakhyt-d", "saule-m"])
def test_it_is_no_workbook_of_anybody_else(site: Site, person: str) -> None:
    with pytest.raises(HTTPProblem) as refused:
        participant.workbook(visit(site, person, workbook="readiness"))
    assert (refused.value.status, refused.value.id) == (404, "no_workbook")


@pytest.mark.parametrize("person", ["aigul-s", "olga-p", "bakhyt-d", "saule-m"])
def test_nobody_reads_what_a_facilitator_wrote(site: Site, person: str) -> None:
    put(site.course, "dina-f", "readiness", strengths=[OWN])
    request = visit(site, person, "people", person="dina-f", workbook="readiness")
    for call in (staff.reading, answers.workbook):
        with suppress(HTTPProblem):  # staff read that there is such a workbook, and no word of it
            assert OWN not in html(call(request))


def test_the_second_round_is_written_over_the_first(site: Site) -> None:
    put(site.course, "dina-f", "readiness", ratings={"asks": {"now": 2}}, work_on=["silence"])
    put(site.course, "dina-f", "readiness-end", ratings_again={"asks": {"now": 4}})
    request = visit(site, "dina-f", workbook="readiness-end")
    page = html(participant.workbook(request))
    assert "After a question I can be silent for seven seconds." in page
    assert 'value="readiness-end/ratings_again/asks/wanted' not in page
    # One number a statement: "Now" is not said sixteen times, and each group is named by its own.
    assert ">Now<" not in page
    assert 'role="radiogroup" aria-label="I ask more than I tell."' in page
    saved = html(participant.saved(visit(site, "dina-f", workbook="readiness-end")))
    assert "+2" in saved


def test_on_paper_it_asks_for_one_number(site: Site) -> None:
    page = html(participant.paper(visit(site, "dina-f", workbook="readiness")))
    assert "1 means: not yet. 5 means: nearly always." in page
    assert "Wanted" not in page
    assert page.count(">Now<") == 1


def test_it_is_taken_along_and_erased(site: Site, tmp_path: Path) -> None:
    put(site.course, "dina-f", "readiness", strengths=[OWN])
    exporting.export(subject_of(site.course.dir, "dina-f"), tmp_path / "copy")
    copies = list((tmp_path / "copy").rglob("*.json"))
    assert any(OWN in json.dumps(json.loads(copy.read_bytes()), ensure_ascii=False)
               for copy in copies)  # fmt: skip
    erase(subject_of(site.course.dir, "dina-f"), by="operator")
    assert not [path for path in site.course.dir.rglob("*")
                if path.is_file() and OWN.encode() in path.read_bytes()]  # fmt: skip
