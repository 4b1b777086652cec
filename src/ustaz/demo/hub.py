"""A hub of invented people, to be tried out on one computer with ``make hub``."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from ustaz.course.listing import COURSES
from ustaz.demo import create as create_course
from ustaz.hub.database import session
from ustaz.hub.server import create
from ustaz.hub.settings import HubDir

WORDS: Final = (
    "apple", "river", "steppe", "lamp", "chalk", "window", "garden", "snow", "bread", "saddle",
    "cloud", "paper", "bridge", "tulip", "wheel", "honey",
)  # fmt: skip
#: How many people have no password yet, only an invitation.
INVITED: Final = 2


def demo_password() -> str:
    """Return three words and a number: easy to type, and another one in every demo."""
    chosen = secrets.SystemRandom().sample(WORDS, 3)
    return "-".join([*chosen, str(secrets.randbelow(90) + 10)])


def create_demo(
    directory: Path,
    *,
    people: int = 30,
    port: int = 8000,
    seed: int = 1,
    name: str = "Ustaz: demo",
    database: str = "",
) -> HubDir:
    """Create a hub with the demo course, an account for nearly everybody in it, and JupyterLab.

    Parameters
    ----------
    directory : Path
        New or empty.
    people : int
        How many teachers.
    port : int
    seed : int
        As for the demo course.
    name, database : str
        As for any hub.
    """
    password = demo_password()
    hub = create(
        directory,
        name=name,
        port=port,
        database=database,
        lab="everybody",
        demo_password=password,
    )
    create_course(hub.dir / COURSES / "ustaz-demo", people=people, seed=seed)
    give_accounts(hub, password)
    return hub


def give_accounts(hub: HubDir, password: str) -> None:
    """Let everybody sign in with one password; the last participants are only invited."""
    from nativeauthenticator.orm import UserInfo

    from ustaz.hub.signin import passwords

    kept = passwords.hashed(password)
    with session(hub) as db:
        for course in hub.courses().values():
            participants = [person.person for person in course.with_role("participant")]
            invited = set(participants[-INVITED:]) if len(participants) > 2 * INVITED else set()
            for person in course.people.values():
                account = person.signs_in_as
                if person.person in invited or UserInfo.find(db, account):
                    continue
                db.add(UserInfo(username=account, password=kept, is_authorized=True))
        db.commit()
