"""Which tables row-level security guards and which are open to every organisation, with why (ADR 22)."""

from collections.abc import Mapping
from typing import Final

WALLED: Final[Mapping[str, str]] = {
    "credential": "whose keys there are, and what each may do",
    "referral": "whom a school refers, and why",
    "decision": "what was decided for one person",
    "idempotency": "which requests an organisation sent",
    "handover": "where somebody is helped",
    "advice": "whom a school is to call for somebody",
    "event": "what happens to a referral",
    "event_audience": "who has to do with which referral",
    "access_log": "who looked at whose record",
    "webhook_subscription": "where an organisation is told of what",
    "webhook_delivery": "what an organisation was told",
    "webhook_attempt": "when an organisation was told",
    "import": "which files an organisation imports, and how that goes",
    "import_row": "which of its own references a school imports, and what became of each",
    "import_part": "a file about whole cohorts, until it is imported",
    "import_erasure": "whose referral was erased, as an index, until an import ends",
}

OPEN: Final[Mapping[str, str]] = {
    "organisation": "who takes part is public: kind, code and name, and a receiver is found by its code",
    "directory_edition": "public, as are its editions before",
    "directory_organisation": "public",
    "team": "public: teams, not people",
    "school": "public",
    "agreement": "public: mandates between municipalities",
    "rulebook": "the law as data",
    "reference": "municipalities and postcodes, as published",
    "bucket": "how much a credential may still ask: a random id and a moment, read before it is known whose",
    "erasure_place": "where the ledger of erasures ends: one row for all",
    "worker_job": "how jobs of the service went: names and moments",
    "alembic_version": "the migration that the schema is at; read before anything else",
}
