"""An import stores what the API stores of the same bodies, row for row."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.routing import Facts
from app.routing.facts import Consent
from app.services.clients import Client
from app.services.fingerprints import source_reference_index
from app.services.reading import OpenReferral
from tests.importing.conftest import Importer
from tests.services.conftest import SUBMISSION, TODAY, World

REFUSED: Final = (Consent(given_by="student", given_on=TODAY, purpose="referral", refused=True),)


def facts(*domains: Any, **changes: Any) -> Facts:
    return replace(SUBMISSION.facts, problem_domains=domains, **changes)


# Routed to one team and to several, with advice, waiting for each of the three, refused in part and whole.
FACTS: Final[Mapping[str, Facts]] = {
    "routed": facts("family_parenting"),
    "several": facts("family_parenting", "debts", "mental_health", "physical_health", "learning"),
    "no birth date": facts("family_parenting", birth_date=None),
    "no consent": facts("family_parenting", consents=()),
    "no home": facts("debts", "housing", home_municipality=None),
    "grown up": facts("debts", "income", birth_date=date(2005, 5, 15)),
    "refused": facts("family_parenting", consents=REFUSED),
    "refused, and advice": facts("family_parenting", "safety_violence", "absence_dropout", consents=REFUSED),
    "refused advice": facts("physical_health", consents=REFUSED),
    "refused in part": facts("family_parenting", "disability_phys", consents=REFUSED),
}
TABLES: Final[Mapping[str, str]] = {
    "referral": "SELECT * FROM referral WHERE id = $1",
    "decision": "SELECT * FROM decision WHERE referral_id = $1 ORDER BY version",
    "handover": "SELECT * FROM handover WHERE referral_id = $1 ORDER BY id",
    "advice": "SELECT * FROM advice WHERE referral_id = $1 ORDER BY id",
    "event": "SELECT * FROM event WHERE referral_id = $1 ORDER BY written",
    "access_log": "SELECT * FROM access_log WHERE referral_id = $1 ORDER BY id",
}
# Opened and compared, or drawn anew for each row.
SEALED: Final = {"wrapped_key", "identity", "reason", "receipt"}
# How each way asked: a request by its own id, an import by the import's; and the place in the log.
OF_THE_WAY: Final = {"correlation_id", "request_id", "activity", "credential_id", "written"}
# Keyed by the organisation: the same text gives each another.
KEYED: Final = {"source_reference_index", "content_fingerprint", "student_number_index", "subject_index"}
FIND: Final = "SELECT referral_id FROM import_row WHERE import_id = $1 AND number = $2"


class Seen:
    """What is stored of one referral, without what no two referrals share."""

    def __init__(self, owner: asyncpg.Connection, world: World, client: Client) -> None:
        self.owner, self.world = owner, world
        self._names: dict[UUID, str] = {client.organisation_id: "the school"}

    async def all_of(self, id: UUID) -> dict[str, Any]:
        """Every row of every table, identifiers by the order in which they are met; and what is sealed."""
        found = {table: await self.owner.fetch(query, id) for table, query in TABLES.items()}
        self._names |= {
            row["id"]: f"{n} of {t}" for t in found for n, row in enumerate(found[t]) if "id" in row
        }
        plain = {table: [self._plain(row) for row in rows] for table, rows in found.items()}
        return plain | {"opened": self._opened(found)}

    def _plain(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row; of the receipt and the like only whether there is any."""
        kept = {name: value for name, value in row.items() if name not in OF_THE_WAY}
        for name in (SEALED | KEYED) & kept.keys():
            kept[name] = kept[name] is not None
        return {name: self._names.get(v, v) if isinstance(v, UUID) else v for name, v in kept.items()}

    def _opened(self, found: Mapping[str, Any]) -> Any:
        [row] = found["referral"]
        if row["erased_at"]:
            return None
        opened = OpenReferral(row, self.world.keyring)
        receipts = [opened.receipt(one["version"], one["receipt"]) for one in found["decision"]]
        return opened.identity, opened.reason, receipts


async def test_what_is_imported_is_stored_as_what_is_submitted(
    importer: Importer, other_importer: Importer, owner: asyncpg.Connection
) -> None:
    world, other = importer.world, other_importer.client
    submitted = {}
    for name, case in FACTS.items():
        sent = await world.submit(other, source_reference=name, content=name.encode(), facts=case)
        submitted[name] = await Seen(owner, world, other).all_of(UUID(sent.referral["id"]))
    import_ = await importer.begin()
    rows = [importer.draft(n, name, facts=case) for n, (name, case) in enumerate(FACTS.items())]
    results = await importer.store(import_, *rows)
    imported = {}
    for name, result in zip(FACTS, results, strict=True):
        assert result.referral_id is not None
        imported[name] = await Seen(owner, world, importer.client).all_of(result.referral_id)
    assert imported == submitted
    assert [result.outcome for result in results] == [
        *("stored", "stored", "needs_information", "needs_consent", "needs_information"),
        *("stored", "needs_consent", "stored", "needs_consent", "needs_information"),
    ]


async def test_the_cases_are_all_that_can_become_of_a_referral(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    for name, case in FACTS.items():
        await importer.world.submit(source_reference=name, content=name.encode(), facts=case)
    statuses = {row["status"] for row in await owner.fetch("SELECT DISTINCT status FROM handover")}
    assert statuses >= {"offered", "needs_information", "needs_consent", "withdrawn"}
    assert await owner.fetchval("SELECT count(*) FROM advice")
    assert await owner.fetchval("SELECT count(*) FROM referral WHERE erased_at IS NOT NULL")
    key = source_reference_index(importer.world.keyring, importer.client.organisation_id, "routed")
    assert await owner.fetchval("SELECT count(*) FROM referral WHERE source_reference_index = $1", key)
