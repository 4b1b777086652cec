"""JupyterHub's configuration for a hub directory.

What an operator may want to change stands in ``ustaz-hub.toml``, or at the end of the directory's
``jupyterhub_config.py``, after the call of :func:`configure`.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any, Final

from jupyterhub.utils import subdomain_hook_idna

from ustaz.base.programs import tools_path
from ustaz.hub import permissions, walls
from ustaz.hub.hub_api import SCOPE, SCOPES
from ustaz.hub.logs import log_request, quieten
from ustaz.hub.node import proxy_command
from ustaz.hub.page_texts import template_vars
from ustaz.hub.secrets import secret
from ustaz.hub.settings import OLD_ENV, PORT_ENV, PREFIX, HubDir
from ustaz.hub.signin.authenticator import UstazAuthenticator
from ustaz.server.templates import FRAME

log = logging.getLogger("ustaz.hub")

SERVICE: Final = "ustaz"
ACCESS: Final = f"access:services!service={SERVICE}"
TEMPLATES: Final = (Path(__file__).parent / "hub_templates", FRAME)
SESSION_DAYS: Final = 14
COOKIES: Final = {"samesite": "Lax"}
#: A web server on this computer, whose word about a visitor's address is taken.
LOOPBACK: Final = ("127.0.0.1", "::1")
QUIET: Final = "USTAZ_QUIET"
#: Seconds after which the hub notices at the latest that its proxy died, and its service.
LOOK_SECONDS: Final = 1
SERVICE_SECONDS: Final = 0.2


def configure(config: Any, directory: str) -> None:  # noqa: ANN401
    """Fill JupyterHub's configuration object.

    Parameters
    ----------
    config : traitlets.config.Config
        The ``c`` of ``jupyterhub_config.py``.
    directory : str
        The hub directory.
    """
    quieten()
    hub = HubDir.open(directory)
    settings, state = hub.settings, hub.state
    state.mkdir(mode=0o700, exist_ok=True)
    inner = settings.inner_port

    config.JupyterHub.bind_url = f"http://{settings.host}:{settings.port}/"
    if settings.https:
        # What the web server before the hub says of itself is not always right; this is.
        config.JupyterHub.public_url = f"{settings.address}/"
    if settings.subdomains:
        config.JupyterHub.subdomain_host = settings.address
        config.JupyterHub.subdomain_hook = lab_domain
    config.JupyterHub.trusted_downstream_ips = list(LOOPBACK)
    config.JupyterHub.hub_bind_url = f"http://127.0.0.1:{inner + 1}/hub/"
    config.JupyterHub.db_url = database_url(hub)
    config.JupyterHub.cookie_secret_file = str(secret(state, "cookie_secret"))
    config.JupyterHub.cookie_max_age_days = SESSION_DAYS
    config.JupyterHub.default_url = PREFIX
    config.JupyterHub.template_paths = [str(folder) for folder in TEMPLATES]
    config.JupyterHub.template_vars = template_vars(hub)
    config.JupyterHub.allow_named_servers = True  # one for each course of staff: see `spawner`
    config.JupyterHub.tornado_settings = {
        "cookie_options": COOKIES,
        "xsrf_cookie_kwargs": {**COOKIES, "secure": settings.https},
        "log_function": log_request,
    }
    config.ConfigurableHTTPProxy.command = [*tied(), *proxy_command()]
    config.ConfigurableHTTPProxy.check_running_interval = LOOK_SECONDS
    look_after_the_service()
    if os.environ.get(QUIET):
        # Somebody tries it out in a terminal: the address must stay in sight.
        config.JupyterHub.log_level = "WARN"
        config.ConfigurableHTTPProxy.log_level = "warn"
    config.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{inner}"
    config.ConfigurableHTTPProxy.auth_token = secret(state, "proxy_token").read_text()
    config.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")

    config.JupyterHub.authenticator_class = UstazAuthenticator
    config.UstazAuthenticator.hub_directory = str(hub.dir)
    config.Authenticator.any_allow_config = True  # the rosters are the list of who may come
    config.Authenticator.auth_refresh_age = 60
    config.Authenticator.refresh_pre_spawn = True
    # Who left every list is let in no more by a token either, such as that of a running JupyterLab.
    config.Authenticator.auth_refresh_strict = True

    config.JupyterHub.custom_scopes = SCOPES
    config.JupyterHub.load_roles = roles()
    config.JupyterHub.services = [service(hub)]
    spawning(config, hub)


def lab_domain(name: str, domain: str, kind: str) -> str:
    """Return under which name a server is reached: people's own ones below it, the pages on it."""
    label: str = domain if kind == "service" else subdomain_hook_idna(name, domain, kind)
    return label


