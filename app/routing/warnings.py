"""Warnings of a case: those that rules raise, and those that only the whole case can show (LAW 11.2)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.routing.case import Case, DomainDraft, Draft, Later
from app.routing.dates import add_months, birthday
from app.routing.decision import DecisionWarning
from app.routing.residence import Body
from app.routing.rule import Rule
from app.routing.youth_help import half_year_ends

_NOT_MUNICIPAL: Final = ("health_insurer", "care_office", "uwv", "school")
# One college carries these out, and may not use the data of one for another just so (E-15).
_SOCIAL_DOMAIN: Final = ("youth_act", "wmo_2015", "participation_act", "debt_assistance_act")
# (code, date, municipality) -> the problem domains that raised it
Raised = dict[tuple[str, date | None, str | None], list[str]]


def warnings_of(later: Later) -> tuple[DecisionWarning, ...]:
    """Every warning once, with the problem domains it concerns, in the order in which it was raised."""
    case, domains = later.case, later.drafted
    raised: Raised = {}
    for draft, domain in ((draft, asked) for asked in domains for draft in asked.drafts):
        for code, on, place in _of_draft(case, draft, domain):
            listed = raised.setdefault((code, on, place), [])
            if draft.problem_domain not in listed:
                listed.append(draft.problem_domain)
    for code, on, place in _of_case(later):
        raised.setdefault((code, on, place), [])
    book, places = case.rulebook, case.directory.places
    return tuple(
        DecisionWarning(
            code,
            on,
            places[place].municipality if place else None,
            tuple(listed),
            book.notes_by_code[code].text,
        )
        for (code, on, place), listed in raised.items()
    )


def needs_review(rule: Rule, body: Body) -> bool:
    """Whether a person must look at a route of this rule and body before it is used."""
    return rule.confidence == "low" or "HUMAN_REVIEW" in (*rule.warnings, *body.warnings)


Shown = tuple[str, date | None, str | None]


def _of_draft(case: Case, draft: Draft, domain: DomainDraft) -> Iterator[Shown]:
    rule, body = draft.match.rule, draft.body
    unsafe = draft.problem_domain == "safety_violence" or domain.readings["acute"] == "=yes"
    if unsafe and (rule is None or rule.limb in ("main", "emergency")):
        yield "VARIANT_OVERRIDDEN_BY_SAFETY", None, None
    if rule is None:
        return
    for note in draft.match.notes:
        yield note.code, _date(case, note.on), None
    for code in rule.warnings:
        yield code, _date(case, case.rulebook.notes_by_code[code].on), None
    if rule.confidence == "low":
        yield "HUMAN_REVIEW", None, None
    for code in (*(body.warnings if body else ()), *draft.receiving.warnings):
        yield code, _moved(case) if code == "CONTINUATION_ONE_YEAR_AFTER_MOVE" else None, None
    if (body and body.kind in _NOT_MUNICIPAL) or rule.id.startswith("none.abroad"):
        yield "NOT_MUNICIPAL", None, None
        if case.facts.support_variant not in (None, "own_neighbourhood"):
            yield "VARIANT_NOT_APPLICABLE", None, None


def _of_case(later: Later) -> Iterator[Shown]:
    case, domains = later.case, later.drafted
    drafts = [draft for domain in domains for draft in domain.drafts]
    found = [(draft.match.rule, draft.body, draft.receiving) for draft in drafts]
    places = {body.municipality for rule, body, _ in found if rule and body and rule.provision != "vt"}
    if len(places - {None}) > 1:
        yield "TWO_MUNICIPALITIES", None, None
    acts = {rule.legal_framework for rule, _, _ in found if rule}
    if len(acts - {"none"}) > 1:
        yield "MULTI_FRAMEWORK_COORDINATION", None, None
    if len(acts.intersection(_SOCIAL_DOMAIN)) > 1:
        yield "NO_GENERAL_SHARING_ACT", None, None
    asked = {r.kind for rule, _, to in found if rule and rule.consent is None for r in to.receivers}
    if len(asked) > 1:
        yield "CONSENT_PER_RECIPIENT", None, None
    if case.facts.merged:
        merged = "homeMunicipality" in case.facts.merged
        yield "MUNICIPALITY_MERGED", None, case.facts.home_municipality if merged else None
    if case.on > case.rulebook.checked_until:
        yield "LAW_HORIZON", case.rulebook.checked_until, None
    yield from _flip_at_18(later)


def _flip_at_18(later: Later) -> Iterator[Shown]:
    """The municipality that becomes responsible for the same problem on the 18th birthday."""
    case = later.case
    born = case.facts.birth_date
    if born is None or case.readings["turns_18"] not in ("=tomorrow", "=within_6_months"):
        return
    eighteen = birthday(born, 18)
    drafts = (draft for domain in later.drafted for draft in domain.drafts)
    before = {(draft.problem_domain, draft.body.municipality) for draft in drafts if draft.body}
    known = {domain for domain, place in before if place}
    shown = set()
    for domain in later.on(eighteen):
        for draft in domain.drafts:
            place = draft.body.municipality if draft.body else None
            new = draft.problem_domain in known and (draft.problem_domain, place) not in before
            if place and new and place not in shown:
                shown.add(place)
                yield "MUNICIPALITY_FLIP_AT_18", eighteen, place


def _moved(case: Case) -> date | None:
    moved = case.facts.residence.moved_on
    return add_months(moved, 12) if isinstance(moved, date) else None


def _date(case: Case, name: str | None) -> date | None:
    """The date that a warning of the rulebook names."""
    if name is None:
        return None
    if name == "half_year_end":
        return half_year_ends(case.facts)
    born = case.facts.birth_date
    return birthday(born, int(name.removeprefix("birthday_"))) if born else None
