"""Makes new tables from those in force and from newer files of CBS, RvIG and others."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from app.reference.cells import OWN
from app.reference.delimited import TableFault
from app.reference.history import Steps, steps_of, successors_of
from app.reference.municipalities import REGION_COLUMNS
from app.reference.renewed_postcodes import carry_postcodes, count_postcodes
from app.reference.source_kinds import Addresses, Area, Areas, Codes, Listed, OwnTable, Source
from app.reference.table_checks import check_tables
from app.reference.tables import Files, Row, rows_of

S = TypeVar("S", bound=Source)
Tables = dict[str, list[Row]]

_SHARES: Final = {"rmc", "youth", "veilig_thuis", "ggd"}


class Unfit(Exception):
    """The files do not fit together, or not to what is in force; `faults` says where."""

    def __init__(self, faults: Iterable[TableFault]) -> None:
        super().__init__("the files do not fit together")
        self.faults = tuple(faults)


def renew(base: Files, sources: Sequence[Source], on: date) -> Files:
    """The tables with what the sources tell; a table of which nothing changes keeps its text.

    `on` is the day for which RvIG table 33 is read. Corrections and aliases of our own stay. Raises Unfit.
    """
    tables = {name: rows_of(text) for name, text in base.items()}
    found = list(_doubled(sources))
    for own in _every(sources, OwnTable):
        tables[own.name] = own.rows
    codes, areas, addresses = _one(sources, Codes), _one(sources, Areas), _one(sources, Addresses)
    if not found and (codes or areas):
        found += _take_municipalities(tables, codes, areas, on)
    _stop_for(found)
    today = {row["municipality_code"]: row["name"] for row in tables["municipalities"]}
    steps = steps_of(tables["municipality_code_history"], tables["municipality_successors"])
    _settle(tables, today, steps)
    if addresses:
        found += count_postcodes(tables, addresses, today, steps)
    else:
        found += carry_postcodes(tables, today, steps)
    lines = {own.name: (own.file, own.lines) for own in _every(sources, OwnTable)}
    if areas:
        told = areas.file, [area.line for area in sorted(areas.areas, key=lambda area: area.code)]
        lines |= {"municipalities": told, "municipality_regions": told}
    _stop_for(found or check_tables(tables, lines))
    return {
        name: text if rows_of(text) == tables[name] else write_table(name, tables[name])
        for name, text in base.items()
    }


def write_table(name: str, rows: Iterable[Row]) -> str:
    """The text of a table: its columns in their order, line ends as in the shipped ones."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(OWN[name]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _stop_for(found: Sequence[TableFault]) -> None:
    if found:
        raise Unfit(found)


def _every(sources: Sequence[Source], kind: type[S]) -> list[S]:
    return [source for source in sources if isinstance(source, kind)]


def _one(sources: Sequence[Source], kind: type[S]) -> S | None:
    return next(iter(_every(sources, kind)), None)


def _doubled(sources: Sequence[Source]) -> Iterable[TableFault]:
    """What two of the files tell both."""
    told: set[str] = set()
    for source in sources:
        match source:
            case OwnTable(name=name):
                tells = {name}
            case Areas():
                tells = {"municipalities", "municipality_regions"}
            case Codes():
                tells = {"municipality_code_history"}
            case Addresses():
                tells = {"pc4_municipality", "pc4_municipality_candidates"}
        if told & tells:
            yield TableFault(source.file, None, None, "another of the files tells the same")
        told |= tells


def _take_municipalities(
    tables: Tables, codes: Codes | None, areas: Areas | None, on: date
) -> Iterable[TableFault]:
    """Municipalities, their regions and the history as the files have them; gives what is wrong."""
    before = {row["municipality_code"]: row for row in tables["municipalities"]}
    regions = {row["municipality_code"]: row for row in tables["municipality_regions"]}
    listed = {row.code: row for row in codes.rows if _current(row, on)} if codes else {}
    named = {area.code: area for area in areas.areas} if areas else {}
    today = named.keys() or listed.keys()
    if codes:
        yield from _check_codes(codes)
        yield from _differing(codes, areas, listed, named)
        tables["municipality_code_history"] = [_history_row(row) for row in codes.rows]
    _add_unknown(tables, today, named)
    steps = steps_of(tables["municipality_code_history"], tables["municipality_successors"])
    file = areas.file if areas else codes.file if codes else ""
    if not today:
        yield TableFault(file, None, None, "no municipality of today in it")
    for code in sorted(before.keys() - today):
        if not successors_of(code, today, steps):
            detail = f"{code} is no longer listed and has no successor: give a RvIG table 33 that knows it"
            yield TableFault(file, None, None, detail)
    municipalities, renewed = [], []
    for code in sorted(today):
        area, old = named.get(code), [c for c in before if successors_of(c, today, steps) == (code,)]
        line = area.line if area else listed[code].line
        row = _municipality(
            code, area, listed.get(code), [before[c] for c in ([code] if code in before else old)]
        )
        region = _region_row(row, area, regions.get(code), [regions[c] for c in old if c in regions])
        missing = [column for column in (*row, *region) if _needs(column) and not {**row, **region}[column]]
        if missing:
            yield TableFault(file, line, None, f"not known of a new municipality: {', '.join(missing)}")
        municipalities.append(row)
        renewed.append(region)
    tables["municipalities"], tables["municipality_regions"] = municipalities, renewed


