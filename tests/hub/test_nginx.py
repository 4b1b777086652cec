"""The hub behind a real nginx with `deploy/nginx.conf`: what people meet at the outer edge."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.hub.helpers import (
    COURSE,
    FETCH,
    NAVIGATE,
    PASSWORD,
    LiveHub,
    Visitor,
    flood,
    free_ports,
    make_hub,
    set_setting,
)
from tests.hub.lab import path_of, start_lab, xsrf_of
from tests.hub.nginx import FILE, Nginx, certificate, needs_nginx
from ustaz.hub.body_limit import LARGEST
from ustaz.hub.settings import PREFIX
from ustaz.server.host.limits import MAX_UPLOAD

pytestmark = pytest.mark.slow
SAULE = "saule-m"
HSTS = "strict-transport-security"
LANGUAGES = ('lang="kk"', 'lang="ru"', 'lang="en"')


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    needs_nginx()
    folder = tmp_path_factory.mktemp("nginx")
    plain = free_ports(2)
    hub = make_hub(folder / "hub", lab="staff")
    hub = set_setting(hub, "address", f'"https://localhost:{plain + 1}"')
    running = LiveHub(hub)
    running.verify = certificate(folder)
    port = hub.settings.port
    with running, Nginx(folder, plain=plain, secure=plain + 1, upstream=port):
        yield running


@pytest.fixture(scope="module")
def nobody_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A web server before a hub that does not run just now."""
    needs_nginx()
    folder = tmp_path_factory.mktemp("alone")
    port = free_ports(2)
    trust = certificate(folder)
    with (
        socket.socket() as held,  # so that nobody else listens there meanwhile
        Nginx(folder, plain=port, secure=port + 1, upstream=bound(held)),
        httpx.Client(base_url=f"https://localhost:{port + 1}", verify=trust, timeout=60) as client,
    ):
        yield client


def bound(line: socket.socket) -> int:
    """Take a port where nobody listens."""
    line.bind(("127.0.0.1", 0))
    return int(line.getsockname()[1])


def chain(reply: httpx.Response) -> list[httpx.Response]:
    return [*reply.history, reply]


def cookies_set(replies: list[httpx.Response]) -> list[tuple[str, dict[str, str]]]:
    """Return name and attributes of each cookie that was set, removals left out."""
    found = []
    for reply in replies:
        for header in reply.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(header).items():
                if morsel.value:
                    found.append((name, {key: str(value) for key, value in morsel.items()}))
    return found


# -- https ------------------------------------------------------------------------------------
def test_without_https_one_is_led_to_it_on_the_same_host(live: LiveHub):
    secure = urlsplit(live.address).port or 0
    reply = httpx.get(f"http://localhost:{secure - 1}/hub/code?username=aigul-s")
    assert reply.status_code == 301
    assert reply.headers["location"] == f"{live.address}/hub/code?username=aigul-s"


def test_signing_in_stays_on_https_and_every_cookie_is_kept_for_it(live: LiveHub):
    one = live.visitor()
    shown = one.page(f"{PREFIX}?lang=kk")
    done = one.fill(shown, username="aigul-s", password=PASSWORD)
    assert path_of(done) == one.at()
    replies = [*chain(shown), *chain(done), *chain(one.page(f"{one.at()}?lang=ru"))]
    assert {urlsplit(str(each.url))[:2] for each in replies} == {tuple(urlsplit(live.address)[:2])}
    for each in replies:
        assert each.headers[HSTS] == "max-age=31536000", each.url
        location = each.headers.get("location", "/")
        assert location.startswith(("/", "?", live.address + "/")), location
    kept = cookies_set(replies)
    assert {name for name, _ in kept} == {
        "jupyterhub-hub-login",
        "jupyterhub-session-id",
        "service-ustaz",
        "service-ustaz-oauth-state",
        "ustaz-device",
        "ustaz-lang",
        "_xsrf",
    }
    for name, told in kept:
        assert told["secure"], name
        assert told["samesite"] == "Lax", name
        # The front end sends the token of forms itself; the language is nobody's secret.
        assert told["httponly"] or name in {"_xsrf", "ustaz-lang"}, name


def test_the_browser_is_offered_http_2(live: LiveHub):
    address = urlsplit(live.address)
    context = live.verify
    assert isinstance(context, ssl.SSLContext)
    context.set_alpn_protocols(["h2", "http/1.1"])
    try:
        with (
            socket.create_connection(("127.0.0.1", address.port or 0), 30) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as line,
        ):
            assert line.selected_alpn_protocol() == "h2"
    finally:
        context.set_alpn_protocols(["http/1.1"])


# -- pages ------------------------------------------------------------------------------------
def test_a_monitor_sees_the_health_and_an_answer_is_saved(live: LiveHub):
    one = live.visitor("aigul-s")
    assert one.page(f"{PREFIX}_health").json()["status"] == "ok"
    reply = one.save("focus", "concern_raw", "Топтағы үнсіздік", revision=0, batch="n" * 16)
    assert (reply.status_code, reply.json()["revision"]) == (200, 1)


def test_a_workbook_with_all_it_needs_weighs_less_than_100_kilobytes(live: LiveHub):
    one = live.visitor("nurgul-a")
    weight, seen = 0, set()

    def fetch(address: str) -> str:
        nonlocal weight
        seen.add(address)
        with one.client.stream("GET", address, headers=NAVIGATE) as reply:
            text = reply.read().decode()
            assert reply.status_code == 200, address
            assert reply.headers.get("content-encoding") == "gzip" or len(text) < 1500, address
            weight += reply.num_bytes_downloaded
        return text

    shown = fetch(one.at("workbooks/focus"))
    for address in re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"', shown):
        if address not in seen:
            fetch(address)
    assert len(seen) >= 3
    assert weight < 100_000, weight


