"""What is done with each cell of a row: found once for a file, so that a row costs little."""

from collections.abc import Iterator, Mapping as Table
from dataclasses import dataclass

from app.reference import Reference
from app.schemas.importing.columns import BY_NAME, COLUMNS, NULL, Among
from app.schemas.importing.located import FileColumns
from app.schemas.importing.mapping import Mapping
from app.schemas.importing.together import Step, Together
from app.schemas.importing.values import value_reader

Planned = tuple[Among | None, Step]


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells that tell something alone; those that tell it together, with the place of what they tell."""

    alone: tuple[Step, ...]
    together: tuple[tuple[tuple[str, ...], str, Together], ...]


def plan_of(
    told: Table[str, int], width: int, mapping: Mapping, columns: FileColumns, reference: Reference
) -> Plan:
    """The plan for rows of `width` cells, behind which the constants of the mapping stand.

    `told` are our columns with the places of their cells.
    """
    constants = {ours: width + number for number, ours in enumerate(mapping.constants)}
    planned = [
        _planned(ours, place, mapping, columns, reference) for ours, place in {**told, **constants}.items()
    ]
    return Plan(
        alone=tuple(step for among, step in planned if among is None),
        together=tuple(_together(planned, width)),
    )


def _planned(ours: str, place: int, mapping: Mapping, columns: FileColumns, reference: Reference) -> Planned:
    column, form = BY_NAME[ours], mapping.form_of(ours)
    *objects, field = ours.split(".")
    none = frozenset((NULL, *(theirs for theirs, own in (form.codes or {}).items() if own == NULL)))
    read = value_reader(column, form, reference)
    return column.among, Step(place, tuple(objects), field, read, form.separator, columns.name_of(ours), none)


def _together(planned: list[Planned], width: int) -> Iterator[tuple[tuple[str, ...], str, Together]]:
    """Each list of objects, and object that may be null, of which the file or a constant tells something."""
    for among in dict.fromkeys(column.among for column in COLUMNS if column.among):
        steps = [step for of, step in planned if of == among]
        cells = tuple(step for step in steps if step.place < width)
        constants = tuple(step for step in steps if step.place >= width)
        if steps:
            *objects, field = among.path.split(".")
            told = Together(among.is_list, cells or constants, constants if cells else ())
            yield tuple(objects), field, told
