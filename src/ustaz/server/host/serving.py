"""``ustaz serve``: JupyterLab with our pages and formgrader, on this machine only."""

from __future__ import annotations

import os
import secrets
import sys
from typing import TYPE_CHECKING

from ustaz.base.light_start import without_iri_grammar
from ustaz.course import COURSE_ENV, Course
from ustaz.grading.participants_copies import hand_out
from ustaz.notebook.settings import lab_arguments

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def arguments(course: Course, port: int, *, open_browser: bool) -> list[str]:
    """Return what Jupyter Server is told. Only this machine reaches it."""
    languages = [
        f"--ServerApp.root_dir={course.dir}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.open_browser={open_browser}",
        "--ServerApp.jpserver_extensions={'ustaz': True}",
        "--ServerApp.default_url=/ustaz/",
        "--Application.log_level=WARN",
        f"--UstazApp.course_dir={course.dir}",
        *lab_arguments(),
    ]
    if not os.environ.get("JUPYTER_TOKEN"):
        languages.append(f"--IdentityProvider.token={secrets.token_hex(24)}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        languages.append("--ServerApp.allow_root=True")
    return languages


def prepare(course: Course) -> None:
    """Make this process the place that nbgrader expects: it reads the working directory."""
    os.chdir(course.dir)
    os.environ[COURSE_ENV] = str(course.dir)


def serve(
    course_dir: str | os.PathLike[str], port: int = 8888, *, open_browser: bool = True
) -> None:
    """Serve a course until it is interrupted, and say the one address to open.

    Parameters
    ----------
    course_dir : path
    port : int
        The next free one is taken when it is in use.
    open_browser : bool
    """
    course = Course.open(course_dir, going_on=True)
    prepare(course)
    hand_out(course)
    without_iri_grammar()
    from ustaz.server.host.extension import UstazApp

    argv = arguments(course, port, open_browser=open_browser)
    server: ServerApp = UstazApp.initialize_server(argv=argv)  # type: ignore[no-untyped-call]
    token = server.identity_provider.token
    address = f"http://127.0.0.1:{server.port}{server.base_url}ustaz/"
    sys.stdout.write(f"\nOpen this address in a browser:\n\n    {address}?token={token}\n\n")
    sys.stdout.write("Stop with Ctrl+C. What people wrote is kept.\n")
    sys.stdout.flush()
    server.start()
