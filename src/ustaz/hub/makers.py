"""Who makes courses of a hub on pages: a right that an operator gives, account by account."""

from __future__ import annotations

import json
from typing import Final

from filelock import FileLock

from ustaz.base import files
from ustaz.base.account import account_key
from ustaz.hub.settings import HubDir

FILE: Final = "course-makers.json"


def makers(hub: HubDir) -> frozenset[str]:
    """Return the accounts with the right; nobody where the file is damaged."""
    try:
        value = json.loads((hub.state / FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return frozenset()
    if not isinstance(value, list):
        return frozenset()
    return frozenset(account for account in value if isinstance(account, str))


def allow(hub: HubDir, account: str, *, allowed: bool = True) -> bool:
    """Give an account the right, or take it back; tell whether that changed anything."""
    key = account_key(account)
    with FileLock(hub.state / f"{FILE}.lock", timeout=10, mode=0o600):
        known = makers(hub)
        changed = known | {key} if allowed else known - {key}
        if changed != known:
            files.replace(hub.state / FILE, json.dumps(sorted(changed)).encode())
    return changed != known
