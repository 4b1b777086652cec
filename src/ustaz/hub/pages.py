"""What the hub's own pages have in common: our templates, words, headers, and no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from jupyterhub.handlers.base import BaseHandler
from jupyterhub.utils import get_browser_protocol

from ustaz.hub.settings import PREFIX, HubSettings
from ustaz.hub.signin import sessions
from ustaz.messages import LANGUAGE_NAMES, N_
from ustaz.server.arguments import AnyBytes
from ustaz.server.assets import Assets
from ustaz.server.http import COMMON_HEADERS
from ustaz.server.i18n import Words, choose_language
from ustaz.server.templates import environment
from ustaz.server.views.labels import ROLES

FOLDER: Final = Path(__file__).parent / "templates"
#: No script at all, and forms go home only.
CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
ASSETS: Final = Assets.shipped()
YEAR: Final = 365

PROBLEMS: Final = {
    403: (
        N_("This page is not open to you."),
        N_("Your own pages are on the home page."),
    ),
    404: (
        N_("There is no such page."),
        N_("The address may be mistyped or old. The home page shows everything that is yours."),
    ),
    503: (
        N_("The course is being started."),
        N_("Wait a moment, then load this page again. What was saved is safe."),
    ),
}
#: How JupyterHub says that a form came without its token; on its sign-in page in other words.
NO_TOKEN: Final = ("xsrf", "form invalid or expired")
EXPIRED: Final = N_("This page was open for too long. Please try once more.")
HOME: Final = N_("Go to the home page")
FAULT: Final = (
    N_("Something went wrong here, not with you."),
    N_(
        "What was saved is safe. Try again in a moment; if it happens again, tell the course staff."
    ),
)


def render(
    template: str,
    words: Words,
    *,
    name: str,
    languages: tuple[str, ...],
    static: str,
    **more: Any,  # noqa: ANN401
) -> str:
    """Return a page of the hub, outside any course.

    Parameters
    ----------
    name : str
        The hub's.
    static : str
        The address under which ``site.css`` lies, with a slash at its end.
    """
    return (
        environment(FOLDER)
        .get_template(template)
        .render(
            _=words.gettext,
            ngettext=words.ngettext,
            words=words,
            lang=words.lang,
            languages=[(language, LANGUAGE_NAMES[language]) for language in languages],
            hub_name=name,
            role_name=lambda role: words.plain(ROLES[role][0]) if role in ROLES else role,
            static=lambda file: f"{static}{file}?v={ASSETS.version(file)}",
            **more,
        )
    )


def csp(settings: HubSettings) -> str:
    """Return the policy of a page with a form: after a sign-in it may lead to one's own server."""
    if not settings.subdomains:
        return CSP
    parts = urlsplit(settings.address)
    return CSP.replace(
        "form-action 'self'", f"form-action 'self' {parts.scheme}://*.{parts.netloc}"
    )


class HubPage(AnyBytes, BaseHandler):  # type: ignore[misc]
    """A page of the hub's process in the reader's language."""

    def words(self) -> Words:
        """Return the reader's words: address, then cookie, then browser."""
        settings = self.authenticator.hub_dir.settings
        lang = choose_language(
            settings.languages,
            self.get_query_argument("lang", None),
            self.get_cookie("ustaz-lang"),
            accept=self.request.headers.get("Accept-Language", ""),
        )
        return Words(lang, settings.timezone)

    def page(self, template: str, *, status: int = 200, **names: Any) -> None:  # noqa: ANN401
        """Send a page."""
        settings = self.authenticator.hub_dir.settings
        words = self.words()
        if self.get_query_argument("lang", None) == words.lang:
            self.set_cookie(
                "ustaz-lang", words.lang, expires_days=YEAR, path="/", samesite="Lax",
                secure=get_browser_protocol(self.request) == "https",
            )  # fmt: skip
        self.set_status(status)
        for header, value in COMMON_HEADERS.items():
            self.set_header(header, value)
        self.set_header("Content-Security-Policy", csp(settings))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(
            render(
                template,
                words,
                name=settings.name,
                languages=settings.languages,
                static=f"{self.hub.base_url}ustaz-static/",
                xsrf=self.xsrf_token.decode("ascii"),
                same=self.same_address,
                **names,
            )
        )

    def same_address(self, lang: str) -> str:
        """Return this page's address in another language, with what it was asked."""
        kept = {
            key: self.get_query_argument(key)
            for key in ("next", "username", "code")
            if self.get_query_argument(key, "")
        }
        return "?" + urlencode({**kept, "lang": lang})

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401
        """Say what happened in the reader's language, without a trace of the machinery."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        reason = str(getattr(error, "log_message", "")).lower()
        if status_code == 403 and any(phrase in reason for phrase in NO_TOKEN):
            # A form that lay open for hours: show it anew with what was typed, nothing was done.
            self.clear_cookie("_xsrf", path=self.hub.base_url)
            kept = {key: self.get_query_argument(key, "") for key in ("next", "username", "code")}
            kept["username"] = self.get_body_argument("username", "")[:64] or kept["username"]
            query = {key: value for key, value in kept.items() if value}
            self.redirect(f"{self.request.path}?{urlencode({**query, 'expired': '1'})}")
            return
        message, hint = PROBLEMS.get(status_code, FAULT)
        self.page("problem.html", status=status_code, message=message, hint=hint, home=PREFIX)

    @property
    def expired(self) -> str:
        """Return what is said where a form came without its token and is shown anew."""
        return EXPIRED if self.get_query_argument("expired", "") == "1" else ""

    async def end_sessions(self, user: Any) -> None:  # noqa: ANN401
        """End every session of a user, a running server's as well, before a new one begins."""
        await sessions.end_with_servers(self, user)
        self.clear_cookie(self.hub.cookie_name, path=self.hub.base_url)
        # Forget what this request came with, so that the next cookie is a new session's.
        self._jupyterhub_user = None
        self.set_session_cookie_anew()

    def set_session_cookie_anew(self) -> None:
        """Begin a new session id."""
        if hasattr(self, "_session_id"):
            del self._session_id
        self.set_session_cookie()
