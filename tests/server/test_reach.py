"""How a facilitator is reached: written by themselves, read by their group and staff alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server import helpers
from tests.server.helpers import html, visit
from ustaz.privacy.course_data import PLACES
from ustaz.privacy.model import Member
from ustaz.roster import reaching
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import participant, people, reach
from ustaz.server.site import Site

WORDS = {
    "telephone": "+7 (701) 000-00-01",
    "messenger": "WhatsApp, <Dina>",
    "hours": "дүйсенбі–жұма, 15:00–18:00",
}


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    course = helpers.make_course(tmp_path / "course")
    return Site(course, book_dir=tmp_path / "site")


def save(site: Site, who: str = "dina-f", **form: str) -> Response:
    return reach.save(visit(site, who, "reach", method="POST", form=WORDS | form))


def home(site: Site, who: str) -> str:
    return html(participant.home(visit(site, who)))


def test_the_group_reads_how_to_reach_its_facilitator_and_dials_by_a_press(site: Site) -> None:
    assert save(site).status == 303
    page = home(site, "aigul-s")
    assert 'href="tel:+77010000001"' in page
    assert "WhatsApp, &lt;Dina&gt;" in page
    assert "дүйсенбі–жұма, 15:00–18:00" in page


def test_nobody_but_the_group_and_staff_reads_it(site: Site) -> None:
    save(site)
    for who in ("yerlan-b", "bakhyt-d", "saule-m"):
        assert "WhatsApp" not in home(site, who)
    assert "WhatsApp" in html(people.person(visit(site, "saule-m", person="dina-f")))
    for who in ("aigul-s", "bakhyt-d", "saule-m"):
        with pytest.raises(HTTPProblem):
            save(site, who)
        with pytest.raises(HTTPProblem):
            reach.reach(visit(site, who))


def test_what_is_taken_away_is_not_kept(site: Site) -> None:
    save(site)
    save(site, telephone="", messenger=" ", hours="")
    assert not reaching.path_of(site.course.dir, "dina-f").exists()
    assert "WhatsApp" not in home(site, "aigul-s")


def test_a_line_that_is_too_long_is_not_saved_and_not_lost(site: Site) -> None:
    reply = save(site, messenger="ә" * 81)
    assert reply.status == 422
    assert "ә" * 81 in html(reply)
    assert not reaching.read(site.course.dir, "dina-f")


def test_what_is_no_number_is_not_dialled_and_a_damaged_file_says_nothing(site: Site) -> None:
    assert not reaching.Reach(telephone="javascript:1").dial
    assert not reaching.Reach(telephone="ask at the school").dial
    save(site)
    path = reaching.path_of(site.course.dir, "dina-f")
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("[", encoding="utf-8")
    assert "WhatsApp" not in home(site, "aigul-s")


def test_it_is_copied_out_and_erased_with_its_writer(site: Site, tmp_path: Path) -> None:
    save(site)
    place = next(place for place in PLACES if place.id == "reach")
    member = Member(site.course, "dina-f", "Dina F.", "", "en", ("facilitator",))
    assert place.amount(member).count == 1
    place.copy(member, tmp_path / "copy" / "reach")
    assert "WhatsApp" in (tmp_path / "copy" / "reach.json").read_text(encoding="utf-8")
    place.erase(member)
    assert not reaching.read(site.course.dir, "dina-f")
