"""Forwarding in a spawned server: what goes to the service, what comes back, what is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tornado import web
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from ustaz.server.host.limits import MAX_BODY
from ustaz.server.host.proxy import LARGEST, Target, away_in_every_language, handlers

TOKEN = "a-token-of-the-tests"
ROOT = "/user/aigul-s/"
Ask = Callable[..., Awaitable[HTTPResponse]]


class Service(web.RequestHandler):
    """Says what it was asked, or what it was told to say."""

    async def answer(self, path: str) -> None:
        if path.endswith("html"):
            self.set_status(502)
            self.finish("<html>gateway</html>")
        elif path.endswith("elsewhere"):
            self.redirect("/services/ustaz/")
        elif path.endswith("huge"):
            self.set_header("Content-Type", "application/json")
            self.finish(b'"' + b"x" * (LARGEST + 1) + b'"')
        elif path.endswith("silent"):
            self.detach().close()
        elif path.endswith("refused"):
            self.set_status(429)
            self.set_header("Retry-After", "3")
            self.finish({"error": "too_many"})
        elif self.request.headers.get("If-None-Match") == '"tag"':
            self.set_status(304)
            self.set_header("ETag", '"tag"')
            self.finish()
        else:
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.set_header("ETag", '"tag"')
            self.set_header("Set-Cookie", "secret=1")
            self.set_header("X-Other", "1")
            said = {
                "method": self.request.method,
                "uri": self.request.uri,
                "headers": {k.lower(): v for k, v in self.request.headers.get_all()},
                "body": self.request.body.decode(),
            }
            self.finish(json.dumps(said))

    get = post = patch = put = delete = head = answer


class SignedIn(web.RequestHandler):
    def get_current_user(self) -> str | None:
        return self.request.headers.get("X-User")


def with_servers(scenario: Callable[[Ask], Awaitable[None]], *, away: bool = False) -> None:
    """Run a scenario against a forwarding server and a service behind it."""

    async def run() -> None:
        sockets = bind_sockets(0, "127.0.0.1")
        port = sockets[0].getsockname()[1]
        service = HTTPServer(web.Application([(r"/services/ustaz/(.*)", Service)]))
        if away:
            sockets[0].close()
        else:
            service.add_sockets(sockets)
        url = f"http://127.0.0.1:{port}/services/ustaz/"
        target = Target(url, "/services/ustaz/", TOKEN, ("trial", "pilot"))
        listed = handlers(target, ROOT, SignedIn, web.authenticated)
        app = web.Application(listed, xsrf_cookies=True, login_url="/login", log_function=str)
        front = HTTPServer(app)
        mine = bind_sockets(0, "127.0.0.1")
        front.add_sockets(mine)
        client = AsyncHTTPClient(force_instance=True)

        async def ask(method: str, path: str, **more: Any) -> HTTPResponse:
            headers = {
                "X-User": "aigul-s",
                "X-XSRFToken": "1234",
                "Cookie": "_xsrf=1234; ustaz-lang=kk; jupyterhub-session-id=private",
                **more.pop("headers", {}),
            }
            return await client.fetch(
                f"http://127.0.0.1:{mine[0].getsockname()[1]}{ROOT}ustaz/{path}",
                method=method,
                headers={key: value for key, value in headers.items() if value is not None},
                raise_error=False,
                follow_redirects=False,
                allow_nonstandard_methods=True,
                **more,
            )

        try:
            await scenario(ask)
        finally:
            client.close()
            target.client.close()
            front.stop()
            service.stop()
            await front.close_all_connections()
            await service.close_all_connections()

    asyncio.run(asyncio.wait_for(run(), 60))


def error(reply: HTTPResponse) -> tuple[int, str]:
    data = json.loads(reply.body)
    assert data["message"]
    assert data["hint"]
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    return reply.code, data["error"]


def test_a_call_goes_on_with_the_servers_own_token_and_only_what_is_needed():
    async def scenario(ask: Ask) -> None:
        reply = await ask(
            "PATCH",
            "api/v1/workbooks/focus/answers?person=a&x=%D2%9B",
            body='{"a": "қ"}',
            headers={
                "Content-Type": "application/json",
                "Accept-Language": "kk",
                "X-Ustaz-Person": "aigul-s",
                "Authorization": "token of-the-browser",
                "X-Forwarded-For": "203.0.113.7",
            },
        )
        assert reply.code == 200
        said = json.loads(reply.body)
        assert said["method"] == "PATCH"
        assert said["uri"] == (
            "/services/ustaz/trial/api/v1/workbooks/focus/answers?person=a&x=%D2%9B"
        )
        assert said["body"] == '{"a": "қ"}'
        sent = said["headers"]
        assert sent["authorization"] == f"token {TOKEN}"
        assert sent["x-ustaz-person"] == "aigul-s"
        assert sent["accept-language"] == "kk"
        assert sent["content-type"] == "application/json"
        assert sent["cookie"] == "ustaz-lang=kk"
        assert "private" not in str(said)
        assert "203.0.113.7" not in str(said)
        assert reply.headers["ETag"] == '"tag"'
        assert "secret" not in str(list(reply.headers.get_all()))
        assert "X-Other" not in reply.headers
        assert reply.headers["X-Content-Type-Options"] == "nosniff"

    with_servers(scenario)


@pytest.mark.parametrize(
    ("path", "course"),
    [
        ("api/v1/me", "trial"),
        ("trial/api/v1/me", "trial"),
        ("pilot/api/v1/me", "pilot"),
        ("pilot/static/viewer.mjs", "pilot"),
        ("static/site.css", "trial"),
    ],
)
def test_the_address_names_the_course(path: str, course: str):
    async def scenario(ask: Ask) -> None:
        said = json.loads((await ask("GET", path)).body)
        assert said["uri"].startswith(f"/services/ustaz/{course}/")

    with_servers(scenario)


def test_statuses_tags_and_refusals_pass_through():
    async def scenario(ask: Ask) -> None:
        same = await ask("GET", "api/v1/workbooks/focus", headers={"If-None-Match": '"tag"'})
        assert (same.code, same.body, same.headers["ETag"]) == (304, b"", '"tag"')
        slow = await ask("GET", "api/v1/refused")
        assert (slow.code, slow.headers["Retry-After"]) == (429, "3")
        assert json.loads(slow.body) == {"error": "too_many"}
        head = await ask("HEAD", "api/v1/me")
        assert (head.code, head.body) == (200, b"")

    with_servers(scenario)


@pytest.mark.parametrize(
    "path",
    ["other/api/v1/me", "api/v1/../../../hub/api", "api/v1/%2e%2e/x", "api/v1/elsewhere"],
)
def test_nothing_but_the_accounts_own_courses_is_reached(path: str):
    async def scenario(ask: Ask) -> None:
        reply = await ask("GET", path)
        if reply.code == 303:  # no call at all, so a page: that is the service's own business
            assert reply.headers["Location"] == "/services/ustaz/trial/"
        else:
            assert error(reply) == (404, "no_page")

    with_servers(scenario)


def test_what_is_too_large_stops_here():
    async def scenario(ask: Ask) -> None:
        large = await ask("PATCH", "api/v1/x", body="x" * (MAX_BODY + 1))
        assert error(large) == (413, "too_large")
        assert error(await ask("GET", "api/v1/huge")) == (503, "hub_away")

    with_servers(scenario)


@pytest.mark.parametrize("path", ["api/v1/html", "api/v1/silent"])
def test_a_broken_answer_is_trying_again_later(path: str):
    async def scenario(ask: Ask) -> None:
        assert error(await ask("PATCH", path, body="{}")) == (503, "hub_away")

    with_servers(scenario)


def test_a_service_that_is_away_is_said_in_the_readers_language():
    async def scenario(ask: Ask) -> None:
        said = set()
        for lang in ("kk", "ru", "en"):
            reply = await ask(
                "PATCH",
                "api/v1/workbooks/focus/answers",
                body="{}",
                headers={"Cookie": f"_xsrf=1234; ustaz-lang={lang}"},
            )
            assert error(reply) == (503, "hub_away")
            said.add(json.loads(reply.body)["message"])
        assert len(said) == 3
        page = await ask("GET", "workbooks/focus")
        assert page.code == 303  # the service's own page says what is the matter

    with_servers(scenario, away=True)


def test_signing_in_and_the_token_of_forms_are_asked_for_first():
    async def scenario(ask: Ask) -> None:
        nobody = {"X-User": None}
        assert error(await ask("GET", "api/v1/me", headers=nobody)) == (403, "signed_out")
        page = await ask("GET", "workbooks/focus", headers=nobody)
        assert (page.code, page.headers["Location"].startswith("/login")) == (302, True)
        without = await ask("PATCH", "api/v1/x", body="{}", headers={"X-XSRFToken": None})
        assert error(without) == (403, "xsrf")

    with_servers(scenario)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("", "trial/"),
        ("workbooks/focus", "trial/workbooks/focus"),
        ("workbooks/focus?lang=kk", "trial/workbooks/focus?lang=kk"),
        ("pilot/workbooks/focus", "pilot/workbooks/focus"),
        ("pilot", "pilot/"),
        ("book/en/index.html", "trial/book/en/index.html"),
        ("a/../../x", "trial/"),
    ],
)
def test_pages_lead_to_the_services_pages(path: str, page: str):
    async def scenario(ask: Ask) -> None:
        reply = await ask("GET", path)
        assert reply.code == 303
        assert reply.headers["Location"] == f"/services/ustaz/{page}"

    with_servers(scenario)


def test_a_server_knows_its_service_from_the_environment_only():
    full = {
        "USTAZ_SERVICE_URL": "http://127.0.0.1:1/services/ustaz/",
        "JUPYTERHUB_API_TOKEN": TOKEN,
        "USTAZ_SERVICE_COURSES": "trial pilot trial ../x",
    }

    async def look() -> None:
        target = Target.from_environment(full)
        assert target is not None
        assert target.courses == ("trial", "pilot")
        target.client.close()
        for name in full:
            assert Target.from_environment({**full, name: ""}) is None

    asyncio.run(look())


def test_waiting_is_said_in_every_language():
    assert away_in_every_language().startswith("The course does not answer just now.")