def _needs(column: str) -> bool:
    return column == "province_name" or column in {c for pair in REGION_COLUMNS.values() for c in pair}


def _current(row: Listed, on: date) -> bool:
    day = on.isoformat()
    return row.valid_from <= day and (not row.valid_to or day < row.valid_to)


def _check_codes(codes: Codes) -> Iterable[TableFault]:
    """Successors that are not in the table, and codes that follow each other in a ring."""
    known = {row.code for row in codes.rows}
    last = {row.code for row in codes.rows if not row.successor}
    steps = {row.code: (row.successor,) for row in codes.rows if row.successor}
    unknown = [row for row in codes.rows if row.successor and row.successor not in known]
    ringed = [row for row in codes.rows if not unknown and not successors_of(row.code, last, steps)]
    for row, detail in (
        *((row, "not a code of this table") for row in unknown),
        *((row, "the codes follow each other in a ring") for row in ringed),
    ):
        yield TableFault(codes.file, row.line, "92.12 (successor)", detail)


def _differing(
    codes: Codes, areas: Areas | None, listed: Mapping[str, Listed], named: Mapping[str, Area]
) -> Iterable[TableFault]:
    if areas is None:
        return
    for area in areas.areas:
        if area.code not in listed:
            yield TableFault(
                areas.file, area.line, "gemeenten/Code", "not a municipality of today in table 33"
            )
    for row in listed.values():
        if row.code not in named:
            yield TableFault(codes.file, row.line, "92.10 (code)", "of today, and not in the CBS table")


def _history_row(row: Listed) -> Row:
    told = {
        "municipality_code": row.code, "name": row.name, "valid_from": row.valid_from,
        "valid_to": row.valid_to, "successor_code": row.successor,
    }  # fmt: skip
    return {**told, "current_code": "", "current_name": "", "is_current": ""}


def _add_unknown(tables: Tables, today: Iterable[str], named: Mapping[str, Area]) -> None:
    """Rows of the history for municipalities that it does not have yet."""
    known = {row["municipality_code"] for row in tables["municipality_code_history"]}
    new = [Listed(line=0, code=c, name=_plain(named[c].name), successor="", valid_from="", valid_to="")
           for c in today if c not in known]  # fmt: skip
    rows = [*tables["municipality_code_history"], *map(_history_row, new)]
    tables["municipality_code_history"] = sorted(rows, key=lambda row: row["municipality_code"])


def _plain(name: str) -> str:
    """The CBS name without the addition that tells it from a province or place."""
    return name.removesuffix("(gemeente)").strip()


def _municipality(code: str, area: Area | None, listed: Listed | None, before: list[Row]) -> Row:
    """The row of a municipality; `before` is its own of before, else those of what it was made of."""
    own = before[0] if before and before[0]["municipality_code"] == code else None
    cbs_name = area.name if area else own["cbs_name"] if own else listed.name if listed else ""
    kept = own["name"] if own and own["cbs_name"] == cbs_name else _plain(cbs_name)
    province = area.province if area and area.province else _agreed(before, "province_name")
    return {
        "municipality_code": code,
        "cbs_code": f"GM{code}",
        "name": listed.name if listed else kept,
        "cbs_name": cbs_name,
        "province_name": province,
        "province_iso_3166_2": _agreed(
            [r for r in before if r["province_name"] == province], "province_iso_3166_2"
        ),
        "valid_from": listed.valid_from if listed else own["valid_from"] if own else "",
    }


def _agreed(rows: list[Row], column: str) -> str:
    """The value in which all rows agree, else nothing."""
    values = {row[column] for row in rows}
    return values.pop() if len(values) == 1 else ""


def _region_row(row: Row, area: Area | None, own: Row | None, before: list[Row]) -> Row:
    """The regions: those of the CBS table, else its own of before, else those of what it was made of."""
    rows = [own] if own else before
    region = {column: _agreed(rows, column) for column in OWN["municipality_regions"]}
    region |= {"municipality_code": row["municipality_code"], "municipality_name": row["name"]}
    for type_, (code, name) in area.regions.items() if area else ():
        code_column, name_column = REGION_COLUMNS[type_]
        told = {name_column: name} | ({code_column: code} if code_column else {})
        if any(region[column] != value for column, value in told.items()) and type_ in _SHARES:
            region[f"{type_}_area_share"] = ""  # told by the source now, no longer measured on a map
        region |= told
    return region


def _settle(tables: Tables, today: Mapping[str, str], steps: Steps) -> None:
    """The columns that follow from others: names of today's municipalities, and what a code is today."""
    direct = {row["municipality_code"]: row["successor_code"] for row in tables["municipality_code_history"]}
    for row in tables["municipality_code_history"]:
        code, seen = row["municipality_code"], set[str]()
        while code not in today and code and code not in seen:
            seen.add(code)
            code = direct.get(code, "")
        now = code if code in today else ""
        row |= {"current_code": now, "current_name": today.get(now, ""),
                "is_current": "1" if now == row["municipality_code"] else "0"}  # fmt: skip
    for row in tables["municipality_regions"]:
        row["municipality_name"] = today.get(row["municipality_code"], row["municipality_name"])
    for row in tables["schools"]:
        followed = successors_of(row["core_municipality_code"], today, steps)
        if len(followed) == 1:
            row["core_municipality_code"] = followed[0]
