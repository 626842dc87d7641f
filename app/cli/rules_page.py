"""The rulebook as one page of Markdown: what people read instead of the rule files."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from app.routing import Rulebook
from app.routing.columns import COLUMNS
from app.routing.condition_words import condition_in_words
from app.routing.dates import AGE_BORDERS
from app.routing.decision import Citation
from app.routing.neighbours import neighbours_of
from app.routing.rule import Rule

_NO_ACT: Final = "Acute danger, and problems for which no act gives a route"
_HEAD: Final = """\
# The rules, act by act

Made by `verwijsroute rules document > docs/rules.md`; a test fails where this page and the program differ.
To change a rule, change its file in `app/routing/rules/`: see [CONTRIBUTING](../CONTRIBUTING.md).

Rulebook {version}: {count} rules. The law was checked until {checked_until}; a decision for a later
reference date carries the warning `LAW_HORIZON`.

**How to read a rule.** It applies on the days of *In force* (both included, `..` is open) when every
condition under *When* holds. Within one problem domain, law version and limb the rule with the lowest order
wins. Receivers stand with their role; `team` is the team that the support variant and the agreements choose,
`onsite` the team on site in the variant `mbo_as_neighbourhood`. Statutory terms are kept in Dutch.

**How sure an article is.** *P*: the text of the provision itself was read, in the state of the date given;
later amendments were not excluded. *O*: a secondary page. *G*: general knowledge, not confirmed. *M*: a
modelling choice, no law dictates it. A rule is never surer than its weakest article. Sources are identifiers
of wetten.overheid.nl (`BWBR…`), of a parliamentary paper (`kst-…`) or as named.
"""
_OPEN: Final = """\
## Points of law that are not confirmed

Check these before relying on the rules named. The numbers are those of the legal specification; numbers that
are missing were settled.

| No | Point | What would change | How to check | Rules |
|--:|---|---|---|---|"""
_FACTS: Final = """
## The facts that conditions name

`is` and `not` compare with one or more values, `from` and `under` with an age. The first value is the usual
one. An age is the first year of its bracket: 18 stands for 18 to 20.

| Fact | Values | Told as |
|---|---|---|"""


def rules_page(book: Rulebook) -> str:
    """The whole page: acts and their rules in the order of the rule files, then open points and facts."""
    parts = [_HEAD.format(version=book.version, count=len(book.rules), checked_until=book.checked_until)]
    for act in dict.fromkeys(map(_act, book.rules)):
        parts.append(f"## {act}\n")
        parts += ["\n".join(_rule(book, rule)) + "\n" for rule in book.rules if _act(rule) == act]
    return "\n".join([*parts, _OPEN, *_open_points(book), _FACTS, *_facts()]) + "\n"


def _act(rule: Rule) -> str:
    return _NO_ACT if rule.legal_framework == "none" else rule.act


def _rule(book: Rulebook, rule: Rule) -> Iterator[str]:
    until = rule.valid_to.isoformat() if rule.valid_to else ".."
    limb = "" if rule.limb == "main" else f", limb `{rule.limb}`"
    receivers = ", ".join(f"{role} `{kind}`" for role, kind in rule.receivers)
    yield f"### `{rule.id}`\n\n{rule.because.en}\n"
    yield f"- **Provision:** `{rule.provision}` ({book.word('provision', rule.provision).en}){limb}"
    yield f"- **Problem domains:** {_codes(rule.problem_domains)}"
    yield f"- **When:** {'; '.join(condition_in_words(book, c).en for c in rule.conditions) or 'always'}"
    if rule.when:
        yield f"- **As written:** {' and '.join(f'`{text}`' for text in rule.when)}"
    yield f"- **In force:** {rule.valid_from} to {until}; order {rule.order}"
    yield f"- **Receivers:** {receivers or 'none'}"
    yield f"- **Confidence:** {rule.confidence}"
    yield f"- **Articles:** {'; '.join(map(_article, rule.citations))}"
    if rule.residence:
        yield f"- **Residence of:** the {rule.residence.replace('_', ' ')}"
    if rule.consent:
        yield f"- **Consent:** `{rule.consent}`"
    if rule.deadlines:
        yield f"- **Deadlines:** {_codes(rule.deadlines)}"
    if rule.warnings:
        yield f"- **Warnings:** {_codes(rule.warnings)}"
    beside = neighbours_of(book, rule)
    near = {
        "asked after": beside.before,
        "asked before": beside.after,
        "followed": beside.earlier,
        "followed by": beside.later,
    }
    told = [f"{words} {_codes(ids)}" for words, ids in near.items() if ids]
    if told:
        yield f"- **Neighbours:** {'; '.join(told)}"
    yield f"- **Example:** {_example(rule.example)}" + (
        f"; not for: {_example(rule.counterexample)}" if rule.conditions else ""
    )


def _article(citation: Citation) -> str:
    mark = f"[{citation.status}, {_state(citation.text_of)}, {citation.source}]"
    return f"{citation.act} {citation.article} {mark}"


def _state(text_of: date | None) -> str:
    return f"text of {text_of}" if text_of else "state of the text not known"


def _codes(codes: tuple[str, ...]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _example(values: Mapping[str, str]) -> str:
    """What the example tells; whatever it does not tell is the usual."""
    told = (
        f"age {_bracket(value)}" if name == "age" else f"{name} {value}" for name, value in values.items()
    )
    return ", ".join(told) or "the usual"


def _bracket(first_year: str) -> str:
    first = int(first_year)
    next_border = min((border for border in AGE_BORDERS if border > first), default=None)
    return f"{first} to {next_border - 1}" if next_border else f"{first} and older"


def _open_points(book: Rulebook) -> Iterator[str]:
    for point in book.open_points:
        rules = _codes(point.rules) or "none in particular"
        yield f"| {point.number} | {point.text} | {point.effect} | {point.check} | {rules} |"


def _facts() -> Iterator[str]:
    """A row of the table for each fact that a condition may name."""
    for name, column in COLUMNS.items():
        told_as = column.derived_from or (column.asks,)
        yield f"| `{name}` | {', '.join(column.values)} | {_codes(told_as)} |"
