"""The status of a referral, from those of its handovers and advice (CONTRACT 4)."""

from collections.abc import Iterable

from app.services.lifecycle.table import OPEN


def referral_status(handovers: Iterable[str], advice: Iterable[str], last: Iterable[str] = ()) -> str:
    """Waiting for information, open, withdrawn by the last open one, or closed.

    `last` are the statuses of what ended last.
    """
    statuses = list(handovers)
    if "needs_information" in statuses:
        return "needs_information"
    if "open" in advice or not OPEN.isdisjoint(statuses):
        return "open"
    return "withdrawn" if "withdrawn" in last else "closed"
