"""What stands before the hub: pages for when it is away, units, addresses of visitors."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ustaz.hub.config import LOOPBACK
from ustaz.hub.error_pages import pages
from ustaz.hub.signin.attempts import MOST_KEPT, Device, origin

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


# -- pages ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", sorted(pages()))
def test_the_pages_of_the_web_server_are_current(name: str):
    text = (DEPLOY / "pages" / name).read_text(encoding="utf-8")
    assert text == pages()[name], "run: python -m ustaz.hub.error_pages deploy/pages"
    assert all(f'<section lang="{lang}">' in text for lang in ("kk", "ru", "en"))
    assert not re.search(r"<script|https?://|src=|url\(", text)
    assert len(text.encode()) < 4000


def test_caddy_understands_its_file(tmp_path: Path):
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("caddy is not installed")
    done = subprocess.run(
        [program, "adapt", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")],
        capture_output=True, text=True, check=False, timeout=120,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "max_size" in done.stdout


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_each_web_server_shows_them(name: str):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert all(page in text for page in pages())
    assert "/opt/ustaz/deploy/pages" in text


# -- visitors ---------------------------------------------------------------------------------
ADDRESS = st.ip_addresses().map(str)


@given(st.lists(ADDRESS), ADDRESS.filter(lambda one: one not in LOOPBACK), st.integers(0, 2))
def test_what_a_visitor_writes_before_their_own_address_is_not_believed(
    forged: list[str], own: str, servers: int
):
    listed = ",".join([*forged, own, *["127.0.0.1"] * servers])
    headers = {"X-Forwarded-For": listed, "X-Real-Ip": "203.0.113.1"}
    assert origin(headers, LOOPBACK, "127.0.0.1") == own


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ("", "192.0.2.7"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1, ::ffff:127.0.0.1", "127.0.0.1"),
        ("198.51.100.4, ::ffff:127.0.0.1", "198.51.100.4"),
        ("x" * 500, "x" * 64),
    ],
)
def test_an_address_is_found_whatever_the_header_holds(listed: str, found: str):
    assert origin({"X-Forwarded-For": listed}, LOOPBACK, "192.0.2.7") == found


def test_a_browser_is_known_for_the_accounts_that_signed_in_in_it():
    device = Device.read(None)
    people = [f"p-{number}" for number in range(MOST_KEPT + 2)]
    for account in people:
        device.remember(account)
    device.remember(people[5])
    again = Device.read(str(device).encode())
    assert [again.knows(account) for account in people] == [False] * 2 + [True] * MOST_KEPT
    assert not Device.read(b"another " + b" ".join(str(device).encode().split()[1:])).knows("p-9")
    assert "p-9" not in str(device)


# -- units ------------------------------------------------------------------------------------
@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_a_unit_is_understood_by_systemd(unit: Path, tmp_path: Path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    for one in UNITS:  # a timer names its service; the program lies elsewhere here
        text = one.read_text(encoding="utf-8").replace("/opt/ustaz/.venv/bin/ustaz", "/bin/true")
        (tmp_path / one.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if unit.stem in line]
    assert (done.returncode, told) == (0, []), done.stderr
