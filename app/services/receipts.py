"""A decision as it is kept: what stands in plain columns, and the receipt that it can be made again from."""

from datetime import date
from typing import Any

from app.adapters.decision_json import compact_json, decision_json
from app.adapters.deflate import deflate
from app.routing.decision import Decision
from app.routing.facts import Facts
from app.routing.plain import to_plain


def decision_columns(decision: Decision, sealed_receipt: bytes) -> dict[str, Any]:
    """What stands of a decision in plain columns, and its receipt."""
    return {
        "outcome": decision.outcome,
        "rulebook_hash": decision.rulebook.hash,
        "directory_edition": decision.directory.edition,
        "read_for": decision.directory.read_for,
        "receipt": sealed_receipt,
    }


def receipt_of(facts: Facts, on: date, today: date, decision: Decision) -> bytes:
    """The decision with all that it was made from, to explain it and make it again, as `unseal` reads it."""
    told = {"facts": to_plain(facts), "referenceDate": on.isoformat(), "today": today.isoformat()}
    return deflate(compact_json(told)[:-1] + b',"decision":' + decision_json(decision) + b"}")
