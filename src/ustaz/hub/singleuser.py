"""The program of a spawned JupyterLab: Jupyter's own, in the right place, with our extensions."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def arguments() -> list[str]:
    """Return what Jupyter Server is told besides what the hub tells it."""
    from ustaz_widgets import LABEXTENSIONS

    desk = os.environ.get("USTAZ_DESK")
    listed = [
        "--ServerApp.jpserver_extensions={'ustaz': True}",
        "--Application.log_level=WARN",
        f"--LabApp.extra_labextensions_path={LABEXTENSIONS}",
        f"--JupyterNotebookApp.extra_labextensions_path={LABEXTENSIONS}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--ServerApp.root_dir={desk or Path.cwd()}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        listed.append("--ServerApp.allow_root=True")
    return listed


def main() -> None:
    """Run until the hub stops it."""
    desk = os.environ.get("USTAZ_DESK")
    if desk:
        os.chdir(desk)  # nbgrader reads its configuration from here
    from jupyterhub.singleuser import main as run

    from ustaz.server.serving import lighten

    lighten()
    sys.argv = [sys.argv[0], *arguments(), *sys.argv[1:]]
    run()


if __name__ == "__main__":
    main()
