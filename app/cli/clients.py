"""`verwijsroute clients`: gives, lists, replaces and takes back what organisations are let in by."""

import json
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

import typer

from app.adapters.clock import SystemClock
from app.cli.aligned import aligned
from app.cli.client_words import A_YEAR, client_row, last_moment
from app.cli.organisations import found_or_made
from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.errors import Conflict, NotFound
from app.resources import Resources
from app.services.clients import (
    create_client,
    list_clients,
    register_oauth_client,
    revoke_client,
    rotate_client,
)

Kind = Literal["school", "municipality", "regional_body", "operator"]


class Role(StrEnum):
    """What a key or OAuth client may do (CONTRACT 1)."""

    REFERRER = "referrer"
    TEAM = "team"
    DESK = "desk"
    AUDITOR = "auditor"
    DIRECTORY_ADMIN = "directory_admin"
    OPERATOR = "operator"


ONCE: Final = "This key is shown once and stored nowhere:"
Expires = Annotated[
    str | None,
    typer.Option(help="The last day on which it works, or `never`. A key works for a year without this."),
]
Quota = Annotated[
    int | None, typer.Option(min=0, help="Requests each window, where not as for others; 0 is no limit.")
]

application = typer.Typer(no_args_is_help=True, help="The API keys and OAuth clients of organisations.")


@application.command()
def create(
    kind: Annotated[Kind, typer.Argument(help="Kind of organisation.")],
    code: Annotated[
        str, typer.Argument(help="BRIN of a school, four digits of a municipality, code of a region (MC29).")
    ],
    name: Annotated[str, typer.Argument(help="Name of the organisation.")],
    roles: Annotated[list[Role], typer.Option("--role", help="What it may do; give it once per role.")],
    *,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    teams: Annotated[
        list[str] | None, typer.Option("--team", help="Limits the role team to these teams.")
    ] = None,
    expires: Expires = None,
    quota: Quota = None,
    oauth_client: Annotated[
        str | None, typer.Option(help="Instead of a key: the id of an OAuth client at its issuer.")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option(help="Issuer of the OAuth client, where the settings name several.")
    ] = None,
) -> None:
    """Give an organisation a key, or let an OAuth client in; make the organisation where it is missing."""
    may: dict[str, Any] = {
        "label": label,
        "roles": frozenset(map(str, roles)),
        "team_ids": frozenset(teams) if teams else None,
        "quota": quota,
    }
    place = {"kind": kind, "code": code, "name": name}
    if oauth_client:
        _register(place, may, oauth_client, issuer, expires)
    else:
        _give(place, may, expires)


def _give(place: dict[str, str], may: dict[str, Any], expires: str | None) -> None:
    async def work(resources: Resources) -> str:
        now = resources.clock.now()
        until = last_moment(expires, resources.clock.today(), A_YEAR)
        async with resources.database.transaction() as connection:
            organisation_id = await found_or_made(resources, connection, **place)
            return await create_client(connection, organisation_id, **may, now=now, expires_at=until)

    _show(with_resources(work))


def _register(
    place: dict[str, str], may: dict[str, Any], client_id: str, named: str | None, expires: str | None
) -> None:
    """Without a last day, unless one is given: its issuer gives it a token for hours at most."""

    async def work(resources: Resources) -> str:
        now, issuer = resources.clock.now(), _issuer(resources, named)
        until = last_moment(expires, resources.clock.today(), None)
        way: dict[str, Any] = {"issuer": issuer, "client_id": client_id}
        async with resources.database.transaction() as connection:
            organisation_id = await found_or_made(resources, connection, **place)
            return await register_oauth_client(
                connection, organisation_id, **way, **may, now=now, expires_at=until
            )

    try:
        print(with_resources(work))
    except Conflict:
        typer.echo("That OAuth client is registered already.", err=True)
        raise typer.Exit(DONE_WITH_FAULTS) from None


def _issuer(resources: Resources, named: str | None) -> str:
    """The issuer that was named, or the only one; one that the settings do not know is refused."""
    known = list(resources.settings.oauth_issuers)
    if named is None and len(known) == 1:
        return known[0]
    if named not in known:
        raise typer.BadParameter("one of VERWIJSROUTE_OAUTH_ISSUERS", param_hint="--issuer")
    return named


@application.command("list")
def list_keys(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List all keys and OAuth clients with their organisations; a secret cannot be shown again."""

    async def work(resources: Resources) -> list[dict[str, object]]:
        async with resources.database.transaction() as connection:
            return [dict(row) for row in await list_clients(connection)]

    keys = with_resources(work)
    if as_json:
        print(json.dumps(keys, default=str, ensure_ascii=False, indent=2))
        return
    now = SystemClock().now()
    if keys:
        print(aligned([client_row(key, now) for key in keys]))


@application.command()
def rotate(
    public_id: Annotated[str, typer.Argument(help="The middle part of the key: vr_<public id>_…")],
    *,
    hours: Annotated[float, typer.Option(min=0, max=720, help="How long the old key still works.")] = 24,
    expires: Expires = None,
) -> None:
    """Give a new key with the same rights; for a while both work."""

    async def work(resources: Resources) -> str:
        now, both = resources.clock.now(), timedelta(hours=hours)
        until = last_moment(expires, resources.clock.today(), A_YEAR)
        async with resources.database.transaction() as connection:
            return await rotate_client(connection, public_id, now=now, both_work_for=both, expires_at=until)

    try:
        key = with_resources(work)
    except NotFound:
        raise _no_such_key() from None
    _show(key)


@application.command()
def revoke(
    public_id: Annotated[
        str, typer.Argument(help="The middle part of the key, or the id of the registration.")
    ],
) -> None:
    """End a key or the registration of an OAuth client at once."""

    async def work(resources: Resources) -> None:
        async with resources.database.transaction() as connection:
            await revoke_client(connection, public_id, now=resources.clock.now())

    try:
        with_resources(work)
    except NotFound:
        raise _no_such_key() from None
    print("It has ended.")


def _show(key: str) -> None:
    typer.echo(ONCE, err=True)
    print(key)


def _no_such_key() -> typer.Exit:
    typer.echo("There is no working key with this public id.", err=True)
    return typer.Exit(DONE_WITH_FAULTS)
