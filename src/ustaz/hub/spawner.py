"""JupyterLab for those who may have one.

Course staff work in the directory of their course, as the account that runs the hub: they are
trusted with everything in it. Whoever else may start JupyterLab gets a home of their own, and
reaches answers through the service only. On one account of the operating system nothing would
keep them from the files of others, so that is for demos; in a real course they need accounts.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Final

from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner
from tornado import web
from traitlets import Unicode

from ustaz.course import Course
from ustaz.errors import UstazError
from ustaz.hub import rights
from ustaz.hub.config import tools_path
from ustaz.hub.settings import PREFIX, HubDir

HOMES: Final = "homes"
CLOSED: Final = "No access to resources: JupyterLab"


class Closed(web.HTTPError):
    """JupyterLab is not open to this account."""

    #: What a page is told; without it JupyterHub says that a server failed.
    jupyterhub_message = CLOSED

    def __init__(self) -> None:
        super().__init__(403, CLOSED)


class UstazSpawnerMixin(LocalProcessSpawner):  # type: ignore[misc]
    """What is the same for every kind of account."""

    hub_directory = Unicode("", help="The hub directory.").tag(config=True)

    def desk(self) -> Course | None:
        """Return the course in whose directory this server works, if there is one."""
        return rights.desks(HubDir.open(self.hub_directory), self.user.name).get(self.name)

    def get_env(self) -> dict[str, str]:
        """Tell the server where the course and the service are."""
        environment: dict[str, str] = super().get_env()
        hub = HubDir.open(self.hub_directory)
        environment["PATH"] = tools_path()
        environment["USTAZ_SERVICE_URL"] = f"http://127.0.0.1:{hub.settings.inner_port + 2}{PREFIX}"
        environment["USTAZ_SERVICE_PREFIX"] = PREFIX
        mine, desk = self.memberships, self.desk()
        if desk is not None:
            environment["USTAZ_COURSE"] = str(desk.dir)
            environment["USTAZ_DESK"] = str(desk.dir)
            mine = [desk.id, *(one for one in mine if one != desk.id)]
        environment["USTAZ_SERVICE_COURSES"] = " ".join(mine)
        if "USTAZ_NOW" in os.environ:
            environment["USTAZ_NOW"] = os.environ["USTAZ_NOW"]
        return environment

    @property
    def memberships(self) -> list[str]:
        """Return the ids of the account's courses."""
        hub = HubDir.open(self.hub_directory)
        return [course.id for course, _ in hub.memberships(self.user.name)]

    async def start(self) -> Any:  # noqa: ANN401
        """Start, unless this account may not: the Hub's scopes say so, too."""
        hub = HubDir.open(self.hub_directory)
        # Without a name it is everybody's own one; with a name, the desk of one of the courses.
        named = not self.name or self.desk() is not None
        if not (named and rights.may_lab(hub, self.user.name)):
            # As JupyterHub says it where a scope is missing: the page has words for that.
            raise Closed
        self.cmd = [sys.executable, "-m", "ustaz.hub.singleuser"]
        return await super().start()


class OneAccount(UstazSpawnerMixin, SimpleLocalProcessSpawner):  # type: ignore[misc]
    """Every server runs as the account that runs the hub."""

    def _home(self) -> str:
        return str(Path(self.hub_directory) / "state" / HOMES / self.user.name)

    @property
    def home_dir(self) -> str:
        """Return the account's own folder in the hub directory."""
        return self._home()

    def make_preexec_fn(self, name: str) -> Any:  # noqa: ANN401
        """Make the folder, readable by its owner only."""
        home = self._home()

        def prepare() -> None:
            os.makedirs(home, mode=0o700, exist_ok=True)  # noqa: PTH103 - after a fork
            os.chdir(home)

        del name
        return prepare


class OwnAccounts(UstazSpawnerMixin):
    """Each server runs as its owner's account of the operating system."""


def spawner_class(hub: HubDir) -> type[LocalProcessSpawner]:
    """Return the kind of spawner that is safe for a hub.

    Raises
    ------
    UstazError
        ``lab_unsafe`` where everybody would share the account that owns the answers.
    """
    if hub.settings.lab != "everybody" or hub.demo:
        return OneAccount
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return OwnAccounts
    raise UstazError(
        "lab_unsafe",
        'lab = "everybody" would let everybody read everybody\'s files: all servers would run as'
        " one account.",
        'Use lab = "staff", or configure a spawner with accounts of their own; see docs/hub.md.',
    )
