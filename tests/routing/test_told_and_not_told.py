"""CONTRACT 2 row by row: a presumption is named, a blocking question blocks its own route only."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from app.routing import Decision
from app.routing.facts import Stay, YouthHelp

# fact, domain, age, other facts, the provisions that its answer decides
PRESUMED: Final = [
    ("circumstances.acuteDanger", "learning", 17, {}, {"emergency"}),
    ("circumstances.homeless", "housing", 19, {"youth_help": None}, {"wmo", "wmo_shelter"}),
    ("circumstances.safePlaceNeeded", "housing", 19, {"youth_help": None}, {"wmo", "wmo_shelter"}),
    ("circumstances.safePlaceNeeded", "safety_violence", 19, {}, {"wmo_shelter"}),
    ("circumstances.youthHelp", "mental_health", 19, {}, {"zvw"}),
    ("circumstances.criminalMeasure", "family_parenting", 19, {"youth_help": None}, {"jw_crim", "wmo"}),
    ("circumstances.enrolment", "absence_dropout", 19, {}, {"edu", "web_rmc"}),
    ("circumstances.studentFinance", "income", 19, {"enrolment": "bol"}, {"none", "pw"}),
    ("circumstances.studentFinance", "income", 18, {"born": date(2008, 8, 1)}, {"none", "pw"}),
    ("circumstances.startQualification", "absence_dropout", 17, {}, {"edu", "lpw"}),
    ("circumstances.exemptFromQualificationDuty", "absence_dropout", 17, {}, {"edu", "lpw"}),
    ("circumstances.absenceHoursInFourWeeks", "absence_dropout", 17, {}, {"lpw"}),
    ("circumstances.absenceWeeks", "absence_dropout", 19, {}, {"edu", "web_rmc"}),
    ("circumstances.schoolYearsCompleted", "absence_dropout", 15, {"start_qualification": True},
     {"edu", "lpw"}),
    ("circumstances.schoolBoardRequestsWorkSupport", "work_participation", 17, {}, {"lpw", "pw"}),
    ("circumstances.medicalBarToSideJob", "income", 19, {}, {"none", "pw_study"}),
    ("circumstances.wajong", "work_participation", 19, {}, {"pw", "wajong"}),
    ("circumstances.lastingIncapacityForWork", "work_participation", 19, {}, {"pw", "wajong"}),
    ("circumstances.lastingNeedForCare", "mental_health", 19, {}, {"wlz", "zvw"}),
    ("circumstances.behaviourProblems", "disability_id", 19, {"residential_treatment_unfinished": True},
     {"wlz", "wmo"}),
    ("circumstances.residentialTreatmentUnfinished", "disability_id", 19, {"behaviour_problems": True},
     {"wlz", "wmo"}),
    ("circumstances.needs.family_parenting", "family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", started_on=date(2020, 1, 1), ongoing=True),)},
     {"jw_ext", "wmo"}),
    ("circumstances.pregnant", "pregnancy_parenthood", 19, {"children": None}, {"none", "wpg", "zvw"}),
    ("circumstances.children", "pregnancy_parenthood", 19, {"pregnant": False}, {"jw", "none"}),
    ("circumstances.careRecipientMunicipality", "informal_care", 19, {}, {"wmo"}),
    ("circumstances.lawfulResidence", "self_reliance", 19, {}, {"none", "wmo"}),
    ("circumstances.insuredInNetherlands", "mental_health", 19,
     {"residence": {"status": "abroad"}, "youth_help": None}, {"none", "zvw"}),
    ("residence.stay", "family_parenting", 17, {}, {"jw"}),
    ("residence.actualStayMunicipality", "income", 30, {"residence": {"status": "not_registered"}}, {"pw"}),
    ("residence.municipalityApproached", "housing", 19, {"homeless": True, "youth_help": None},
     {"wmo_shelter"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "domain", "age", "facts", "provisions"),
    [pytest.param(*row, id=f"{row[0]} for {row[1]}") for row in PRESUMED],
)
def test_what_was_not_told_is_presumed_by_name_and_asked(
    fact: str, domain: str, age: int, facts: dict[str, Any], provisions: set[str],
    decide: Callable[..., Decision],
) -> None:  # fmt: skip
    decision = decide(domain, age=age, **facts)
    assert {route.outcome for route in decision.routes} == {"routed"}
    (question,) = [question for question in decision.questions if question.fact == fact]
    assert not question.blocking
    assert provisions <= {p for decides in question.decides for p in decides.provisions}
    # A fact that would only add a route is named by none of those that are there.
    if provisions & {route.provision for route in decision.routes}:
        assert any(fact in route.presumed for route in decision.routes)


def stays(kind: Any, since: date | None = None) -> dict[str, Any]:
    made = Stay(kind=kind, since=since) if since else Stay(kind=kind)
    return {"residence": {"stay": made, "previous_municipality": "0166"}}


BLOCKING: Final = [
    ("circumstances.youthHelp", "family_parenting", 19, {}),
    ("circumstances.youthHelp", "family_parenting", 22, {}),
    ("circumstances.youthHelp", "disability_id", 19, {"needs": {"disability_id": "treatment"}}),
    ("circumstances.youthHelp", "housing", 19, stays("residential_youth_care")),
    ("circumstances.criminalMeasure", "justice", 18, {}),
    ("circumstances.needs.disability_phys", "disability_phys", 17, {}),
    ("circumstances.pregnant", "pregnancy_parenthood", 19, {}),
    ("circumstances.children", "pregnancy_parenthood", 19, {}),
    ("residence.previousMunicipality", "family_parenting", 17,
     {"residence": {"stay": Stay(kind="foster_care")}}),
    ("residence.motherMunicipalityAtBirth", "family_parenting", 17,
     {"residence": {"status": "not_registered"}}),
    ("residence.parentsMunicipality", "family_parenting", 17, {"on": date(2021, 9, 1)}),
    ("homeMunicipality", "family_parenting", 17, {"told": {"home_municipality": None}}),
    ("homeMunicipality", "family_parenting", 17,
     {"told": {"home_municipality": None, "home_candidates": ("0166", "0193")}}),
    ("student.birthDate", "family_parenting", 17, {"told": {"birth_date": None}}),
    ("supportVariant", "family_parenting", 17, {"told": {"support_variant": None}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "domain", "age", "facts"),
    [pytest.param(*row, id=f"{row[0]} for {row[1]} at {row[2]}") for row in BLOCKING],
)
def test_a_blocking_question_holds_back_its_own_route_only(
    fact: str, domain: str, age: int, facts: dict[str, Any], decide: Callable[..., Decision]
) -> None:
    decision = decide(domain, "learning", age=age, **facts)
    waiting, learning = decision.routes[0], decision.routes[-1]
    assert (waiting.outcome, learning.outcome) == ("needs_information", "routed")
    assert decision.outcome == "needs_information"
    questions = {question.fact: question for question in decision.questions}
    assert questions[fact].blocking
    assert {decides.problem_domain for decides in questions[fact].decides} == {domain}
    texts = [question.text.nl for question in decision.questions if question.blocking]
    assert any(text in waiting.explanation.nl for text in texts)


NOT_BLOCKING: Final = [
    ("no youth help, established", "family_parenting", 19, {"youth_help": None}, "wmo"),
    ("the first birthday on which it does not matter", "family_parenting", 23, {}, "wmo"),
    ("below 18 it does not matter", "family_parenting", 17, {}, "jw"),
    ("foster care decides by itself", "family_parenting", 19, stays("foster_care", date(2018, 1, 1)),
     "jw_foster21"),
    ("a family home counts as running help", "family_parenting", 19,
     stays("family_home", date(2018, 1, 1)), "jw_ext"),
    ("room training is Wmo from 18", "housing", 19, stays("room_training"), "wmo"),
    ("no stay, so no extended stay", "housing", 19, {}, "wmo"),
    ("guidance cannot be extended", "disability_id", 19, {"needs": {"disability_id": "guidance"}}, "wmo"),
    ("no measure, established", "justice", 19, {"criminal_measure": None}, "none"),
    ("help that began after 18", "family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", started_on=date(2026, 1, 1), ongoing=True),)}, "wmo"),
    ("help that never began", "family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", started_on=None),)}, "wmo"),
    ("a need found after 18", "family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", need_established_on=date(2026, 1, 1)),)}, "wmo"),
    ("a need found after 18 in help from before", "family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", need_established_on=date(2026, 1, 1),
                               started_on=date(2018, 1, 1), ongoing=True),)}, "jw_ext"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "age", "facts", "provision"), [pytest.param(*row, id=name) for name, *row in NOT_BLOCKING]
)
def test_an_answer_or_another_fact_lets_a_route_go_on(
    domain: str, age: int, facts: dict[str, Any], provision: str, provisions: Callable[..., str]
) -> None:
    assert provisions(domain, age=age, **facts) == provision


# what a period of help leaves untold is presumed, and asked without blocking
PERIODS: Final = [
    ("its start", YouthHelp(type="pedagogical", ongoing=True), "jw_ext", True),
    ("its end", YouthHelp(type="pedagogical", started_on=date(2018, 1, 1)), "jw_ext", True),
    ("nothing", YouthHelp(type="pedagogical", started_on=date(2018, 1, 1), ongoing=True), "jw_ext", False),
    ("an earlier need", YouthHelp(type="pedagogical", started_on=date(2018, 1, 1),
                                  ended_on=date(2025, 1, 1)), "wmo", True),
    ("no earlier need", YouthHelp(type="pedagogical", started_on=date(2018, 1, 1),
                                  ended_on=date(2025, 1, 1), need_established_on=None), "wmo", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "provision", "asked"), [pytest.param(*row, id=name) for name, *row in PERIODS]
)
def test_a_period_of_help_that_leaves_something_untold(
    period: YouthHelp, provision: str, asked: bool, decide: Callable[..., Decision]
) -> None:
    decision = decide("family_parenting", age=19, youth_help=(period,))
    (route,) = decision.routes
    assert (route.outcome, route.provision) == ("routed", provision)
    assert ("circumstances.youthHelp" in route.presumed) is asked
    assert ("circumstances.youthHelp" in {question.fact for question in decision.questions}) is asked


@pytest.mark.parametrize("fact", ["homeless", "safe_place_needed", "criminal_measure", "lawful_residence"])
def test_none_is_an_answer_and_absent_is_not(fact: str, decide: Callable[..., Decision]) -> None:
    name = "circumstances." + "".join(
        part.capitalize() if at else part for at, part in enumerate(fact.split("_"))
    )
    silent = decide("housing", age=19, youth_help=None)
    told = decide("housing", age=19, youth_help=None, **{fact: None})
    asked = [{q.fact for q in decision.questions} for decision in (silent, told)]
    assert (name in asked[0], name in asked[1]) == (fact != "criminal_measure", False)


def test_acute_danger_asks_nothing_before_it_sends_help(decide: Callable[..., Decision]) -> None:
    untold = dict.fromkeys(("support_variant", "birth_date", "home_municipality", "core_municipality"))
    decision = decide("mental_health", acute_danger=True, residence={}, told=untold)
    emergency, rest = decision.routes
    assert (emergency.provision, emergency.outcome) == ("emergency", "routed")
    assert [receiver.channel for receiver in emergency.receivers] == ["call_now", "call_now"]
    assert rest.outcome == "needs_information"
    assert decision.age is None


def test_acute_danger_concerns_the_domains_that_are_named(provisions: Callable[..., str]) -> None:
    acute = {"acute_danger": True, "acute_domains": ("mental_health",)}
    assert provisions("mental_health", "debts", **acute) == "emergency jw wgs"
    assert provisions("mental_health", "debts", acute_danger=True) == "emergency emergency jw wgs"
    assert provisions("mental_health", acute_danger=False) == "jw"


# the age in whole years, the facts, and whether the birth date must be asked
IN_YEARS: Final = [
    ("family_parenting", 17, {}, False),
    ("absence_dropout", 16, {"start_qualification": True}, True),
    ("absence_dropout", 16, {}, False),
    ("absence_dropout", 15, {"start_qualification": True}, False),
    ("absence_dropout", 17, {"start_qualification": True}, False),
    ("income", 18, {}, True),
    ("income", 18, {"enrolment": "bbl"}, False),
    ("income", 19, {}, False),
    ("family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", started_on=date(2025, 3, 1), ongoing=True),)}, True),
    ("family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", started_on=date(2024, 9, 1), ongoing=True),)}, False),
    ("family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", started_on=date(2025, 9, 1), ongoing=True),)}, False),
    ("family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", need_established_on=date(2025, 3, 1)),)}, True),
    ("family_parenting", 19,
     {"youth_help": (YouthHelp(type="pedagogical", need_established_on=date(2025, 3, 1)),
                     YouthHelp(type="pedagogical", need_established_on=date(2020, 3, 1)))}, False),
    ("family_parenting", 19, {**stays("foster_care", date(2025, 3, 1)), "youth_help": None}, True),
    ("family_parenting", 19, {**stays("foster_care", date(2020, 3, 1)), "youth_help": None}, False),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "age", "facts", "hidden"), IN_YEARS)
def test_an_age_in_years_asks_the_birth_date_where_it_hides_a_border(
    domain: str, age: int, facts: dict[str, Any], hidden: bool, decide: Callable[..., Decision]
) -> None:
    decision = decide(domain, told={"birth_date": None, "age_years": age}, **facts)
    assert (("student.birthDate", True) in {(q.fact, q.blocking) for q in decision.questions}) is hidden
    assert (decision.routes[0].outcome == "needs_information") is hidden


# what contradicts, the domains asked, and the outcomes
CONTRADICTIONS: Final = [
    ("postcode", {"pc4": "8261", "pc4_municipalities": ("0166",)}, ("homeMunicipality", "student.postcode"),
     ["needs_information", "routed", "routed"]),
    ("age", {"age_years": 18}, ("student.age", "student.birthDate"),
     ["needs_information", "needs_information", "routed"]),
    ("core", {"school_brin": "00ZY", "support_variant": "mbo_as_neighbourhood"},
     ("school.brin", "school.coreMunicipality"), ["needs_information", "routed", "routed"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "facts", "outcomes"), [pytest.param(*row, id=name) for name, *row in CONTRADICTIONS]
)
def test_a_contradiction_holds_back_what_it_concerns(
    told: dict[str, Any], facts: tuple[str, str], outcomes: list[str], decide: Callable[..., Decision]
) -> None:
    decision = decide("family_parenting", "learning", "safety_violence", told=told)
    assert [contradiction.facts for contradiction in decision.contradictions] == [facts]
    assert [route.outcome for route in decision.routes][:3] == outcomes
    assert decision.contradictions[0].text.nl in decision.routes[0].explanation.nl


def test_a_postcode_that_touches_several_municipalities_is_no_contradiction(
    decide: Callable[..., Decision],
) -> None:
    decision = decide("family_parenting", told={"pc4": "8261", "pc4_municipalities": ("0166", "0193")})
    assert decision.contradictions == ()


def test_a_derived_fact_is_shown_with_what_it_came_from(decide: Callable[..., Decision]) -> None:
    (route,) = decide("absence_dropout", age=16, on=date(2026, 5, 1)).routes
    (derived,) = [fact for fact in route.derived_facts if fact.fact == "sixteenth_school_year"]
    assert (derived.value, derived.derived_from) == ("running", ("student.birthDate", "referenceDate"))
