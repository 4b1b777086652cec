"""A hub that ends, however it ends, takes with it what it started, and comes back whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from unittest.mock import MagicMock

import httpx
import psutil
import pytest

from tests.hub import helpers
from tests.support.forms import kept
from ustaz.hub import tied
from ustaz.hub.settings import HubDir

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux ties them")
PATIENCE = 60.0


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> HubDir:
    return helpers.make_hub(tmp_path_factory.mktemp("lifecycle") / "hub", pilot=False)


def wait_until(true: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.05)


def started_by(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_killed_hub_leaves_nothing_and_people_sign_in_after_the_next_start(hub: HubDir):
    with helpers.LiveHub(hub) as live:
        assert live.process
        inner = started_by(live.process.pid)
        assert len(inner) >= 2  # the proxy and the service
        os.kill(live.process.pid, signal.SIGKILL)
        live.process.wait()
        wait_until(lambda: not living(inner))
    with helpers.LiveHub(hub) as live:
        assert live.visitor("olga-p").page(live.visitor().at()).status_code == 200
        before = live.service_pid()
        live.kill_service()
        live.wait_for_service()
        assert live.service_pid() != before
        # Whoever is signed in is known to the new service, too.
        assert live.visitor("aigul-s").page(live.visitor().at()).status_code == 200


def test_the_service_is_looked_after_five_times_a_second(
    hub: HubDir, monkeypatch: pytest.MonkeyPatch
):
    from jupyterhub.services.service import _ServiceSpawner
    from traitlets.config import Config

    from ustaz.hub.config import LOOK_SECONDS, SERVICE_SECONDS, configure

    config = Config()
    configure(config, str(hub.dir))
    periodic = MagicMock()
    monkeypatch.setattr("jupyterhub.spawner.PeriodicCallback", periodic)
    spawner = _ServiceSpawner()
    spawner.start_polling()
    assert periodic.call_args.args == (spawner.poll_and_notify, 1000 * SERVICE_SECONDS)
    assert (SERVICE_SECONDS, LOOK_SECONDS) == (0.2, 1)
    assert config.ConfigurableHTTPProxy.check_running_interval == LOOK_SECONDS


@pytest.mark.parametrize("moment", kept(["the proxy"], ["the first process", "the service"]))
def test_stopped_while_it_starts_it_leaves_nothing(hub: HubDir, moment: str):
    command = [sys.executable, "-m", "ustaz.cli", "hub", "serve", str(hub.dir)]
    names = {"the first process": "", "the proxy": "proxy", "the service": "ustaz.hub.service"}
    with (hub.dir / "early.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    inner: list[psutil.Process] = []

    def there() -> bool:
        assert process.poll() is None
        inner[:] = started_by(process.pid)
        return any(names[moment] in " ".join(one.cmdline()) for one in living(inner))

    wait_until(there)
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    wait_until(lambda: not living(inner))


def test_the_address_is_said_when_it_answers_and_not_before(hub: HubDir):
    command = [sys.executable, "-m", "ustaz.cli", "hub", "serve", str(hub.dir)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        for line in process.stdout:
            if line.strip() == f"{hub.settings.address}/":
                break
        assert httpx.get(hub.settings.address, follow_redirects=True).status_code == 200
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def test_another_port_is_taken_for_one_run_and_said(
    hub: HubDir, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from ustaz.cli._app import run

    monkeypatch.setenv("USTAZ_HUB_PORT", "1")  # put back after the test
    port = helpers.free_ports()
    monkeypatch.setattr("ustaz.hub.server.serve", lambda *_: None)
    monkeypatch.setattr("ustaz.hub.announce.announce_later", lambda _, text: sys.stdout.write(text))
    run(["hub", "serve", str(hub.dir), "--port", str(port)])
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{port}/" in said
    assert f"{port + 1} to {port + 3}" in said
    assert HubDir.open(hub.dir).settings.inner_port == port + 1
    monkeypatch.delenv("USTAZ_HUB_PORT")
    assert HubDir.open(hub.dir).settings.port != port


def test_whoever_lost_its_parent_before_it_was_tied_ends():
    with pytest.raises(SystemExit):
        tied.tie(os.getppid() + 1)


@pytest.mark.parametrize("account", ["olga-p", "saule-m", "timur-r"])
def test_no_page_of_the_hub_ends_in_a_fault_for_somebody_signed_in(
    live: helpers.LiveHub, account: str
):
    one = live.visitor(account)
    for path in ("", "home", "spawn", "token", "admin", "password", "code", "error/503", "nothing"):
        assert one.page(f"/hub/{path}").status_code < 500, path
