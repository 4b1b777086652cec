"""A terminal of somebody's JupyterLab on a hub, opened as the page opens it."""

from __future__ import annotations

import asyncio
import base64
import json
import re

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.hub.helpers import FETCH, Visitor

PATIENCE = 180
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")
_END = re.compile(r"END:(\d+):")


def in_terminal(one: Visitor, base: str, script: str) -> tuple[int, str]:
    """Run a script of bash in a new terminal of the server at `base`; return its end and words."""
    token = next(
        cookie.value or ""
        for cookie in one.client.cookies.jar
        if cookie.name == "_xsrf" and cookie.path == base
    )
    made = one.client.post(f"{base}api/terminals", headers={**FETCH, "X-XSRFToken": token})
    assert made.status_code == 200, made.text
    name = made.json()["name"]
    cookies = "; ".join(
        f"{cookie.name}={cookie.value}"
        for cookie in one.client.cookies.jar
        if base.startswith(cookie.path)
    )
    address = f"{one.client.base_url}".rstrip("/").replace("http://", "ws://", 1)
    request = HTTPRequest(f"{address}{base}terminals/websocket/{name}", headers={"Cookie": cookies})
    coded = base64.b64encode(script.encode()).decode()
    typed = (
        f"stty -echo; echo {coded} | base64 -d > $TMPDIR/s.sh; bash $TMPDIR/s.sh; echo END:$?:\r"
    )

    async def run() -> tuple[int, str]:
        socket = await websocket_connect(request)
        await socket.write_message(json.dumps(["stdin", typed]))
        seen = ""
        while (found := _END.search(seen)) is None:
            message = await socket.read_message()
            assert message is not None, seen
            kind, *rest = json.loads(message)
            if kind == "stdout":
                seen += rest[0]
        socket.close()
        while await socket.read_message() is not None:
            pass
        return int(found[1]), _COLOURS.sub("", seen[: found.start()])

    return asyncio.run(asyncio.wait_for(run(), PATIENCE))
