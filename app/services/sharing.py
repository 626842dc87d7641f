"""Whether a receiver may know whom a route is about: the consent that it needs covers this receiver."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.routing.consent import gave
from app.routing.facts import Consent, ConsentGiver

# Who must have given it, by what a route requires (LAW 7.1); nobody where the law itself allows it.
GIVERS: Final[Mapping[str, tuple[ConsentGiver, ...]]] = {
    "student": ("student",),
    "parent": ("parent",),
    "student_and_parent": ("student", "parent"),
    "not_required_veilig_thuis": (),
    "not_required_statutory_report": (),
    "vital_interest": (),
}


def may_share(required: str, receiver_kind: str, consents: tuple[Consent, ...]) -> bool:
    """Whether everyone whose consent is required gave it for this kind of receiver.

    A decision tells it of the primary receiver; who stands alongside or bridges needs his own.
    """
    return all(gave(consents, giver, receiver_kind) for giver in GIVERS[required])


def may_share_all(required: Iterable[str | None], receiver_kind: str, consents: tuple[Consent, ...]) -> bool:
    """Whether that holds for each of several routes; None is a route of which nobody knows what it needs."""
    return all(one is not None and may_share(one, receiver_kind, consents) for one in required)


def is_refused(required: Iterable[str | None], consents: tuple[Consent, ...]) -> bool:
    """Whether somebody whose word counts has refused what one of the routes requires."""
    givers = {giver for one in required if one is not None for giver in GIVERS[one]}
    return any(_refuses(consents, giver) for giver in givers)


def _refuses(consents: tuple[Consent, ...], giver: ConsentGiver) -> bool:
    words = [c for c in consents if c.given_by == giver and c.purpose == "referral"]
    return bool(words) and max(words, key=lambda c: (c.given_on, c.refused)).refused
