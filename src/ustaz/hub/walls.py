"""The walls around a JupyterLab: namespaces of its own (bubblewrap), and an account of its own.

A hub that runs as root gives each server an account of its own, in namespaces of its own where
bubblewrap is installed. Any other hub puts each server into namespaces: it sees no process but its
own, and of the file system the programs, its home and, for staff, nbgrader's folders of the course.
Where neither can be had there is no JupyterLab.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ustaz.base.desk import FIRST_ID

SECONDS: Final = 20
PROGRAM: Final = "bwrap"
#: Of the system's settings what programs read; nothing in them is secret.
ETC: Final = (
    "alternatives", "ca-certificates", "fonts", "group", "host.conf", "hosts", "inputrc",
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias", "localtime", "magic",
    "mime.types", "nsswitch.conf", "os-release", "bash.bashrc", "python3",
    "resolv.conf", "ssl/certs", "ssl/openssl.cnf", "terminfo", "timezone", "jupyter",
)  # fmt: skip
TOP: Final = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
WHOLE: Final = ("/usr", "/nix/store", "/gnu/store")


@dataclass(frozen=True)
class Walls:
    """What this computer lets a hub put around a server.

    Attributes
    ----------
    accounts : bool
        Each server may have an account of its own.
    spaces : bool
        Each server may have namespaces of its own.
    why : str
        Why there are no namespaces: ``no_bwrap``, or what bubblewrap said.
    """

    accounts: bool
    spaces: bool
    why: str = ""

    @property
    def stand(self) -> bool:
        """Tell whether a JupyterLab may be started at all."""
        return self.accounts or self.spaces


@functools.cache
def possible() -> Walls:
    """Try what this computer offers; once in a process."""
    root = os.geteuid() == 0 if hasattr(os, "geteuid") else False
    spaces, why = _spaces(root=root)
    accounts = False
    if root:
        # Without a mount namespace the programs must be open to the account as they lie.
        tried = ["true"] if spaces else [sys.executable, "-I", "-c", "import ustaz, jupyterlab"]
        accounts, message = _runs([*account(FIRST_ID, []), *tried])
        why = why or message
        spaces = spaces and accounts
    return Walls(accounts, spaces, why)


def stand(setting: str) -> bool:
    """Tell whether servers may be started: behind our walls, or those of the operator's spawner."""
    return setting == "own" or possible().stand


def _spaces(*, root: bool) -> tuple[bool, str]:
    if shutil.which(PROGRAM) is None:
        return False, "no_bwrap"
    whole = ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 - inside
    return _runs([PROGRAM, *_own(root=root), *whole, "--", "true"])


def _runs(command: list[str]) -> tuple[bool, str]:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd="/"
        )
    except (OSError, subprocess.SubprocessError) as error:
        return False, type(error).__name__
    message = (done.stderr.strip().splitlines() or [f"{command[0]}: {done.returncode}"])[-1]
    return done.returncode == 0, "" if done.returncode == 0 else message[:200]


def _own(*, root: bool) -> list[str]:
    own = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    # Root needs no user namespace, and inside one it could not become another account.
    return [*own, *([] if root else ["--unshare-user"]), "--die-with-parent", "--new-session"]


def account(number: int, groups: Iterable[int]) -> list[str]:
    """Return what makes a program another account's, without any privilege."""
    listing = ",".join(map(str, groups))
    named = ["--groups", listing] if listing else ["--clear-groups"]
    ids = ["--reuid", str(number), "--regid", str(number), *named]
    return ["setpriv", *ids, "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--"]


@dataclass
class View:
    """What a server sees of the file system.

    Attributes
    ----------
    read, write : dict
        Place inside -> where it is outside.
    closed : list of Path
        Places of which nothing else is seen.
    private : list of Path
        Places in which no program lies, whatever the interpreter says.
    """

    read: dict[Path, Path] = field(default_factory=dict)
    write: dict[Path, Path] = field(default_factory=dict)
    closed: list[Path] = field(default_factory=list)
    private: list[Path] = field(default_factory=list)

    def command(self, start: Path) -> list[str]:
        """Return the command that puts a program behind these walls, to begin in `start`."""
        words = [PROGRAM, *_own(root=os.geteuid() == 0)]
        for name in TOP:
            path = Path("/") / name
            if path.is_symlink():
                words += ["--symlink", str(path.readlink()), str(path)]
            elif path.is_dir():
                words += ["--ro-bind", str(path), str(path)]
        words += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm"]  # noqa: S108
        steps: dict[Path, list[str]] = {Path("/tmp"): ["--perms", "1777", "--tmpfs", "/tmp"]}  # noqa: S108
        steps |= {path: ["--perms", "0755", "--tmpfs", str(path)] for path in self.closed}
        steps |= {path: ["--ro-bind", str(of), str(path)] for path, of in self._readable().items()}
        steps |= {path: ["--bind", str(of), str(path)] for path, of in self.write.items()}
        bound = {path for path, step in steps.items() if "bind" in step[0]}
        created: set[Path] = set()
        for place in sorted(steps, key=lambda step: step.parts):
            for above in reversed(place.parents):
                if (
                    above not in created
                    and above not in steps
                    and not bound & {above, *above.parents}
                ):
                    words += ["--perms", "0755", "--dir", str(above)]
                created.add(above)
            words += steps[place]
        for place in sorted(self.closed, key=lambda path: path.parts):
            words += ["--remount-ro", str(place)]
        return [*words, "--remount-ro", "/", "--chdir", str(start), "--"]

    def _readable(self) -> dict[Path, Path]:
        system = [Path(name) for name in WHOLE] + [Path("/etc") / name for name in ETC]
        present = [path for path in [*system, *programs()] if path.exists()]
        ours = [path for path in present if not any(path.is_relative_to(p) for p in self.private)]
        return {**{our: our for our in ours}, **self.read}


@functools.cache
def _import_path() -> tuple[str, ...]:
    # Of an interpreter that starts afresh: ours has the folder in it where the hub began.
    asked = [sys.executable, "-I", "-c", "import sys; print('\\n'.join(sys.path))"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=SECONDS, check=True)
    return tuple(line for line in done.stdout.splitlines() if line.startswith("/"))


def programs() -> list[Path]:
    """Return the folders that this Python and Ustaz are made of."""
    from ustaz_widgets import LABEXTENSIONS

    from ustaz.course import shipped_workbooks
    from ustaz.messages import locale_dir

    wanted = {Path(sys.prefix), Path(sys.base_prefix), Path(LABEXTENSIONS), locale_dir()}
    wanted |= {Path(name) for name in _import_path()} | {shipped_workbooks()}
    paths = {form for path in wanted if path.exists() for form in (path.absolute(), path.resolve())}
    paths -= {Path("/"), Path.home().resolve()}
    inside = [Path(name) for name in WHOLE]
    return sorted(
        path
        for path in paths
        if not any(path != two and path.is_relative_to(two) for two in [*paths, *inside])
        and path not in inside
    )
