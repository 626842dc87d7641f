"""What a receiver, a desk or the operator still needs to know of a handover."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.routing.plain import facts_from
from app.services.clients import Client
from app.services.lifecycle.own_routes import asked_consents
from app.services.lifecycle.table import ENDED, OPEN, REOPENED_WITHIN
from app.services.resources import Plain, Row
from app.services.sharing import is_refused

# Ids and states only (CONTRACT 5): the operator acts for a desk, and needs to know of nobody.
_SEES_STATES: Final = (frozenset({"operator"}), frozenset({"operator", "desk"}))
# What it is responsible for and another desk decides over: its own task, and of nobody (LAW E-16).
SEES_OWN_TASK: Final = frozenset({"municipality"})
# Ends after which it may go on (`reopen` of CONTRACT 5).
_MAY_RETURN: Final = frozenset({"completed", "stopped"})


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


def sees_states(row: Row, actors: frozenset[str], now: datetime) -> bool:
    """Whether these actors see ids and states alone: the operator, and whoever has no more to do with it.

    The referrer sees what it referred; who is responsible sees its task, until consent is withdrawn.
    """
    if "referrer" in actors:
        return False
    done = actors != SEES_OWN_TASK and not still_needs(row, now)
    return actors in _SEES_STATES or lost_consent(row) or done


def lists_states(row: Row, actors: frozenset[str], now: datetime) -> bool:
    """The same in a list, which opens nothing: of what has ended it cannot know whether consent is gone."""
    return sees_states(row, actors, now) or ("referrer" not in actors and row["status"] in ENDED)


def lost_consent_since(row: Row, receipts: Mapping[int, Plain], newest: int) -> bool:
    """Whether it had ended in another way before consent was withdrawn; the newest decision knows of that."""
    consents = facts_from(receipts[newest]["facts"]).consents
    asked = asked_consents(row, receipts[row["decision_version"]]["decision"])
    return row["status"] in ENDED and is_refused(asked, consents)


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
