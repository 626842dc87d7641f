"""Who receives a route: the team of variant and agreement (LAW 8.2) or the act's fixed receiver."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.routing.decision import Channel, Municipality, Receiver, Region, Role
from app.routing.directory import Agreement, Directory, Team
from app.routing.rule import Rule
from app.routing.vocabulary import ONSITE_TEAM, RECEIVERS, TEAM_OF_VARIANT, VARIANT_TEAM

# An agreement of these mandates lets the core team help on behalf of the home municipality (F-02).
_HELPING: Final = ("provide", "decide")
# What a rule names where variant and core municipality choose.
_BY_VARIANT: Final = (VARIANT_TEAM, ONSITE_TEAM)
# In these roles the core team then works on behalf of the home municipality (F-05).
_HELPERS: Final = ("primary", "bridging")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom receivers are looked for: the student's place, school and age at one reading of the directory.

    `home` is the municipality that is responsible for the route, or where the student lives for a
    route that is nobody's municipal task; `variant` is the region's choice unless safety overrides it,
    None where it was not told.
    """

    home: str | None
    core: str | None
    variant: str | None
    school: str | None
    location: str | None
    pc4: str | None
    age: int | None
    problem_domain: str
    day: date


@dataclass(frozen=True, slots=True)
class Receiving:
    """The receivers of one route, with the agreement they rest on; or what is missing.

    `ambiguous` means that several teams fit equally well: the desk decides.
    """

    receivers: tuple[Receiver, ...] = ()
    agreement: Agreement | None = None
    asks: str | None = None
    ambiguous: bool = False
    warnings: tuple[str, ...] = ()


# Receivers depend on little that is the student's own: what was found is kept with the edition, by what it
# was found with and nothing else, so that many students find it. A cohort of a whole country has more; to
# find those anew takes a hundredth of the time, to keep them a fifth of the memory of a process.
_KEPT_AT_MOST: Final = 10_000


def receiving(rule: Rule, addressee: Addressee, directory: Directory) -> Receiving:
    """The receivers that a rule names, found in the directory."""
    by_variant = any(kind in _BY_VARIANT for _, kind in rule.receivers)
    named = directory.named_schools
    key = (
        rule,
        addressee.home,
        addressee.core if by_variant else None,
        addressee.variant if by_variant else None,
        addressee.school if addressee.school in named else None,
        addressee.location if addressee.location in named else None,
        addressee.pc4 if directory.reads_pc4 else None,
        addressee.age if directory.reads_age else None,
        addressee.problem_domain,
        directory.period(addressee.day, addressee.core),
    )
    kept: dict[object, Receiving] = directory.kept
    found = kept.get(key)
    if found is None:
        if len(kept) >= _KEPT_AT_MOST:
            kept.clear()
        found = kept[key] = _find(rule, addressee, directory)
    return found


def _find(rule: Rule, addressee: Addressee, directory: Directory) -> Receiving:
    if addressee.variant is None and ("primary", VARIANT_TEAM) in rule.receivers:
        return Receiving(asks="supportVariant")
    crosses = _crosses(rule, addressee)
    agreement = _agreement(rule, addressee, directory) if crosses else None
    found: list[Receiver] = []
    ambiguous, unregistered, unconfirmed, warnings = False, False, False, []
    for role, kind, place in _wanted(rule, addressee, agreement):
        if kind is None:
            return Receiving(asks="school.coreMunicipality")
        teams = _best(kind, place, addressee, directory)
        ambiguous = ambiguous or (len(teams) > 1 and role == "primary")
        found.append(_receiver(role, kind, place, teams[0] if len(teams) == 1 else None, directory))
        unregistered = unregistered or (found[-1].derived and not teams)
        only = len(teams) == 1
        unconfirmed = unconfirmed or (only and directory.is_unconfirmed(teams[0], addressee.day))
    if unregistered:
        warnings.append("TEAM_NOT_REGISTERED")
    if unconfirmed:
        warnings.append("TEAM_NOT_CONFIRMED")
    helping = any(kind == VARIANT_TEAM and role in _HELPERS for role, kind in rule.receivers)
    behalf = agreement if helping else None
    if behalf is not None:
        warnings.append("CROSS_BORDER_AGREEMENT_USED")
    elif crosses and agreement is None:
        warnings.append("CROSS_BORDER_NO_AGREEMENT")
    return Receiving(tuple(found), behalf, None, ambiguous, tuple(warnings))


Wanted = tuple[Role, str | None, str | None]


def _wanted(rule: Rule, addressee: Addressee, agreement: Agreement | None) -> Iterator[Wanted]:
    """Role, receiver kind and municipality, with the variant's team worked out (LAW 8.2)."""
    for role, kind in rule.receivers:
        if kind == ONSITE_TEAM:
            if addressee.variant == "mbo_as_neighbourhood" and addressee.core:
                yield role, "mbo_onsite_team", addressee.core
        elif kind == VARIANT_TEAM:
            yield from _variant_team(role, addressee, agreement)
        else:
            yield role, kind, addressee.home


