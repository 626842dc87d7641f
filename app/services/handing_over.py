"""From a decision to what is handed over and advised (CONTRACT 3 and 4): values in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.routing.decision import Coordinator, Decision, Receiver, Route
from app.routing.directory import Directory
from app.routing.facts import Consent, Facts
from app.services.deadlines import DEFAULT_DAYS, due_dates, due_on
from app.services.lifecycle.clocks import Plain, terms_from, terms_of
from app.services.lifecycle.reassessment import reassess_on
from app.services.lifecycle.standing import referral_status
from app.services.settled import NOTHING, Settled
from app.services.sharing import is_refused, may_share

HANDED_OVER = frozenset({"primary", "alongside", "bridging"})
HELD = ("needs_information", "needs_triage")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverDraft:
    """A handover before it is stored; `receiver` and `desk` are codes of organisations.

    The one receives it, the desk of the other decides over it: None where that is not connected.
    """

    status: str
    lead: bool
    team: Receiver | None
    receiver: str | None
    desk: str | None
    responsible_municipality: str | None
    provisions: tuple[str, ...]
    problem_domains: tuple[str, ...]
    routes: tuple[int, ...]
    flags: tuple[str, ...]
    deadlines: list[Plain]
    reassess_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceDraft:
    """An advice item before it is stored."""

    channel: str
    kind: str
    role: str
    routes: tuple[int, ...]
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """All that a decision gives rise to, and the status of its referral."""

    status: str
    handovers: tuple[HandoverDraft, ...]
    advice: tuple[AdviceDraft, ...]


def hand_over(
    decision: Decision,
    consents: tuple[Consent, ...],
    *,
    desk: str,
    directory: Directory,
    today: date,
    stands: Settled = NOTHING,
) -> HandingOver:
    """One handover for each team and status, one at the desk for what waits, advice for all others.

    `desk` is the code of the organisation whose desk decides where no responsible municipality
    is known; `directory` tells who works with the service and how soon teams want to react; `today` is
    the day of offering. What `stands` of before gets no new handover, and nobody is advised to go where
    the consent that it needs was refused.
    """
    making = _Making(decision, desk, directory, today)
    teams = _by_team(decision.routes, consents, stands)
    lead = _lead(teams, decision.coordinator)
    handovers = [
        making.draft(status, team, positions, lead=lead == (status, team))
        for (status, team), positions in teams.items()
    ]
    for status in HELD:
        positions = [
            position
            for position, route in enumerate(decision.routes)
            if route.outcome == status and not stands.leaves(None, route.problem_domain, route.provision)
        ]
        if positions:
            handovers.append(making.draft(status, None, positions, lead=not handovers))
    advice = _advice(decision, consents, today)
    status = referral_status((one.status for one in handovers), ("open" for _ in advice))
    return HandingOver(status=status, handovers=tuple(handovers), advice=advice)


@dataclass(frozen=True, slots=True)
class _Making:
    """What all handovers of a decision are made with."""

    decision: Decision
    desk: str
    directory: Directory
    today: date

    def draft(self, status: str, team: Receiver | None, positions: list[int], *, lead: bool) -> HandoverDraft:
        """The routes at these positions for a team, or for the desk."""
        responsible = _responsible_municipality(self.decision, positions)
        desk = responsible or self.desk
        routes = [self.decision.routes[position] for position in positions]
        domains = tuple(dict.fromkeys(route.problem_domain for route in routes))
        terms = self.directory.terms_of(team.team_id if team else None)
        offered = terms_from(self.decision.deadlines, set(domains), self.today, terms)
        return HandoverDraft(
            status=status,
            lead=lead,
            team=team,
            receiver=team.organisation if team else desk,
            desk=desk if desk in self.directory.connected else None,
            responsible_municipality=responsible,
            provisions=tuple(dict.fromkeys(route.provision for route in routes if route.provision)),
            problem_domains=domains,
            routes=tuple(positions),
            flags=("review",) if any(route.human_review for route in routes) else (),
            deadlines=terms_of(status, offered, self.today),
            reassess_on=reassess_on(self.decision, self.today),
        )


def desk_of(facts: Facts, decision: Decision, directory: Directory) -> str | None:
    """Whose desk decides where no municipality is responsible: the actual stay's, else the core's."""
    return stay_of(facts, directory, decision.directory.read_for)


def stay_of(facts: Facts, directory: Directory, day: date) -> str | None:
    """The municipality where the student stays, else the core municipality; None where neither is known."""
    school = facts.school_brin and directory.school(facts.school_brin, day)
    core = facts.core_municipality or (school.core_municipality if school else None)
    stay = facts.residence.actual_stay_municipality
    return stay if isinstance(stay, str) else core


def _by_team(
    routes: tuple[Route, ...], consents: tuple[Consent, ...], stands: Settled
) -> dict[tuple[str, Receiver], list[int]]:
    """The positions of the routes for each status and team, primary receivers first.

    A team is the same in whichever role; the desk that stands in for teams nobody registered is one.
    """
    first: dict[tuple[object, ...], Receiver] = {}
    teams: dict[tuple[str, Receiver], set[int]] = {}
    for position, route, receiver in sorted(_receivers(routes), key=lambda item: item[2].role != "primary"):
        if receiver.channel == "handover" and not stands.leaves(
            receiver.team_id, route.problem_domain, route.provision
        ):
            team = first.setdefault((receiver.team_id, receiver.organisation), _as_team(receiver))
            status = _status_of(route, receiver.kind, consents)
            teams.setdefault((status, team), set()).add(position)
    return {key: sorted(positions) for key, positions in teams.items()}


def _receivers(routes: tuple[Route, ...]) -> Iterable[tuple[int, Route, Receiver]]:
    """Who is handed over to or advised, by route; nobody yet for a route that waits."""
    return (
        (position, route, receiver)
        for position, route in enumerate(routes)
        if route.outcome == "routed"
        for receiver in route.receivers
        if receiver.role in HANDED_OVER
    )


def _as_team(receiver: Receiver) -> Receiver:
    return replace(receiver, kind="access_desk") if receiver.derived else receiver


def _status_of(route: Route, receiver_kind: str, consents: tuple[Consent, ...]) -> str:
    """Whether a route is offered at once or waits for consent (LAW 7.1)."""
    if route.consent is None or may_share(route.consent.required, receiver_kind, consents):
        return "offered"
    return "needs_consent"


def _is_refused(route: Route, receiver_kind: str, consents: tuple[Consent, ...]) -> bool:
    return route.consent is not None and is_refused([(route.consent.required, receiver_kind)], consents)


def _lead(
    teams: Iterable[tuple[str, Receiver]], coordinator: Coordinator | None
) -> tuple[str, Receiver] | None:
    """The coordinator's handover, else the first."""
    wanted = coordinator and (coordinator.team_id, coordinator.name)
    found = list(teams)
    coordinating = [key for key in found if (key[1].team_id, key[1].name) == wanted]
    return next(iter(coordinating or found), None)


