"""`verwijsroute clients`: gives, lists, replaces and takes back the API keys of organisations."""

import json
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal

import typer

from app.adapters.clock import SystemClock
from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.errors import NotFound
from app.resources import Resources
from app.services.clients import (
    create_client,
    create_organisation,
    list_clients,
    revoke_client,
    rotate_client,
)

Kind = Literal["school", "municipality", "regional_body", "operator"]


class Role(StrEnum):
    """What a key may do (CONTRACT 1)."""

    REFERRER = "referrer"
    TEAM = "team"
    DESK = "desk"
    AUDITOR = "auditor"
    DIRECTORY_ADMIN = "directory_admin"
    OPERATOR = "operator"


ONCE: Final = "This key is shown once and stored nowhere:"

application = typer.Typer(no_args_is_help=True, help="The API keys of organisations.")


@application.command()
def create(
    kind: Annotated[Kind, typer.Argument(help="Kind of organisation.")],
    code: Annotated[
        str, typer.Argument(help="BRIN of a school, four digits of a municipality, code of a region.")
    ],
    name: Annotated[str, typer.Argument(help="Name of the organisation.")],
    roles: Annotated[list[Role], typer.Option("--role", help="What the key may do; give it once per role.")],
    *,
    label: Annotated[str, typer.Option(help="What the key is for.")] = "",
    teams: Annotated[
        list[str] | None, typer.Option("--team", help="Limits the role team to these teams.")
    ] = None,
) -> None:
    """Give an organisation a key, and make the organisation where it is missing."""

    async def work(resources: Resources) -> str:
        now = resources.clock.now()
        async with resources.database.transaction() as connection:
            organisation_id = await create_organisation(connection, kind=kind, code=code, name=name, now=now)
            return await create_client(
                connection,
                organisation_id,
                label=label,
                roles=frozenset(map(str, roles)),
                team_ids=frozenset(teams) if teams else None,
                now=now,
            )

    _show(with_resources(work))


@application.command("list")
def list_keys(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List all keys with their organisations; a secret cannot be shown again."""

    async def work(resources: Resources) -> list[dict[str, object]]:
        async with resources.database.transaction() as connection:
            return [dict(row) for row in await list_clients(connection)]

    keys = with_resources(work)
    if as_json:
        print(json.dumps(keys, default=str, ensure_ascii=False, indent=2))
        return
    now = SystemClock().now()
    for key in keys:
        ended = key["revoked_at"] or (
            key["expires_at"] if str(key["expires_at"] or "9") <= str(now) else None
        )
        state = (
            f"ended {ended}" if ended else f"expires {key['expires_at']}" if key["expires_at"] else "works"
        )
        owner = f"{key['kind']} {key['code']} {key['name']}"
        roles = ",".join(str(role) for role in key["roles"]) if isinstance(key["roles"], list) else ""
        print(f"{key['public_id']}  {owner}  {roles}  {state}  {key['label']}".rstrip())


@application.command()
def rotate(
    public_id: Annotated[str, typer.Argument(help="The middle part of the key: vr_<public id>_…")],
    *,
    hours: Annotated[float, typer.Option(min=0, max=720, help="How long the old key still works.")] = 24,
) -> None:
    """Give a new key with the same rights; for a while both work."""

    async def work(resources: Resources) -> str:
        now, both = resources.clock.now(), timedelta(hours=hours)
        async with resources.database.transaction() as connection:
            return await rotate_client(connection, public_id, now=now, both_work_for=both)

    try:
        key = with_resources(work)
    except NotFound:
        raise _no_such_key() from None
    _show(key)


@application.command()
def revoke(public_id: Annotated[str, typer.Argument(help="The middle part of the key.")]) -> None:
    """End a key at once."""

    async def work(resources: Resources) -> None:
        async with resources.database.transaction() as connection:
            await revoke_client(connection, public_id, now=resources.clock.now())

    try:
        with_resources(work)
    except NotFound:
        raise _no_such_key() from None
    print("The key has ended.")


def _show(key: str) -> None:
    typer.echo(ONCE, err=True)
    print(key)


def _no_such_key() -> typer.Exit:
    typer.echo("There is no working key with this public id.", err=True)
    return typer.Exit(DONE_WITH_FAULTS)
