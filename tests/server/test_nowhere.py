"""A Jupyter Server without a course, and one under another base address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from tests.server import helpers
from tests.server.helpers import TOKEN, Server
from tests.support.certificates import certificates

BASE = "/some/where/"


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "no course"), ("ru", "нет курса"), ("kk", "курс жоқ")]
)
def test_without_a_course_the_page_says_what_to_do(nowhere: str, lang: str, words: str):
    headers = {"Authorization": f"token {TOKEN}", "Accept-Language": lang}
    for path in ("ustaz", "ustaz/", "ustaz/workbooks/focus"):
        reply = httpx.get(f"{nowhere}{path}", headers=headers, verify=certificates())
        assert reply.status_code == 404
        assert f'lang="{lang}"' in reply.text
        assert words in reply.text
        assert "ustaz new" in reply.text
    call = httpx.get(f"{nowhere}ustaz/api/v1/me", headers=headers)
    assert (call.status_code, set(call.json())) == (404, {"error", "message", "hint"})
    assert httpx.get(f"{nowhere}ustaz/").status_code in {302, 403}


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory):
    import os
    import signal
    import subprocess
    import sys
    import time

    from tests.support.ports import free_port

    home = tmp_path_factory.mktemp("nowhere")
    port = free_port()
    environment = {**os.environ, "HOME": str(home), "JUPYTER_TOKEN": TOKEN}
    environment.pop("USTAZ_COURSE", None)
    command = [
        sys.executable, "-m", "jupyter_server", f"--ServerApp.root_dir={home}",
        f"--ServerApp.port={port}", f"--ServerApp.base_url={BASE}", "--ServerApp.allow_root=True",
        "--ServerApp.open_browser=False", f"--ServerApp.jpserver_extensions={helpers.EXTENSIONS}",
    ]  # fmt: skip
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}{BASE}"
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        try:
            httpx.get(f"{address}api", timeout=2, verify=certificates())
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield address
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(30)


def test_under_another_base_address_every_link_and_style_leads_there(tmp_path: Path):
    course = helpers.make_course(tmp_path / "course")
    (tmp_path / "home").mkdir()
    with Server(course, tmp_path / "home", base_url=BASE) as server:
        start = f"{server.root}ustaz/?token={TOKEN}&lang=en"
        with httpx.Client(follow_redirects=True, timeout=30) as client:
            home = client.get(start)
            assert home.status_code == 200
            xsrf = next(one.value for one in client.cookies.jar if one.name == "_xsrf")
            client.post(
                f"{server.root}ustaz/api/v1/act-as",
                json={"person": "aigul-s"},
                headers={"X-XSRFToken": str(xsrf)},
            )
            seen: set[str] = set()
            waiting = [f"{server.root}ustaz/", f"{server.root}ustaz/workbooks/focus"]
            while waiting and len(seen) < 40:
                page = waiting.pop()
                if page in seen:
                    continue
                seen.add(page)
                reply = client.get(page)
                assert reply.status_code < 400, page
                if "html" not in reply.headers["content-type"]:
                    continue
                for link in re.findall(r'(?:href|src|action)="([^"#]*)"', reply.text):
                    target = urljoin(page, link.replace("&amp;", "&"))
                    assert target.startswith(server.root), (page, link)
                    if "/static/" in target or ("/workbooks/" in target and "/look" not in target):
                        waiting.append(target)
