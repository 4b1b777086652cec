"""The extension in Jupyter's own ways, and `serve`: one address, JupyterLab, formgrader."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.server import helpers
from ustaz.base.programs import with_tools_on_path
from ustaz.course import Course
from ustaz.server.host import serving


def test_the_configuration_in_the_wheel_enables_the_extension(tmp_path: Path):
    import json

    source = Path(serving.__file__).parents[1] / "jupyter_server_config.json"
    assert json.loads(source.read_text()) == {"ServerApp": {"jpserver_extensions": {"ustaz": True}}}
    folder = tmp_path / "jupyter_server_config.d"
    folder.mkdir()
    (folder / "ustaz.json").write_text(source.read_text())
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "server", "extension", "list"],
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    text = re.sub(r"\x1b\[[0-9;]*m", "", listed.stdout + listed.stderr)
    assert re.search(r"\bustaz\b.*enabled", text)
    assert re.search(r"ustaz \S+ .*OK", text)


def test_only_this_machine_reaches_the_server(course: Course, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("JUPYTER_TOKEN", raising=False)
    listed = serving.arguments(course, 8888, open_browser=True)
    assert "--ServerApp.ip=127.0.0.1" in listed
    tokens = [one for one in listed if one.startswith("--IdentityProvider.token=")]
    assert len(tokens) == 1
    assert len(tokens[0].partition("=")[2]) == 48
    assert tokens != [
        one
        for one in serving.arguments(course, 8888, open_browser=True)
        if one.startswith("--IdentityProvider.token=")
    ]


def test_nbgraders_programs_are_on_the_path(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    with_tools_on_path()
    with_tools_on_path()
    assert os.environ["PATH"] == f"{Path(sys.executable).parent}{os.pathsep}/usr/bin"


def start(course: Course, home: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    """Start `serve` and return it with the address that it prints."""
    code = f"from ustaz.server import serve; serve({str(course.dir)!r}, {port}, open_browser=False)"
    environment = {**os.environ, "HOME": str(home), "PYTHONUNBUFFERED": "1"}
    environment.pop("JUPYTER_TOKEN", None)
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        found = re.search(r"http://\S+", line)
        if found:
            return process, found[0]
    raise AssertionError(printed)


def stop(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.slow
def test_one_address_opens_everything_and_a_killed_server_comes_back(
    course: Course, tmp_path: Path
):
    port = helpers.free_port()
    process, address = start(course, tmp_path, port)
    try:
        assert address.startswith(f"http://127.0.0.1:{port}/ustaz/?token=")
        root = f"http://127.0.0.1:{port}/"
        with httpx.Client(base_url=root, follow_redirects=True, timeout=60) as one:
            wait_for(root)
            assert one.get(address).status_code == 200
            assert str(one.get("/").url).startswith(f"{root}ustaz/")
            assert one.get("lab").status_code == 200
            assert one.get("formgrader").status_code == 200
            stop(process)
            process, _ = start(course, tmp_path, port)
            wait_for(root)
            # The cookie still signs in: a page that was open goes on.
            assert one.get("ustaz/api/v1/me").status_code == 200
    finally:
        stop(process)


def wait_for(root: str) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            httpx.get(f"{root}api")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return


def test_a_server_without_a_course_goes_on_without_our_pages(tmp_path: Path):
    (tmp_path / "empty").mkdir()

    class Elsewhere:
        dir = tmp_path / "empty"

    server = helpers.Server(Elsewhere(), tmp_path)  # type: ignore[arg-type]
    original = helpers.COURSE_OPTION
    helpers.COURSE_OPTION = "--UstazApp.book_dir={}"
    try:
        with server:
            assert httpx.get(f"{server.root}api").status_code == 200
            assert server.browser().get("ustaz/api/v1/me").status_code == 404
        assert "no pages are served" in server.log.read_text()
    finally:
        helpers.COURSE_OPTION = original
