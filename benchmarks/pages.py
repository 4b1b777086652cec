"""A workbook's page beside the same workbook's notebook in JupyterLab, on a slow line.

Both are opened by the same fresh Chromium with an empty cache against the same server, at 50 kB/s
and 400 ms (Chromium's own emulation), and timed until a character that was typed stands in a field.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.browser import PHONE, browser
from tests.support.live import TOKEN, Live

KILOBYTES_A_SECOND = 50
LATENCY_MS = 400
PERSON = "aigul-s"
FIELD = "textarea:visible, input[type=text]:visible, [contenteditable=true]:visible"
LIMIT_MS = 300_000


@dataclass
class Load:
    """What one opening cost."""

    what: str
    seconds: float
    kilobytes: float
    requests: int
    outside: int


def measure(chromium: Any, live: Live, what: str, path: str, field: str) -> Load:
    """Open one address with an empty cache and type into its first field."""
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    # Signing in and choosing a person is done before the clock starts, on a fast line.
    page.goto(f"{live.url}ustaz/?token={TOKEN}")
    live.act_as(context, PERSON)
    page.goto("about:blank")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    throughput = KILOBYTES_A_SECOND * 1000
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": throughput,
            "uploadThroughput": throughput,
        },
    )
    sizes: list[float] = []
    hosts: list[str] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: hosts.append(event["request"]["url"]))
    began = time.monotonic()
    page.goto(live.url + path, wait_until="commit", timeout=LIMIT_MS)
    first = page.locator(field).first
    first.wait_for(timeout=LIMIT_MS)
    before = first.input_value()
    first.press("End")
    first.type("Ә")
    while first.input_value() == before:
        page.wait_for_timeout(20)
    seconds = time.monotonic() - began
    context.close()
    web = [one for one in hosts if one.startswith("http")]
    outside = sum(not one.startswith(live.url) for one in web)
    return Load(what, seconds, sum(sizes) / 1000, len(web), outside)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbook", default="focus")
    parser.add_argument("--no-lab", action="store_true", help="leave out the slow peer")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        command = [sys.executable, "-m", "ustaz.cli", "new", str(course), "--demo", "--people", "8"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ))
        workbook = options.workbook
        notebook = f"lab/tree/people/{PERSON}/{workbook}/{workbook}.ipynb"
        with Live(course) as live, browser() as chromium:
            page = f"ustaz/workbooks/{workbook}"
            loads = [measure(chromium, live, "workbook page", page, FIELD)]
            if not options.no_lab:
                host = ", ".join(f".uz-lab-host {one.strip()}" for one in FIELD.split(","))
                loads.append(measure(chromium, live, "JupyterLab, same workbook", notebook, host))
    print(
        f"{LATENCY_MS} ms, {KILOBYTES_A_SECOND} kB/s, empty cache, 360 px; until a letter stands\n"
    )
    print(f"{'':28}{'seconds':>9}{'kB':>9}{'requests':>10}{'outside':>9}")
    for one in loads:
        print(
            f"{one.what:28}{one.seconds:9.1f}{one.kilobytes:9.0f}{one.requests:10}{one.outside:9}"
        )
    if len(loads) > 1:
        print(f"\nJupyterLab takes {loads[1].seconds / loads[0].seconds:.0f} times as long.")


if __name__ == "__main__":
    main()
