"""The life of a handover as one page of Markdown, from the tables that the service follows."""

from collections.abc import Iterator
from typing import Final

from app.cli import lifecycle_words as words
from app.services.lifecycle.clocks import ANSWER_DAYS
from app.services.lifecycle.moving import MOST_BOUNCES
from app.services.lifecycle.placing import BODY_KINDS
from app.services.lifecycle.reasons import OUTCOMES, REASONS, Reason
from app.services.lifecycle.table import CHANGEABLE, ENDED, REOPENED_WITHIN, RUNNING, STEPS, Step

# Steps that lead out of many statuses: their lines would hide all others.
_NOT_DRAWN: Final = ("withdraw", "mark_in_error")


def lifecycle_page() -> str:
    """The whole page: statuses, steps, actors, what happens by itself, reasons, outcomes, flags, clocks."""
    parts = [
        words.HEAD,
        *_statuses(),
        words.DIAGRAM,
        *_diagram(),
        words.STEPS_HEAD,
        *map(_step, STEPS),
        words.AFTER_STEPS.format(days=REOPENED_WITHIN.days),
        *(f"| {name} | {meaning} |" for name, meaning in words.ACTORS.items()),
        words.BY_ITSELF.format(bounces=MOST_BOUNCES),
        words.REASONS_HEAD,
        *map(_reason, REASONS),
        words.BODIES.format(bodies=_codes(BODY_KINDS)),
        *(f"| `{code}` | {words.OUTCOMES[code]} |" for code in OUTCOMES),
        words.FLAGS_HEAD,
        *(f"| `{code}` | {set_} | {cleared} |" for code, (set_, cleared) in words.FLAGS.items()),
        words.CLOCKS.format(days=ANSWER_DAYS),
    ]
    return "\n".join(parts) + "\n"


def _statuses() -> Iterator[str]:
    for code, meaning in words.STATUSES.items():
        kind = "ended" if code in ENDED else "running" if code in RUNNING else "may still change"
        yield f"| `{code}` | {kind} | {meaning} |"


def _diagram() -> Iterator[str]:
    drawn = [(step, step.to or words.DRAWN_TO.get(step.action)) for step in STEPS]
    arrows = (
        f"    {source} --> {target}: {step.action}"
        for step, target in drawn
        if target and step.action not in _NOT_DRAWN
        for source in _in_order(step.sources)
        if source != target
    )
    yield from dict.fromkeys(arrows)
    yield "```"


def _step(step: Step) -> str:
    needs = [f"`{name}`" for name in step.needs]
    if step.administrative:
        needs = [f"{one} (administrative)" for one in needs]
    cells = (
        f"`{step.action}`",
        _from(step),
        f"`{step.to}`" if step.to else words.BECOMES[step.action],
        ", ".join(words.LETTERS[actor] for actor in step.actors),
        ", ".join([*needs, *(f"`{name}` where it has one" for name in step.may)]) or "-",
        words.ACTIONS[step.action],
    )
    return f"| {' | '.join(cells)} |"


def _from(step: Step) -> str:
    groups = {
        CHANGEABLE: "any that may still change",
        RUNNING: "any that runs",
        CHANGEABLE | RUNNING: "any open",
    }
    told = groups.get(step.sources) or _codes(_in_order(step.sources))
    if step.sources == (CHANGEABLE | RUNNING | ENDED) - {"entered_in_error"}:
        told = "any other"
    if step.flag:
        told += f", with `{step.flag}`"
    if step.without:
        told += f", without `{step.without}`"
    return told


def _reason(reason: Reason) -> str:
    marks = ["names the body"] * reason.names_body + ["administrative"] * reason.administrative
    until = reason.valid_to.isoformat() if reason.valid_to else ".."
    cells = (
        f"`{reason.code}`",
        words.REASONS[reason.code],
        _codes(reason.actions) or "the service itself",
        ", ".join(marks) or "-",
        reason.ijw or "-",
        f"{reason.valid_from} to {until}",
    )
    return f"| {' | '.join(cells)} |"


def _in_order(statuses: frozenset[str]) -> list[str]:
    return [status for status in words.STATUSES if status in statuses]


def _codes(codes: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{code}`" for code in codes)
