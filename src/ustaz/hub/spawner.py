"""JupyterLab for those who may have one, behind walls.

Course staff have a desk: nbgrader's folders of their course, and nothing else of it
(:mod:`ustaz.base.desk`). Whoever else may start JupyterLab has a home. Either reaches answers
through the service only, and sees nothing of the hub or of others (:mod:`ustaz.hub.walls`).
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any, Final

from jupyterhub.spawner import SimpleLocalProcessSpawner
from tornado import web
from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from ustaz.base.desk import DESK_ENV, GRADEBOOK_ENV
from ustaz.base.errors import UstazError
from ustaz.base.programs import tools_path
from ustaz.course import Course
from ustaz.hub import desks, permissions, roles, walls
from ustaz.hub.settings import PREFIX, HubDir

CLOSED: Final = "No access to resources: JupyterLab"


class Closed(web.HTTPError):
    """JupyterLab is not open to this account."""

    #: What a page is told; without it JupyterHub says that a server failed.
    jupyterhub_message = CLOSED

    def __init__(self) -> None:
        super().__init__(403, CLOSED)


class UstazSpawnerMixin(LoggingConfigurable):
    """What is the same for every kind of spawner; stands before it among the bases."""

    user: Any
    name: str
    cmd: Any

    hub_directory = Unicode("", help="The hub directory.").tag(config=True)

    def desk(self) -> Course | None:
        """Return the course in whose directory this server works, if there is one."""
        return permissions.desks(HubDir.open(self.hub_directory), self.user.name).get(self.name)

    def get_env(self) -> dict[str, str]:
        """Tell the server where the course and the service are."""
        environment: dict[str, str] = super().get_env()  # type: ignore[misc]
        hub = HubDir.open(self.hub_directory)
        environment["PATH"] = tools_path()
        environment["USTAZ_SERVICE_URL"] = f"http://127.0.0.1:{hub.settings.inner_port + 2}{PREFIX}"
        environment["USTAZ_SERVICE_PREFIX"] = PREFIX
        mine, desk = self.memberships, self.desk()
        if desk is not None:
            environment["USTAZ_COURSE"] = str(desk.dir)
            environment[DESK_ENV] = str(desk.dir)
            mine = [desk.id, *(group for group in mine if group != desk.id)]
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
        if not (named and permissions.may_lab(hub, self.user.name)):
            # As JupyterHub says it where a scope is missing: the page has words for that.
            raise Closed
        self.cmd = [*await self.before(hub), sys.executable, "-m", "ustaz.hub.singleuser"]
        return await super().start()  # type: ignore[misc]

    async def before(self, hub: HubDir) -> list[str]:  # noqa: ARG002 - for those who need it
        """Return what stands before the program."""
        return []


class Walled(UstazSpawnerMixin, SimpleLocalProcessSpawner):  # type: ignore[misc]
    """Every server behind walls of its own, with an account of its own where the hub is root."""

    gradebook = Unicode("", help="Where a desk finds marks that are in PostgreSQL.")

    @property
    def home_dir(self) -> str:
        """Return the server's own folder in the hub directory."""
        return str(desks.home(HubDir.open(self.hub_directory), self.user.name, self.name))

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Name the home and what lies in it, and the gradebook where it is no file."""
        named: dict[str, str] = super().user_env(env)
        named["TMPDIR"] = "/tmp" if walls.possible().spaces else self.home_dir  # noqa: S108
        if self.gradebook:
            named[GRADEBOOK_ENV] = self.gradebook
        return named

    async def stop(self, now: bool = False) -> None:
        """Stop, and let nobody in with the password that the server had."""
        await super().stop(now)
        course = self.desk()
        if course is not None and course.database:
            try:
                await asyncio.to_thread(
                    roles.close_gradebook, course, f"{self.user.name}/{self.name}"
                )
            except UstazError as error:
                self.log.warning("the role of a desk stays: %s", error.id)

    async def before(self, hub: HubDir) -> list[str]:
        """Make what the server needs, and return its walls."""
        return await asyncio.to_thread(self._walls, hub)

    def _walls(self, hub: HubDir) -> list[str]:
        around, course = walls.possible(), self.desk()
        who, server = self.user.name, self.name
        owner = group = None
        if around.accounts:
            owner = desks.number(hub, f"desk {who}/{server}")
            group = desks.number(hub, f"course {course.id}") if course else None
        own = desks.make_home(hub, who, server, owner)
        words: list[str] = []
        self.gradebook = ""
        if course is not None:
            if course.database:
                self.gradebook = roles.open_gradebook(course, f"{who}/{server}")
            desks.make_folders(course, group)
            if not around.spaces:
                desks.open_the_way(hub, course, group)
        if around.spaces:
            seen = desks.view(hub, who, server, own, course)
            words += seen.command(own)
        if owner is not None:
            words += walls.account(owner, [] if group is None else [group])
        return words

    def make_preexec_fn(self, name: str) -> Any:  # noqa: ANN401
        """Begin where every account may be; what a desk writes is for its course's desks only."""
        start = "/" if walls.possible().spaces else self.home_dir
        umask = 0o007 if walls.possible().accounts else 0o077

        def prepare() -> None:
            os.umask(umask)
            os.chdir(start)

        del name
        return prepare


def spawner_class(hub: HubDir) -> type[Walled] | None:
    """Return the kind of spawner of a hub; None where its operator configures another one."""
    return None if hub.settings.walls == "own" else Walled
