"""``ustaz hub``: a hub directory, where people sign in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ustaz.base.errors import UstazError
from ustaz.cli import _exit
from ustaz.cli._book import book_option, offer
from ustaz.cli._course import say_each
from ustaz.cli._help import (
    PATH,
    Command,
    Group,
    directory_argument,
    json_option,
    only_with,
    option,
)
from ustaz.cli._output import Output
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.hub.settings import HubDir


@click.group(
    cls=Group,
    help=N_("A hub: one address where everybody signs in, for one or several courses."),
)
def hub() -> None:
    """Hold the commands of a hub."""


@hub.command(
    cls=Command,
    help=N_("Create a hub directory."),
    epilog="ustaz hub init /srv/ustaz/hub --name 'Teacher leadership'",
)
@directory_argument
@option("--name", default="", metavar="TEXT", help=N_("What stands on the sign-in page."))
@option("--port", type=click.IntRange(1, 65530), default=8000, metavar="P", help=N_("Port (8000)."))
@option(
    "--database",
    default="",
    metavar="URL",
    help=N_("A PostgreSQL database for everything; else SQLite and files."),
)
@option("--demo", is_flag=True, help=N_("With the demo course and accounts of invented people."))
@option(
    "--people",
    type=click.IntRange(1, 2000),
    default=30,
    metavar="N",
    help=N_("With --demo: how many invented teachers (30)."),
)
@book_option
@json_option
@click.pass_context
def init(
    ctx: click.Context,
    directory: Path,
    name: str,
    port: int,
    database: str,
    demo: bool,
    people: int,
    with_book: bool | None,
    as_json: bool,
) -> int:
    """Create a hub directory."""
    out = Output(ctx, as_json=as_json)
    only_with(ctx, "--demo", demo, "people")
    if demo:
        from ustaz.demo.hub import create_demo

        title = name or "Ustaz: demo"
        hub = create_demo(directory, people=people, port=port, name=title, database=database)
    else:
        from ustaz.hub.server import create

        hub = create(directory, name=name or "Ustaz", port=port, database=database)
    out.line(out.gettext("Created the hub directory {dir}.", dir=hub.dir), strong=True)
    offer(out, hub.dir, with_book=with_book)
    if not demo:
        out.line(
            out.gettext("Create a course with: ustaz new {dir}", dir=f"{directory}/courses/NAME")
        )
        out.line(
            out.gettext(
                "Enter the people, then invite the first: ustaz hub invite {dir} ACCOUNT",
                dir=directory,
            )
        )
    out.line(out.gettext("Start it with: ustaz hub serve {dir}", dir=directory))
    out.result(
        {
            "directory": str(hub.dir),
            "address": hub.settings.address,
            "courses": sorted(hub.courses()),
            "demo": demo,
        }
    )
    return _exit.OK


@hub.command(
    "serve",
    cls=Command,
    help=N_("Start the hub and keep it running."),
    epilog="ustaz hub serve /srv/ustaz/hub",
)
@directory_argument
@option(
    "--port",
    type=click.IntRange(1, 65530),
    metavar="P",
    help=N_("Another port than the settings name, and the three after it; this time only."),
)
@click.pass_context
def serve(ctx: click.Context, directory: Path, port: int | None) -> int:
    """Run JupyterHub."""
    from ustaz.hub import config_file
    from ustaz.hub.announce import announce_later
    from ustaz.hub.server import check_ports
    from ustaz.hub.server import serve as run
    from ustaz.hub.settings import OLD_ENV, PORT_ENV, HubDir

    if port is not None:
        os.environ[PORT_ENV] = str(port)
    hub = HubDir.open(directory)
    check_ports(hub, patience=2)
    config, old = config_file.usable(hub.dir)
    say_each(ctx, [fault for fault in (hub.fault, old) if fault])
    if old:
        os.environ[OLD_ENV] = "1"
    out = Output(ctx)
    courses = hub.courses()
    if not courses:
        out.line(out.gettext("There is no course in it yet."))
    inner = hub.settings.inner_port
    out.line(
        out.gettext(
            "Starting at port {port}; it also takes ports {first} to {last} of this computer.",
            port=hub.settings.port,
            first=inner,
            last=inner + 2,
        )
    )
    lines = [
        out.gettext("Open this address in a browser:"),
        f"\n    {hub.settings.address}/\n",
    ]
    if hub.settings.demo_password and hub.demo:
        lines.append(
            out.gettext(
                "Everybody in it is invented; the sign-in page names accounts and their password."
            )
        )
    lines.append(out.gettext("Stop with Ctrl+C. What people wrote is kept."))
    announce_later(hub, "\n".join(lines))
    run(hub, config)
    return _exit.ERROR


def _require_member(hub: HubDir, account: str) -> None:
    """Refuse an account that is in no course."""
    if not hub.memberships(account):
        raise UstazError(
            "unknown_account",
            N_("This account is in no course's roster."),
            N_("Enter the person in people.csv of a course; without an account it is their id."),
            exit_code=13,
        )


@hub.command(
    cls=Command,
    help=N_("Make an invitation or one-time code for an account, for instance the first of staff."),
    epilog="ustaz hub invite /srv/ustaz/hub saule-m",
)
@directory_argument
@click.argument("account", metavar="ACCOUNT")
@json_option
@click.pass_context
def invite(ctx: click.Context, directory: Path, account: str, as_json: bool) -> int:
    """Make a code."""
    from ustaz.base.account import account_key
    from ustaz.hub.database import session
    from ustaz.hub.settings import HubDir
    from ustaz.hub.signin import codes, holders

    out = Output(ctx, as_json=as_json)
    hub, account = HubDir.open(directory), account_key(account)
    _require_member(hub, account)
    with session(hub) as db:
        people = holders.present(hub, account)
        code, until = codes.make(db, account, by="operator", lasts=codes.INVITATION, people=people)
    link = hub.settings.code_link(account, code)
    when = until.astimezone(hub.settings.timezone)
    out.line(out.gettext("Name for signing in: {account}", account=account))
    out.line(out.gettext("One-time code: {code}", code=code), strong=True)
    out.line(out.gettext("Good for one use until {when}.", when=f"{when:%Y-%m-%d %H:%M}"))
    out.line(link)
    out.result({"account": account, "code": code, "link": link, "until": until.isoformat()})
    return _exit.OK


@hub.command(
    cls=Command,
    help=N_(
        "Let an account make courses on the pages, and close them; or take that right back.\n\n"
        "It counts in courses in which the account is course staff."
    ),
    epilog="ustaz hub allow /srv/ustaz/hub saule-m",
)
@directory_argument
@click.argument("account", metavar="ACCOUNT")
@option("--take-back", is_flag=True, help=N_("Take the right back."))
@json_option
@click.pass_context
def allow(ctx: click.Context, directory: Path, account: str, take_back: bool, as_json: bool) -> int:
    """Give the right to make courses, or take it back."""
    from ustaz.base.account import account_key
    from ustaz.hub import makers
    from ustaz.hub.settings import HubDir

    out = Output(ctx, as_json=as_json)
    hub, account = HubDir.open(directory), account_key(account)
    if not take_back:
        _require_member(hub, account)
    changed = makers.allow(hub, account, allowed=not take_back)
    if take_back:
        out.line(out.gettext("{account} makes no courses on the pages.", account=account))
    else:
        out.line(out.gettext("{account} may make courses on the pages.", account=account))
    out.result({"account": account, "allowed": not take_back, "changed": changed})
    return _exit.OK


@hub.command(
    cls=Command,
    help=N_(
        "Copy out what the computer of a hub needs besides: service, backup, web server, documents."
        "\n\nThis hub's paths, port, account and address are put in. TO is new or empty."
    ),
    epilog="ustaz hub templates /srv/ustaz/hub deploy",
)
@directory_argument
@click.argument("to", metavar="TO", type=PATH)
@json_option
@click.pass_context
def templates(ctx: click.Context, directory: Path, to: Path, as_json: bool) -> int:
    """Write the templates."""
    from ustaz.hub.deploying import copy_out
    from ustaz.hub.settings import HubDir

    out = Output(ctx, as_json=as_json)
    names = copy_out(HubDir.open(directory), to)
    out.line(out.gettext("Written to {dir}: {names}", dir=to, names=", ".join(names)), strong=True)
    out.line(out.gettext("Go on with {file}.", file=to / "docs" / "operating.md"))
    out.result({"directory": str(to), "files": names})
    return _exit.OK
