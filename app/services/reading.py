"""Opens what is sealed of a referral: who it is about, why, and the decisions with their receipts."""

from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import DataKey, Keyring
from app.models import Decision
from app.services.resources import Plain, Row
from app.services.sealed import row_name, unseal
from app.services.trail import concerns


class OpenReferral:
    """A referral's row with its data key at hand; opens one column at a time, none that is not asked.

    Whoever has it in a request looks at a person: that is noted here, once for all endpoints.

    Clocks are run without the key: one that is lost stops no term.
    """

    def __init__(self, row: Row, keyring: Keyring) -> None:
        self.row = row
        self.keyring = keyring
        self._name = row_name(row["organisation_id"], row["id"])
        self._keyring = keyring
        concerns(row["id"], row["organisation_id"])

    @cached_property
    def _key(self) -> DataKey:
        return self._keyring.open_data_key(self.row["key_id"], self.row["wrapped_key"], self._name)

    @property
    def identity(self) -> Plain:
        """`student`, `referrer` and `sourceReference` as they were sent."""
        identity: Plain = unseal(self._key, self.row["identity"], "referral", "identity", self._name)
        return identity

    @property
    def is_erased(self) -> bool:
        """Whether there is nothing to open any more."""
        return self.row["erased_at"] is not None

    @property
    def source_reference(self) -> str | None:
        """The referrer's own reference; none where it sent none, or the referral was erased."""
        reference: str | None = None if self.is_erased else self.identity["sourceReference"]
        return reference

    @property
    def reason(self) -> str | None:
        """The free text for the receiving team."""
        sealed = self.row["reason"]
        reason: str | None = sealed and unseal(self._key, sealed, "referral", "reason", self._name)
        return reason

    def seal(self, plaintext: bytes, table: str, column: str, part: int | UUID | None = None) -> bytes:
        """Seals what `dump` wrote for a column of this referral, a version of its decision or a handover."""
        row = self._name if part is None else f"{self._name}/{part}"
        return self._key.encrypt(plaintext, table=table, column=column, row=row)

    def notes(self, handover: Row) -> list[Plain]:
        """What was said with the steps of a handover, the oldest first."""
        sealed = handover["notes"]
        if sealed is None:
            return []
        notes: list[Plain] = unseal(self._key, sealed, "handover", "notes", f"{self._name}/{handover['id']}")
        return notes

    def receipt(self, version: int, sealed: bytes) -> Plain:
        """`facts`, `referenceDate`, `today` and `decision` of one version."""
        receipt: Plain = unseal(self._key, sealed, "decision", "receipt", f"{self._name}/{version}")
        return receipt

    async def receipts(self, connection: AsyncConnection) -> dict[int, Plain]:
        """The receipts of all versions of the decision; none where the referral was erased."""
        referral_id: UUID = self.row["id"]
        query = select(Decision.version, Decision.receipt).where(Decision.referral_id == referral_id)
        rows = await connection.execute(query)
        return {version: self.receipt(version, sealed) for version, sealed in rows if sealed}
