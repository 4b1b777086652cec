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


def lab(nowhere: str, path: str, **query: str) -> httpx.Response:
    """Ask what JupyterLab's parts of ours ask."""
    headers = {"Authorization": f"token {TOKEN}"}
    return httpx.get(f"{nowhere}ustaz-lab/{path}", headers=headers, params=query, timeout=30)


def test_without_a_course_lab_has_words_notebooks_and_a_style(nowhere: str):
    assert lab(nowhere, "messages/kk").json()["My group"] == "Менің тобым"
    assert lab(nowhere, "messages/de").status_code == 404
    notebook = lab(nowhere, "notebooks/my-group", lang="kk").json()
    assert notebook["cells"][0]["source"].startswith("# Менің тобым")
    assert lab(nowhere, "notebooks/their-group").status_code == 404
    assert ".uz-page" in lab(nowhere, "preview.css").text
    text = lab(nowhere, "workbooks/my-workbook", lang="ru").json()["text"]
    assert "language: ru" in text
    assert lab(nowhere, "workbooks/..%2fx").status_code == 404
    for path in ("messages/kk", "notebooks/my-group", "preview", "preview.css", "workbooks/a"):
        reply = httpx.get(f"{nowhere}ustaz-lab/{path}", follow_redirects=False)
        assert reply.status_code in {302, 403}, path


def test_a_preview_reads_a_definition_below_the_servers_folder_and_nothing_else(tmp_path: Path):
    from tornado.web import HTTPError

    from ustaz.builder.beginning import beginning
    from ustaz.server.host.lab import LARGEST, preview

    root = tmp_path / "root"
    path = root / "library" / "my-workbook" / "workbook.yml"
    path.parent.mkdir(parents=True)
    path.write_text(beginning("my-workbook", "kk").yaml, encoding="utf-8")
    first = preview(root, "library/my-workbook/workbook.yml", "", "")
    assert first is not None
    assert (first["page"]["workbook"], first["page"]["lang"]) == ("my-workbook", "kk")
    assert first["complaints"] == []
    assert preview(root, "/library/my-workbook/workbook.yml", "", first["stamp"]) is None
    path.write_text(path.read_text("utf-8").replace("kind: date", "kind: day"), "utf-8")
    second = preview(root, "library/my-workbook/workbook.yml", "", first["stamp"])
    assert second is not None
    assert second["page"] is None
    assert [one["place"] for one in second["complaints"]] != []

    (tmp_path / "workbook.yml").write_text("id: outside")
    (root / "secret.yml").write_text("id: secret")
    (root / ".hidden").mkdir()
    (root / ".hidden" / "workbook.yml").write_text("id: hidden")
    (root / "workbook.yml").symlink_to(tmp_path / "workbook.yml")
    refused = (
        "../workbook.yml",
        "secret.yml",
        ".hidden/workbook.yml",
        "workbook.yml",
        "",
        "library",
    )
    for name in refused:
        with pytest.raises(HTTPError) as caught:
            preview(root, name, "", "")
        assert caught.value.status_code == 404, name
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(HTTPError) as caught:
        preview(root, "library/my-workbook/workbook.yml", "", "")
    assert caught.value.status_code == 413
