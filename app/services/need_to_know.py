"""Whether a receiver or desk still needs to know whom a handover is about."""

from datetime import datetime

from app.services.clients import Client
from app.services.lifecycle.table import OPEN, REOPENED_WITHIN
from app.services.resources import Row

# Ends after which it may go on (`reopen` of CONTRACT 5).
_MAY_RETURN = frozenset({"completed", "stopped"})


def still_needs(row: Row, now: datetime) -> bool:
    """Whether it is open, or has ended in a way that may be reopened, and not so long ago (E-16).

    Who rejected it or passed it on, and whose support ended for want of consent, needs it no longer.
    """
    if row["status"] in OPEN:
        return True
    ended = row["ended_at"]
    recent = ended is not None and now - ended <= REOPENED_WITHIN
    return row["status"] in _MAY_RETURN and recent and not lost_consent(row)


def lost_consent(row: Row) -> bool:
    """Whether it ended because consent was refused or withdrawn: nothing of it is theirs any more (E-18)."""
    return bool(row["reason"] == "consent_withdrawn")


def known_as(client: Client, row: Row, now: datetime) -> tuple[str, ...]:
    """As which kinds of receiver the client may know who it is about; none where it only referred.

    A desk that decides over what another organisation received needs a consent of its own (LAW 7.1, E-16).
    """
    if row["status"] == "needs_consent" or not still_needs(row, now):
        return ()
    if client.roles.isdisjoint(("team", "desk")):
        return ()
    kind = row["team_kind"] or "access_desk"
    if client.organisation_id == row["receiver_organisation_id"]:
        return (kind,)
    return (kind, "access_desk") if client.organisation_id == row["desk_organisation_id"] else ()
