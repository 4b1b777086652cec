"""What JupyterHub's own pages say instead of their English: one paragraph in each language.

These pages do not know the reader's language for certain (a proxy or a failed sign-in may stand
before them), so they say it in every language of the hub, the reader's own first.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ustaz.hub.pages import FAULT, HOME, PROBLEMS
from ustaz.hub.settings import PREFIX, HubDir
from ustaz.messages import N_, translator


class PageText(NamedTuple):
    """A page's words in one language."""

    lang: str
    title: str
    hint: str
    action: str
    home: str


#: What is the matter: title, hint, and what the button says.
KINDS: Final[dict[str, tuple[str, str, str]]] = {
    "starting": (
        N_("JupyterLab is starting."),
        N_("It opens by itself in a moment. You need not do anything."),
        "",
    ),
    "stopping": (
        N_("JupyterLab is stopping."),
        N_("As soon as it has stopped, it can be opened again. What was saved is safe."),
        "",
    ),
    "failed": (
        N_("JupyterLab could not be started."),
        N_("Nothing is lost. Try once more; if it happens again, tell the course staff."),
        N_("Try again"),
    ),
    "stopped": (
        N_("JupyterLab is not running."),
        N_("What you wrote in a workbook is safe, and what was not saved yet is kept in your"
           " browser. Open JupyterLab again, or go on writing on your home page."),
        N_("Open JupyterLab"),
    ),
    "home": (
        N_("Your pages"),
        N_("Your courses and workbooks are on the home page. JupyterLab is for those who need it."),
        N_("Open JupyterLab"),
    ),
    "closed": (
        N_("This is not open to you."),
        N_("Workbooks work without JupyterLab: yours are on the home page. If you need JupyterLab"
           " for your work, ask the course staff."),
        "",
    ),
}  # fmt: skip

#: How JupyterHub says that a scope is missing.
CLOSED: Final = ("No access to resources", "Action is not authorized", "You do not have permission")


def texts_for(hub: HubDir, user: Any, kind: str) -> list[PageText]:  # noqa: ANN401
    """Return a page's words in the languages of the hub."""
    return _in_every_language(hub, user, *KINDS[kind])


def problem(hub: HubDir, user: Any, status: object, message: object = "") -> list[PageText]:  # noqa: ANN401
    """Return what a page says when something is wrong."""
    code = int(str(status)) if str(status).isdecimal() else 500
    if code in {403, 404} and str(message).startswith(CLOSED):
        return texts_for(hub, user, "closed")
    return _in_every_language(hub, user, *PROBLEMS.get(code, FAULT))


def _in_every_language(
    hub: HubDir,
    user: Any,  # noqa: ANN401
    title: str,
    hint: str,
    action: str = "",
) -> list[PageText]:
    own = ""
    if user is not None:
        own = next((person.lang for _, person in hub.memberships(str(user.name))), "")
    languages = sorted(hub.settings.languages, key=lambda language: language != own)
    return [
        PageText(lang, say(title), say(hint), say(action) if action else "", say(HOME))
        for lang in languages
        for say in [translator(lang).gettext]
    ]


def template_vars(hub: HubDir) -> dict[str, Any]:
    """Return what our templates of JupyterHub's pages use; a function is given the reader."""
    return {
        "ustaz_said": lambda user: lambda kind: texts_for(hub, user, kind),
        "ustaz_problem": lambda user: (
            lambda status, message="": problem(hub, user, status, message)
        ),
        "ustaz_home": PREFIX,
    }
