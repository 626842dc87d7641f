"""The program without its filters: no condition on whose a row is, in statements and in the code."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import asyncpg
import pytest
from sqlalchemy import ColumnElement, true

from app.services import need_to_know
from app.services.clients import Client
from app.services.lifecycle import parties
from app.services.resources import Row

_WHOSE: Final = r"(?:\w+\.)?(?:\w*organisation_id|denied_by|responsible_municipality|roles|team_ids)"
_SAID: Final = r"\$\d+(?:::[\w\[\]]+)?"
# A column that says whose a row is, beside what the client is: by whichever operator.
_FILTER: Final = re.compile(
    rf"{_WHOSE} (?:=|<@|@>|IS NOT DISTINCT FROM|= ANY|IN) \(?(?:ARRAY\[)?{_SAID}\]?\)?"
    rf"|{_SAID} (?:=|= ANY|IN) \(?{_WHOSE}\)?"
)
# Any comparison of an organisation with what was said: what the above has not taken is a hole in this test.
_LEFT: Final = re.compile(rf"organisation_id\b[^,;()\n]{{1,30}}{_SAID}(?![\w:\[\]]|\)? OR true)")


@dataclass
class Removed:
    """What is taken out, what was, by the statement that it stood in, and what was left standing."""

    pattern: re.Pattern[str] = _FILTER
    filters: set[tuple[str, str]] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def strip(self, statement: str) -> str:
        """The statement with each filter true for every row; its parameters stay."""
        stripped = self.pattern.sub(partial(self._take, statement), statement)
        self.left |= {found[0] for found in _LEFT.finditer(stripped)}
        return stripped

    def _take(self, statement: str, found: re.Match[str]) -> str:
        before = statement[: found.start()].rstrip()
        if before.endswith(("SET", "VALUES (")):
            return found[0]
        self.filters.add((re.sub(r"\d+", "n", statement), found[0]))
        opened = found[0].count("(") - found[0].count(")")
        return f"({found[0]} OR true)" if not opened else found[0]


def stripping(removed: Removed) -> type[Any]:
    """A connection that takes filters out of every statement before the server sees it."""

    def stripped(name: str) -> Callable[..., Any]:
        async def ask(self: Any, query: str, *args: Any, **how: Any) -> Any:
            return await getattr(asyncpg.Connection, name)(self, removed.strip(query), *args, **how)

        return ask

    ways = ("prepare", "fetch", "fetchrow", "fetchval", "execute", "executemany")
    return type("Stripping", (asyncpg.Connection,), {name: stripped(name) for name in ways})


def connect_through(patch: pytest.MonkeyPatch, removed: Removed) -> None:
    """Lets the program connect with connections that take those filters out."""
    connect = partial(asyncpg.connect, connection_class=stripping(removed))
    patch.setattr("app.db.database.asyncpg.connect", connect)


def _everybody_is_seen(client: Client) -> ColumnElement[bool]:  # noqa: ARG001
    return true()


def _everybody_acts(client: Client, row: Row) -> frozenset[str]:
    """Whoever is nobody to a handover is everybody to it; what somebody may see of its own stays so."""
    return parties.actors_of(client, row) or frozenset({"referrer", "team", "desk"})


def _everybody_knows(client: Client, row: Row, *at: Any) -> tuple[str, ...]:
    if parties.actors_of(client, row):
        return need_to_know.known_as(client, row, *at)
    return ("neighbourhood_team",)


# Where Python compares whose something is. A name that is gone fails the test.
_IN_PYTHON: Final[dict[str, Callable[..., Any]]] = {
    "app.services.opened_referral.is_seen_by": _everybody_is_seen,
    "app.services.feed.is_seen_by": _everybody_is_seen,
    "app.services.seen_person.is_seen_by": _everybody_is_seen,
    "app.services.seen_handover.actors_of": _everybody_acts,
    "app.services.seen_handover.known_as": _everybody_knows,
    "app.services.subscription_rows._told_no_more_than": _everybody_is_seen,
}


@contextmanager
def without_filters() -> Iterator[Removed]:
    """Until the block ends, connections that are made and requests that are answered know no filters."""
    removed = Removed()
    with pytest.MonkeyPatch.context() as patch:
        connect_through(patch, removed)
        for name, open_to_all in _IN_PYTHON.items():
            patch.setattr(name, open_to_all)
        yield removed
