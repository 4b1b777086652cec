"""An account name that was freed and given to another person: nothing of the first opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.hub.helpers import COURSE, PASSWORD, PILOT, LiveHub, Visitor, make_hub
from tests.hub.test_sign_in import code_for, signed_out
from ustaz.course.listing import COURSES
from ustaz.hub import desks
from ustaz.hub.settings import PREFIX

NEW = "қоңыр күздің самалы"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    """A hub of this file's own: its tests change the lists of people, each that of others."""
    with LiveHub(make_hub(tmp_path_factory.mktemp("hub") / "hub")) as running:
        yield running


@pytest.fixture(autouse=True)
def lists(live: LiveHub) -> Iterator[None]:
    """The lists of people are afterwards as they were."""
    files = [live.hub.dir / COURSES / course / "people.csv" for course in (COURSE, PILOT)]
    texts = [file.read_text(encoding="utf-8") for file in files]
    yield
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")


def rewrite(live: LiveHub, *changes: tuple[str, str], course: str = COURSE) -> None:
    """Change lines of a list of people, as somebody does in a spreadsheet."""
    file = live.hub.dir / COURSES / course / "people.csv"
    text = file.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")


def account_row(live: LiveHub, name: str) -> str:
    """Return what staff read of an account on the page of invitations."""
    one = live.visitor("saule-m")
    text = one.page(one.at("sign-in")).text
    row = re.search(rf"{name}(?:(?!uzs-quiet).)*uzs-quiet\">([^<]*)<", text, re.DOTALL)
    assert row, text[-3000:]
    return row[1]


def give_to_another(live: LiveHub, account: str, newcomer: str) -> None:
    """Free an account and give it to a new teacher of the group."""
    file = live.hub.dir / COURSES / COURSE / "people.csv"
    line = re.search(rf"(?m)^{account},[^,]*(,.*,)\n", file.read_text(encoding="utf-8"))
    assert line
    rewrite(live, (line[0], f"{newcomer}{line[1]}{account}\n"))


def test_a_folder_in_jupyterlab_is_its_writers_and_not_the_next_holders(live: LiveHub):
    live.visitor("yerlan-b")
    homes = live.hub.dir / "homes" / "yerlan-b"
    (homes / "lab").mkdir(parents=True)
    (homes / "lab" / "mine.txt").write_text("for nobody else")
    give_to_another(live, "yerlan-b", "daniyar-m,Daniyar M.")
    slip = code_for(live, "natalya-v", "daniyar-m")
    assert use_code(live.visitor(), slip, NEW, "yerlan-b") == 200
    assert not homes.exists()
    (kept,) = (live.hub.state / "former").rglob("mine.txt")
    assert kept.read_text() == "for nobody else"
    # It is found with whom it belongs to: the rest of the course knows them by their id.
    ((folder, people),) = desks.set_apart(live.hub)
    assert people == {f"{COURSE}/yerlan-b"}
    assert kept.is_relative_to(folder)


def use_code(one: Visitor, slip: dict[str, str], password: str, account: str = "aigul-s") -> int:
    shown = one.page(slip["link"])
    reply = one.fill(shown, username=account, code=slip["code"], password=password, again=password)
    return reply.status_code


def test_whoever_had_an_account_before_cannot_open_it_with_anything(live: LiveHub):
    phone, shared = live.visitor("aigul-s"), live.visitor("aigul-s")
    assert phone.call("GET", phone.at("api/v1/me")).json()["person"]["id"] == "aigul-s"
    slip = code_for(live, "dina-f", "aigul-s")  # asked for, and never used
    give_to_another(live, "aigul-s", "asel-s,Asel S.")
    # Their session, on the pages of the course and on the hub's own.
    assert signed_out(phone)
    assert urlsplit(str(shared.page("/hub/password").url)).path == "/hub/login"
    assert shared.page("/hub/api/user").status_code == 403
    # Their password, and their code.
    reply = live.visitor().sign_in("aigul-s")
    assert reply.status_code == 403
    assert "The name or the password is not right." in reply.text
    assert use_code(live.visitor(), slip, PASSWORD) == 403
    # Nobody has set a password yet: staff see an account that is to be invited.
    assert "Has no password yet" in account_row(live, "Asel S.")
    fresh = code_for(live, "dina-f", "asel-s")
    one = live.visitor()
    assert use_code(one, fresh, NEW) == 200
    assert one.call("GET", one.at("api/v1/me")).json()["person"]["id"] == "asel-s"
    assert live.visitor("aigul-s", NEW).page(PREFIX).status_code == 200
    for former in (phone, shared):
        assert signed_out(former)
    assert live.visitor().sign_in("aigul-s").status_code == 403


def test_an_account_that_stays_its_owners_keeps_its_password(live: LiveHub):
    # Dina takes part in the pilot, too: she keeps her account when she leaves one of both.
    one = live.visitor("dina-f")
    rewrite(live, ("dina-f,Dina F.,facilitator,g1,,en,\n", ""))
    reply = one.call("GET", one.at("api/v1/me", PILOT))
    assert reply.json()["person"]["id"] == "dina-k"
    assert live.visitor("dina-f").page(PREFIX).status_code == 200
    # A line that was taken out by mistake and put back: the same person, the same password.
    line = "marat-t,Marat T.,participant,g2,s1,kk,\n"
    marat = live.visitor("marat-t")
    rewrite(live, (line, ""))
    assert live.visitor().sign_in("marat-t").status_code == 403
    rewrite(live, ("timur-r,Timur R.", f"{line}timur-r,Timur R."))
    assert marat.call("GET", marat.at("api/v1/me")).status_code == 200
    assert live.visitor("marat-t").page(PREFIX).status_code == 200
