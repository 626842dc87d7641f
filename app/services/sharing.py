"""Whether a receiver may know whom a route is about: the consent that it needs covers this receiver."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.routing.consent import gave, refused
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


def is_refused(asked: Iterable[tuple[str, str]], consents: tuple[Consent, ...]) -> bool:
    """Whether somebody whose word counts has refused one of these.

    Each is what a route requires, and the kind of receiver that it is asked for.
    """
    return any(refused(consents, giver, kind) for required, kind in asked for giver in GIVERS[required])
