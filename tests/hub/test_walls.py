"""What staff reach from a terminal of their desk: nbgrader's side of the course, no more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hub.helpers import COURSE, FETCH, PILOT, LiveHub, Visitor, make_hub
from tests.hub.lab import change, path_of, release, start_lab, xsrf_of
from tests.hub.terminal import in_terminal
from tests.support.forms import kept
from ustaz.base.desk import is_desk
from ustaz.hub import walls

pytestmark = [pytest.mark.slow]
SAULE = "saule-m"
BASE = f"/user/{SAULE}/"
WRITER = "olga-p"
NOBODY = 65534
#: As root, with accounts of their own; without bubblewrap; and as an account without privileges.
#: What a hub of the account that runs the tests would have stays in `make test`.
KINDS = (
    kept(["accounts"], ["bare", "namespaces"])
    if os.geteuid() == 0
    else kept(["namespaces"], ["accounts", "bare"])
)
REQUIRED = "USTAZ_REQUIRE_WALLS"


def leave_out(reason: str) -> None:
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module", params=KINDS)
def live(request: pytest.FixtureRequest) -> Iterator[LiveHub]:
    around = walls.possible()
    if not around.spaces:
        leave_out(f"bubblewrap does not work here: {around.why}")
    plain = request.param == "namespaces"
    if not plain and not around.accounts:
        leave_out("only root gives servers accounts of their own")
    folder = Path(tempfile.mkdtemp(prefix="ustaz-walls-"))
    folder.chmod(0o755)  # pytest's own folders are closed to other accounts
    try:
        hub = make_hub(folder / "hub", lab="staff")
        release(hub, COURSE)
        account = NOBODY if plain and os.geteuid() == 0 else None
        if request.param == "bare":
            account = 0
        if account:
            subprocess.run(["chown", "-R", f"{account}:{account}", str(folder)], check=True)
        with LiveHub(hub, account=account) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def saule(live: LiveHub) -> Visitor:
    writer = live.visitor(WRITER)
    path = writer.at("api/v1/workbooks/focus")
    body = change(1, 0, "focus_statement", "Мысль")
    assert writer.call("PATCH", f"{path}/answers", json=body).status_code == 200
    one = live.visitor(SAULE)
    assert path_of(start_lab(one)) == f"{BASE}lab", live.log.read_text()[-4000:]
    return one


def bare(live: LiveHub) -> bool:
    """Tell whether there are accounts and no namespaces."""
    return live.account == 0


def processes(live: LiveHub) -> list[int]:
    assert live.process is not None
    asked = ["pgrep", "-g", str(live.process.pid)]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    return [*map(int, found.stdout.split()), live.service_pid()]


def test_a_terminal_reads_nothing_of_the_hub_of_others_or_of_peoples_answers(
    live: LiveHub, saule: Visitor
) -> None:
    hub, course = live.hub, live.course.dir
    pilot = hub.dir / "courses" / PILOT
    places = [
        hub.state / "cookie_secret", hub.state / "hub.sqlite", hub.state,
        hub.dir / "ustaz-hub.toml", hub.dir / "jupyterhub_config.py", hub.dir / "homes" / "timur-r",
        course / "people.csv", course / "people", course / "people" / WRITER / "focus/answers.json",
        course / "exchange" / "inbound", course / "exchange" / "marks", course / "confirmations",
        course / "roster", pilot, pilot / "people.csv", pilot / "source", pilot / "people",
    ]  # fmt: skip
    assert (course / "people" / WRITER / "focus" / "answers.json").is_file()
    pids = processes(live)
    assert len(pids) >= 2
    lines = ["cd /; exec 2>/dev/null"]
    for place in places:
        lines.append(f'cat "{place}" >/dev/null && echo "READ {place}"')
        lines.append(f'[ -n "$(ls -A "{place}/")" ] && echo "LISTED {place}"')
    inside = ("environ", "maps", "root/etc/shadow", "cwd/ustaz-hub.toml", "fd/0", "mem")
    for pid in pids:
        lines += [
            f'cat /proc/{pid}/{name} >/dev/null && echo "READ {pid} {name}"' for name in inside
        ]
        lines.append(f'ls /proc/{pid}/root/ >/dev/null && echo "ROOT {pid}"')
        lines.append(f'kill -0 {pid} && echo "KILLED {pid}"')
    names = ("answers.json", "cookie_secret", "people.csv", "hub.sqlite", "ustaz-hub.toml")
    wanted = " -o ".join(f"-name {name}" for name in names)
    lines += [
        f'echo >> "{course}/nbgrader_config.py" && echo "CHANGED the configuration"',
        f'echo > "{course}/sitecustomize.py" && echo "WROTE beside it"',
        'grep -z -i "postgres\\|cookie_secret\\|proxy_token" /proc/self/environ',
        "grep -q 'NoNewPrivs:.1' /proc/self/status || echo PRIVILEGES",
        "grep -q 'CapEff:.0*$' /proc/self/status || echo CAPABILITIES",
    ]
    if not bare(live):  # without namespaces the computer is in sight, as far as it is open
        lines += [
            "ls -d /proc/[0-9]*/ | wc -l | awk '{ if ($1 > 20) print \"PROCESSES \" $1 }'",
            f"find / -path /proc -prune -o \\( {wanted} \\) -print",
        ]
    lines.append("echo SEEN $(id -u)")
    _, said = in_terminal(saule, BASE, "\n".join(lines))
    last = said.strip().splitlines()[-1]
    assert last.startswith("SEEN "), said
    bad = ("READ", "LISTED", "ROOT", "KILLED", "PROCESSES", "CHANGED", "WROTE", "/", "PRIV", "CAP")
    assert [one for one in said.splitlines() if one.startswith(bad)] == []
    assert is_desk(int(last.split()[1])) == (not live.account and os.geteuid() == 0)


@pytest.mark.parametrize(
    "path", ["people", "people.csv", "exchange/inbound", f"people/{WRITER}/focus/answers.json",
             "%2e%2e/%2e%2e/state/cookie_secret", "confirmations", "gradebook.db"],
)  # fmt: skip
def test_the_contents_of_jupyterlab_hold_none_of_it(
    live: LiveHub, saule: Visitor, path: str
) -> None:
    reply = saule.client.get(f"{BASE}api/contents/{path}")
    # Where modes alone close a file, its name may be known.
    assert reply.status_code in ({403, 404, 500} if bare(live) else {404}), reply.text


def api(one: Visitor, method: str, path: str, **more: Any) -> Any:
    headers = {**FETCH, "X-XSRFToken": xsrf_of(one, SAULE)}
    address = f"{BASE}formgrader/api/{path}"
    reply = one.client.request(method, address, headers=headers, timeout=180, **more)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_formgraders_buttons_collect_grade_and_give_back(live: LiveHub, saule: Visitor) -> None:
    writer = live.visitor(WRITER)
    path = writer.at("api/v1/workbooks/focus")
    assert writer.call("POST", f"{path}/submit", json={"confirm": True}).status_code == 201
    said = api(saule, "POST", "assignment/focus/collect")
    assert said["success"], said
    assert "1 collected, 0 unchanged, 0 refused" in said["log"]
    for _ in range(2):  # a second time what was graded is the desk's own and the service's
        said = api(saule, "POST", f"submission/focus/{WRITER}/autograde")
        assert said["success"], said
    course = live.course.dir
    graded = course / "autograded" / WRITER / "focus" / "focus.ipynb"
    assert "Мысль" in graded.read_text(encoding="utf-8")
    (sent,) = api(saule, "GET", "submissions/focus")[0:1]
    assert sent["needs_manual_grade"]
    (notebook,) = api(saule, "GET", "submitted_notebooks/focus/focus")[0:1]
    for grade in api(saule, "GET", f"grades?submission_id={notebook['id']}"):
        if grade["needs_manual_grade"]:
            body = {"manual_score": 1, "extra_credit": None}
            api(saule, "PUT", f"grade/{grade['id']}", json=body)
    said = api(saule, "POST", "assignment/focus/generate_feedback")
    assert said["success"], said
    said = api(saule, "POST", f"assignment/focus/{WRITER}/release_feedback")
    assert said["success"], said
    assert "Feedback released: olga-p focus" in said["log"]
    feedback = writer.call("GET", f"{path}/feedback")
    assert (feedback.status_code, feedback.json()["round"]) == (200, 1)
    page = writer.page(writer.at("workbooks/focus/feedback")).text
    assert "Мысль" in page


def test_an_ordinary_assignment_is_made_and_released_at_the_desk(
    live: LiveHub, saule: Visitor
) -> None:
    if bare(live):
        pytest.skip("nbgrader releases only for an account with a name, which bubblewrap gives it")
    cell = {"cell_type": "markdown", "metadata": {}, "source": "Think.", "id": "a1"}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    run = f"{sys.executable} -m nbgrader"
    script = f"""cd "$USTAZ_DESK" && mkdir -p source/extra && cat > source/extra/extra.ipynb <<'X'
{text}
X
{run} generate_assignment extra && {run} release_assignment extra"""
    code, said = in_terminal(saule, BASE, script)
    assert code == 0, said
    released = live.course.dir / "exchange" / "nbgrader" / COURSE / "outbound" / "extra"
    assert (released / "extra.ipynb").is_file()


def test_a_link_at_the_desk_leads_the_service_nowhere(live: LiveHub, saule: Visitor) -> None:
    course = live.course.dir
    kept = course / "people" / WRITER
    script = f'cd "$USTAZ_DESK"/autograded && rm -rf {WRITER} && ln -s "{kept}" {WRITER}'
    in_terminal(saule, BASE, script)
    said = api(saule, "POST", f"submission/focus/{WRITER}/autograde")
    assert not said["success"]
    assert (kept / "focus" / "answers.json").is_file()
    assert sorted(one.name for one in kept.iterdir()) == ["focus"]
    in_terminal(saule, BASE, f'rm -f "$USTAZ_DESK"/autograded/{WRITER}')
