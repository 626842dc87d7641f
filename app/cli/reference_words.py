"""A report of what another reference changes, as lines to read."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from app.reference.changes import PostcodeChanged
from app.routing.decision import Municipality, Region
from app.services.reference_import import Report

SHOWN: Final = 10  # of each kind; --json has all
T = TypeVar("T")


def report_in_words(report: Report, made: int | None) -> Iterator[str]:
    """One line for each kind of change, examples below it, then what of the directory is concerned."""
    changes = report.changes
    if report.before == report.after:
        yield "Nothing changes."
        return
    yield f"from {report.before}\nto   {report.after}"
    yield from _listed("municipalities added", changes.added, _named)
    yield from _listed(
        "municipalities ended",
        changes.ended,
        lambda e: f"{_named(e.municipality)} -> {', '.join(map(_named, e.into)) or 'nowhere'}",
    )
    yield from _listed(
        "municipalities renamed", changes.renamed, lambda r: f"{r.code}: {r.before} -> {r.after}"
    )
    yield from _listed(
        "regions changed",
        changes.regions,
        lambda r: f"{_named(r.municipality)}: {_region(r.before)} -> {_region(r.after)}",
    )
    yield from _listed(
        "provinces changed", changes.provinces, lambda p: f"{_named(p.municipality)}: {p.before} -> {p.after}"
    )
    yield from _listed("former codes with another answer", changes.codes, str)
    yield from _listed("postcodes added", changes.postcodes_added, str)
    yield from _listed("postcodes gone", changes.postcodes_gone, str)
    yield from _listed("postcodes with another municipality", changes.postcodes_moved, _postcode)
    yield from _listed("postcodes now split", changes.postcodes_split, _postcode)
    yield from _listed("postcodes no longer split", changes.postcodes_whole, _postcode)
    yield from _listed("schools changed", changes.schools, str)
    yield from _listed("youth-protection organisations changed", changes.youth_protection, str)
    yield f"tables: {', '.join(changes.tables)}"
    yield from _directory(report)
    yield from (f"REFUSED: {reason}" for reason in report.refused)
    if made is None:
        yield "Nothing was stored."
    else:
        yield f"In force with edition {made} of the directory."
        yield f"The way back: verwijsroute reference use {report.before}"


def _directory(report: Report) -> Iterator[str]:
    """All of it: somebody has to look at each."""
    if report.directory:
        yield f"places in the directory that name what ends: {len(report.directory)}"
    if report.back:
        yield f"in the directory as it was before: {', '.join(thing.id for thing in report.back)}"
    for found in report.directory:
        into = found.into[0] if found.carried else "no single successor"
        yield f"  {found.kind} {found.id} {found.field}: {found.code} -> {into}"


def _listed(kind: str, items: Sequence[T], say: Callable[[T], str]) -> Iterator[str]:
    if not items:
        return
    yield f"{kind}: {len(items)}"
    yield from (f"  {say(item)}" for item in items[:SHOWN])
    if len(items) > SHOWN:
        yield f"  … and {len(items) - SHOWN} more (--json)"


def _named(municipality: Municipality) -> str:
    return f"{municipality.code} {municipality.name}"


def _region(region: Region | None) -> str:
    return f"{region.type} {region.code} {region.name}" if region else "none"


def _postcode(changed: PostcodeChanged) -> str:
    return f"{changed.pc4}: {', '.join(changed.before)} -> {', '.join(changed.after)}"
