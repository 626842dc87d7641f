"""The open list of mbo institutions."""

from dataclasses import dataclass

from app.reference.tables import Files, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSchool:
    """An mbo institution by BRIN; the core municipality is known for a few only."""

    brin: str
    name: str
    core_municipality: str | None


def read_schools(files: Files) -> tuple[ListedSchool, ...]:
    """All institutions of the list, in the order of the BRIN."""
    core = {row["brin"]: row["core_municipality_code"] for row in rows_of(files["schools"])}
    return tuple(
        ListedSchool(brin=row["brin"], name=row["name"], core_municipality=core.get(row["brin"]))
        for row in rows_of(files["mbo_institutions"])
    )