# -- what is too large ------------------------------------------------------------------------
def send_list(one: Visitor, size: int) -> httpx.Response:
    return one.client.post(
        one.at("staff/roster"),
        data={"_xsrf": one.xsrf},
        files={"file": ("people.csv", b"x" * size, "text/csv")},
        headers=NAVIGATE,
    )


def test_the_limits_of_nginx_and_of_the_service_agree():
    told = re.search(r"client_max_body_size (\d+)m;", FILE.read_text(encoding="utf-8"))
    assert told
    assert MAX_UPLOAD < int(told[1]) << 20 < LARGEST


@pytest.mark.parametrize("size", [MAX_UPLOAD + 1, 12 << 20])
def test_a_list_that_is_too_large_is_refused_in_our_words(live: LiveHub, size: int):
    one = live.visitor(SAULE)
    one.page(one.at("staff/roster"))
    reply = send_list(one, size)
    assert reply.status_code == 413
    assert "nothing was changed" in reply.text
    assert "nginx" not in reply.text
    assert 'lang="en"' in reply.text


def test_what_nginx_itself_refuses_is_said_in_three_languages(nobody_home: httpx.Client):
    reply = nobody_home.post("/services/ustaz/trial/staff/roster", content=b"x" * (41 << 20))
    assert reply.status_code == 413
    assert all(one in reply.text for one in LANGUAGES)
    assert "nginx" not in reply.text


# -- while the hub is away --------------------------------------------------------------------
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_while_the_hub_starts_anew_nobody_is_frightened(nobody_home: httpx.Client, method: str):
    reply = nobody_home.request(method, "/services/ustaz/trial/workbooks/focus")
    assert reply.status_code == 503  # which a page of a workbook waits after, and keeps its words
    assert all(one in reply.text for one in LANGUAGES)
    assert "Nothing is lost" in reply.text
    assert '<meta http-equiv="refresh"' in reply.text
    assert "nginx" not in reply.text
    assert "http" not in re.sub(r"http-equiv", "", reply.text)  # asks nobody for anything
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers[HSTS]
    assert "script" not in reply.headers["content-security-policy"]


def test_the_pages_of_the_web_server_cannot_be_opened_by_address(nobody_home: httpx.Client):
    assert "Nothing is lost" in nobody_home.get("/hub/login").text
    assert nobody_home.get("/away.html").status_code in {404, 503}


# -- where somebody comes from ----------------------------------------------------------------
def test_a_forged_address_is_not_believed_and_a_school_is_not_locked_out(live: LiveHub):
    school = "127.0.0.2"
    known = live.visitor("yerlan-b", source=school)
    known.page("/hub/logout")
    flood(live.visitor(source=school))
    # Another school signs in; so does, at this one, whoever did so before in this browser.
    assert path_of(live.visitor(source="127.0.0.3").sign_in("marat-t")) == known.at()
    assert path_of(known.sign_in("yerlan-b")) == known.at()


# -- JupyterLab -------------------------------------------------------------------------------
def upgraded(live: LiveHub, one: Visitor, path: str, origin: str) -> tuple[str, bytes]:
    """Ask for a websocket as a browser does; return the status line and what is said first."""
    address = urlsplit(live.address)
    cookies = "; ".join(
        f"{each.name}={each.value}"
        for each in one.client.cookies.jar
        if each.path in {"/", f"/user/{SAULE}/"}
    )
    asked = {
        "Host": address.netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-Fetch-Mode": "websocket",
        "Origin": origin,
        "Cookie": cookies,
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items())]
    context = live.verify
    assert isinstance(context, ssl.SSLContext)
    with (
        socket.create_connection(("127.0.0.1", address.port or 0), 120) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
        line.makefile("rb") as heard,
    ):
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        status = heard.readline().decode().strip()
        while heard.readline().strip():
            pass
        if " 101 " not in status:
            return status, b""
        _, length = heard.read(2)
        return status, heard.read(length)


def test_jupyterlab_and_its_websockets_work(live: LiveHub):
    one = live.visitor(SAULE)
    assert path_of(start_lab(one)) == f"/user/{SAULE}/lab"
    made = one.client.post(
        f"/user/{SAULE}/api/terminals",
        headers={**FETCH, "X-XSRFToken": xsrf_of(one, SAULE)},
    )
    assert made.status_code == 200, made.text
    path = f"/user/{SAULE}/terminals/websocket/{made.json()['name']}"
    status, said = upgraded(live, one, path, live.address)
    assert (status, said[:8]) == ("HTTP/1.1 101 Switching Protocols", b'["setup"')
    status, _ = upgraded(live, one, path, "https://elsewhere.example")
    assert " 403 " in status


def test_nothing_of_a_visitor_stands_in_the_logs(live: LiveHub):
    secret = "s3cret-" + "k" * 36
    reply = live.visitor().page(f"{PREFIX}{COURSE}/api/v1/calendar/{secret}.ics")
    assert reply.status_code == 404
    access = Path(live.hub.dir.parent / "access.log").read_text(encoding="utf-8")
    assert "/hub/login" in access
    for text in (access, live.log.read_text(encoding="utf-8")):
        assert "127.0.0.2" not in text
        assert "203.0.113." not in text
        assert "lang=kk" not in text
        assert secret not in text
