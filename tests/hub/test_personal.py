"""A person of a hub: in every course, with the account, and never brought back by a browser."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from tests.hub.helpers import COURSE, PILOT, LiveHub, make_hub
from tests.privacy.helpers import residue, state
from ustaz.answers import Subject
from ustaz.backup import verify
from ustaz.base.ledger import Ledger
from ustaz.cli._app import run
from ustaz.course.listing import COURSES
from ustaz.hub import desks
from ustaz.hub.database import session
from ustaz.hub.settings import HubDir
from ustaz.hub.signin import codes, holders, open_sign_ins
from ustaz.privacy import PersonalError, erase, export, look, subject_of
from ustaz.privacy.places import COURSE as COURSE_PLACES
from ustaz.privacy.places import HUB

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[HubDir]:
    """A hub that does not run, in which Dina has a folder and has made a code."""
    hub = make_hub(tmp_path / "hub")
    home = hub.state / "homes" / "dina-f"
    home.mkdir(parents=True)
    home.joinpath("notes.md").write_text("ҚҰПИЯ-home", encoding="utf-8")
    with session(hub) as db:
        codes.make(db, "olga-p", by="dina-f", lasts=codes.RESET, people=frozenset())
        codes.make(db, "dina-f", by="saule-m", lasts=codes.RESET, people=frozenset())
        open_sign_ins.begin(db, "dina-f")
    return hub


def test_while_the_hub_runs_an_account_stays_and_a_course_lets_nothing_back_in(tmp_path: Path):
    hub = make_hub(tmp_path / "hub")
    with LiveHub(hub) as live:
        one = live.visitor("nurgul-a")
        saved = one.save("focus", "focus_statement", "ҚҰПИЯ one", revision=0, batch="one")
        assert saved.status_code == 200, saved.text
        live.visitor("dina-f")
        with pytest.raises(PersonalError) as refused:
            erase(subject_of(hub.dir, "dina-f"), by="operator")
        assert (refused.value.id, refused.value.exit_code) == ("hub_runs", 12)
        assert not (hub.state / "erasing.json").exists()

        done = erase(subject_of(live.course.dir, "nurgul-a"), by="operator")
        assert {it.id for it in done.stays} >= {"account"}
        again = one.save("focus", "focus_statement", "ҚҰПИЯ two", revision=1, batch="two")
        assert again.status_code in (401, 403), again.text
        assert residue(live.course.dir, "ҚҰПИЯ", "nurgul-a", "Nurgul") == []
    hub = HubDir.open(hub.dir)
    erase(subject_of(hub.dir, "dina-f"), by="operator")
    (hub.dir / "hub.log").unlink()  # the test's own; a service writes to the system's log
    assert residue(hub.dir, "dina-f", "dina-k", "Dina F.") == []
    assert verify(hub.dir, deep=True).findings == []


def test_a_person_is_found_in_every_course_by_account_or_id(stopped: HubDir):
    for asked in ("dina-f", "dina-k"):
        one = subject_of(stopped.dir, asked)
        assert (one.account, [it.person for it in one.members]) == (
            "dina-f",
            ["dina-k", "dina-f"],
        )
    with pytest.raises(PersonalError) as refused:
        subject_of(stopped.dir, "nobody")
    assert refused.value.exit_code == 13


def test_one_id_that_is_two_people_has_to_be_named_by_account(stopped: HubDir):
    for name, account in ((COURSE, "timur-r"), (PILOT, "timur-2")):
        with (stopped.dir / COURSES / name / "people.csv").open("a") as roster:
            roster.write(f"twin,Timur R.,participant,g1,s1,en,{account}\n")
    with pytest.raises(PersonalError) as refused:
        subject_of(HubDir.open(stopped.dir).dir, "twin")
    assert refused.value.id == "several_people"


def test_everything_of_an_account_goes_and_everybody_else_can_sign_in(stopped: HubDir):
    found = look(subject_of(stopped.dir, "dina-f")).places
    assert all(found[place.id].count for place in HUB)
    erase(subject_of(stopped.dir, "dina-f"), by="operator")
    assert residue(stopped.dir, "dina-f", "dina-k", "Dina F.", "ҚҰПИЯ") == []
    with closing(sqlite3.connect(stopped.state / "hub.sqlite")) as db:
        assert db.execute("select count(*) from users_info").fetchone() == (11,)
        assert db.execute("select account, made_by from ustaz_codes").fetchall() == [("olga-p", "")]
    (line,) = Ledger(stopped.state).entries("erasures")
    assert (line["hub"], line["courses"]) == (True, 2)


class Killed(BaseException):
    """The process ends here."""


def test_killed_after_any_step_the_whole_hub_is_completed(stopped: HubDir):
    steps: list[str] = []
    erased = subject_of(stopped.dir, "dina-f")

    def dying(number: int) -> Callable[[str], None]:
        def after(name: str) -> None:
            steps.append(name)
            if len(steps) == number:
                raise Killed

        return after

    for number in count(1):
        steps.clear()
        try:
            erase(subject_of(stopped.dir, "dina-f"), by="operator", after=dying(number))
        except Killed:
            continue
        break
    assert steps[-1] == "note"
    assert len(steps) == 2 + 2 * len(COURSE_PLACES) + 2
    assert residue(stopped.dir, "dina-f", "dina-k", "Dina F.", "ҚҰПИЯ") == []
    assert len(list(Ledger(stopped.state).entries("erasures"))) == 1
    assert erased.members[0].course.people.keys() == {"olga-2", "zhanar-e"}


def test_an_export_holds_the_account_without_secrets(stopped: HubDir, tmp_path: Path):
    before = state(stopped.dir)
    folder = export(subject_of(stopped.dir, "dina-f"), tmp_path / "out").folder
    assert state(stopped.dir) == before
    account = json.loads((folder / "data" / "account.json").read_text())
    assert (account["account"], account["password_set"]) == ("dina-f", True)
    assert "hash" not in json.dumps(account)
    assert (folder / "data" / "home" / "notes.md").read_text() == "ҚҰПИЯ-home"
    assert {one.name for one in folder.iterdir()} == {"README.html", "data", COURSE, PILOT}


def test_the_command_says_what_would_go(stopped: HubDir, capsys: pytest.CaptureFixture[str]):
    store = HubDir.open(stopped.dir).courses()[COURSE].store
    assert run(["person", "erase", str(stopped.dir), "dina-f", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["erased"], told["courses"]) == (False, [PILOT, COURSE])
    assert {one["place"] for one in told["places"] if one["count"]} >= {"account", "home"}
    assert store.read(Subject.person("dina-f"), "focus").revision == 0


def test_an_account_that_was_freed_goes_with_whoever_had_it(stopped: HubDir):
    roster = stopped.dir / COURSES / COURSE / "people.csv"
    freed = roster.read_text().replace("nurgul-a,Nurgul A.,participant,g1,s1,kk,", "", 1)
    with session(stopped) as db:
        mine = holders.present(stopped, "nurgul-a")
        holders.note(db, "nurgul-a", holders.PASSWORD, mine)
        # Of two people, of whom one stays: the name goes, and nobody new comes in.
        holders.note(db, "shared", holders.PASSWORD, mine | {f"{COURSE}/olga-p"})
        holders.note(db, "other", holders.CODE, mine)
        db.commit()
    desks.make_home(stopped, "nurgul-a", "", None).joinpath("notes.md").write_text("ҚҰПИЯ-former")
    desks.set_aside(stopped, "nurgul-a", mine)
    roster.write_text(freed + "nurgul-a,Nurgul A.,participant,g1,s1,kk,nurgul-2\n")
    hub = HubDir.open(stopped.dir)
    person = subject_of(hub.dir, "nurgul-2")
    assert look(person).places["home"].count == 2
    erase(person, by="operator")
    assert residue(hub.dir, "nurgul", "Nurgul", "ҚҰПИЯ-former") == []
    with session(hub) as db:
        assert holders.noted(db, "shared", holders.PASSWORD) == {f"{COURSE}/olga-p"}
        assert not holders.same(db, "other", holders.CODE, frozenset({f"{COURSE}/marat-t"}))
