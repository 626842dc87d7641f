"""A decision becomes handovers, advice and a status: who is asked, who is told, and by when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.routing.decision import (
    Age,
    Coordinator,
    Deadline,
    Decision,
    DirectoryReference,
    Municipality,
    Receiver,
    Responsible,
    Route,
    RouteConsent,
    RulebookReference,
    Text,
)
from app.routing.directory import Directory, Team, TeamTerms
from app.routing.facts import Consent
from app.services.handing_over import HandingOver, HandoverDraft, hand_over

TODAY = date(2026, 11, 20)
KAMPEN = Municipality("0166", "Kampen")
TEAM = Receiver(
    role="primary",
    channel="handover",
    kind="neighbourhood_team",
    team_id="kampen-wijkteam",
    name="Wijkteam",
    organisation="0166",
    municipality=KAMPEN,
    region=None,
    contact=None,
    derived=False,
)
DESK = replace(TEAM, kind="wmo_desk", team_id="kampen-wmo-loket", name="Wmo-loket")
GP = replace(TEAM, role="alongside", channel="referrer_acts", kind="gp", team_id=None, organisation=None)
CALL = replace(GP, role="primary", channel="call_now", kind="emergency_112")
FIRST_CONTACT = Deadline("first_contact", 8, "calendar", "F-10", ())
DEBT_TALK = Deadline("debt_talk", 3, "working", "Wgs 4(2)", ("debts",))
DIRECTORY = Directory(edition=1, places={}, connected=frozenset({"0193", "0166"}))
ROUTE = Route(
    problem_domain="mental_health",
    outcome="routed",
    legal_framework="youth_act",
    provision="jw",
    confidence="high",
    human_review=False,
    responsible=Responsible("municipality", KAMPEN, None, "JW-20"),
    receivers=(TEAM,),
    on_behalf_of=None,
    agreement_id=None,
    consent=RouteConsent("student", given=True),
    rule=None,
    presumed=(),
    derived_facts=(),
    not_chosen=(),
    explanation=Text("", ""),
)
WAITING = replace(ROUTE, outcome="needs_information", receivers=(), provision=None, consent=None)
TRIAGE = replace(WAITING, outcome="needs_triage", responsible=None)


CONSENT = Consent(given_by="student", given_on=TODAY, purpose="referral")


def handed_over(
    *routes: Route,
    coordinator: Coordinator | None = None,
    consents: tuple[Consent, ...] = (CONSENT,),
    directory: Directory = DIRECTORY,
    **changes: Any,
) -> HandingOver:
    decision = Decision(
        outcome="routed",
        reference_date=TODAY,
        rulebook=RulebookReference("2026.1", "sha256:x", date(2026, 12, 31)),
        directory=DirectoryReference(1, TODAY),
        age=Age(17, None),
        routes=routes,
        coordinator=coordinator,
        warnings=(),
        questions=(),
        contradictions=(),
        deadlines=(FIRST_CONTACT, DEBT_TALK),
        next_change=None,
        explanation=Text("", ""),
    )
    return hand_over(
        replace(decision, **changes),
        consents,
        desk="0193",
        directory=directory,
        today=TODAY,
    )


def due(handover: HandoverDraft) -> dict[str, str]:
    return {one["kind"]: one["due"] for one in handover.deadlines}


def test_a_team_gets_one_handover_with_all_its_routes() -> None:
    (handover,) = handed_over(ROUTE, replace(ROUTE, problem_domain="debts", provision="wgs")).handovers
    assert (handover.routes, handover.provisions) == ((0, 1), ("jw", "wgs"))
    assert (handover.status, handover.receiver, handover.lead) == ("offered", "0166", True)


def test_a_team_stays_one_whatever_its_role() -> None:
    also = replace(ROUTE, receivers=(DESK, replace(TEAM, role="alongside")))
    assert [handover.routes for handover in handed_over(also, ROUTE).handovers] == [(0,), (0, 1)]


def test_the_desk_that_stands_in_for_several_teams_gets_one_handover() -> None:
    stands_in = replace(TEAM, team_id="desk-0166", name="Toegang Kampen", derived=True)
    debts = replace(ROUTE, receivers=(replace(stands_in, kind="debt_service"),))
    (handover,) = handed_over(replace(ROUTE, receivers=(stands_in,)), debts).handovers
    assert handover.team is not None
    assert (handover.team.kind, handover.routes) == ("access_desk", (0, 1))


def test_an_alternative_receiver_gets_nothing() -> None:
    route = replace(ROUTE, receivers=(TEAM, replace(DESK, role="alternative")))
    assert [handover.team for handover in handed_over(route).handovers] == [TEAM]


def test_a_route_without_its_consent_waits_beside_those_that_are_offered() -> None:
    refused = replace(ROUTE, consent=RouteConsent("student_and_parent", given=False))
    handovers = handed_over(ROUTE, refused).handovers
    assert [(handover.status, handover.routes) for handover in handovers] == [
        ("offered", (0,)),
        ("needs_consent", (1,)),
    ]


def test_no_consent_is_awaited_where_the_law_needs_none() -> None:
    for required in ("not_required_veilig_thuis", "not_required_statutory_report", "vital_interest"):
        route = replace(ROUTE, consent=RouteConsent(required, given=False))
        assert handed_over(route, consents=()).handovers[0].status == "offered"


def test_a_consent_for_one_kind_of_receiver_does_not_reach_another() -> None:
    both = replace(ROUTE, receivers=(TEAM, replace(DESK, role="alongside")))
    narrow = replace(CONSENT, recipients=("neighbourhood_team",))
    handovers = handed_over(both, consents=(narrow,)).handovers
    assert [(handover.team, handover.status) for handover in handovers] == [
        (TEAM, "offered"),
        (replace(DESK, role="alongside"), "needs_consent"),
    ]


def test_a_later_refusal_takes_a_consent_back() -> None:
    refusal = replace(CONSENT, given_on=TODAY + timedelta(days=1), refused=True)
    assert handed_over(ROUTE, consents=(CONSENT, refusal)).handovers[0].status == "needs_consent"


def test_routes_that_wait_share_one_handover_at_the_desk_for_each_status() -> None:
    handovers = handed_over(TRIAGE, WAITING, ROUTE, WAITING).handovers
    assert [(handover.status, handover.routes) for handover in handovers] == [
        ("offered", (2,)),
        ("needs_information", (1, 3)),
        ("needs_triage", (0,)),
    ]
    assert [handover.team for handover in handovers[1:]] == [None, None]


def test_the_desk_is_the_responsible_municipality_s_or_else_the_one_given() -> None:
    assert [handover.receiver for handover in handed_over(WAITING, TRIAGE).handovers] == ["0166", "0193"]


def test_a_receiver_of_a_route_that_waits_gets_nothing_yet() -> None:
    result = handed_over(replace(WAITING, receivers=(TEAM, GP)))
    assert [handover.status for handover in result.handovers] == ["needs_information"]
    assert result.advice == ()


def test_the_coordinator_leads_and_nobody_else() -> None:
    desk = replace(ROUTE, problem_domain="self_reliance", receivers=(DESK,))
    coordinator = Coordinator("wmo_desk", "kampen-wmo-loket", "Wmo-loket")
    assert [handover.lead for handover in handed_over(ROUTE, desk, coordinator=coordinator).handovers] == [
        False,
        True,
    ]


def test_without_a_coordinator_the_first_primary_leads() -> None:
    bridged = replace(ROUTE, receivers=(replace(TEAM, role="bridging"), DESK))
    leading = [handover.team for handover in handed_over(bridged).handovers if handover.lead]
    assert leading == [DESK]


def test_a_route_for_a_person_to_review_flags_its_handover() -> None:
    assert handed_over(ROUTE, replace(ROUTE, human_review=True)).handovers[0].flags == ("review",)
    assert handed_over(ROUTE).handovers[0].flags == ()


def test_clocks_run_from_the_day_of_offering_for_the_domains_concerned() -> None:
    first_contact = {"first_contact": "2026-11-28", "acceptance": "2026-12-04"}
    assert due(handed_over(ROUTE).handovers[0]) == first_contact
    debts = handed_over(replace(ROUTE, problem_domain="debts")).handovers[0]
    assert due(debts) == {"debt_talk": "2026-11-25"} | first_contact


def test_what_is_not_offered_waits_for_two_weeks_at_most() -> None:
    waiting = handed_over(ROUTE, WAITING, consents=()).handovers
    assert [due(handover) for handover in waiting] == [{"consent": "2026-12-04"}, {"question": "2026-12-04"}]


def test_a_team_with_terms_of_its_own_is_offered_with_them() -> None:
    terms = TeamTerms(acknowledge_within_days=2, first_contact_within_days=5, unit="working")
    team = Team(
        id="kampen-wijkteam",
        kind="neighbourhood_team",
        name="Wijkteam",
        organisation="0166",
        municipality="0166",
        valid_from=TODAY,
        terms=terms,
    )
    (handover,) = handed_over(ROUTE, directory=replace(DIRECTORY, teams=(team,))).handovers
    found = due(handover)
    assert (found["acknowledgement"], found["first_contact"]) == ("2026-11-24", "2026-11-27")


def test_the_desk_of_the_responsible_municipality_decides_where_it_is_connected() -> None:
    assert handed_over(ROUTE).handovers[0].desk == "0166"
    elsewhere = replace(
        ROUTE, responsible=Responsible("municipality", Municipality("0150", "Deventer"), None, "JW-20")
    )
    assert handed_over(elsewhere).handovers[0].desk is None


def test_a_receiver_outside_the_service_is_advised_once_for_all_its_routes() -> None:
    route = replace(ROUTE, receivers=(TEAM, GP))
    (advice,) = handed_over(route, replace(route, problem_domain="debts")).advice
    assert (advice.channel, advice.kind, advice.role) == ("referrer_acts", "gp", "alongside")
    assert (advice.routes, advice.due) == ((0, 1), date(2026, 11, 25))


def test_advice_without_a_deadline_is_due_in_eight_days_and_a_call_today() -> None:
    result = handed_over(replace(ROUTE, receivers=(CALL, GP)), deadlines=())
    assert [advice.due for advice in result.advice] == [TODAY, date(2026, 11, 28)]


def test_the_referral_is_open_waits_for_information_or_is_closed_at_once() -> None:
    nothing_to_do = replace(ROUTE, provision="none", receivers=())
    assert handed_over(ROUTE).status == "open"
    assert handed_over(replace(ROUTE, receivers=(GP,))).status == "open"
    assert handed_over(TRIAGE).status == "open"
    assert handed_over(ROUTE, WAITING).status == "needs_information"
    assert handed_over(nothing_to_do).status == "closed"
