"""``jupyterhub_config.py``: tried before the hub starts, and what it was when it was last good.

It is an operator's own program, read when the hub starts. So it is run beforehand in a process of
its own (``python -m ustaz.hub.config_file DIR``), with the files that it loads, and what it sets is
shown to JupyterHub. A hub never starts with a file that cannot be used where it has started with a
good one before.

That takes as long as JupyterHub's own start. So it is left out where it can say nothing new: for
the file as ``ustaz hub init`` wrote it, and for the text that the same programs accepted last, of
which a digest is kept. The state that would go on instead is that very text.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from ustaz.base import files
from ustaz.base.errors import FileFault, UstazError
from ustaz.base.light_start import without_iri_grammar
from ustaz.config_files.last_good import Fault, Key, keep, kept, read_bytes, visible_key
from ustaz.config_files.python_file import HINT, WHY, PythonFile, run
from ustaz.hub.server import CONFIG_TEXT
from ustaz.hub.settings import CONFIG_FILE, OLD_ENV, STATE
from ustaz.messages import N_

ID: Final = "bad_hub_config"
KIND: Final = "hub"
SECONDS: Final = 60
#: The digest of the text that was accepted last, and what accepted it.
ACCEPTED: Final = "accepted_config"
#: Whoever loads further files is run each time: those can change while the text stays.
LOADS: Final = b"load_subconfig"
#: What JupyterHub is started with instead.
START: Final = "last_good_config.py"
START_TEXT: Final = """\
# Written by `ustaz hub serve`, since jupyterhub_config.py could not be used.
from ustaz.hub.config_file import go_on

