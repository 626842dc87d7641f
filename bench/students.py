"""Students of a cohort, made up: realistic in kind and spread, each the same for its seed and number."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Final

from app.routing.dates import add_months
from bench.homes import Home, around, cores, written

Plain = dict[str, Any]

PROPORTIONS: Final = Path(__file__).with_name("cohort.toml")
# A school year has begun; ages are those of this day.
ON: Final = date(2026, 9, 14)
# Of all students in vocational education, one in so many has youth help or support under the Wmo.
HELPED: Final = 1 / 17


@dataclass(frozen=True, slots=True)
class Choice:
    """Words, and the chance of each."""

    words: tuple[str, ...]
    upto: tuple[float, ...]

    def of(self, chance: Random) -> str:
        """One of the words."""
        return chance.choices(self.words, cum_weights=self.upto)[0]


@cache
def choice(name: str) -> Choice:
    """A table of cohort.toml."""
    table = tomllib.loads(PROPORTIONS.read_text("utf-8"))[name]
    return Choice(tuple(table), tuple(accumulate(table.values())))


@cache
def words(name: str) -> tuple[str, ...]:
    """A list of cohort.toml."""
    return tuple(tomllib.loads(PROPORTIONS.read_text("utf-8"))["words"][name])


def referral(seed: int, number: int) -> Plain:
    """The body of a referral, as POST /v1/referrals takes it; `number` makes its reference unique."""
    chance = Random(seed << 32 | number)  # noqa: S311  no secret
    brin = chance.choice(tuple(cores()))
    home = chance.choice(around(cores()[brin])[choice("homes").of(chance)])
    age = int(choice("ages").of(chance))
    domains = _domains(chance)
    return {
        "sourceReference": f"cohort-{seed}-{number:07}",
        "referenceDate": ON.isoformat(),
        "student": _student(chance, number, age, home),
        "homeMunicipality": written(chance, choice("spellings").of(chance), home.municipality),
        "residence": _residence(chance, home, brin),
        "school": {"brin": brin, "location": f"{brin}0{chance.randint(1, 2)}"},
        "problemDomains": domains,
        "supportVariant": choice("variants").of(chance),
        "circumstances": _circumstances(chance, age, domains),
        "consents": _consents(chance, age),
        "referrer": _referrer(chance),
        "reason": " ".join(chance.choices(words("sentences"), k=chance.randint(1, 6))),
    }


def _student(chance: Random, number: int, age: int, home: Home) -> Plain:
    first = chance.choice(words("first_names"))
    born = add_months(ON, -12 * age) - timedelta(days=chance.randrange(365))
    told: Plain = {
        "studentNumber": f"S{number:07}",
        "firstNames": first,
        "surname": chance.choice(words("surnames")),
        "birthDate": born.isoformat(),
        "postcode": home.pc4 + "".join(chance.choices("ABCDEGHJKLMNPRSTVWXZ", k=2)),
        "houseNumber": str(chance.randint(1, 250)),
        "phone": f"+316{chance.randrange(10**8):08}",
    }
    return told | {"email": f"s{number:07}@example.org"} if chance.random() < 0.9 else told


def _domains(chance: Random) -> list[str]:
    wanted = int(choice("domains_of_one").of(chance))
    found: dict[str, None] = {}
    while len(found) < wanted:
        found[choice("domains").of(chance)] = None
    return list(found)


def _residence(chance: Random, home: Home, brin: str) -> Plain:
    """Nine of ten are registered and stayed where they were; some moved, some stay somewhere."""
    told: Plain = {"status": "registered"} if chance.random() < 0.9 else {}
    if chance.random() < 0.06:
        before = chance.choice(around(cores()[brin])["region"] or (home,))
        told |= {"previousMunicipality": before.municipality, "movedOn": _day_before(chance, 700)}
    if chance.random() < 0.006:
        kind = chance.choice(("foster_care", "family_home", "protected_living", "shelter"))
        told["stay"] = {"kind": kind, "since": _day_before(chance, 900)}
    return told


def _circumstances(chance: Random, age: int, domains: list[str]) -> Plain:
    """What a mentor knows: most of what matters for the domains, not all of it."""
    told: Plain = {"enrolment": choice("enrolments").of(chance)}
    if chance.random() < HELPED:
        told |= _helped(chance, age, domains)
    elif chance.random() < 0.8:
        told["youthHelp"] = None
    if chance.random() < 0.002:
        told["acuteDanger"] = True
    if age >= 18 and chance.random() < 0.6:
        told["startQualification"] = chance.random() < 0.4
    for domain in domains:
        if chance.random() < 0.85:
            told |= _told_of(chance, domain, age)
    return told


def _helped(chance: Random, age: int, domains: list[str]) -> Plain:
    """Youth help that runs or ran; from 18 as often guidance under the Wmo."""
    if age >= 18 and chance.random() < 0.5:
        return {"youthHelp": None, "needs": dict.fromkeys(domains[:1], "guidance")}
    help_: Plain = {"type": choice("youth_help").of(chance), "startedOn": _day_before(chance, 1500)}
    help_["ongoing"] = chance.random() < 0.8
    if age >= 18 and chance.random() < 0.7:
        help_["continuationDecided"] = chance.random() < 0.5
    return {"youthHelp": [help_]}


def _told_of(chance: Random, domain: str, age: int) -> Plain:
    """What is known of one problem domain."""
    needs = {domain: chance.choice(("guidance", "nursing", "aids_and_adaptations"))}
    threat = chance.choice((None, None, None, None, None, "eviction", "energy_or_water_cut_off"))
    told: dict[str, Plain] = {
        "absence_dropout": {"absenceHoursInFourWeeks": chance.randint(0, 60)},
        "debts": {"threateningSituation": threat},
        "housing": {"homeless": chance.random() < 0.15},
        "pregnancy_parenthood": {"pregnant": chance.random() < 0.6},
        "disability_phys": {"needs": needs},
    }
    if domain == "justice" and age >= 18:
        return {"criminalMeasure": chance.choice((None, "juvenile_law", "adult_probation"))}
    return told.get(domain, {})


def _consents(chance: Random, age: int) -> list[Plain]:
    """What the student said, and under 16 mostly a parent too; one in twelve is missing."""
    given: list[Plain] = []
    day = _day_before(chance, 21)
    if chance.random() > 0.08:
        few = chance.random() < 0.05
        recipients = ["neighbourhood_team", "municipal_youth_team", "gp"] if few else "all"
        given.append(_consent("student", day, "referral") | {"recipients": recipients})
    if age < 16 and chance.random() > 0.2:
        given.append(_consent("parent", day, "referral"))
    if chance.random() < 0.004:
        given.append(_consent("student", day, "contact_parents") | {"refused": True})
    return given


def _consent(giver: str, day: str, purpose: str) -> Plain:
    return {"givenBy": giver, "givenOn": day, "purpose": purpose, "recipients": "all"}


def _referrer(chance: Random) -> Plain:
    """One of some forty colleagues."""
    number = chance.randrange(40)
    name = f"{chr(65 + number % 26)}. {words('surnames')[number % len(words('surnames'))]}"
    return {"name": name, "role": choice("roles").of(chance), "email": f"referrer{number}@example.org"}


def _day_before(chance: Random, days: int) -> str:
    """A day within so many days before the reference date."""
    return (ON - timedelta(days=chance.randrange(1, days))).isoformat()
