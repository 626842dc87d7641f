"""Teams, schools and agreements one by one: find, list, register, change, end."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound, NotOwner, Overlap
from app.routing import Directory
from app.routing.directory import Agreement, Place, School, Team
from app.routing.plain import to_plain
from app.services.actors import Actor
from app.services.clients import Client
from app.services.directories import current_content, lock_directory, put_things
from app.services.directory_rows import Thing, to_row
from app.services.preconditions import Precondition
from app.services.resources import Plain

Registered = Team | School | Agreement
T = TypeVar("T", bound=Registered)


def registered(directory: Directory, kind: type[T]) -> tuple[T, ...]:
    """All of one kind in an edition, ended ones too, in the order of their ids."""
    of_kind: Mapping[type[Any], tuple[Any, ...]] = {
        Team: directory.teams,
        School: directory.schools,
        Agreement: directory.agreements,
    }
    return of_kind[kind]


def find_registered(directory: Directory, kind: type[T], id: str) -> T:
    """The one with this id; raises NotFound."""
    found = next((thing for thing in registered(directory, kind) if thing.id == id), None)
    if found is None:
        raise NotFound
    return found


def list_registered(
    directory: Directory, kind: type[T], wanted: Callable[[T], bool], after: str | None, limit: int
) -> tuple[list[T], str | None]:
    """The first that are wanted, by id and after one, and where the next page starts."""
    found = [thing for thing in registered(directory, kind) if thing.id > (after or "") and wanted(thing)]
    return found[:limit], found[limit - 1].id if len(found) > limit else None


async def register(
    connection: AsyncConnection,
    client: Client,
    thing: T,
    said: Precondition,
    now: datetime,
    correlation_id: str | None = None,
) -> bool:
    """Registers or changes one; returns whether it is new. The same content again changes nothing.

    Raises NotOwner, VersionRequired or VersionDiffers, and Overlap.
    """
    current, others = await _current(connection, thing)
    if current == thing:
        return False
    for owned in (thing, current):
        if owned is not None and not may_register(client, owned):
            raise NotOwner
    said.check(version_of(current) if current else None)
    if any(overlaps(thing, other) for other in others):
        raise Overlap
    await put_things(connection, [thing], now, _actor(client, correlation_id))
    return current is None


async def end_registration(
    connection: AsyncConnection,
    client: Client,
    thing: T,
    said: Precondition,
    *,
    today: date,
    now: datetime,
    correlation_id: str | None = None,
) -> None:
    """Lets the validity of a registered one end yesterday; it is never erased. One that has ended stays.

    `thing` is what the client saw. Raises NotFound, NotOwner, VersionRequired or VersionDiffers.
    """
    current, _ = await _current(connection, thing)
    if current is None:
        raise NotFound
    if not may_register(client, current):
        raise NotOwner
    said.check(version_of(current))
    yesterday = today - timedelta(days=1)
    if current.valid_to is None or current.valid_to > yesterday:
        ended = replace(current, valid_to=yesterday)
        await put_things(connection, [ended], now, _actor(client, correlation_id))


def may_register(client: Client, thing: Registered) -> bool:
    """Whether a client may change this: the operator all, an organisation what is its own.

    A team is its owner's, a school its own, an agreement the home municipality's: the mandate is
    hers to give (Awb 10:3).
    """
    if client.organisation_kind == "operator":
        return True
    return client.organisation_code == owner_of(thing)


def owner_of(thing: Registered) -> str:
    """The code of the organisation that a registered thing belongs to."""
    if isinstance(thing, Team):
        return thing.organisation
    return thing.brin if isinstance(thing, School) else thing.home_municipality


def version_of(thing: Registered) -> str:
    """The version of a registered thing: the digest of its content."""
    content = json.dumps(to_row(thing), default=str, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:32]


def overlaps(one: Thing, other: Thing) -> bool:
    """Whether two registrations claim the same for some day: a school's BRIN, an agreement's scope."""
    if isinstance(one, School) and isinstance(other, School):
        same = one.brin == other.brin
    elif isinstance(one, Agreement) and isinstance(other, Agreement):
        same = _scope(one) == _scope(other)
    else:
        return False
    return same and one.id != other.id and _share_a_day(one, other)


def registered_resource(thing: Registered, places: Mapping[str, Place]) -> Plain:
    """A registered thing as it is answered (CONTRACT 4)."""

    def shown(code: str) -> Plain:
        plain: Plain = to_plain(places[code].municipality)
        return plain

    plain: Plain = to_plain(thing)
    if isinstance(thing, Team):
        plain["coverage"]["municipalities"] = [shown(code) for code in thing.coverage.municipalities]
        plain["ages"] = {"from": plain.pop("ageFrom"), "to": plain.pop("ageTo")}
    names = {"municipality", "homeMunicipality", "coreMunicipality"} & plain.keys()
    return {**plain, **{name: shown(plain[name]) for name in names}}


def _actor(client: Client, correlation_id: str | None) -> Actor:
    role = "operator" if client.organisation_kind == "operator" else "directory_admin"
    return Actor(role, client.organisation_id, correlation_id)


async def _current(connection: AsyncConnection, thing: T) -> tuple[T | None, Iterable[Thing]]:
    """The newest registration with the same id, and all of that kind; nobody changes them meanwhile."""
    await lock_directory(connection)
    kind: Any = type(thing)
    of_kind = (await current_content(connection))[kind]
    current: Any = of_kind.get((thing.id,))
    return current, of_kind.values()


def _scope(agreement: Agreement) -> tuple[Any, ...]:
    limits = (agreement.schools, agreement.support_variants, agreement.provisions)
    return (
        agreement.home_municipality,
        agreement.core_municipality,
        *(None if limit is None else frozenset(limit) for limit in limits),
    )


def _share_a_day(one: Registered, other: Registered) -> bool:
    last, other_last = one.valid_to or date.max, other.valid_to or date.max
    return max(one.valid_from, other.valid_from) <= min(last, other_last)
