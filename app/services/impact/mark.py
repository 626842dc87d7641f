"""What is compared of a route: what people would notice, from a decision just made or one that was kept."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.routing.decision import Municipality, Receiver, Region, Responsible, Route
from app.services.resources import Plain


class Body(NamedTuple):
    """The responsible body: its kind, and the code of the municipality or region."""

    kind: str
    municipality: str | None
    region: str | None


class Addressee(NamedTuple):
    """A receiver, by codes alone: names may be written otherwise from one edition to the next."""

    role: str
    channel: str
    kind: str
    team_id: str | None
    municipality: str | None
    region: str | None


class Mark(NamedTuple):
    """A route without its reasons and texts. `rule` is told and not compared: rules may be renamed."""

    problem_domain: str
    outcome: str
    act: str | None
    provision: str | None
    responsible: Body | None
    receivers: tuple[Addressee, ...]
    consent: str | None
    agreement_id: str | None
    human_review: bool
    rule: str | None

    @property
    def compared(self) -> tuple[object, ...]:
        """All but the rule."""
        return self[:-1]

    @property
    def primary(self) -> Addressee | None:
        """Who receives it first."""
        return next((receiver for receiver in self.receivers if receiver.role == "primary"), None)


def mark_of(route: Route) -> Mark:
    """The mark of a route that was decided just now."""
    return Mark(
        route.problem_domain,
        route.outcome,
        route.legal_framework,
        route.provision,
        _body(route.responsible) if route.responsible else None,
        tuple(map(_addressee, route.receivers)),
        route.consent.required if route.consent else None,
        route.agreement_id,
        route.human_review,
        route.rule.id if route.rule else None,
    )


def _body(responsible: Responsible) -> Body:
    return Body(responsible.kind, _code_of(responsible.municipality), _code_of(responsible.region))


def _addressee(receiver: Receiver) -> Addressee:
    return Addressee(
        receiver.role,
        receiver.channel,
        receiver.kind,
        receiver.team_id,
        _code_of(receiver.municipality),
        _code_of(receiver.region),
    )


def _code_of(place: Municipality | Region | None) -> str | None:
    return place.code if place else None


def mark_of_plain(route: Plain) -> Mark:
    """The mark of a route of a receipt; raises KeyError or TypeError where it is none."""
    responsible, consent, rule = route["responsible"], route["consent"], route["rule"]
    return Mark(
        route["problemDomain"],
        route["outcome"],
        route["legalFramework"],
        route["provision"],
        responsible
        and Body(responsible["kind"], _code(responsible["municipality"]), _code(responsible["region"])),
        tuple(_plain_addressee(receiver) for receiver in route["receivers"]),
        consent and consent["required"],
        route["agreementId"],
        route["humanReview"],
        rule and rule["id"],
    )


def _plain_addressee(receiver: Plain) -> Addressee:
    place, region = _code(receiver["municipality"]), _code(receiver["region"])
    return Addressee(
        receiver["role"], receiver["channel"], receiver["kind"], receiver["teamId"], place, region
    )


def _code(place: Mapping[str, Any] | None) -> str | None:
    return None if place is None else place["code"]


def shown(mark: Mark | None) -> Plain | None:
    """A mark as JSON, in the names of the contract; its problem domain stands beside it."""
    if mark is None:
        return None
    body = mark.responsible
    return {
        "outcome": mark.outcome,
        "provision": mark.provision,
        "responsible": body and body._asdict(),
        "receivers": [_shown(receiver) for receiver in mark.receivers],
        "consent": mark.consent,
        "agreementId": mark.agreement_id,
        "humanReview": mark.human_review,
        "rule": mark.rule,
    }


def _shown(receiver: Addressee) -> Plain:
    role, channel, kind, team_id, municipality, region = receiver
    told = {"role": role, "channel": channel, "kind": kind, "teamId": team_id}
    return {**told, "municipality": municipality, "region": region}
