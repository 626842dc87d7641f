"""Which body is responsible: the residence test of each act (LAW 2.3), under the law of the day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.routing.dates import add_months
from app.routing.facts import ABSENT, Facts, Told

# JW 1.1 woonplaats: own registration decides since this day (LAW 1.3), before it the parents'.
OWN_REGISTRATION_FROM: Final = date(2022, 1, 1)
# JW 1.1 woonplaats 2°: a stay in a Wlz institution counts since this day (LAW 1.3).
WLZ_STAY_FROM: Final = date(2025, 1, 1)
# The days on which a residence test changes by itself.
SWITCH_DAYS: Final = (OWN_REGISTRATION_FROM, WLZ_STAY_FROM)

# provision -> the kind of body where no municipality is to be found
BODY_OF: Final[Mapping[str, str]] = {
    "edu": "school",
    "zvw": "health_insurer",
    "wlz": "care_office",
    "wajong": "uwv",
    "emergency": "none",
    "none": "none",
}
# provision -> the statement of LAW that holds its residence test
_TEST_OF: Final[Mapping[str, str]] = {
    "wmo": "WMO-07",
    "wmo_shelter": "WMO-08",
    "wmo_protected": "WMO-08",
    "pw": "PW-11",
    "pw_study": "PW-12",
    "wgs": "PW-20",
    "lpw": "EX-23",
    "web_rmc": "EX-26",
    "wpg": "EX-27",
    "vt": "WMO-11",
}


@dataclass(frozen=True, slots=True)
class Body:
    """A responsible body, or the question that stands before it.

    `asks` is the fact without which the test cannot be done; `presumed` and `warnings` are what the
    test rested on and what a reader must know.
    """

    kind: str
    municipality: str | None = None
    test: str | None = None
    asks: str | None = None
    presumed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def responsible_body(
    provision: str, residence: str | None, facts: Facts, core: str | None, on: date, *, minor: bool
) -> Body:
    """The body responsible for a provision on a day.

    `residence` is whose residence decides where it is not the student's (`child`,
    `care_recipient`), `core` the core municipality's code. Sources: LAW 2.3, 3.4, 4, 5.
    """
    if provision in BODY_OF:
        return Body(BODY_OF[provision])
    if residence is not None:
        return _child(facts, core) if residence == "child" else _care_recipient(facts, core)
    if provision.startswith("jw"):
        return _youth_act(facts, core, on, minor=minor)
    if provision in ("wmo_shelter", "wmo_protected"):
        return _approached(facts, core)
    test = _OTHER_TESTS.get(provision, resident)
    return test(facts, core, _TEST_OF[provision])


def _factual_domicile(facts: Facts, core: str | None, test: str) -> Body:
    """PW-11, BW 1:10 and 1:11: where somebody really lives, also when the registration says otherwise."""
    registered, stay = resident(facts, core, test), facts.residence.actual_stay_municipality
    if registered.asks is not None or not isinstance(stay, str) or stay == registered.municipality:
        return registered
    return Body("municipality", stay, test, warnings=("BRP_DIFFERS_FROM_ACTUAL", "HUMAN_REVIEW"))


def resident(facts: Facts, core: str | None, test: str) -> Body:
    """The municipality where somebody lives: as registered, else where they actually stay."""
    status = facts.residence.status
    if status in (ABSENT, None, "registered", "secret"):
        presumed = ("residence.status",) if status is ABSENT else ()
        return _place(facts.home_municipality, test, "homeMunicipality", presumed)
    if status in ("postal_address", "under_investigation") and facts.home_municipality:
        return Body("municipality", facts.home_municipality, test, warnings=("HUMAN_REVIEW",))
    return _actual_stay(facts, core, test)


def _youth_act(facts: Facts, core: str | None, on: date, *, minor: bool) -> Body:
    """JW 1.1 woonplaats 1° to 4° (JW-20 to JW-25)."""
    if on < OWN_REGISTRATION_FROM:
        return _before_2022(facts, core, minor=minor)
    stay, status = facts.residence.stay, facts.residence.status
    if stay is not ABSENT and stay is not None and (stay.kind != "wlz_institution" or on >= WLZ_STAY_FROM):
        return _before_the_stay(facts, core, wlz=stay.kind == "wlz_institution")
    if status in (ABSENT, None, "registered", "secret"):
        body = _by_own_address(facts, on)
    elif status == "abroad":
        body = _actual_stay(facts, core, "JW-22b")
    else:
        body = _mother_at_birth(facts, core)
    if stay is not ABSENT or body.asks is not None:
        return body
    presumed = (*body.presumed, "residence.stay")
    return Body(body.kind, body.municipality, body.test, None, presumed, body.warnings)


def _by_own_address(facts: Facts, on: date) -> Body:
    home, residence = facts.home_municipality, facts.residence
    presumed = ("residence.status",) if residence.status is ABSENT else ()
    warnings = []
    if isinstance(residence.actual_stay_municipality, str) and residence.actual_stay_municipality != home:
        warnings.append("BRP_DIFFERS_FROM_ACTUAL")
    if isinstance(residence.parents_municipality, str) and residence.parents_municipality != home:
        warnings.append("PARENTS_ELSEWHERE_IRRELEVANT")
    moved = residence.moved_on
    if isinstance(moved, date) and moved <= on <= add_months(moved, 12):
        warnings.append("CONTINUATION_ONE_YEAR_AFTER_MOVE")
    return _place(home, "JW-20", "homeMunicipality", presumed, tuple(warnings))


def _before_the_stay(facts: Facts, core: str | None, *, wlz: bool) -> Body:
    previous = facts.residence.previous_municipality
    if previous is None:
        return _mother_at_birth(facts, core)
    warning = "WLZ_STAY_PREV_MUNICIPALITY" if wlz else "RESIDENTIAL_PREV_MUNICIPALITY"
    return _place(previous, "JW-21", "residence.previousMunicipality", warnings=(warning,))


def _mother_at_birth(facts: Facts, core: str | None) -> Body:
    mother = facts.residence.mother_municipality_at_birth
    if mother is None:
        return _actual_stay(facts, core, "JW-22")
    warnings = ("MOTHER_AT_BIRTH_RULE", "HUMAN_REVIEW")
    return _place(mother, "JW-22", "residence.motherMunicipalityAtBirth", warnings=warnings)


def _before_2022(facts: Facts, core: str | None, *, minor: bool) -> Body:
    parents = facts.residence.parents_municipality
    if not minor:
        return resident(facts, core, "JW-25")
    if parents is None:
        return _actual_stay(facts, core, "JW-25")
    return _place(parents, "JW-25", "residence.parentsMunicipality")


def _actual_stay(facts: Facts, core: str | None, test: str) -> Body:
    stay = facts.residence.actual_stay_municipality
    return _or_core(stay, core, test, "residence.actualStayMunicipality", always_review=True)


def _approached(facts: Facts, core: str | None) -> Body:
    approached = facts.residence.municipality_approached
    return _or_core(approached, core, "WMO-08", "residence.municipalityApproached", always_review=False)


def _or_core(told: Told[str], core: str | None, test: str, asks: str, *, always_review: bool) -> Body:
    if isinstance(told, str):
        return Body("municipality", told, test, warnings=("HUMAN_REVIEW",) if always_review else ())
    if core is None:
        return Body("municipality", None, test, asks=asks)
    return Body("municipality", core, test, presumed=(asks,), warnings=("HUMAN_REVIEW",))


def _child(facts: Facts, core: str | None) -> Body:
    children = facts.circumstances.children
    told = [c.municipality for c in children if c.municipality] if isinstance(children, tuple) else []
    if not told:
        home = resident(facts, core, "JW-12")
        presumed = (*home.presumed, "circumstances.children")
        return Body(home.kind, home.municipality, "JW-12", home.asks, presumed, home.warnings)
    several = len(set(told)) > 1
    return Body("municipality", told[0], "JW-12", warnings=("HUMAN_REVIEW",) if several else ())


def _care_recipient(facts: Facts, core: str | None) -> Body:
    recipient = facts.circumstances.care_recipient_municipality
    if isinstance(recipient, str):
        return Body("municipality", recipient, "WMO-14")
    home = resident(facts, core, "WMO-14")
    asks = "circumstances.careRecipientMunicipality"
    presumed = (*home.presumed, asks) if recipient is ABSENT else home.presumed
    return Body(home.kind, home.municipality, "WMO-14", home.asks, presumed, home.warnings)


def _never_held_back(facts: Facts, core: str | None, test: str) -> Body:
    """A safety route goes on without the answer, at the core municipality's region if need be."""
    body = resident(facts, core, test)
    if body.asks is None:
        return body
    return Body("municipality", core, body.test, presumed=(body.asks,), warnings=("HUMAN_REVIEW",))


def _place(
    told: Told[str],
    test: str,
    asks: str,
    presumed: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
) -> Body:
    if isinstance(told, str):
        return Body("municipality", told, test, None, presumed, warnings)
    return Body("municipality", None, test, asks)


# The tests that are not simply where somebody lives.
_OTHER_TESTS: Final[Mapping[str, Callable[[Facts, str | None, str], Body]]] = {
    "vt": _never_held_back,
    "pw": _factual_domicile,
    "pw_study": _factual_domicile,
}
