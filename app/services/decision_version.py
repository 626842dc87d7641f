"""Stores one more version of the decision on a referral, with the receipt that replays it."""

from datetime import date

from sqlalchemy import insert

from app.models import Decision
from app.routing import Decision as Decided, Facts
from app.services.lifecycle.storing import Storing
from app.services.receipts import decision_columns, receipt_of


async def store_decision(storing: Storing, facts: Facts, on: date, decision: Decided, version: int) -> None:
    """Stores a version of the decision with its receipt, made today."""
    referral = storing.referral
    receipt = receipt_of(facts, on, storing.today, decision)
    sealed = referral.seal(receipt, "decision", "receipt", version)
    values = {
        "referral_id": referral.row["id"],
        "version": version,
        "organisation_id": referral.row["organisation_id"],
        "created_at": storing.now,
        **decision_columns(decision, sealed),
    }
    await storing.connection.execute(insert(Decision).values(values))