go_on(get_config(), {directory!r})
"""

_compiled: dict[Path, tuple[Key | None, bool]] = {}


def usable(directory: Path) -> tuple[Path, Fault | None]:
    """Return the file to start JupyterHub with, and why it is not the operator's own.

    Raises
    ------
    FileFault
        The file cannot be used and never could.
    """
    if _known(directory):
        return directory / CONFIG_FILE, None
    fault = tried(directory, keeping=True)
    if fault is None:
        _remember(directory)
        return directory / CONFIG_FILE, None
    if not fault.since:
        raise fault.error
    path = directory / STATE / START
    files.replace(path, START_TEXT.format(directory=os.fspath(directory)).encode())
    return path, fault


def _known(directory: Path) -> bool:
    """Tell whether a trial of the file could say nothing new; its text is then kept as good."""
    try:
        data = read_bytes(directory / CONFIG_FILE, ID)
    except FileFault:
        return False
    if data != CONFIG_TEXT.encode():
        before = kept(directory, CONFIG_FILE)
        if before is None or before[0] != data or LOADS in data:
            return False
        try:
            noted = (directory / STATE / ACCEPTED).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        if noted != _digest(data):
            return False
    keep(directory, CONFIG_FILE, data)
    return True


def _remember(directory: Path) -> None:
    """Note which text was accepted, by what; it is the one that was kept."""
    before = kept(directory, CONFIG_FILE)
    if before is not None:
        with suppress(OSError):
            files.replace(directory / STATE / ACCEPTED, _digest(before[0]).encode())


def _digest(data: bytes) -> str:
    """Return what changes with the text and with the programs that judge it."""
    programs = (f"{name} {version(name)}" for name in ("jupyterhub", "traitlets", "ustaz"))
    return "\n".join(
        [hashlib.sha256(data).hexdigest(), f"python {platform.python_version()}", *programs, ""]
    )


def fault_of(directory: Path) -> Fault | None:
    """Return why a hub does not start with the file as it stands, for whoever only looks.

    It is run where this account has started the hub before; else it is only compiled.
    """
    started = kept(directory, CONFIG_FILE) is not None
    if started and (directory / STATE).stat().st_uid == os.geteuid():
        return tried(directory, keeping=False)
    return _fault(directory, _syntax(directory))


def old(directory: Path) -> bool:
    """Tell whether a running hub has an older state in force, or would have after a new start."""
    if os.environ.get(OLD_ENV):
        return True
    path = directory / CONFIG_FILE
    key = visible_key(path)
    if path not in _compiled or _compiled[path][0] != key:
        _compiled[path] = (key, _syntax(directory) is not None)
    return _compiled[path][1]


def go_on(config: Any, directory: str) -> None:  # noqa: ANN401 - JupyterHub's
    """Fill JupyterHub's configuration with the last good state of the operator's file."""
    root = Path(directory)
    before = kept(root, CONFIG_FILE)
    if before is None:
        raise UstazError(ID, f"There is no last good state of {CONFIG_FILE}.")
    source = _file(root, keeping=False).kept_source
    run(before[0], root / CONFIG_FILE, ID, source, config)


def tried(directory: Path, *, keeping: bool) -> Fault | None:
    """Run the file in a process of its own; return why it cannot be used."""
    command = [sys.executable, "-m", "ustaz.hub.config_file", str(directory)]
    if keeping:
        command.append("keep")
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, cwd=directory / STATE,
            stdin=subprocess.DEVNULL, check=False, errors="replace",
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None  # nothing is known of it
    answer = (done.stdout.splitlines() or [""])[-1]
    try:
        verdict = json.loads(answer)
    except ValueError:
        verdict = {"file": str(directory / CONFIG_FILE), "line": 0, "field": "", "why": WHY,
                   "params": {"error": f"exit {done.returncode}"}}  # fmt: skip
    if not verdict:
        return None
    error = FileFault(
        ID,
        Path(verdict["file"]),
        verdict["line"],
        verdict["field"],
        verdict["why"],
        HINT,
        params=verdict["params"],
    )
    return _fault(directory, error)


def _fault(directory: Path, error: FileFault | None) -> Fault | None:
    if error is None:
        return None
    before = kept(directory, CONFIG_FILE)
    return Fault(KIND, error, before[1] if before else "")


def _syntax(directory: Path) -> FileFault | None:
    path = directory / CONFIG_FILE
    try:
        compile(read_bytes(path, ID), os.fspath(path), "exec")
    except FileFault as error:
        return error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        why = getattr(error, "msg", "") or str(error)
        return FileFault(ID, path, line, "", WHY, HINT, params={"error": why[:200]})
    return None


def _file(directory: Path, *, keeping: bool) -> PythonFile:
    return PythonFile(
        directory, CONFIG_FILE, kind=KIND, id=ID, going_on=False, keeping=keeping, check=_accepted
    )


def _accepted(config: Any, data: bytes, path: Path) -> None:  # noqa: ANN401 - a Config
    """Show what was set to JupyterHub, which says no to a value of the wrong kind."""
    from jupyterhub.app import JupyterHub
    from traitlets import TraitError

    try:
        JupyterHub(config=config)
    except TraitError as error:
        why = " ".join(str(error).split())
        name = re.search(r"'(\w+)' trait", why)
        field = f"JupyterHub.{name[1]}" if name else ""
        lines = data.decode("utf-8", "replace").splitlines()
        line = next((n for n, text in enumerate(lines, 1) if field and field in text), 0)
        params = {"error": why[:200]}
        text = N_("JupyterHub cannot use it ({error})")
        raise FileFault(ID, path, line, field, text, HINT, params=params) from None


def main() -> None:
    """Run the file that the command line names the directory of; print a verdict."""
    without_iri_grammar()
    file = _file(Path(sys.argv[1]), keeping="keep" in sys.argv[2:])
    verdict: dict[str, Any] = {}
    try:
        with suppress(SystemExit):
            file.get()
    except FileFault as error:
        verdict = {"file": str(error.path), "line": error.line, "field": error.field,
                   "why": error.why, "params": error.params}  # fmt: skip
    print("\n" + json.dumps(verdict, default=str), flush=True)  # noqa: T201 - to whoever asked
    os._exit(0)  # whatever threads the operator's own program has begun


if __name__ == "__main__":
    main()
