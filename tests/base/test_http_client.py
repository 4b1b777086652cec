"""Calls to our own services: what is sent, and what every kind of missing answer becomes."""

from __future__ import annotations

import http.server
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from ustaz.base import http_client


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked, and what each path is for."""

    def do_GET(self) -> None:
        status = {"/moved": 302, "/missing": 404}.get(self.path, 200)
        size = int(self.headers.get("Content-Length", "0"))
        asked = {"method": self.command, "headers": dict(self.headers.items()),
                 "body": self.rfile.read(size).decode()}  # fmt: skip
        data = b"x" * 2000 if self.path == "/large" else json.dumps(asked).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("X-Hub", "1")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET  # noqa: N815 - the base class names it
    do_DELETE = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_call_sends_the_token_and_the_body_as_json(base: str) -> None:
    response = http_client.call("POST", f"{base}/x", token="t1", body={"a": "ә"}, seconds=5)
    asked = response.json()
    assert (response.ok, asked["method"], json.loads(asked["body"])) == (True, "POST", {"a": "ә"})
    assert asked["headers"]["Authorization"] == "token t1"
    assert asked["headers"]["Content-Type"] == "application/json"


def test_no_redirect_is_followed(base: str) -> None:
    response = http_client.call("GET", f"{base}/moved", token="secret", seconds=5)
    assert (response.status, response.ok) == (302, False)


def test_a_refusal_is_a_response_with_its_body(base: str) -> None:
    response = http_client.call("DELETE", f"{base}/missing", seconds=5)
    assert (response.status, response.json()["method"]) == (404, "DELETE")
    assert "x-hub" in response.headers


def test_no_proxy_of_the_environment_is_used(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert http_client.call("GET", base, seconds=5).ok


def test_a_response_that_is_too_large_is_none(base: str) -> None:
    with pytest.raises(http_client.NoResponse):
        http_client.call("GET", f"{base}/large", seconds=5, largest=1999)
    assert len(http_client.call("GET", f"{base}/large", seconds=5, largest=2000).body) == 2000


@pytest.mark.parametrize("url", ["http://[::1", "ftp://127.0.0.1/", "http://", "http://\udc80/"])
def test_an_address_that_is_none_gives_no_response(url: str) -> None:
    with pytest.raises(http_client.NoResponse):
        http_client.call("GET", url, seconds=5)


@pytest.mark.parametrize("words", [b"", b"220 mail.example ready\r\n"])
def test_who_speaks_no_http_gives_no_response(words: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(words)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(http_client.NoResponse):
            http_client.call("GET", f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=5)
        thread.join()


def test_who_never_answers_gives_no_response() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(http_client.NoResponse):
        http_client.call("GET", f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=0.05)


def test_nobody_listening_gives_no_response() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(http_client.NoResponse):
        http_client.call("GET", f"http://127.0.0.1:{port}/", seconds=5)


def test_the_library_is_not_imported_before_the_first_call() -> None:
    code = "import sys, ustaz.exchange.client, ustaz.privacy.hubs; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
