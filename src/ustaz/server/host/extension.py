"""The Jupyter Server extension ``ustaz``."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from tornado.web import Application, authenticated
from traitlets import Enum, Unicode

from ustaz.base.errors import CourseError
from ustaz.base.programs import with_tools_on_path
from ustaz.base.version import __version__
from ustaz.book.place import book_folder
from ustaz.course import Course, find_course
from ustaz.server.host import lab, logs, no_course, proxy
from ustaz.server.host.tornado import handlers
from ustaz.server.site import Site

BASE_ENV = "USTAZ_BASE_URL"
IN_FILES_ENV = "USTAZ_ANSWERS_IN_FILES"


def guard(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let in whoever Jupyter Server authenticates and authorises."""
    return authenticated(authorized(method))


class UstazApp(ExtensionApp):
    """Pages and calls of a course, beside JupyterLab."""

    name = "ustaz"
    app_name = "Ustaz"
    description = "Workbooks for non-positional teacher leadership"
    version = __version__
    extension_url = "/ustaz/"
    default_url = "/ustaz/"
    load_other_extensions = True
    file_url_prefix = "/lab/tree"

    course_dir = Unicode(
        "",
        help="Course directory; default: USTAZ_COURSE, then the server's root and what is above.",
    ).tag(config=True)
    book_dir = Unicode(
        "",
        help="Folder of the built book; default: USTAZ_BOOK, then `book` in the course directory.",
    ).tag(config=True)
    answers_in_files = Enum(
        ("own", "none"),
        "own",
        help="What the output of a workbook in a notebook holds for readers without widgets, and so"
        " what a saved notebook keeps: of one's own workbook what a facilitator reads of it"
        " (`own`; of somebody else's nothing unless the cell asks for it), or never an answer"
        " (`none`).",
    ).tag(config=True)

    site: Site | None = None
    target: proxy.Target | None = None
    absent: CourseError | None = None

    def initialize_settings(self) -> None:
        """Open the course, or know the service of a hub; else the extension stays silent."""
        # Kernels and what they print lead to the pages under the address that this server has.
        os.environ[BASE_ENV] = self._server.base_url
        if self.answers_in_files == "none":
            os.environ[IN_FILES_ENV] = self.answers_in_files
        self.target = proxy.Target.from_environment(os.environ)
        if self.target is not None:
            with_tools_on_path()
            self._log_with_the_server()
            # The notebook page learns from this which folders are courses.
            page = self._server.web_app.settings.setdefault("page_config_data", {})
            page["ustazCourses"] = " ".join(self.target.courses)
            page["ustazAway"] = proxy.away_in_every_language()
            return
        try:
            course = self._course()
        except CourseError as error:
            self.log.info("ustaz: no pages are served: %s %s", error.message, error.hint)
            self.absent = error
            return
        with_tools_on_path()
        self._log_with_the_server()
        self.site = Site(
            course,
            root=self._server.base_url,
            book_dir=Path(self.book_dir).resolve() if self.book_dir else book_folder(course.dir),
        )
        self.settings["ustaz_site"] = self.site
        from ustaz.grading.dates import follow

        self.site.pool.submit(follow, course)

    @property
    def _server(self) -> ServerApp:
        server = self.serverapp
        if server is None:  # an extension is linked before it is initialised
            raise RuntimeError("not linked to a server")
        return server

    def _log_with_the_server(self) -> None:
        ours = logging.getLogger("ustaz")
        ours.handlers = list(self.log.handlers)
        ours.setLevel(self.log.getEffectiveLevel())
        ours.propagate = False

    def _course(self) -> Course:
        if self.course_dir:
            return Course.open(self.course_dir, going_on=True)
        start = None if os.environ.get("USTAZ_COURSE") else self._server.root_dir
        return find_course(start, going_on=True)

    def initialize_handlers(self) -> None:
        """Put the pages behind Jupyter Server's own sign-in."""
        app: Application = self._server.web_app
        root = self._server.base_url
        files = lab.handlers(root, lambda: Path(self._server.root_dir), JupyterHandler, guard)
        app.add_handlers(".*$", files)
        if self.target is not None:
            app.add_handlers(".*$", proxy.handlers(self.target, root, JupyterHandler, guard))
        elif self.site is not None:
            # Styles and scripts say nothing of anybody, and what a secret address opens needs them.
            routes = handlers(self.site, JupyterHandler, guard, open_files=True)
            app.add_handlers(".*$", routes)
            logs.install(app.settings, self._server.log)
        elif self.absent is not None:
            app.add_handlers(".*$", no_course.handlers(root, JupyterHandler, guard, self.absent))

    async def stop_extension(self) -> None:
        """End the threads that answer."""
        if self.site is not None:
            self.site.pool.shutdown(wait=False, cancel_futures=True)


main = launch_new_instance = UstazApp.launch_instance
