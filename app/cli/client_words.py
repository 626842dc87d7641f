"""How `verwijsroute clients` reads days and writes its list."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import typer

from app.adapters.clock import AMSTERDAM

NEVER: Final = "never"
# A key that nobody replaces is one that nobody looks after.
A_YEAR: Final = timedelta(days=365)


def end_of(day: date) -> datetime:
    """The moment at which a last day is over, in the Netherlands."""
    return datetime.combine(day + timedelta(days=1), time(), AMSTERDAM)


def last_moment(text: str | None, today: date, otherwise: timedelta | None) -> datetime | None:
    """The end of the day that `--expires` names; None for `never`, and `otherwise` from today without it."""
    if text == NEVER or (text is None and otherwise is None):
        return None
    try:
        day = today + (otherwise or A_YEAR) if text is None else date.fromisoformat(text)
    except ValueError:
        day = today
    if day <= today:
        raise typer.BadParameter(f"a later day as YYYY-MM-DD, or {NEVER}", param_hint="--expires")
    return end_of(day)


def client_row(client: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
    """One row of the list."""
    return (
        client["public_id"],
        f"{client['kind']} {client['code']} {client['name']}",
        ",".join(client["roles"]),
        f"{client['client_id']} of {client['issuer']}" if client["issuer"] else "",
        _state(client, now),
        f"last used {client['last_used_on']}" if client["last_used_on"] else "never used",
        f"quota {client['quota']}" if client["quota"] is not None else "",
        client["label"],
    )


def _state(client: Mapping[str, Any], now: datetime) -> str:
    ended, expires = client["revoked_at"], client["expires_at"]
    if ended or (expires and expires <= now):
        return f"ended {ended or expires:%Y-%m-%d}"
    return f"expires {expires.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}" if expires else "works"
