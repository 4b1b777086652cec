"""A mistake in ``jupyterhub_config.py``: a hub starts with what it said at the last good start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.helpers import LiveHub, free_ports, make_hub
from ustaz.base.errors import FileFault
from ustaz.config_files.last_good import Fault
from ustaz.doctor import examine
from ustaz.hub import config_file
from ustaz.hub.server import CONFIG_TEXT, create
from ustaz.hub.settings import CONFIG_FILE, PREFIX, HubDir

OWN = "c.JupyterHub.concurrent_spawn_limit = 7\nload_subconfig('more.py')\n"
MORE = "c.Spawner.mem_limit = '1G'\n"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> HubDir:
    """A hub that has been started with settings of its operator's own."""
    hub = create(tmp_path_factory.mktemp("hub") / "hub", port=free_ports())
    (hub.dir / CONFIG_FILE).write_text(CONFIG_TEXT + OWN, encoding="utf-8")
    (hub.dir / "more.py").write_text(MORE, encoding="utf-8")
    path, fault = config_file.usable(hub.dir)
    assert (path, fault) == (hub.dir / CONFIG_FILE, None)
    return hub


@pytest.fixture
def hub(started: HubDir) -> HubDir:
    """The same, with both files as they were when it was started."""
    (started.dir / CONFIG_FILE).write_text(CONFIG_TEXT + OWN, encoding="utf-8")
    (started.dir / "more.py").write_text(MORE, encoding="utf-8")
    return started


LINES = len(CONFIG_TEXT.splitlines())


@pytest.mark.parametrize(
    ("name", "text", "line", "field"),
    [
        (CONFIG_FILE, "c.JupyterHub.port = (\n", LINES + 1, ""),
        (CONFIG_FILE, "\nc.JupyterHub.answer = forty_two\n", LINES + 2, ""),
        (CONFIG_FILE, "raise SystemExit(3)\n", LINES + 1, ""),
        (CONFIG_FILE, "c.JupyterHub.concurrent_spawn_limit = 'ten'\n", LINES + 1,
         "JupyterHub.concurrent_spawn_limit"),
        (CONFIG_FILE, "import os; os._exit(4)\n", 0, ""),
        ("more.py", "\nc.Spawner.mem_limit = 1G\n", 2, ""),
        ("more.py", "open('/nowhere/secret').read()\n", 1, ""),
    ],
)  # fmt: skip
def test_the_state_before_goes_on_and_file_and_line_are_named(
    hub: HubDir, name: str, text: str, line: int, field: str
):
    before = CONFIG_TEXT if name == CONFIG_FILE else ""
    (hub.dir / name).write_text(before + text, encoding="utf-8")
    path, fault = config_file.usable(hub.dir)
    assert fault is not None
    assert isinstance(fault.error, FileFault)
    assert (fault.error.path, fault.error.line) == (hub.dir / name, line)
    assert fault.error.field == field
    assert fault.since
    # What JupyterHub is started with instead says what both files said when they were good.
    assert path == hub.state / "last_good_config.py"
    (hub.dir / CONFIG_FILE).unlink()
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    assert config.JupyterHub.concurrent_spawn_limit == 7
    assert config.Spawner.mem_limit == "1G"
    assert config.UstazAuthenticator.hub_directory == str(hub.dir)


def test_a_mistake_that_is_corrected_is_forgotten(hub: HubDir):
    def refused() -> list[tuple[str, int]]:
        findings = [it for it in examine(hub.dir) if it.id == "file_refused"]
        return [(it.params["file"], it.params["line"]) for it in findings]

    path = hub.dir / CONFIG_FILE
    path.write_text("c.Spawner.cpu_limit = no_number\n(", encoding="utf-8")
    assert config_file.old(hub.dir)
    assert refused() == [(str(path), 2)]
    path.write_text(CONFIG_TEXT, encoding="utf-8")
    assert not config_file.old(hub.dir)
    assert refused() == []


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The directories whose file has been run: here, which is quicker than in a process."""
    run: list[Path] = []

    def tried(directory: Path, *, keeping: bool) -> Fault | None:
        run.append(directory)
        try:
            config_file._file(directory, keeping=keeping).get()
        except FileFault as error:
            return config_file._fault(directory, error)
        return None

    monkeypatch.setattr(config_file, "tried", tried)
    return run


def test_the_file_as_it_was_made_needs_no_trial_and_is_what_goes_on(
    tmp_path: Path, trials: list[Path]
):
    hub = create(tmp_path / "hub", port=free_ports())
    assert config_file.usable(hub.dir) == (hub.dir / CONFIG_FILE, None)
    assert trials == []
    (hub.dir / CONFIG_FILE).write_text(CONFIG_TEXT + "(", encoding="utf-8")
    path, fault = config_file.usable(hub.dir)
    assert path == hub.state / config_file.START
    assert fault is not None
    assert fault.since


def test_a_text_is_tried_once_by_the_same_programs(
    tmp_path: Path, trials: list[Path], monkeypatch: pytest.MonkeyPatch
):
    hub = create(tmp_path / "hub", port=free_ports())
    path = hub.dir / CONFIG_FILE
    path.write_text(CONFIG_TEXT + "c.Spawner.mem_limit = '1G'\n", encoding="utf-8")
    for _ in range(2):
        assert config_file.usable(hub.dir) == (path, None)
        assert len(trials) == 1
    # Another JupyterHub may judge otherwise; so may this one of another text.
    monkeypatch.setattr(config_file, "version", lambda name: f"another {name}")
    assert config_file.usable(hub.dir) == (path, None)
    assert len(trials) == 2
    path.write_text(CONFIG_TEXT + "c.JupyterHub.concurrent_spawn_limit = 'ten'\n", encoding="utf-8")
    assert config_file.usable(hub.dir)[1] is not None
    assert len(trials) == 3
    # What was refused is not remembered as accepted, nor is what went before under its text.
    assert config_file.usable(hub.dir)[1] is not None
    assert len(trials) == 4


def test_a_text_that_loads_another_file_is_tried_each_time(hub: HubDir, trials: list[Path]):
    assert config_file.usable(hub.dir)[1] is None
    (hub.dir / "more.py").write_text("c.Spawner.mem_limit = 1G\n", encoding="utf-8")
    assert config_file.usable(hub.dir)[1] is not None
    assert len(trials) == 2


def test_a_hub_that_never_had_a_good_one_does_not_start(tmp_path: Path):
    hub = create(tmp_path / "hub", port=free_ports())
    (hub.dir / CONFIG_FILE).write_text("c.JupyterHub.port = 'ten\n", encoding="utf-8")
    with pytest.raises(FileFault) as refused:
        config_file.usable(hub.dir)
    assert refused.value.where == f"{hub.dir / CONFIG_FILE}:1"
    (finding,) = [it for it in examine(hub.dir) if it.id == "file_refused"]
    assert finding.params["since"] == ""


def test_a_hub_that_is_started_with_a_mistake_serves_and_says_degraded(tmp_path: Path):
    hub = make_hub(tmp_path / "hub")
    assert config_file.usable(hub.dir)[1] is None
    (hub.dir / CONFIG_FILE).write_text(CONFIG_TEXT + "nothing_known\n", encoding="utf-8")
    with LiveHub(hub) as live:
        assert live.visitor("aigul-s").page(PREFIX).status_code == 200
        health = live.visitor().page(f"{PREFIX}_health").json()
        assert (health["status"], health["old_state"]) == ("degraded", ["."])
        assert f"{CONFIG_FILE}:{LINES + 1}" in live.log.read_text()
