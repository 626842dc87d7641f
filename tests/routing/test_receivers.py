"""Who receives: the variants of LAW 8.2, agreements and their limits, and the team that is closest."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from app.routing import Decision, Directory, receiving
from app.routing.decision import Receiver
from app.routing.directory import Agreement, Coverage, School, Team

ZWOLLE, KAMPEN, RAALTE, ENSCHEDE, HAAKSBERGEN = "0193", "0166", "0177", "0153", "0158"
FROM: Final = date(2015, 1, 1)
V1, V2, V3 = "own_neighbourhood", "municipal_youth_team", "mbo_as_neighbourhood"


def shown(receivers: tuple[Receiver, ...]) -> list[str]:
    """Each receiver as role, kind and municipality or region."""
    places = ((r, r.municipality or r.region) for r in receivers)
    return [f"{r.role} {r.kind} {place.code if place else '-'}" for r, place in places]


# variant, home municipality, receivers at 17 for family_parenting (LAW 8.2; Raalte has an agreement)
VARIANTS: Final = [
    (V1, ZWOLLE, ["primary neighbourhood_team 0193"]),
    (V1, RAALTE, ["primary neighbourhood_team 0177"]),
    (V1, KAMPEN, ["primary neighbourhood_team 0166"]),
    (V2, ZWOLLE, ["primary municipal_youth_team 0193"]),
    (V2, RAALTE, ["primary municipal_youth_team 0193"]),
    (V2, KAMPEN, ["primary neighbourhood_team 0166", "bridging municipal_youth_team 0193"]),
    (V3, ZWOLLE, ["primary mbo_onsite_team 0193"]),
    (V3, RAALTE, ["primary mbo_onsite_team 0193"]),
    (V3, KAMPEN, ["primary neighbourhood_team 0166", "bridging mbo_onsite_team 0193"]),
]


@pytest.mark.parametrize(("variant", "home", "expected"), VARIANTS)
def test_the_team_of_a_variant(
    variant: str, home: str, expected: list[str], decide: Callable[..., Decision]
) -> None:
    told = {"support_variant": variant, "home_municipality": home, "school_brin": "00ZZ"}
    decision = decide("family_parenting", told=told)
    (route,) = decision.routes
    assert shown(route.receivers) == expected
    by_agreement = home == RAALTE and variant != V1
    assert (route.agreement_id, bool(route.on_behalf_of)) == (
        "raalte-zwolle" if by_agreement else None, by_agreement,
    )  # fmt: skip
    codes = {warning.code for warning in decision.warnings}
    assert ("CROSS_BORDER_AGREEMENT_USED" in codes) is by_agreement
    assert ("CROSS_BORDER_NO_AGREEMENT" in codes) is (home == KAMPEN and variant != V1)


# domain, age, variant, receivers of a student of Kampen at a school of Zwolle
FIXED: Final = [
    ("mental_health", 17, V1,
     ["primary neighbourhood_team 0166", "alongside gp -", "alternative jgz_doctor -"]),
    ("mental_health", 19, V1, ["primary gp -"]),
    ("mental_health", 19, V3, ["primary gp -", "bridging mbo_onsite_team 0193"]),
    ("self_reliance", 19, V1, ["primary wmo_desk 0166", "bridging neighbourhood_team 0166"]),
    ("self_reliance", 19, V3, ["primary wmo_desk 0166", "bridging mbo_onsite_team 0193"]),
    ("social_network", 19, V1, ["primary neighbourhood_team 0166", "alternative wmo_desk 0166"]),
    ("debts", 19, V2, ["primary debt_service 0166"]),
    ("work_participation", 30, V2, ["primary work_income 0166"]),
    ("absence_dropout", 17, V2, ["primary attendance_officer 0166", "alongside school_care_team -"]),
    ("learning", 17, V3, ["primary school_care_team -"]),
    ("justice", 17, V3, ["primary gi -"]),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "age", "variant", "expected"), FIXED)
def test_the_receivers_of_an_act(
    domain: str, age: int, variant: str, expected: list[str], decide: Callable[..., Decision]
) -> None:
    told = {"support_variant": variant, "home_municipality": KAMPEN}
    (route,) = decide(domain, age=age, youth_help=None, told=told).routes
    assert shown(route.receivers) == expected


@pytest.mark.parametrize("variant", [V2, V3])
@pytest.mark.parametrize(("domain", "acute"), [("safety_violence", False), ("family_parenting", True)])
def test_safety_overrides_the_variant(
    variant: str, domain: str, acute: bool, decide: Callable[..., Decision]
) -> None:
    decision = decide(domain, acute_danger=acute, told={"support_variant": variant})
    help_route = next(route for route in decision.routes if route.provision == "jw")
    assert shown(help_route.receivers) == ["primary neighbourhood_team 0193"]
    assert "VARIANT_OVERRIDDEN_BY_SAFETY" in {warning.code for warning in decision.warnings}


def test_a_variant_with_a_team_at_the_core_asks_which_that_is(decide: Callable[..., Decision]) -> None:
    told = {"support_variant": V2, "core_municipality": None}
    decision = decide("family_parenting", "learning", told=told)
    assert [route.outcome for route in decision.routes] == ["needs_information", "routed"]
    assert ("school.coreMunicipality", True) in {(q.fact, q.blocking) for q in decision.questions}


def test_a_team_that_only_bridges_needs_no_core_municipality(decide: Callable[..., Decision]) -> None:
    told = {"support_variant": V3, "core_municipality": None}
    mental, self_reliance = decide(
        "mental_health", "self_reliance", age=19, youth_help=None, told=told
    ).routes
    assert shown(mental.receivers) == ["primary gp -"]
    assert shown(self_reliance.receivers) == [
        "primary wmo_desk 0193", "bridging neighbourhood_team 0193",
    ]  # fmt: skip


def agreement(**given: Any) -> Agreement:
    pair = {"home_municipality": KAMPEN, "core_municipality": ZWOLLE}
    return Agreement(
        **{"id": "a", "mandate": "provide", "payer": "home", "valid_from": FROM, **pair, **given}
    )


# an agreement, and whether it lets the team at school help at 17 on 1 September 2026
AGREEMENTS: Final = [
    ("provide", agreement(), True),
    ("decide", agreement(mandate="decide"), True),
    ("consult is no mandate", agreement(mandate="consult"), False),
    ("for this provision", agreement(provisions=("jw",)), True),
    ("for another provision", agreement(provisions=("wmo",)), False),
    ("for this school", agreement(schools=("00ZZ",)), True),
    ("for another school", agreement(schools=("00ZY",)), False),
    ("for this variant", agreement(support_variants=(V3,)), True),
    ("for another variant", agreement(support_variants=(V2,)), False),
    ("on its last day", agreement(valid_to=date(2026, 9, 1)), True),
    ("after its last day", agreement(valid_to=date(2026, 8, 31)), False),
    ("before its first day", agreement(valid_from=date(2026, 9, 2)), False),
    ("the other way round", agreement(home_municipality=ZWOLLE, core_municipality=KAMPEN), False),
]


@pytest.mark.parametrize(
    ("made", "helps"), [pytest.param(made, helps, id=name) for name, made, helps in AGREEMENTS]
)
def test_an_agreement_holds_within_its_limits(
    made: Agreement, helps: bool, bare: Directory, decide: Callable[..., Decision]
) -> None:
    told = {"support_variant": V3, "home_municipality": KAMPEN, "school_brin": "00ZZ"}
    (route,) = decide("family_parenting", told=told, directory=replace(bare, agreements=(made,))).routes
    assert (route.agreement_id == "a") is helps
    assert route.receivers[0].kind == ("mbo_onsite_team" if helps else "neighbourhood_team")


def test_of_several_agreements_the_narrow_one_is_named(
    bare: Directory, decide: Callable[..., Decision]
) -> None:
    made = (agreement(), agreement(id="z", provisions=("jw",)))
    told = {"support_variant": V3, "home_municipality": KAMPEN}
    (route,) = decide("family_parenting", told=told, directory=replace(bare, agreements=made)).routes
    assert route.agreement_id == "z"


def test_a_bridging_team_names_the_agreement_it_works_by(decide: Callable[..., Decision]) -> None:
    told = {"support_variant": V3, "home_municipality": RAALTE, "school_brin": "00ZZ"}
    (route,) = decide("self_reliance", age=19, told=told).routes
    assert (route.receivers[0].kind, route.agreement_id) == ("wmo_desk", "raalte-zwolle")


def team(id: str, coverage: Coverage | None = None, **given: Any) -> Team:
    own = {"kind": "neighbourhood_team", "name": id, "organisation": ZWOLLE, "municipality": ZWOLLE}
    return Team(**{"id": id, "valid_from": FROM, "coverage": coverage or Coverage(), **own, **given})


AT_POSTCODE = team("postcode", Coverage(pc4=("8011",)))
AT_SCHOOL = team("school", Coverage(schools=("00ZZ",)))
AT_LOCATION = team("location", Coverage(schools=("00ZZ01",)))
IN_TOWN = team("town")
IN_REGION = team("region", Coverage(regions=("MC10",)), municipality=KAMPEN)
ELSEWHERE = team("elsewhere", municipality=ENSCHEDE)

# teams, and the one that receives (None: the desk is derived; "several": the desk decides)
CLOSEST: Final = [
    ("postcode before school", (IN_REGION, IN_TOWN, AT_SCHOOL, AT_POSTCODE), "postcode"),
    ("postcode before location", (AT_LOCATION, AT_POSTCODE), "postcode"),
    ("location before school", (IN_TOWN, AT_SCHOOL, AT_LOCATION), "location"),
    ("another location", (team("l", Coverage(schools=("00ZZ02",))),), None),
    ("school before town", (IN_REGION, IN_TOWN, AT_SCHOOL), "school"),
    ("town before region", (IN_REGION, IN_TOWN), "town"),
    ("region where nothing else serves", (IN_REGION, ELSEWHERE), "region"),
    ("nobody near", (ELSEWHERE,), None),
    ("another postcode", (team("p", Coverage(pc4=("9999",))),), None),
    ("another school", (team("s", Coverage(schools=("00ZY",))),), None),
    ("covers the town from elsewhere", (replace(ELSEWHERE, coverage=Coverage(municipalities=(ZWOLLE,))),),
     "elsewhere"),
    ("for another problem", (replace(IN_TOWN, expertise=("debts",)),), None),
    ("for this problem", (replace(IN_TOWN, expertise=("family_parenting",)),), "town"),
    ("too young for it", (replace(IN_TOWN, age_from=18),), None),
    ("too old for it", (replace(IN_TOWN, age_to=16),), None),
    ("of the right age", (replace(IN_TOWN, age_from=17, age_to=17),), "town"),
    ("no longer there", (replace(IN_TOWN, valid_to=date(2026, 8, 31)),), None),
    ("equally close", (IN_TOWN, team("town-2")), "several"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("teams", "expected"), [pytest.param(teams, expected, id=name) for name, teams, expected in CLOSEST]
)
def test_the_closest_team_receives(
    teams: tuple[Team, ...], expected: str | None, bare: Directory, decide: Callable[..., Decision]
) -> None:
    told = {"pc4": "8011", "school_brin": "00ZZ", "school_location": "00ZZ01"}
    directory = replace(bare, teams=teams, connected=frozenset({ZWOLLE}))
    decision = decide("family_parenting", told=told, directory=directory)
    (route,) = decision.routes
    first = route.receivers[0]
    if expected == "several":
        assert route.outcome == "needs_triage"
    else:
        assert (first.team_id, first.derived) == (expected or "desk-0193", expected is None)
    unregistered = "TEAM_NOT_REGISTERED" in {warning.code for warning in decision.warnings}
    assert unregistered is (expected is None)


@pytest.mark.parametrize(
    ("confirmed_on", "warns"),
    [(None, True), (date(2026, 8, 1), True), (date(2026, 8, 2), False), (date(2026, 9, 1), False)],
)
def test_a_team_that_was_not_confirmed_for_too_long_is_warned_of(
    confirmed_on: date | None, warns: bool, bare: Directory, decide: Callable[..., Decision]
) -> None:
    teams = (replace(IN_TOWN, confirmed_on=confirmed_on),)
    directory = replace(bare, teams=teams, confirm_within_days=30)
    codes = {warning.code for warning in decide("family_parenting", directory=directory).warnings}
    assert ("TEAM_NOT_CONFIRMED" in codes) is warns


def test_any_age_fits_where_none_was_told(bare: Directory, decide: Callable[..., Decision]) -> None:
    adults = replace(IN_TOWN, kind="veilig_thuis", age_from=18)
    told = {"birth_date": None, "age_years": None}
    vt = decide("safety_violence", told=told, directory=replace(bare, teams=(adults,))).routes[0]
    assert (vt.provision, vt.receivers[0].team_id) == ("vt", "town")


@pytest.mark.parametrize(("connected", "channel"), [(True, "handover"), (False, "referrer_acts")])
def test_a_desk_that_works_with_the_service_gets_a_handover(
    connected: bool, channel: str, bare: Directory, decide: Callable[..., Decision]
) -> None:
    directory = replace(bare, connected=frozenset({ZWOLLE} if connected else ()))
    (route,) = decide("debts", age=19, directory=directory).routes
    (desk,) = route.receivers
    assert (desk.derived, desk.channel, desk.team_id, desk.name) == (
        True, channel, "desk-0193", "Toegang Zwolle",
    )  # fmt: skip


def test_a_regional_desk_is_the_region_s(bare: Directory, decide: Callable[..., Decision]) -> None:
    (route,) = decide("safety_violence", age=20, directory=bare).routes
    (desk,) = route.receivers
    assert desk.region is not None
    assert (desk.derived, desk.municipality, desk.team_id) == (True, None, f"desk-{desk.region.code.lower()}")


def test_the_team_of_most_primaries_coordinates(decide: Callable[..., Decision]) -> None:
    decision = decide("debts", "family_parenting", "social_network", age=19, youth_help=None)
    assert decision.coordinator is not None
    assert decision.coordinator.team_id == "zwolle-wijkteam"


def test_nobody_coordinates_without_a_handover(decide: Callable[..., Decision]) -> None:
    assert decide("learning").coordinator is None


def test_the_school_gives_the_core_municipality(bare: Directory, decide: Callable[..., Decision]) -> None:
    school = School(id="s", brin="00ZZ", name="s", core_municipality=ENSCHEDE, valid_from=FROM)
    told = {"support_variant": V3, "core_municipality": None, "school_brin": "00ZZ"}
    (route,) = decide("social_network", told=told, directory=replace(bare, schools=(school,))).routes
    assert shown(route.receivers) == ["primary neighbourhood_team 0193", "bridging mbo_onsite_team 0153"]


def test_what_is_kept_of_an_edition_is_bounded_and_changes_nothing(
    demo: Directory, decide: Callable[..., Decision], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_KEPT_AT_MOST", 1)
    fresh = replace(demo)
    for home in (ZWOLLE, RAALTE, ZWOLLE):
        told = {"support_variant": V2, "home_municipality": home, "birth_date": None, "age_years": 17}
        assert decide("family_parenting", told=told, directory=fresh) == decide("family_parenting", told=told)
        assert len(fresh.kept) == 1
