"""A decision and its parts: what was decided for each problem, by which rule, and what is in doubt."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Outcome = Literal["routed", "needs_information", "needs_triage"]
Confidence = Literal["high", "medium", "low"]
Role = Literal["primary", "alternative", "alongside", "bridging"]
Channel = Literal["handover", "referrer_acts", "call_now", "school"]
Status = Literal["P", "O", "G", "M"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or more, in Dutch (B1) and in English."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of today: four digits and the name of the reference file."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region of one type (`veilig_thuis`, `rmc`, …) as CBS codes it."""

    type: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Responsible:
    """The body whose task a provision is, and the residence test of LAW 2.3 that says so."""

    kind: str
    municipality: Municipality | None
    region: Region | None
    test: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """The fixed contact of a team and the deputy (F-12)."""

    name: str | None
    phone: str | None
    email: str | None
    deputy: str | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who receives a route, in which role, and how it is reached."""

    role: Role
    channel: Channel
    kind: str
    team_id: str | None
    name: str | None
    organisation: str | None
    municipality: Municipality | None
    region: Region | None
    contact: Contact | None
    derived: bool


@dataclass(frozen=True, slots=True)
class RouteConsent:
    """Whose consent the handover needs (LAW 7.1), and whether it is on record."""

    required: str
    given: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """An article of law, how sure its reading is (LAW 0.1) and the state of the text that was read."""

    act: str
    article: str
    source: str
    status: Status
    text_of: date | None


@dataclass(frozen=True, slots=True)
class RuleReference:
    """The rule that decided, and the articles it rests on."""

    id: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class NotChosen:
    """A rule in force that was not chosen, and the first of its conditions that failed."""

    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A fact that the service derived, with the facts it came from."""

    fact: str
    value: str
    derived_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The answer for one problem domain under one limb of the law."""

    problem_domain: str
    outcome: Outcome
    legal_framework: str | None
    provision: str | None
    confidence: Confidence | None
    human_review: bool
    responsible: Responsible | None
    receivers: tuple[Receiver, ...]
    on_behalf_of: Municipality | None
    agreement_id: str | None
    consent: RouteConsent | None
    rule: RuleReference | None
    presumed: tuple[str, ...]
    derived_facts: tuple[DerivedFact, ...]
    not_chosen: tuple[NotChosen, ...]
    explanation: Text


@dataclass(frozen=True, slots=True)
class Coordinator:
    """The team that keeps the whole together: one of the primaries (F-16)."""

    kind: str
    team_id: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class DecisionWarning:
    """Something the reader must know; `on` is a date and `municipality` a place it concerns."""

    code: str
    on: date | None
    municipality: Municipality | None
    problem_domains: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Decides:
    """What the answer to a question decides."""

    problem_domain: str
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact of which another value would change a route; a blocking one holds that route back."""

    fact: str
    blocking: bool
    decides: tuple[Decides, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that exclude each other."""

    facts: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term of LAW 11.1: a number of calendar or working days from the moment of offering."""

    kind: str
    days: int
    unit: Literal["calendar", "working"]
    basis: str
    problem_domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedRoute:
    """What a route is on the day it changes; no provision where it then needs information."""

    problem_domain: str
    provision: str | None


@dataclass(frozen=True, slots=True)
class NextChange:
    """The first later day on which a route differs with all other facts unchanged."""

    on: date
    because: str
    routes: tuple[ChangedRoute, ...]


@dataclass(frozen=True, slots=True)
class RulebookReference:
    """Which rulebook decided: version, SHA-256 of its files, and the day it was checked until."""

    version: str
    hash: str
    checked_until: date


@dataclass(frozen=True, slots=True)
class DirectoryReference:
    """Which edition of the directory was read, and for which day."""

    edition: int
    read_for: date


@dataclass(frozen=True, slots=True)
class Age:
    """The age on the reference date in whole years, and the birth date where it is known."""

    years: int
    born_on: date | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The whole answer to one referral (CONTRACT 3)."""

    outcome: Outcome
    reference_date: date
    rulebook: RulebookReference
    directory: DirectoryReference
    age: Age | None
    routes: tuple[Route, ...]
    coordinator: Coordinator | None
    warnings: tuple[DecisionWarning, ...]
    questions: tuple[Question, ...]
    contradictions: tuple[Contradiction, ...]
    deadlines: tuple[Deadline, ...]
    next_change: NextChange | None
    explanation: Text
