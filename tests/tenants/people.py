"""Who asks: organisations of every kind, each with a credential for each role, and nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.clients import create_client, create_organisation, revoke_client

PARTY: Final = ("referrer", "team", "desk", "auditor", "directory_admin")
# Two schools and two receivers of each kind have something; the last of a kind has nothing at all.
ORGANISATIONS: Final = {
    "school": ("school", "00ZZ"),
    "other school": ("school", "00ZY"),
    "idle school": ("school", "00ZX"),
    "kampen": ("municipality", "0166"),
    "hardenberg": ("municipality", "0160"),
    "zwolle": ("municipality", "0193"),
    "enschede": ("municipality", "0153"),
    "idle municipality": ("municipality", "0148"),
    "region": ("regional_body", "MC10"),
    "other region": ("regional_body", "MC12"),
    "operator": ("operator", "operator"),
}
# It connects after a handover that is its task was made: no desk of it has that.
CONNECTS_LATE: Final = ("municipality", "0183")
# Each of their roles asks on its own as well.
BY_ROLE: Final = ("school", "kampen", "hardenberg", "operator")
NOBODY: Final = ("no key", "no such key", "wrong secret", "revoked key")


@dataclass(frozen=True, slots=True)
class Prober:
    """A credential: of whom, with which roles; without an organisation it is none that works."""

    name: str
    organisation: str
    roles: frozenset[str]
    authorization: str | None
    team_ids: frozenset[str] | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.authorization is None else {"Authorization": self.authorization}


async def make_people(connection: AsyncConnection, now: datetime) -> dict[str, Prober]:
    """A credential with all roles for each organisation, one for each role of some, one for a team."""
    made = {}
    for name, (kind, code) in ORGANISATIONS.items():
        roles = ("operator", "auditor", "directory_admin") if kind == "operator" else PARTY
        made[name] = await make_prober(connection, name, kind, code, *roles, now=now)
    for name in BY_ROLE:
        for role in (*PARTY, *(("operator",) if name == "operator" else ())):
            title = f"{name}, {role}"
            made[title] = await make_prober(connection, title, *ORGANISATIONS[name], role, now=now)
    teams = frozenset({"kampen-schuldhulp"})
    title = "kampen, one team"
    made[title] = await make_prober(connection, title, *ORGANISATIONS["kampen"], "team", now=now, teams=teams)
    return made | await _nobody(connection, made["school"], now)


async def make_prober(
    connection: AsyncConnection,
    name: str,
    kind: str,
    code: str,
    *roles: str,
    now: datetime,
    teams: frozenset[str] | None = None,
) -> Prober:
    """A credential of an organisation, which is made where it is missing."""
    organisation = await create_organisation(connection, kind=kind, code=code, name=code, now=now)
    key = await create_client(
        connection, organisation, label=name, roles=frozenset(roles), now=now, team_ids=teams
    )
    return Prober(name, code, frozenset(roles), f"Bearer {key}", teams)


async def _nobody(connection: AsyncConnection, school: Prober, now: datetime) -> dict[str, Prober]:
    revoked = await make_prober(connection, "revoked key", "school", "00ZZ", *PARTY, now=now)
    assert revoked.authorization
    assert school.authorization
    await revoke_client(connection, revoked.authorization.split("_")[1], now=now)
    keys = {
        "no key": None,
        "no such key": f"Bearer vr_{'0' * 16}_{'0' * 64}",
        "wrong secret": f"{school.authorization[:-64]}{'0' * 64}",
        "revoked key": revoked.authorization,
    }
    return {name: Prober(name, "", frozenset(), key) for name, key in keys.items()}
