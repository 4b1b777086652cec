"""The stock Firefox of the system, driven by WebDriver BiDi over its own websocket."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tornado.websocket import WebSocketClientConnection, websocket_connect

NAMES = ("firefox-esr", "firefox")
PATIENCE = 90


class Firefox:
    """One tab of a running Firefox.

    Parameters
    ----------
    loop : asyncio.AbstractEventLoop
    socket : WebSocketClientConnection
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, socket: WebSocketClientConnection) -> None:
        self._loop = loop
        self._socket = socket
        self._number = 0
        self.call("session.new", capabilities={})
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and return its result."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": params}
        return asyncio.run_coroutine_threadsafe(self._ask(command), self._loop).result(PATIENCE)

    async def _ask(self, command: dict[str, Any]) -> Any:
        await self._socket.write_message(json.dumps(command))
        while True:
            reply = json.loads(await self._socket.read_message() or "{}")
            if reply.get("id") == command["id"]:
                assert reply["type"] == "success", reply
                return reply["result"]

    def before(self, script: str) -> None:
        """Run a script in every page before the page's own."""
        self.call("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def goto(self, url: str) -> None:
        """Open an address and wait for its page."""
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def run(self, expression: str) -> Any:
        """Return the value of an expression, which may be a promise."""
        result = self.call(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((it) => JSON.stringify(it ?? null))",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert result["type"] == "success", result
        return json.loads(result["result"]["value"])

    def wait(self, condition: str) -> Any:
        """Return the first true value of an expression, looked at as often as the page draws."""
        return self.run(
            "new Promise((done) => { const look = () => { const it = (" + condition + ");"
            " if (it) done(it); else requestAnimationFrame(look); }; look(); })"
        )

    def type(self, text: str) -> None:
        """Press the keys of a text."""
        keys = [{"type": kind, "value": one} for one in text for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": keys}]
        self.call("input.performActions", context=self.context, actions=actions)


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Yield the system's Firefox; skip where there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("USTAZ_REQUIRE_BROWSER"):
            pytest.fail("Firefox is required here and was not found")
        pytest.skip("no Firefox found")
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        profile.mkdir()
        command = [path, "--headless", "--remote-debugging-port=0", "--profile", str(profile)]
        environment = {**os.environ, "HOME": folder, "MOZ_CRASHREPORTER_DISABLE": "1"}
        process = subprocess.Popen(
            [*command, "about:blank"], stderr=subprocess.PIPE, text=True, env=environment
        )
        assert process.stderr
        # In a thread: where Playwright is open, this one has a loop that runs.
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            address = next(
                found[1]
                for line in process.stderr
                if (found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line))
            )

            async def connect() -> WebSocketClientConnection:
                return await websocket_connect(f"{address}/session", max_message_size=1 << 26)

            socket = asyncio.run_coroutine_threadsafe(connect(), loop).result(PATIENCE)
            yield Firefox(loop, socket)
            loop.call_soon_threadsafe(socket.close)
        finally:
            process.terminate()
            process.wait(30)
            process.stderr.close()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
