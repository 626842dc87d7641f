"""Whose consent a handover needs, and whether it is on record (LAW 7.1)."""

from app.routing.decision import RouteConsent
from app.routing.facts import Consent, ConsentGiver
from app.routing.rule import Rule


def route_consent(
    rule: Rule,
    receiver_kind: str | None,
    consents: tuple[Consent, ...],
    age: int | None,
    *,
    parents_involved: bool = False,
) -> RouteConsent:
    """The consent that a route needs (E-01 to E-06, E-09 to E-13) and whether it was given.

    `receiver_kind` is the primary receiver's. Without a known age the student's own is asked, and
    from 12 also where the parents may be involved in the violence: who may have done harm does not
    decide on the help against it (E-03, E-17).
    """
    if rule.consent is not None:
        return RouteConsent(rule.consent, given=True)
    if age is None or age >= 16 or (parents_involved and age >= 12):
        return RouteConsent("student", gave(consents, "student", receiver_kind))
    parent = gave(consents, "parent", receiver_kind)
    if age < 12:
        return RouteConsent("parent", parent)
    return RouteConsent("student_and_parent", parent and gave(consents, "student", receiver_kind))


def gave(consents: tuple[Consent, ...], giver: ConsentGiver, receiver_kind: str | None) -> bool:
    """Whether the giver's latest word on this receiver is a consent; refusal wins on the same day."""
    return _refused_last(consents, giver, receiver_kind) is False


def refused(consents: tuple[Consent, ...], giver: ConsentGiver, receiver_kind: str | None) -> bool:
    """Whether the giver's latest word on this receiver is a refusal: who said nothing has not refused."""
    return _refused_last(consents, giver, receiver_kind) is True


def _refused_last(
    consents: tuple[Consent, ...], giver: ConsentGiver, receiver_kind: str | None
) -> bool | None:
    words = [
        (consent.given_on, consent.refused)
        for consent in consents
        if consent.given_by == giver
        and consent.purpose == "referral"
        and (consent.recipients is None or receiver_kind in consent.recipients)
    ]
    return max(words)[1] if words else None