def _responsible_municipality(decision: Decision, positions: list[int]) -> str | None:
    """The first municipality that is responsible for one of the routes."""
    for position in positions:
        responsible = decision.routes[position].responsible
        if responsible and responsible.municipality:
            return responsible.municipality.code
    return None


def _advice(decision: Decision, consents: tuple[Consent, ...], today: date) -> tuple[AdviceDraft, ...]:
    """One item for each receiver kind, role and channel that the service does not reach."""
    items: dict[tuple[str, str, str], dict[int, None]] = {}
    for position, route, receiver in _receivers(decision.routes):
        if receiver.channel != "handover" and not _is_refused(route, receiver.kind, consents):
            items.setdefault((receiver.channel, receiver.kind, receiver.role), {})[position] = None
    return tuple(
        AdviceDraft(
            channel=channel,
            kind=kind,
            role=role,
            routes=tuple(positions),
            due=today if channel == "call_now" else _advice_due(decision, positions, today),
        )
        for (channel, kind, role), positions in items.items()
    )


def _advice_due(decision: Decision, positions: Iterable[int], today: date) -> date:
    domains = {decision.routes[position].problem_domain for position in positions}
    due = due_dates(decision.deadlines, domains, today)
    return min(due.values(), default=due_on(DEFAULT_DAYS, "calendar", today))
