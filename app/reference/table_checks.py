"""What must hold between the tables of a reference before anything is read from it."""

from collections.abc import Callable, Iterator, Mapping

from app.reference.delimited import TableFault
from app.reference.municipalities import regions_of
from app.reference.tables import Row

Tables = Mapping[str, list[Row]]
# Table -> the file that it came from, and the line of each row.
Lines = Mapping[str, tuple[str, list[int]]]
Note = Callable[[str, int, str, str], TableFault]


def check_tables(tables: Tables, lines: Lines) -> list[TableFault]:
    """What does not fit together; rows are lines of the file that a table came from."""

    def note(table: str, place: int, column: str, detail: str) -> TableFault:
        file, numbers = lines.get(table, (f"{table}.csv", None))
        return TableFault(file, numbers[place] if numbers else place + 2, column, detail)

    return [
        *_municipalities(tables, note),
        *_regions(tables, note),
        *_codes(tables, note),
        *_postcodes(tables, note),
        *_schools(tables, note),
    ]


def _column(tables: Tables, table: str, column: str) -> set[str]:
    return {row[column] for row in tables[table]}


def _municipalities(tables: Tables, note: Note) -> Iterator[TableFault]:
    with_regions = _column(tables, "municipality_regions", "municipality_code")
    today = _column(tables, "municipalities", "municipality_code")
    for place, row in enumerate(tables["municipalities"]):
        if row["municipality_code"] not in with_regions:
            yield note("municipalities", place, "municipality_code", "no row in municipality_regions")
        if row["cbs_code"] != f"GM{row['municipality_code']}":
            yield note("municipalities", place, "cbs_code", "not GM and the code beside it")
    for place, row in enumerate(tables["municipality_regions"]):
        if row["municipality_code"] not in today:
            yield note("municipality_regions", place, "municipality_code", "not a municipality of today")


def _regions(tables: Tables, note: Note) -> Iterator[TableFault]:
    """One code of a region of a type has one name."""
    names: dict[tuple[str, str], str] = {}
    for place, row in enumerate(tables["municipality_regions"]):
        for region in regions_of(row):
            if names.setdefault((region.type, region.code), region.name) != region.name:
                column = f"{region.type}_region_name"
                yield note("municipality_regions", place, column, "this region has another name above")


def _codes(tables: Tables, note: Note) -> Iterator[TableFault]:
    """Codes that the additions of our own and the history name are known to the history."""
    known = _column(tables, "municipality_code_history", "municipality_code")
    known |= _column(tables, "municipalities", "municipality_code")
    for table, column in (
        ("municipality_aliases", "municipality_code"),
        ("municipality_successors", "municipality_code"),
        ("municipality_successors", "successor_code"),
        ("municipality_code_history", "successor_code"),
    ):
        for place, row in enumerate(tables[table]):
            if row[column] and row[column] not in known:
                yield note(table, place, column, "a code that the history does not know")


def _postcodes(tables: Tables, note: Note) -> Iterator[TableFault]:
    today = _column(tables, "municipalities", "municipality_code")
    pc4s = _column(tables, "pc4_municipality", "pc4")
    for table in ("pc4_municipality", "pc4_municipality_candidates"):
        for place, row in enumerate(tables[table]):
            if row["municipality_code"] not in today:
                yield note(table, place, "municipality_code", "not a municipality of today")
            if row["pc4"] not in pc4s:
                yield note(table, place, "pc4", "not in pc4_municipality")


def _schools(tables: Tables, note: Note) -> Iterator[TableFault]:
    today = _column(tables, "municipalities", "municipality_code")
    for place, row in enumerate(tables["schools"]):
        if row["core_municipality_code"] not in today:
            yield note("schools", place, "core_municipality_code", "not a municipality of today")