def _variant_team(role: Role, addressee: Addressee, agreement: Agreement | None) -> Iterator[Wanted]:
    """A kind of None asks for the core municipality, without which the primary team is unknown."""
    kind, core = TEAM_OF_VARIANT[addressee.variant or "own_neighbourhood"], addressee.core
    if kind == "neighbourhood_team":
        yield role, kind, addressee.home
    elif core is None:
        yield role, None if role == "primary" else "neighbourhood_team", addressee.home
    elif role == "bridging" or addressee.home == core or agreement:
        yield role, kind, core
    else:
        yield role, "neighbourhood_team", addressee.home
        if role == "primary":
            yield "bridging", kind, core


def _crosses(rule: Rule, addressee: Addressee) -> bool:
    """Whether the route leaves the core municipality although the region chose a team there."""
    municipal = any(kind == VARIANT_TEAM for _, kind in rule.receivers) and rule.provision != "none"
    away = addressee.core is not None and addressee.home not in (None, addressee.core)
    return municipal and away and addressee.variant not in (None, "own_neighbourhood")


def _agreement(rule: Rule, addressee: Addressee, directory: Directory) -> Agreement | None:
    """The agreement by which the core team may help a resident of elsewhere, the narrowest; or None."""
    assert addressee.home is not None
    assert addressee.core is not None
    found = [
        agreement
        for agreement in directory.agreements_between(addressee.home, addressee.core, addressee.day)
        if agreement.mandate in _HELPING
        and (agreement.provisions is None or rule.provision in agreement.provisions)
        and (agreement.support_variants is None or addressee.variant in agreement.support_variants)
        and (agreement.schools is None or addressee.school in agreement.schools)
    ]
    return min(found, key=_narrowest_first, default=None)


def _narrowest_first(agreement: Agreement) -> tuple[bool, str]:
    limits = (agreement.provisions, agreement.schools, agreement.support_variants)
    return all(limit is None for limit in limits), agreement.id


def _best(kind: str, place: str | None, addressee: Addressee, directory: Directory) -> list[Team]:
    """The teams of a kind that serve this student most specifically; several when equal."""
    reach, _ = RECEIVERS[kind]
    if place is None or reach == "elsewhere":
        return []
    regions = {region.code for region in directory.places[place].regions.values()}
    scored = [
        (_closeness(team, place, regions, addressee), team)
        for team in directory.teams_at(kind, place, addressee.day)
        if _serves(team, addressee)
    ]
    closest = max((score for score, _ in scored), default=0)
    return [team for score, team in scored if score == closest and score > 0]


def _serves(team: Team, addressee: Addressee) -> bool:
    if team.expertise and addressee.problem_domain not in team.expertise:
        return False
    if addressee.age is None:
        return True
    return (team.age_from or 0) <= addressee.age and (team.age_to is None or addressee.age <= team.age_to)


def _closeness(team: Team, place: str, regions: set[str], addressee: Addressee) -> int:
    """5 by postcode area, 4 by location, 3 by school, 2 by municipality, 1 by region, 0 not at all."""
    coverage = team.coverage
    at_home = place == team.municipality or place in coverage.municipalities
    if coverage.pc4 and at_home:
        return 5 if addressee.pc4 in coverage.pc4 else 0
    if coverage.schools and at_home:
        return 4 if addressee.location in coverage.schools else 3 * (addressee.school in coverage.schools)
    if at_home:
        return 2
    return 1 if regions.intersection(coverage.regions) else 0


def _receiver(role: Role, kind: str, place: str | None, team: Team | None, directory: Directory) -> Receiver:
    reach, channel = RECEIVERS[kind]
    if team is not None:
        return receiver_of(team, directory, role, _region(reach, place, directory))
    if reach == "elsewhere" or place is None:
        return Receiver(role, channel, kind, None, None, None, None, None, None, False)
    return derived_desk(role, kind, place, directory)


def receiver_of(
    team: Team, directory: Directory, role: Role = "primary", region: Region | None = None
) -> Receiver:
    """A registered team as a receiver: a handover reaches it where its organisation is connected."""
    where = directory.places[team.municipality].municipality
    shown: Channel = "handover" if team.organisation in directory.connected else RECEIVERS[team.kind][1]
    name, contact = team.name, team.contact
    return Receiver(role, shown, team.kind, team.id, name, team.organisation, where, region, contact, False)


def derived_desk(role: Role, kind: str, place: str, directory: Directory) -> Receiver:
    """The access desk of the municipality or region, derived where nobody registered a team."""
    reach, channel = RECEIVERS[kind]
    region = _region(reach, place, directory)
    municipality: Municipality | None = None if region else directory.places[place].municipality
    code = region.code if region else place
    name = region.name if region else directory.places[place].municipality.name
    shown: Channel = "handover" if code in directory.connected else channel
    return Receiver(
        role, shown, kind, f"desk-{code.lower()}", f"Toegang {name}", code, municipality, region, None, True
    )


def _region(reach: str, place: str | None, directory: Directory) -> Region | None:
    if place is None or reach in ("municipal", "elsewhere"):
        return None
    return directory.places[place].regions.get(reach)
