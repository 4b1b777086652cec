"""How long a hub's service is away after it was killed: until somebody's home page is there again.

A real hub with its proxy, a signed-in visitor, and SIGKILL, as a machine without memory sends it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from tests.hub.helpers import LiveHub, Visitor, make_hub

#: Seconds between two questions of the visitor.
PAUSE = 0.02


def is_home(visitor: Visitor) -> bool:
    """Tell whether the visitor's home page comes, and not another one."""
    try:
        reply = visitor.client.get(visitor.at(), timeout=30)
    except httpx.HTTPError:
        return False
    return reply.status_code == 200 and str(reply.url).endswith(visitor.at())


def processor_seconds(pid: int) -> float:
    """Return how long a process of Linux has used a processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def away(live: LiveHub, visitor: Visitor) -> tuple[float, float]:
    """Kill the service; return the seconds until the home page is back, and of a processor."""
    before = live.service_pid()
    began = time.monotonic()
    live.kill_service()
    while not is_home(visitor) or live.service_pid() == before:
        time.sleep(PAUSE)
    return time.monotonic() - began, processor_seconds(live.service_pid())


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=7)
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="ustaz-bench-"))
    try:
        with LiveHub(make_hub(folder / "hub"), now=None) as live:
            visitor = live.visitor("aigul-s")
            both = [away(live, visitor) for _ in range(chosen.kills)]
    finally:
        shutil.rmtree(folder)
    print(f"{'seconds':<32} {'median':>8} {'longest':>8}")
    for what, seconds in zip(
        ("a killed service is away", "of a processor"), zip(*both, strict=True), strict=True
    ):
        print(f"{what:<32} {statistics.median(seconds):8.2f} {max(seconds):8.2f}")


if __name__ == "__main__":
    main()
