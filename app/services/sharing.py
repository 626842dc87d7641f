"""Whether a receiver may know whom a route is about: the consent that it needs covers this receiver."""

from collections.abc import Mapping
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
