"""``ustaz hub init`` and ``ustaz hub serve``: make a hub directory, and run JupyterHub on it."""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.base.programs import with_tools_on_path
from ustaz.config_files.usable_paths import refuse_occupied, refuse_path
from ustaz.course.listing import COURSES
from ustaz.database import HUB_FILE, problem
from ustaz.hub.settings import CONFIG_FILE, STATE, HubDir
from ustaz.messages import N_

CONFIG_TEXT: Final = """\
# JupyterHub's configuration. What one usually changes stands in ustaz-hub.toml; see docs/hub.md.
from pathlib import Path

from ustaz.hub import configure

c = get_config()  # noqa: F821
configure(c, str(Path(__file__).parent))

# Your own settings go below this line, for instance:
# c.JupyterHub.ssl_cert = "/etc/ssl/hub.pem"
"""

SETTINGS_TEXT: Final = """\
# Settings of this hub. Start it anew after a change.

# What stands on the sign-in page.
name = {name}
# Where it listens. 127.0.0.1 is reached from this computer only; put a web server with https in
# front (docs/operating.md), and write the address that people open below.
host = "127.0.0.1"
port = {port}
address = ""            # for instance "https://ustaz.example.kz"
# Three ports of this computer for its own use: this one and the next two. 0: after `port`.
inner_port = 0

# Empty: SQLite and files. Or one PostgreSQL database for accounts, answers and gradebooks:
# database = "postgresql://ustaz@localhost/ustaz"
database = {database}

# Who may start JupyterLab: "nobody", "staff" or "everybody".
lab = {lab}
languages = ["kk", "ru", "en"]
timezone = "Asia/Almaty"
{more}"""


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char for char in escaped if char.isprintable()) + '"'


def create(
    directory: Path,
    *,
    name: str = "Ustaz",
    port: int = 8000,
    database: str = "",
    lab: str = "staff",
    demo_password: str = "",
) -> HubDir:
    """Create a hub directory without courses.

    Raises
    ------
    UstazError
        ``not_empty``.
    """
    refuse_path(directory)
    why = problem(database) if database else ""
    if why:
        raise UstazError("bad_database", f"--database: {why}.", exit_code=2)
    refuse_occupied(directory)
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    (directory / COURSES).mkdir(mode=0o700)
    (directory / STATE).mkdir(mode=0o700)
    more = f"demo_password = {_toml(demo_password)}\n" if demo_password else ""
    text = SETTINGS_TEXT.format(
        name=_toml(name), port=port, database=_toml(database), lab=_toml(lab), more=more
    )
    files.write_new(directory / HUB_FILE, text.encode())
    (directory / CONFIG_FILE).write_text(CONFIG_TEXT, encoding="utf-8")
    return HubDir.open(directory)


def _alive(pid_file: Path) -> bool:
    """Tell whether the process that a file names is running."""
    try:
        os.kill(int(pid_file.read_text(encoding="ascii")), 0)
    except (OSError, ValueError):
        return False
    return True


def _why_not(host: str, port: int) -> int:
    """Return the number of the error that listening at a port ends with; 0 for none."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, proto) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            tried.listen(1)
    except OSError as error:
        return error.errno or 0
    return 0


def check_ports(hub: HubDir, *, patience: float = 0) -> None:
    """Refuse before anything starts where a port is taken: JupyterHub would end in a traceback.

    The proxy of a hub that was killed may still be there for a moment: JupyterHub ends it and takes
    its ports. So those are looked at only where no proxy of this hub runs. A hub that is running
    must never get that far: a second one would end its proxy.

    Parameters
    ----------
    hub : HubDir
    patience : float
        For how many seconds a port may still be busy: whoever stops a hub and starts it at once
        meets the end of the proxy before.

    Raises
    ------
    UstazError
        ``port_taken`` or ``port_closed``.
    """
    settings = hub.settings
    wanted = [("127.0.0.1", settings.inner_port + 1), ("127.0.0.1", settings.inner_port + 2)]
    if not _alive(hub.state / "proxy.pid"):
        wanted += [(settings.host, settings.port), ("127.0.0.1", settings.inner_port)]
    limit = time.monotonic() + patience
    for host, port in wanted:
        while (why := _why_not(host, port)) == errno.EADDRINUSE and time.monotonic() < limit:
            time.sleep(0.1)
        if why == errno.EADDRINUSE:
            raise UstazError(
                "port_taken",
                N_("The port {port} is in use: this hub is running already, or another program."),
                N_("Stop that one, or write another `port` into {file}."),
                exit_code=12,
                params={"port": port, "file": hub.dir / HUB_FILE},
            )
        if why in {errno.EACCES, errno.EPERM}:
            raise UstazError(
                "port_closed",
                N_("This account may not listen on the port {port}."),
                N_("Write a `port` above 1023 into {file}; docs/operating.md puts https in front."),
                exit_code=12,
                params={"port": port, "file": hub.dir / HUB_FILE},
            )


def serve(hub: HubDir, config: Path) -> None:
    """Become JupyterHub; returns only when that cannot be started.

    Parameters
    ----------
    hub : HubDir
    config : Path
        What JupyterHub is started with (:func:`ustaz.hub.config_file.usable`).
    """
    from ustaz.hub.node import proxy_command

    proxy_command()
    with_tools_on_path()
    # JupyterHub binds the form of somebody not yet signed in to their address; a phone that goes
    # from one network to the next while its owner types a password must not lose it.
    os.environ.setdefault("JUPYTERHUB_XSRF_ANONYMOUS_IP_CIDRS", "0.0.0.0/0;::/0")
    os.chdir(hub.state)
    arguments = [sys.executable, "-m", "ustaz.hub", "-f", str(config)]
    os.execv(sys.executable, arguments)  # noqa: S606 - the hub gets this process's signals itself
