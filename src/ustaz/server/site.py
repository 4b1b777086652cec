"""One course on one web address: everything an action may use besides the request.

The host is reached through one small port, :class:`Identify`. The Jupyter Server extension
passes :class:`OnOneMachine`; a service behind a hub passes its own, and the same actions serve
both.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote, urlencode

from ustaz.base.errors import CourseError
from ustaz.base.ledger import Ledger
from ustaz.base.throttle import Throttle
from ustaz.course import Course
from ustaz.course.identity import (
    PERSON_ENV,
    Identity,
    IdentityError,
    acting_as,
    from_account,
    from_environment,
)
from ustaz.server.assets import Assets
from ustaz.server.host.hub_protocol import Hub
from ustaz.server.i18n import Words
from ustaz.server.views.jobs import Runs
from ustaz.transcription import marks

API: str = "api/v1"


class Identify(Protocol):
    """The port to the host: who is asking."""

    def __call__(self, course: Course, account: str | None, acting: str | None) -> Identity | None:
        """Return who asks.

        Parameters
        ----------
        course : Course
        account : str or None
            The account that the host signed in, where it knows accounts.
        acting : str or None
            Demo only: the person chosen in this browser (from a signed cookie).

        Returns
        -------
        Identity or None
            None when a demo's visitor has chosen nobody yet.

        Raises
        ------
        IdentityError
            When the roster does not know the account.
        """


#: Whom the environment names as the server starts. Choosing somebody in a demo sets the variable
#: for nbgrader's pages in this process; another browser must not become that person by it.
_AT_START: Final = os.environ.get(PERSON_ENV, "")


def on_one_machine(course: Course, account: str | None, acting: str | None) -> Identity | None:
    """Identify on a person's own machine: the demo's choice, or the account's owner."""
    del account  # Jupyter Server's token says "somebody who may use this server", no more
    environment = {**os.environ, PERSON_ENV: _AT_START}
    if not course.demo:
        return from_environment(course, environment)
    try:
        return acting_as(course, acting) if acting else from_environment(course, environment)
    except (IdentityError, CourseError):
        return None


def by_account(course: Course, account: str | None, acting: str | None) -> Identity | None:
    """Identify by the account that the host signed in (a hub).

    Nobody acts as another there, in a demo neither: the accounts are what one tries out.
    """
    del acting
    return from_account(course, account or "")


@dataclass
class Site:
    """A course being served.

    Attributes
    ----------
    course : Course
    root : str
        The host's base URL, with slashes at both ends.
    at : str
        Where the pages lie below `root`, with a slash at the end.
    identify : Identify
        The port.
    hub : Hub or None
        What a hub that signs people in offers besides: its pages and its accounts.
    book_dir : Path
        Where the built book lies.
    lab : bool
        Whether JupyterLab and formgrader run beside (links to them are shown).
    pool : ThreadPoolExecutor
        Actions block, so they run here.
    """

    course: Course
    root: str = "/"
    at: str = "ustaz/"
    identify: Identify = on_one_machine
    book_dir: Path = Path("book")
    lab: bool = True
    hub: Hub | None = None
    assets: Assets = field(default_factory=Assets.shipped)
    throttle: Throttle = field(default_factory=Throttle)
    runs: Runs = field(default_factory=Runs)
    pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(8, thread_name_prefix="ustaz")
    )

    @property
    def base(self) -> str:
        """Return the address under which all pages lie."""
        return f"{self.root}{self.at}"

    @property
    def acting(self) -> bool:
        """Tell whether a visitor may choose whom to be: in a demo on one machine."""
        return self.course.demo and self.hub is None

    @property
    def cookie_path(self) -> str:
        """Return where the language's cookie is read: at a hub, on the sign-in page as well."""
        return "/" if self.hub else self.base

    @property
    def confirmations(self) -> Ledger:
        """Return what other parties confirmed about people's documents."""
        return Ledger(self.course.dir / "confirmations")

    @property
    def seen(self) -> Ledger:
        """Return which feedback people have opened."""
        return Ledger(self.course.dir / "seen")

    @property
    def entered(self) -> Ledger:
        """Return what was typed in for people who wrote on paper, and what they confirmed."""
        return Ledger(self.course.dir / marks.FOLDER)

    def url(self, *parts: str, **query: str) -> str:
        """Return the address of a page."""
        path = self.base + "/".join(quote(part, safe="") for part in parts)
        return f"{path}?{urlencode(query)}" if query else path

    def static(self, name: str) -> str:
        """Return the address of a static file with its content's hash."""
        return f"{self.base}static/{name}?v={self.assets.version(name)}"

    def lab_address(self, who: Identity) -> str:
        """Return under which address JupyterLab and formgrader run; empty where they do not."""
        if self.hub is not None:
            return self.hub.lab(who, self.course)
        return self.root if self.lab else ""

    def words(self, lang: str) -> Words:
        """Return the words of a language."""
        return Words(lang, self.course.timezone)
