"""Codes for a whole group: nobody's slip is made worthless by handing out further ones."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.server.helpers import html, make_course, visit
from tests.support.qr import path_of
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.roster import Giver
from ustaz.roster.people import Person
from ustaz.server.host.hub_protocol import Account, NewCode
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import sign_in
from ustaz.server.qr import qr_code
from ustaz.server.site import Site

LATER = "2026-12-07T09:00:00+05:00"


class FakeHub:
    """Accounts in memory."""

    home, sign_out, password, lab = "/my/", "/out", "/password", "/lab/"

    def __init__(self, **accounts: Account) -> None:
        self.kept = {name.replace("_", "-"): one for name, one in accounts.items()}
        self.made: list[str] = []

    def may_lab(self, who: Identity) -> bool:
        return False

    def courses_of(self, account: str) -> list[tuple[str, str]]:
        return [("server-trial", "Teacher leadership")]

    def may_hand_out(self, course: Course, giver: Person, person: Person) -> bool:
        return "participant" in person.roles

    def giver(self, course: Course, who: Identity) -> Giver:
        return Giver(who.person, who.roles)

    def accounts(self, names: list[str]) -> dict[str, Account]:
        return {name: replace(self.kept.get(name, Account("")), name=name) for name in names}

    def make_code(self, account: str, by: str) -> NewCode:
        self.made.append(account)
        self.kept[account] = Account(account, code_until=LATER)
        return NewCode(account, "AB12-CD34", LATER, f"http://x/hub/code?u={account}", "http://x/")

    def take_back(self, account: str) -> None:
        self.kept[account] = Account(account)

    def sign_out_everywhere(self, account: str) -> None:
        raise NotImplementedError


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    hub = FakeHub(
        olga_p=Account("", exists=True, seen=LATER),
        aigul_s=Account("", code_until=LATER),
    )
    course = make_course(tmp_path / "course")
    with (course.dir / "people.csv").open("a", encoding="utf-8") as file:
        file.write("zhanar-e,Zhanar E.,participant,g1,s1,kk,\nomir-t,Өмір Т.,participant,g1,,kk,\n")
    return Site(course, book_dir=tmp_path, hub=hub)


def hub_of(site: Site) -> FakeHub:
    assert isinstance(site.hub, FakeHub)
    return site.hub


def send(site: Site, action: str, **form: str) -> str:
    form = {"action": action, **form}
    return html(sign_in.act(visit(site, "saule-m", "sign-in", method="POST", form=form)))


def shown(site: Site, lang: str = "en") -> str:
    return html(sign_in.listing(visit(site, "saule-m", "sign-in", lang=lang)))


def test_inviting_a_group_leaves_the_slips_that_were_handed_out_alone(site: Site):
    assert "Make invitations for 3 people" in shown(site)
    page = send(site, "invite_group", group="g1")
    assert sorted(hub_of(site).made) == ["nurgul-a", "omir-t", "zhanar-e"]
    assert page.count('class="uzs-card uzs-slip"') == 3
    assert "Make invitations" not in shown(site)
    assert send(site, "invite_group", group="g1").count("uzs-secret") == 0
    assert len(hub_of(site).made) == 3


def test_lost_slips_are_replaced_only_where_that_is_said(site: Site):
    send(site, "invite_group", group="g1")
    assert "Replace 4 unused invitations" in shown(site)
    assert "no longer work" in shown(site)
    hub_of(site).made.clear()
    send(site, "invite_again", group="g1")
    assert sorted(hub_of(site).made) == ["aigul-s", "nurgul-a", "omir-t", "zhanar-e"]
    assert "olga-p" not in hub_of(site).made


def test_each_group_says_how_far_its_people_are(site: Site):
    text = re.sub(r"<[^>]+>", "", shown(site))
    assert "1 with a password · 1 invited · 3 not invited yet" in text
    assert "0 with a password · 1 not invited yet" in text  # Yerlan in the other group


def test_a_slip_says_what_to_choose_in_its_owners_language(site: Site):
    page = send(site, "invite", person="aigul-s")
    words = site.words("kk")
    for text in (sign_in.CHOOSE, "I have an invitation or a one-time code"):
        assert words.plain(text) != text
        assert words.plain(text) in page
    assert 'lang="kk"' in page


def test_slips_are_not_lost_by_a_change_of_language(site: Site):
    # The links of the languages open the page anew, and a code is shown only once.
    assert 'class="uzs-langs"' in shown(site)
    assert 'class="uzs-langs"' not in send(site, "invite", person="aigul-s")


def test_a_group_without_anybody_to_invite_makes_no_empty_sheet(site: Site):
    page = send(site, "invite_group", group="g3")
    assert "uzs-slips" not in page


def test_a_whole_course_is_invited_on_one_sheet_group_by_group(site: Site):
    assert "Make invitations for 4 people" in shown(site)
    page = send(site, "invite_all")
    assert sorted(hub_of(site).made) == ["nurgul-a", "omir-t", "yerlan-b", "zhanar-e"]
    assert page.count('class="uzs-card uzs-slip"') == 4
    names = re.findall(r"<h3><bdi[^>]*>([^<]*)</bdi></h3>", page)
    assert names.index("Yerlan B.") == 3  # the only one of the other group
    listed = page.partition('class="uzs-hand-list"')[2]
    assert listed.count("AB12-CD34") == 4
    hub_of(site).made.clear()
    assert "invite_all" not in shown(site)
    send(site, "invite_all")
    assert hub_of(site).made == []


def test_a_slip_has_its_link_as_a_qr_code_and_nothing_is_fetched_for_it(site: Site):
    link = "http://x/hub/code?username=aigul-s&code=AB12-CD34"
    drawn = str(qr_code(link, "It's <b>"))
    assert "<b>" not in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    assert "style=" not in drawn
    path = re.search(r'<path class="qrline" stroke="#000" d="([^"]+)"', drawn)
    assert path is not None
    assert path[1] == path_of(link)
    assert send(site, "invite", person="aigul-s").count('class="uzs-qr"') == 1


def test_somebody_who_invites_nobody_is_refused_the_sheet(site: Site):
    class Nobody(FakeHub):
        def may_hand_out(self, course: Course, giver: Person, person: Person) -> bool:
            return False

    site.hub = Nobody()
    form = {"action": "invite_all"}
    visitor = visit(site, "aigul-s", "sign-in", method="POST", form=form)
    with pytest.raises(HTTPProblem) as refused:
        sign_in.act(visitor)
    assert refused.value.id == "not_yours"
    assert site.hub.made == []
