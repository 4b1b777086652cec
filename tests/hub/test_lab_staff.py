"""JupyterLab for course staff: in the course directory, with nbgrader; and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hub.helpers import COURSE, LiveHub, Visitor, make_course, make_hub
from tests.hub.lab import change, nbgrader, path_of, process_of, release, start_lab
from ustaz.course.listing import COURSES
from ustaz.hub.singleuser import arguments

pytestmark = pytest.mark.slow
SAULE = "saule-m"
#: Another course of hers, and how its server is named.
WINTER = "winter"
SERVER = f"/user/{SAULE}/course-{WINTER}/"
ROSTER = f"person,name,role,group,school,lang,account\nsaule-w,Saule M.,staff,,,en,{SAULE}\n"
CLOSED = ("This is not open to you.", 'lang="ru"', 'lang="kk"')


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    hub = make_hub(tmp_path_factory.mktemp("lab") / "hub", lab="staff")
    make_course(hub.dir / COURSES / WINTER, WINTER, ROSTER, title="Winter school")
    release(hub, COURSE, WINTER)
    with LiveHub(hub) as running:
        yield running


@pytest.fixture(scope="module")
def saule(live: LiveHub) -> Visitor:
    one = live.visitor(SAULE)
    home = one.page(one.at())
    assert 'href="/hub/user-redirect/formgrader"' in home.text
    assert 'href="/hub/user-redirect/lab"' in home.text
    assert path_of(start_lab(one)) == f"/user/{SAULE}/lab"
    return one


@pytest.mark.parametrize("account", ["aigul-s", "dina-f", "bakhyt-d", "irina-m"])
@pytest.mark.parametrize("path", ["/hub/user-redirect/lab", "/hub/spawn", "/user/saule-m/lab"])
def test_who_may_not_is_told_so_in_three_languages(live: LiveHub, account: str, path: str):
    one = live.visitor(account)
    assert "user-redirect" not in one.page(one.at()).text
    reply = one.page(path)
    assert reply.status_code in {403, 404}
    for words in CLOSED:
        assert words in reply.text
    assert "<script" not in reply.text
    assert f'href="{one.at().removesuffix(f"{COURSE}/")}"' in reply.text


def test_staff_collect_and_grade_in_the_course_directory(live: LiveHub, saule: Visitor):
    one = live.visitor("olga-p")
    path = one.at("api/v1/workbooks/focus")
    saved = one.call("PATCH", f"{path}/answers", json=change(1, 0, "focus_statement", "Мысль"))
    assert saved.status_code == 200, saved.text
    assert one.call("POST", f"{path}/submit", json={"confirm": True}).status_code == 201
    desk = live.course.dir
    _, environment = process_of(desk)
    assert environment["USTAZ_SERVICE_COURSES"] == f"{COURSE} {WINTER}"
    code, said = nbgrader(desk, "collect", "focus")
    assert (code, "1 collected, 0 unchanged, 0 refused" in said) == (0, True), said
    code, said = nbgrader(desk, "autograde", "focus", "--log-level=INFO")
    assert code == 0, said
    assert (desk / "autograded" / "olga-p" / "focus" / "focus.ipynb").is_file()
    page = saule.page(f"/user/{SAULE}/formgrader/manage_assignments")
    assert (page.status_code, "formgrader" in page.text.lower()) == (200, True)
    listed = saule.page(f"/user/{SAULE}/formgrader/api/assignments").json()
    counts = {each["name"]: each["num_submissions"] for each in listed}
    assert counts == {"focus": 1, "action-plan": 0}
    found = saule.page(f"/user/{SAULE}/assignments?course_id={COURSE}").json()
    assert {each["assignment_id"] for each in found["value"]} >= {"focus", "action-plan"}
    courses = saule.page(f"/user/{SAULE}/formgraders").json()
    assert [each["course_id"] for each in courses["value"]] == [COURSE]


def test_staff_of_several_courses_have_a_server_in_the_directory_of_each(
    live: LiveHub, saule: Visitor
):
    home = saule.page(saule.at(course=WINTER)).text
    link = f"/hub/spawn/{SAULE}/course-{WINTER}?next={SERVER}"
    assert f'href="{link}lab"' in home
    assert f'href="{link}formgrader"' in home
    assert path_of(start_lab(saule, f"{link}lab")) == f"{SERVER}lab"
    _, environment = process_of(live.hub.courses()[WINTER].dir)
    assert environment["USTAZ_SERVICE_COURSES"] == f"{WINTER} {COURSE}"
    me = saule.page(f"{SERVER}ustaz/api/v1/me").json()
    assert me["person"]["id"] == "saule-w", me
    listed = saule.page(f"{SERVER}formgrader/api/assignments").json()
    assert {each["name"] for each in listed} == {"focus", "action-plan"}
    process_of(live.course.dir)  # the other one runs on


@pytest.mark.parametrize("name", ["course-pilot", f"course-{COURSE}", "another"])
def test_nobody_has_a_server_of_another_name(live: LiveHub, saule: Visitor, name: str):
    reply = saule.page(f"/hub/spawn/{SAULE}/{name}")
    assert reply.status_code == 403
    assert all(words in reply.text for words in CLOSED)


def test_a_server_that_nobody_uses_stops_by_itself(tmp_path):
    for desk in ("", str(tmp_path)):
        told = arguments(desk, tmp_path)
        assert "--ServerApp.shutdown_no_activity_timeout=7200" in told
        assert "--MappingKernelManager.cull_idle_timeout=3600" in told
        assert "--LabApp.news_url=None" in told
        extensions = next(one for one in told if "jpserver_extensions" in one)
        assert ("'nbgrader.server_extensions.formgrader': False" in extensions) == (not desk)
