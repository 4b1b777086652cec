"""What a hub's computer needs besides the program, copied out with this hub's own paths in it.

The templates of ``deploy/`` name the places of ``docs/operating.md``; whoever installed a wheel has
no checkout to copy them from.
"""

from __future__ import annotations

import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ustaz.base.errors import UstazError
from ustaz.base.shipped import shipped
from ustaz.config_files.usable_paths import refuse_occupied
from ustaz.hub.settings import HubDir
from ustaz.messages import N_

DOCUMENTS: Final = "docs"
#: What systemd and web servers read as it stands, without quotation marks.
PLAIN: Final = re.compile(r"[\w./@:+=-]+\Z")


def copy_out(hub: HubDir, to: Path) -> list[str]:
    """Write the templates and the documents into `to`; return the names at its top.

    Raises
    ------
    UstazError
        ``not_empty``, or ``bad_path`` where a path could not stand in these files; nothing was
        changed.
    """
    refuse_occupied(to)
    target = to.resolve()
    values = _values(hub, target)
    for value in values.values():
        if not PLAIN.match(value):
            raise UstazError(
                "bad_path",
                N_("The path {path} cannot stand in the settings of a service."),
                N_("Use a place whose path has no spaces and no special characters."),
                exit_code=12,
                params={"path": value},
            )
    # The longer ones first: the hub's directory lies in that of its account.
    pattern = re.compile("|".join(f"{re.escape(name)}\\b" for name in sorted(values, reverse=True)))
    to.mkdir(parents=True, exist_ok=True)
    source = shipped("deploy")
    for path in sorted(source.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            if path.suffix in {".service", ".conf"} or path.name == "Caddyfile":
                text = pattern.sub(lambda match: values[match[0]], text)
            name = target / path.relative_to(source)
            name.parent.mkdir(exist_ok=True)
            name.write_text(text, encoding="utf-8")
    shutil.copytree(shipped(DOCUMENTS), target / DOCUMENTS)
    shutil.copyfile(shipped("CHANGELOG.md"), target / "CHANGELOG.md")
    return sorted(path.name for path in target.iterdir())


def _values(hub: HubDir, to: Path) -> dict[str, str]:
    """Return what stands in the templates -> what is so here."""
    program = Path(sys.executable).with_name("ustaz")
    values = {
        "/opt/ustaz/.venv/bin/ustaz": str(program),
        "/opt/ustaz/deploy/pages": str(to / "pages"),
        "/srv/ustaz/hub": str(hub.dir),
        "/srv/ustaz": str(hub.dir.parent),
        "127.0.0.1:8000": f"127.0.0.1:{hub.settings.port}",
    }
    if hub.settings.https:
        values["ustaz.example.kz"] = str(urlsplit(hub.settings.address).hostname)
    with suppress(KeyError, NotImplementedError):  # an account that the system has no name for
        if (owner := hub.dir.owner()) != "root":  # a hub never runs as root
            values |= {"User=ustaz": f"User={owner}", "Group=ustaz": f"Group={hub.dir.group()}"}
    if any(path.is_relative_to(home) for path in (program, hub.dir) for home in ("/home", "/root")):
        values["ProtectHome=true"] = "ProtectHome=read-only"
    return values
