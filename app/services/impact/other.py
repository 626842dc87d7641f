"""What is put in the place of what decided: another rulebook, or changes of the directory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.routing import Directory
from app.routing.directory import Agreement, School, Team
from app.services.consequences import Named
from app.services.registrations import overlaps


@dataclass(frozen=True, slots=True)
class Other:
    """A rulebook by its files, None where each decision keeps its own; and what changes in every edition.

    `things` stand in each edition as they are here; of each kind the ids in `gone` are not there.
    """

    rulebook_files: Mapping[str, str] | None = None
    things: tuple[Named, ...] = ()
    gone: frozenset[tuple[type[Named], str]] = frozenset()

    def directory(self, own: Directory) -> Directory:
        """The edition that a decision was made with, as it would have been."""
        if not self.things and not self.gone:
            return own
        listed: tuple[Named, ...] = (*own.teams, *own.schools, *own.agreements)
        after: tuple[Named, ...] = (*listed, *self.things)
        things = {_key(thing): thing for thing in after if _key(thing) not in self.gone}
        return replace(
            own,
            teams=tuple(thing for thing in things.values() if isinstance(thing, Team)),
            schools=tuple(thing for thing in things.values() if isinstance(thing, School)),
            agreements=tuple(thing for thing in things.values() if isinstance(thing, Agreement)),
        )


def changes_in(
    newest: Directory, kind: type[Named], told: Iterable[Named], *, end_missing: bool
) -> tuple[tuple[Named, ...], frozenset[tuple[type[Named], str]]]:
    """What a table of one kind says otherwise than the newest edition: things, and what is not there.

    What it says alike is not a change, whatever an earlier edition said of it.
    """
    listed: tuple[Named, ...] = (*newest.teams, *newest.schools, *newest.agreements)
    before = {_key(thing): thing for thing in listed}
    told_by_key = {_key(thing): thing for thing in told}
    changed = tuple(thing for key, thing in told_by_key.items() if before.get(key) != thing)
    missing = (key for key in before if key[0] is kind and key not in told_by_key)
    return changed, frozenset(missing if end_missing else ())


def overlapping(newest: Directory, other: Other) -> list[str]:
    """The ids of what claims the same as another thing for some day: nobody could register it so."""
    after = other.directory(newest)
    listed: tuple[Named, ...] = (*after.schools, *after.agreements)
    return [thing.id for thing in other.things if any(overlaps(thing, one) for one in listed)]


def _key(thing: Named) -> tuple[type[Named], str]:
    return type(thing), thing.id
