"""Settings, passwords, codes and limits without a running hub."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import stat
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hub.helpers import COURSE, ROSTER, make_course
from ustaz.base.errors import CourseError, UstazError
from ustaz.base.throttle import Limit, Throttle
from ustaz.cli._app import run
from ustaz.course.listing import COURSES
from ustaz.database import HUB_FILE
from ustaz.doctor import examine
from ustaz.hub import upgrading
from ustaz.hub.database import session
from ustaz.hub.logs import Scrub
from ustaz.hub.secrets import secret
from ustaz.hub.server import create
from ustaz.hub.settings import HubDir
from ustaz.hub.signin import codes, open_sign_ins, passwords
from ustaz.hub.signin.attempts import Places, place_of
from ustaz.hub.signin.sessions import Epoch, changed


# -- settings ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('lab = "all"', "lab"),
        ("port = 0", "port"),
        ('port = "8000"', "port"),
        ("port = true", "port"),
        ("inner_port = 65535", "inner_port"),
        ('languages = ["de"]', "languages"),
        ("languages = []", "languages"),
        ('address = "ustaz.example"', "address"),
        ('address = "https://ustaz.example/hub"', "address"),
        ('timezone = "Mars/Olympus"', "timezone"),
        ('colour = "red"', "colour"),
        ("name", "name"),
        ('timezone = "Asia"', "timezone"),
        (f'timezone = "{"a/" * 200}a"', "timezone"),
        ('timezone = "../../etc/passwd"', "timezone"),
        ('address = "http://[::1"', "address"),
        (f"port = {'9' * 5000}", "port"),
        (f"languages = {'[' * 5000}", "languages"),
    ],
)
def test_a_wrong_setting_is_named_with_file_and_field(tmp_path: Path, line: str, field: str):
    (tmp_path / HUB_FILE).write_text(line + "\n", encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        HubDir.open(tmp_path)
    assert str(tmp_path / HUB_FILE) in caught.value.message
    assert f": {field}:" in caught.value.message


def test_a_new_hub_directory_opens_and_is_closed_to_others(tmp_path: Path):
    hub = create(tmp_path / "hub", name='The "new" hub\\', port=9000)
    assert hub.settings.name == 'The "new" hub\\'
    assert hub.settings.address == "http://127.0.0.1:9000"
    assert hub.settings.inner_port == 9001
    for part, mode in ((HUB_FILE, 0o600), ("state", 0o700), (COURSES, 0o700)):
        assert stat.S_IMODE((hub.dir / part).stat().st_mode) == mode
    with pytest.raises(UstazError, match="holds something"):
        create(tmp_path / "hub")


def test_a_mistake_in_the_hubs_settings_leaves_them_as_they_were(tmp_path: Path):
    hub = create(tmp_path / "hub", name="District", port=9000)
    file = hub.dir / HUB_FILE
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("port = 9000", "port = 90000"), encoding="utf-8")
    again = HubDir.open(hub.dir)
    assert again.settings == hub.settings
    assert again.fault is not None
    assert (again.fault.error.line, again.fault.error.field) == (8, "port")
    (found,) = [one for one in examine(hub.dir) if one.id == "file_refused"]
    assert found.params["file"] == str(file)
    file.write_text(good.replace("port = 9000", "port = 9001"), encoding="utf-8")
    assert HubDir.open(hub.dir).settings.port == 9001
    assert HubDir.open(hub.dir).fault is None


def hub_of(tmp_path: Path, *names: str) -> HubDir:
    hub = create(tmp_path / "hub")
    for name in names:
        make_course(hub.dir / COURSES / name, COURSE, ROSTER)
        hub.courses()
    return hub


@pytest.mark.parametrize("second", ["a-copy", "Z-copy", "z-copy", ".copy"])
def test_a_second_directory_of_the_same_id_takes_nobodys_place(tmp_path: Path, second: str):
    hub = hub_of(tmp_path, "m-course", second)
    for one in (hub, HubDir.open(hub.dir)):  # also after a restart
        assert [course.dir.name for course in one.courses().values()] == ["m-course"]
        if not second.startswith("."):
            assert one.listing.twice == {second: (COURSE, "m-course")}
    if not second.startswith("."):
        (found,) = [one for one in examine(hub.dir) if one.id == "same_id"]
        assert (found.level, found.params["folder"]) == ("problem", second)


def test_nobody_takes_the_place_of_a_course_that_is_broken(tmp_path: Path):
    hub = hub_of(tmp_path, "m-course", "a-copy")
    shutil.rmtree(hub.dir / COURSES / "m-course" / "state")
    (hub.dir / COURSES / "m-course" / "ustaz.toml").write_text("[course", encoding="utf-8")
    assert HubDir.open(hub.dir).courses() == {}
    assert hub.courses() == {}


def test_an_id_is_free_again_when_its_course_has_left(tmp_path: Path):
    hub = hub_of(tmp_path, "m-course", "a-copy")
    (hub.dir / COURSES / "m-course").rename(tmp_path / "elsewhere")
    assert [course.dir.name for course in hub.courses().values()] == ["a-copy"]
    (tmp_path / "elsewhere").rename(hub.dir / COURSES / "m-course")
    assert [course.dir.name for course in hub.courses().values()] == ["a-copy"]


def test_a_course_whose_id_another_has_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    hub = hub_of(tmp_path, "m-course")
    folder = hub.dir / COURSES / "a-new"
    assert run(["new", str(folder), "--id", COURSE]) == 12
    assert not folder.exists()
    assert "m-course" in capsys.readouterr().err


def test_a_broken_course_does_not_take_the_others_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    hub = create(tmp_path / "hub")
    make_course(hub.dir / COURSES / COURSE, COURSE, ROSTER)
    broken = hub.dir / COURSES / "broken"
    broken.mkdir()
    (broken / "ustaz.toml").write_text("[course", encoding="utf-8")
    make_course(hub.dir / COURSES / "half", "half", "person\n")
    with caplog.at_level(logging.ERROR):
        assert [course.id for course, _ in hub.memberships("aigul-s")] == [COURSE]
    assert "broken" in caplog.text
    make_course(hub.dir / COURSES / "new", "new", ROSTER)
    assert len(hub.memberships("aigul-s")) == 2


def test_a_secret_is_made_once(tmp_path: Path):
    first = secret(tmp_path, "cookie_secret").read_text()
    assert len(bytes.fromhex(first)) == 32
    assert secret(tmp_path, "cookie_secret").read_text() == first
    assert stat.S_IMODE((tmp_path / "cookie_secret").stat().st_mode) == 0o600


# -- passwords --------------------------------------------------------------------------------
@given(st.text(max_size=200), st.text(max_size=200))
def test_a_password_fits_itself_however_it_is_composed(one: str, other: str):
    kept = passwords.hashed(one, rounds=4)
    assert passwords.fits(unicodedata.normalize("NFD", one), kept)
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert passwords.fits(other, kept) == same


def test_what_comes_after_the_72nd_byte_counts():
    long = "қ" * 40
    assert not passwords.fits(long + "а", passwords.hashed(long + "б", rounds=4))


def test_what_is_no_hash_fits_nothing():
    assert not passwords.fits("x", b"")
    assert not passwords.fits("", passwords.nobody())


# -- codes ------------------------------------------------------------------------------------
@pytest.fixture
def db(tmp_path: Path):
    with session(create(tmp_path / "hub")) as opened:
        yield opened


def test_a_code_is_for_one_account_one_use_and_some_days(db, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:00:00+05:00")
    code, until = codes.make(db, "aigul-s", by="dina-f", lasts=codes.RESET, people=frozenset())
    assert until == dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
    assert codes.open_until(db, "aigul-s") == until
    assert codes.fits(db, "aigul-s", code)
    assert codes.fits(db, "aigul-s", f" {code.lower().replace('-', '')} ")
    assert not codes.fits(db, "olga-p", code)
    assert not codes.fits(db, "aigul-s", "")
    other, _ = codes.make(db, "aigul-s", by="dina-f", lasts=codes.RESET, people=frozenset())
    assert not codes.fits(db, "aigul-s", code)
    monkeypatch.setenv("USTAZ_NOW", "2026-11-25T14:00:00+05:00")
    assert not codes.fits(db, "aigul-s", other)
    assert codes.open_until(db, "aigul-s") is None
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:00:00+05:00")
    codes.discard(db, "aigul-s")
    codes.discard(db, "aigul-s")
    assert not codes.fits(db, "aigul-s", other)


def test_a_code_is_not_kept_as_it_is(db):
    code, _ = codes.make(db, "aigul-s", by="dina-f", lasts=codes.RESET, people=frozenset())
    kept = db.get(codes.Code, "aigul-s")
    assert code.encode() not in kept.hash
    assert code.replace("-", "").encode() not in kept.hash


# -- limits -----------------------------------------------------------------------------------
SLOW = Limit("x", 5, 60.0)


@given(st.lists(st.tuples(st.integers(1, 70), st.floats(0, 300)), max_size=30))
@example([(5, 0.0), (5, 299.99999999999994)])
def test_nobody_tries_more_often_than_allowed_however_many_come_at_once(
    steps: list[tuple[int, float]],
):
    now = 0.0
    tries = Throttle(clock=lambda: now)
    judged: list[float] = []
    for at_once, passed in steps:
        now += passed
        judged += [now for _ in range(at_once) if not tries.begin(SLOW)]
        assert tries.wait(SLOW) <= 60  # nobody waits for what was not judged
    for start in judged:
        inside = [one for one in judged if start <= one <= start + 600]
        assert len(inside) <= 5 + 600 / 60 + 1
    assert tries.wait(Limit("y", 5, 60.0)) == 0


def test_guesses_in_many_threads_are_judged_as_often_as_one_by_one():
    tries = Throttle(clock=lambda: 0.0)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: tries.begin(SLOW), range(60)))
    assert waits.count(0) == 5


def test_after_the_wait_one_try_is_free_and_success_forgets():
    now = 0.0
    tries = Throttle(clock=lambda: now)
    limit = Limit("x", 2, 60.0)
    for _ in range(2):
        assert tries.begin(limit) == 0
    wait = tries.begin(limit)
    assert wait == 60
    now += wait
    assert tries.begin(limit) == 0
    assert tries.wait(limit) > 0
    tries.succeeded(limit)
    assert tries.wait(limit) == 0


def test_a_right_try_takes_itself_off_what_others_share_and_no_more():
    tries = Throttle(clock=lambda: 0.0)
    shared = Limit("school", 3, 60.0)
    for name in "abcdefgh":
        assert tries.begin(Limit(name, 5, 60.0), shared) == 0
        tries.succeeded(Limit(name, 5, 60.0), shared)
    for _ in range(3):
        assert tries.begin(Limit("z", 5, 60.0), shared) == 0
    assert tries.begin(Limit("new", 5, 60.0), shared) == 60
    assert tries.wait(Limit("new", 5, 60.0)) == 0  # what was not judged is counted nowhere


def test_no_flood_of_names_makes_the_memory_grow(monkeypatch: pytest.MonkeyPatch):
    now = 0.0
    monkeypatch.setattr("ustaz.base.throttle.MAX_KEPT", 100)
    tries = Throttle(clock=lambda: now)
    for number in range(1_000):
        now += 0.001
        tries.begin(Limit(f"name-{number}", 5, 60.0))
    assert len(tries._tries) <= 101


def test_a_place_is_known_for_the_account_that_came_from_it():
    places = Places()
    places.remember("aigul-s", "192.0.2.1")
    assert places.knows("aigul-s", "192.0.2.1")
    assert not places.knows("aigul-s", "192.0.2.2")
    assert not places.knows("olga-p", "192.0.2.1")
    assert b"192" not in b"".join(places._known)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_one_house_is_one_place_however_many_addresses_it_has(address: str, place: str):
    assert place_of(address) == place


@pytest.mark.parametrize("account", ["aigul-s", "a-stranger"])
@pytest.mark.parametrize("typed", ["AB12-CD34", "", "no code at all", "x" * 900])
def test_a_code_is_as_much_work_for_a_stranger_as_for_who_is_invited(
    db, monkeypatch: pytest.MonkeyPatch, account: str, typed: str
):
    codes.make(db, "aigul-s", by="dina-f", lasts=codes.RESET, people=frozenset())
    done = []
    real = codes.hashlib.scrypt
    monkeypatch.setattr(codes.hashlib, "scrypt", lambda *a, **k: done.append(1) or real(*a, **k))
    assert not codes.use(db, account, codes.proof(account, typed))
    assert len(done) == 1


def test_a_code_is_used_once_whoever_comes_at_the_same_moment(db):
    code, _ = codes.make(db, "aigul-s", by="dina-f", lasts=codes.RESET, people=frozenset())
    shown = codes.proof("aigul-s", code)
    assert not codes.use(db, "aigul-s", shown, good=False)
    assert [codes.use(db, "aigul-s", shown) for _ in range(3)] == [True, False, False]


# -- sign-ins -------------------------------------------------------------------------------------
def test_a_sign_in_ends_alone_or_with_all_of_its_account(db, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:00:00+05:00")
    mine, other, stranger = (open_sign_ins.begin(db, one) for one in ("a", "a", "b"))
    assert open_sign_ins.is_open(db, mine, "a")
    assert not open_sign_ins.is_open(db, mine, "b")
    assert not open_sign_ins.is_open(db, "", "a")
    open_sign_ins.end(db, mine)
    assert not open_sign_ins.is_open(db, mine, "a")
    assert open_sign_ins.is_open(db, other, "a")
    open_sign_ins.end_all(db, "a")
    assert not open_sign_ins.is_open(db, other, "a")
    monkeypatch.setenv("USTAZ_NOW", "2026-12-23T14:00:00+05:00")
    open_sign_ins.begin(db, "c")
    assert not open_sign_ins.is_open(db, stranger, "b")  # long over, and swept away


def test_names_of_an_earlier_version_are_brought_into_their_one_form(db):
    from jupyterhub import orm
    from nativeauthenticator.orm import UserInfo

    for name in ("straße", "aigul-s", "İvan".lower(), "ivan"):
        db.add(orm.User(name=name))
        db.add(UserInfo(username=name, password=b"x", is_authorized=True))
    db.commit()
    codes.make(db, "straße", by="dina-f", lasts=codes.RESET, people=frozenset())
    for _ in range(2):
        upgrading.one_form(db)
        names = {one.username for one in db.query(UserInfo)}
        assert names == {"strasse", "aigul-s", "İvan".lower(), "ivan"}  # a twin stays as it is
        assert {one.name for one in db.query(orm.User)} == names
        assert not db.query(codes.Code).count()


# -- sessions and logs ------------------------------------------------------------------------
def test_an_end_of_sessions_is_seen_once_by_each_that_looks(tmp_path: Path):
    epoch = Epoch(tmp_path)
    assert not epoch.moved()
    changed(tmp_path)
    assert epoch.moved()
    assert not epoch.moved()
    changed(tmp_path)
    changed(tmp_path)
    assert epoch.moved()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Setting new xsrf cookie for %r %r", None),
        ("Skipping XSRF check for insecure request GET /x", None),
        ("502 GET /hub/code?code=ABCD-EFGH (127.0.0.1): trouble", "502 GET /hub/code: trouble"),
        ("404 GET /x?q=%D0%90 (::1)", "404 GET /x"),
    ],
)
def test_a_line_of_the_log_loses_what_was_asked_and_by_whom(line: str, kept: str | None):
    args = ("a", "b") if line.count("%r") else ()
    record = logging.LogRecord("tornado.general", logging.INFO, "x", 1, line, args, None)
    assert Scrub().filter(record) == (kept is not None)
    if kept is not None:
        assert record.getMessage() == kept


def test_an_account_of_several_demo_courses_is_offered_once(tmp_path: Path):
    from ustaz.hub.signin.handlers import some_of_each_role

    roster = "person,name,role\nsaule-n,Saule N.,staff\n"
    people = [
        one
        for name in ("a", "b")
        for one in make_course(tmp_path / name, name, roster).people.values()
    ]
    assert some_of_each_role(people) == {"staff": {"saule-n": "Saule N."}}