def roles() -> list[dict[str, Any]]:
    """Return the Hub's roles: least privilege, and JupyterLab by a group that the rosters fill."""
    return [
        {
            "name": "user",
            "description": "Signs in and opens the pages of Ustaz; starts nothing.",
            "scopes": [ACCESS, "read:users:name!user", "read:users:groups!user"],
        },
        {
            "name": "lab",
            "description": "Starts a JupyterLab of one's own.",
            "scopes": ["self"],
            "groups": [permissions.LAB_GROUP],
        },
        {
            "name": "ustaz-accounts",
            "description": "The service hands out codes on behalf of those who may.",
            "scopes": [SCOPE],
            "services": [SERVICE],
        },
    ]


def service(hub: HubDir) -> dict[str, Any]:
    """Return the one service, started and, when it dies, started again by the hub."""
    kept = {
        name: os.environ[name]
        for name in (
            QUIET,
            PORT_ENV,
            OLD_ENV,
            "USTAZ_NOW",
            "USTAZ_BOOK",
            "PYTHONUNBUFFERED",
            "COVERAGE_PROCESS_START",
        )
        if name in os.environ
    }
    return {
        "name": SERVICE,
        "url": f"http://127.0.0.1:{hub.settings.inner_port + 2}",
        "command": [*tied(), sys.executable, "-m", "ustaz.hub.service", str(hub.dir)],
        "cwd": str(hub.dir),
        "environment": {
            "PATH": tools_path(),
            # JupyterHub hands its own options on to spawned servers, but not to services.
            "JUPYTERHUB_COOKIE_OPTIONS": json.dumps(COOKIES),
            **kept,
        },
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": [ACCESS],
        "display": False,
    }


def tied() -> list[str]:
    """Return the beginning of a command that ends with this process, the hub."""
    return [sys.executable, "-I", str(Path(__file__).with_name("tied.py")), str(os.getpid())]


def look_after_the_service() -> None:
    """Let the hub look five times a second whether its service lives, not every thirty seconds.

    JupyterHub has no setting for it: it makes the service's spawner without its configuration, and
    its trait takes whole seconds.
    """
    from jupyterhub.services.service import _ServiceSpawner

    _ServiceSpawner.poll_interval = SERVICE_SECONDS


def database_url(hub: HubDir) -> str:
    """Return where the hub keeps accounts and sessions."""
    if not hub.settings.database:
        path = hub.state / "hub.sqlite"
        if not path.exists():
            path.touch(mode=0o600)
        return f"sqlite:///{path}"
    from ustaz.database import hub_url

    url: str = hub_url(hub.settings.database)
    return url


def spawning(config: Any, hub: HubDir) -> None:  # noqa: ANN401
    """Say how JupyterLab is started for those who may have one."""
    from ustaz.hub.spawner import spawner_class

    around = walls.possible()
    if hub.settings.lab != "nobody" and not walls.stand(hub.settings.walls):
        log.warning("JupyterLab is off, it would have no walls: %s; see ustaz doctor", around.why)
    ours = spawner_class(hub)
    if ours is not None:
        config.JupyterHub.spawner_class = ours
    config.UstazSpawnerMixin.hub_directory = str(hub.dir)
    config.Spawner.default_url = "/lab"
    config.Spawner.start_timeout = 120
    config.Spawner.http_timeout = 120
    config.Spawner.server_token_scopes = [
        "users:activity!user",
        "access:servers!server",
        ACCESS,
    ]
