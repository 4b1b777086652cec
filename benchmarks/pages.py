"""A workbook's page beside the same workbook's notebook in JupyterLab, on a slow line.

Both are opened by the same fresh Chromium with an empty cache against the same server, at 50 kB/s
and 400 ms (Chromium's own emulation), and timed by the page's own clock, which starts with the
navigation: until its first content is painted, and until a character that was typed into a field is
painted there. A control can take a letter before the style has come and anything is drawn; that
letter nobody has seen, so two frames must have been drawn after it, and the first content before.

``--beside PYTHON`` measures the page of another checkout, too: the interpreter of its environment.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
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
#: Two frames after the letter stands, and not before anything is painted at all.
PAINTED = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const first = () => performance.getEntriesByName("first-contentful-paint")[0];
  do { await frame(); await frame(); } while (!first());
  return [first().startTime, Math.max(performance.now(), first().startTime)];
}"""


@dataclass
class Load:
    """What one opening cost."""

    what: str
    seconds: float
    first_paint: float
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
    # A server that has drawn no page yet reads its workbooks first: that is its start, not a load.
    context.request.get(live.url + path)
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
    page.goto(live.url + path, wait_until="commit", timeout=LIMIT_MS)
    first = page.locator(field).first
    first.wait_for(timeout=LIMIT_MS)
    before = first.input_value()
    first.press("End")
    first.type("Ә")
    while first.input_value() == before:
        page.wait_for_timeout(20)
    first_paint, letter = page.evaluate(PAINTED)
    context.close()
    web = [one for one in hosts if one.startswith("http")]
    outside = sum(not one.startswith(live.url) for one in web)
    return Load(what, letter / 1000, first_paint / 1000, sum(sizes) / 1000, len(web), outside)


def program(python: str) -> list[str]:
    """Return what starts Ustaz in an environment."""
    return [python, "-m", "ustaz.cli"]


def course_of(python: str, folder: Path) -> Path:
    """Return a demo course that an environment made."""
    course = folder / "course"
    command = [*program(python), "new", str(course), "--demo", "--people", "8"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ))
    return course


def page_loads(python: str, workbook: str, languages: list[str], what: str) -> list[Load]:
    """Return what a workbook's page costs in each language, and nothing else."""
    path = f"ustaz/workbooks/{workbook}?lang="
    with (
        tempfile.TemporaryDirectory() as folder,
        Live(course_of(python, Path(folder)), program=program(python)) as live,
        browser() as chromium,
    ):
        return [
            measure(chromium, live, f"{what}, {lang}", path + lang, FIELD) for lang in languages
        ]


def lab_load(workbook: str) -> Load:
    """Return what the same workbook's notebook costs in JupyterLab."""
    notebook = f"lab/tree/people/{PERSON}/{workbook}/{workbook}.ipynb"
    host = ", ".join(f".uz-lab-host {field.strip()}" for field in FIELD.split(","))
    with (
        tempfile.TemporaryDirectory() as folder,
        Live(course_of(sys.executable, Path(folder))) as live,
        browser() as chromium,
    ):
        return measure(chromium, live, "JupyterLab, same workbook", notebook, host)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbook", default="focus")
    parser.add_argument("--lang", action="append", help="languages of the page; default kk and en")
    parser.add_argument("--no-lab", action="store_true", help="leave out the slow peer")
    parser.add_argument("--beside", metavar="PYTHON", help="another checkout's interpreter")
    options = parser.parse_args(arguments)
    languages = options.lang or ["kk", "en"]
    loads = page_loads(sys.executable, options.workbook, languages, "workbook page")
    if options.beside:
        loads += page_loads(options.beside, options.workbook, languages, "beside")
    if not options.no_lab:
        loads.append(lab_load(options.workbook))
    print(
        f"{LATENCY_MS} ms, {KILOBYTES_A_SECOND} kB/s, empty cache, 360 px;"
        " until a typed letter is painted\n"
    )
    print(f"{'':28}{'letter s':>9}{'first s':>9}{'kB':>9}{'requests':>10}{'outside':>9}")
    for load in loads:
        print(
            f"{load.what:28}{load.seconds:9.1f}{load.first_paint:9.1f}{load.kilobytes:9.0f}"
            f"{load.requests:10}{load.outside:9}"
        )
    if not options.no_lab:
        print(f"\nJupyterLab takes {loads[-1].seconds / loads[0].seconds:.0f} times as long.")


if __name__ == "__main__":
    main()
