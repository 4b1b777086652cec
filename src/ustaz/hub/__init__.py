"""Signing in: JupyterHub with Ustaz as one of its services.

The hub's process knows accounts, passwords and sessions (:mod:`.authenticator`, :mod:`.signin`);
the service's process knows courses and answers (:mod:`.service`). They talk over the hub's HTTP
API with the service's own token. Who may do what is decided by the rosters (:mod:`.rights`).

Names of this package are imported where they are needed: the command line must start without
JupyterHub.
"""

from __future__ import annotations

from typing import Any


def configure(config: Any, directory: str) -> None:  # noqa: ANN401
    """Configure JupyterHub for a hub directory; called by its ``jupyterhub_config.py``."""
    from ustaz.hub.config import configure as run

    run(config, directory)


__all__ = ["configure"]
