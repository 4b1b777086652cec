"""The program of a spawned JupyterLab: Jupyter's own, in the right place, with our extensions.

A server that nobody uses stops by itself, and so does a kernel: what people write is kept by the
service, so nothing depends on either.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from ustaz.base.desk import DESK_ENV
from ustaz.base.light_start import without_iri_grammar

IDLE_KERNEL: Final = 60 * 60
IDLE_SERVER: Final = 2 * 60 * 60
LOOK: Final = 5 * 60
#: Seconds for which a server believes that a session goes on, after it has ended elsewhere.
ASK_AGAIN: Final = 20
#: Extensions that open nbgrader's database in the working directory: for course staff only.
FOR_STAFF: Final = (
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.validate_assignment",
)


def arguments(desk: str, home: Path) -> list[str]:
    """Return what Jupyter Server is told besides what the hub tells it.

    Parameters
    ----------
    desk : str
        The course directory, for its staff; else empty.
    home : Path
        For everybody else.
    """
    from ustaz.notebook.settings import lab_arguments

    extensions = {"ustaz": True, **({} if desk else dict.fromkeys(FOR_STAFF, False))}
    return [
        f"--ServerApp.jpserver_extensions={extensions}",
        "--Application.log_level=WARN",
        *lab_arguments(),
        "--LabApp.news_url=None",
        f"--ServerApp.root_dir={desk or home}",
        f"--ServerApp.shutdown_no_activity_timeout={IDLE_SERVER}",
        f"--MappingKernelManager.cull_idle_timeout={IDLE_KERNEL}",
        f"--MappingKernelManager.cull_interval={LOOK}",
        "--MappingKernelManager.cull_connected=True",
        f"--HubOAuth.cache_max_age={ASK_AGAIN}",
        f"--TerminalManager.cull_inactive_timeout={IDLE_SERVER}",
        f"--TerminalManager.cull_interval={LOOK}",
    ]


def main() -> None:
    """Run until the hub stops it."""
    desk, home = os.environ.get(DESK_ENV, ""), Path.cwd()
    if desk:
        os.chdir(desk)  # nbgrader reads its configuration from here
    else:
        from ustaz.hub.lab_home import prepare

        prepare(home)
    without_iri_grammar()
    from jupyterhub.singleuser import extension
    from jupyterhub.singleuser import main as run

    from ustaz.hub.logs import log_request, quieten

    quieten()
    extension.log_request = log_request  # JupyterHub's own writes the device's address
    sys.argv = [sys.argv[0], *arguments(desk, home), *sys.argv[1:]]
    run()


if __name__ == "__main__":
    main()
