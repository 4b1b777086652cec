"""Many people write through the real proxy and sign-in while the service is killed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.hub.helpers import COURSE, FETCH, NAVIGATE, PASSWORD, LiveHub, make_hub
from tests.support.certificates import certificates
from tests.support.forms import kept
from ustaz.answers import Subject
from ustaz.hub.settings import PREFIX

SAVES = 4
#: How many people write, and after how many acknowledgements the service is killed.
CROWDS = kept([(40, (50, 100))], [(200, (100, 300, 550))])
AT_ONCE = 24
#: How often one request is sent again before the test gives up: a limit, not a duration.
AGAIN = 600

HEAD = "person,name,role,group,school,lang,account\n"
LINE = "p-{0},Aigul {0},participant,g{1},s1,kk,\n"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(params=CROWDS, ids=lambda crowd: f"{crowd[0]} people")
def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Crowd]:
    people, kills = request.param
    roster = HEAD + "".join(LINE.format(number, number % 20) for number in range(people))
    with LiveHub(make_hub(tmp_path / "hub", roster=roster, pilot=False)) as running:
        yield Crowd(running, people, kills)


class Crowd:
    """Everybody at once, and one who pulls the plug."""

    def __init__(self, live: LiveHub, people: int, kills: tuple[int, ...]) -> None:
        self.live = live
        self.people = people
        self.kills = kills
        self.gate = asyncio.Semaphore(AT_ONCE)
        self.acknowledged: dict[str, dict[str, int]] = {}
        self.count = 0
        self.killed = 0

    async def again(self, client: httpx.AsyncClient, method: str, url: str, **more: Any) -> Any:
        """Send a request until something that knows the answer gives one."""
        for _ in range(AGAIN):
            try:
                reply = await client.request(method, url, **more)
            except httpx.TransportError:
                reply = None
            if reply is not None and reply.status_code < 500:
                return reply
            await asyncio.sleep(0.1)  # a page waits longer before it tries again
        raise AssertionError("the service did not come back")

    async def sign_in(self, client: httpx.AsyncClient, account: str) -> None:
        """Fill in the real form; a killed service makes one start over."""
        for _ in range(AGAIN):
            shown = await self.again(client, "GET", PREFIX, headers=NAVIGATE)
            if shown.url.path.startswith(f"{PREFIX}{COURSE}"):
                return
            hidden = re.search(r'name="_xsrf" value="([^"]*)"', shown.text)
            action = re.search(r'method="post" action="([^"]*)"', shown.text)
            if hidden and action:
                fields = {"_xsrf": hidden[1], "username": account, "password": PASSWORD}
                await self.again(
                    client, "POST", action[1].replace("&amp;", "&"), data=fields, headers=NAVIGATE
                )
        raise AssertionError("nobody could sign in")

    async def one(self, number: int) -> None:
        """Sign in and write a few sentences, each until it is acknowledged."""
        account = f"p-{number}"
        async with (
            self.gate,
            httpx.AsyncClient(
                base_url=self.live.address,
                follow_redirects=True,
                timeout=60,
                verify=certificates(),
            ) as client,
        ):
            await self.sign_in(client, account)
            token = next(
                one.value
                for one in client.cookies.jar
                if one.name == "_xsrf" and one.path == PREFIX
            )
            headers = {**FETCH, "X-XSRFToken": token or "", "X-Ustaz-Person": account}
            revision = 0
            for turn in range(SAVES):
                value = f"Sentence {turn} of {account}"
                reply = await self.again(
                    client,
                    "PATCH",
                    f"{PREFIX}{COURSE}/api/v1/workbooks/focus/answers",
                    headers=headers,
                    json={
                        "batch": f"{account}-{turn}-0123456789",
                        "client": account,
                        "base_revision": revision,
                        "lang": "kk",
                        "changes": [{"op": "set", "path": ["concern_raw"], "value": value}],
                    },
                )
                assert reply.status_code == 200, reply.text
                revision = reply.json()["revision"]
                self.acknowledged.setdefault(account, {})[value] = revision
                self.count += 1
                if self.killed < len(self.kills) and self.count >= self.kills[self.killed]:
                    self.killed += 1
                    await asyncio.to_thread(self.live.kill_service)

    async def run(self) -> None:
        await asyncio.gather(*(self.one(number) for number in range(self.people)))


def test_nothing_acknowledged_is_lost_while_the_service_is_killed(crowd: Crowd):
    asyncio.run(crowd.run())
    assert crowd.killed == len(crowd.kills)
    assert crowd.count == crowd.people * SAVES
    store = crowd.live.course.store
    for account, said in crowd.acknowledged.items():
        subject = Subject.person(account)
        document = store.read(subject, "focus")
        assert document.answers["concern_raw"] == f"Sentence {SAVES - 1} of {account}"
        for value, revision in said.items():
            assert store.at(subject, "focus", revision)["concern_raw"] == value
