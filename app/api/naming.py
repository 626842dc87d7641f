"""Names the municipalities of what is stored: services tell codes, answers also names (CONTRACT 1)."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from app.api.answers import answer
from app.reference import Reference

Plain = dict[str, Any]


def referral_answer(
    referral: Plain, reference: Reference, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A referral of the services as an answer."""
    return answer(named_referral(referral, reference), status, headers)


def handover_answer(handover: Plain, reference: Reference, headers: Mapping[str, str]) -> Response:
    """A handover of the services as an answer."""
    return answer(named_handover(handover, reference), headers=headers)


def named_referral(referral: Plain, reference: Reference) -> Plain:
    """A referral of the services with its municipalities as they are answered."""
    return {
        **referral,
        "handovers": [named_handover(handover, reference) for handover in referral["handovers"]],
        "advice": [_named(advice, "municipality", reference) for advice in referral["advice"]],
    }


def named_handover(handover: Plain, reference: Reference) -> Plain:
    """A handover of the services, or what lists show of it, with its municipality as it is answered."""
    return _named(handover, "responsibleMunicipality", reference)


def _named(found: Plain, field: str, reference: Reference) -> Plain:
    code = found[field]
    return {**found, field: {"code": code, "name": reference.name_of(code)} if code else None}
