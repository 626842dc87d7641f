"""Reads the files of CBS and RvIG as they are published."""

import re
from collections.abc import Mapping
from typing import Final

from app.reference import cells
from app.reference.columns import Places, checked, is_whole, note_twice, places_of_columns
from app.reference.delimited import Delimited, Faults
from app.reference.municipalities import REGION_COLUMNS
from app.reference.source_kinds import Addresses, Area, Areas, Codes, Listed

# The last two steps of a StatLine column, as `Lokaliseringen van gemeenten/GGD-regio's/Code (code)`.
_STEPS: Final = re.compile(r"\s*[/|]\s*")
# Region type -> what its group is called in the CBS tables of the last years, without case and apostrophes.
_CBS_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "veilig_thuis": ("veilig thuis", "veilig thuis-regio"),
    "rmc": ("rmc-regio", "regionaal meld- en co", "regionale meld- en co"),
    "youth": ("jeugdregio", "jeugdzorgregio"),
    "safety": ("veiligheidsregio",),
    "ggd": ("ggd-regio",),
    "labour_market": ("arbeidsmarktregio",),
}
_PC6_MUNICIPALITY: Final = re.compile(r"(gemeente|gem)(20[0-9]{2})?", re.IGNORECASE)
_NO_MUNICIPALITY: Final = frozenset({"0000", "0997", "0998", "0999", "1999"})
_RVIG: Final = {
    "92.10": "code",
    "92.11": "name",
    "92.12": "successor",
    "99.98": "valid_from",
    "99.99": "valid_to",
}


def read_codes(table: Delimited, file: str, faults: Faults) -> Codes:
    """RvIG table 33, by the element numbers that begin its columns."""
    found = {
        f"{n} ({c})": [p for p, h in enumerate(table.header) if h.startswith(n)] for n, c in _RVIG.items()
    }
    places, codes, seen = places_of_columns(found, faults), Codes(file=file, rows=[]), dict[str, int]()
    for line, row in table.rows if places else ():
        if not is_whole(table, row, line, faults):
            continue
        code, name, successor, start, end = (row[place].strip() for place in places.values())
        if code in _NO_MUNICIPALITY:
            continue
        columns = list(places)
        checked(code, cells.code, line, columns[0], faults)
        checked(name, cells.name, line, columns[1], faults)
        checked(successor, cells.optional(cells.code), line, columns[2], faults)
        note_twice(seen, code, line, columns[0], faults)
        first, last = (
            _plain_day(day, line, c, faults) for day, c in ((start, columns[3]), (end, columns[4]))
        )
        if first and last and first > last:
            faults.add(line, columns[4], "before the first day")
        codes.rows.append(
            Listed(line=line, code=code, name=name, successor=successor, valid_from=first, valid_to=last)
        )
    return codes


def _plain_day(text: str, line: int, column: str, faults: Faults) -> str:
    """The day yyyymmdd as yyyy-mm-dd; empty and 00000000 are unknown."""
    if not text.strip("0"):
        return ""
    wrong = cells.plain_date(text)
    if wrong:
        faults.add(line, column, wrong)
        return ""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def steps_of_column(column: str) -> list[str]:
    """A StatLine column as its steps in small letters, each without what stands in brackets behind it."""
    plain = column.casefold().replace("\u2019", "").replace("'", "")
    steps = [re.sub(r"\s*\([^()]*\)$", "", step) for step in _STEPS.split(plain)]
    return [*steps[:-2], *(step.removeprefix("codes en namen van ") for step in steps[-2:])]


def read_areas(table: Delimited, file: str, faults: Faults) -> Areas:
    """The CBS table Gebieden in Nederland, by the groups that its columns name."""
    steps = [steps_of_column(column) for column in table.header]

    def found(group: tuple[str, ...], last: str) -> list[int]:
        return [n for n, s in enumerate(steps) if len(s) > 1 and s[-2].startswith(group) and s[-1] == last]

    wanted = {
        "gemeenten/Code": found(("gemeenten",), "code"),
        "gemeenten/Naam": found(("gemeenten",), "naam"),
    }
    if province := found(("provincies",), "naam"):
        wanted["Provincies/Naam"] = province
    for type_, groups in _CBS_GROUPS.items():
        # A type without a code in our table is known by its name.
        steps_told = ("code", "naam") if REGION_COLUMNS[type_][0] else ("naam",)
        named = {f"{type_}/{step.capitalize()}": found(groups, step) for step in steps_told}
        wanted |= named if any(named.values()) else {}
    places = places_of_columns(wanted, faults)
    areas, seen = Areas(file=file, areas=[]), dict[str, int]()
    for line, row in table.rows if places else ():
        if row[0].startswith(("Bron:", "Bron ", "\u00a9")):
            break
        if is_whole(table, row, line, faults):
            areas.areas.append(_area(row, line, places, faults))
            note_twice(seen, areas.areas[-1].code, line, "gemeenten/Code", faults)
    return areas


def _area(row: list[str], line: int, places: Places, faults: Faults) -> Area:
    told = {column: row[place].strip() for column, place in places.items()}
    code = checked(told["gemeenten/Code"], cells.cbs_code, line, "gemeenten/Code", faults)
    for column in told.keys() - {"gemeenten/Code"}:
        check = cells.name if column.endswith("Naam") else cells.region
        checked(told[column], check, line, column, faults)
    return Area(
        line=line,
        code=code.removeprefix("GM"),
        name=told["gemeenten/Naam"],
        province=told.get("Provincies/Naam"),
        regions={
            type_: (told.get(f"{type_}/Code", ""), told[f"{type_}/Naam"])
            for type_ in _CBS_GROUPS
            if f"{type_}/Naam" in told
        },
    )


def read_addresses(table: Delimited, file: str, faults: Faults) -> Addresses:
    """The CBS file of all postcodes with house numbers: counted, not kept."""
    found = {
        "PC6": [n for n, h in enumerate(table.header) if h.upper() == "PC6"],
        "Gemeente": [n for n, h in enumerate(table.header) if _PC6_MUNICIPALITY.fullmatch(h)],
    }
    places, addresses = places_of_columns(found, faults), Addresses(file=file)
    if not places:
        return addresses
    # Millions of rows: each pair is checked once, and nothing is kept but the counts.
    pairs: dict[tuple[str, str], dict[str, int]] = {}
    pc6, municipality, width, known = (
        places["PC6"],
        places["Gemeente"],
        len(table.header),
        re.compile("[A-Z]{2}"),
    )
    for line, row in table.rows:
        if len(row) != width:
            is_whole(table, row, line, faults)
            continue
        postcode, code = row[pc6], row[municipality]
        pair = (postcode[:4], code)
        counts = pairs.get(pair) or _counts_of(pair, line, addresses)
        if counts is not None:
            pairs[pair] = counts
        if counts is None or not known.fullmatch(postcode[4:].lstrip()):
            _note_address(postcode, code, line, faults)
        else:
            counts[code.zfill(4)] += 1
    return addresses


def _counts_of(pair: tuple[str, str], line: int, addresses: Addresses) -> dict[str, int] | None:
    """Where the addresses of a pair are counted; None where it cannot be one."""
    pc4, code = pair[0], pair[1].zfill(4)
    if cells.pc4(pc4) or cells.code(code):
        return None
    counts = addresses.counts.setdefault(pc4, {})
    counts.setdefault(code, 0)
    addresses.first_lines.setdefault(code, line)
    return counts


def _note_address(postcode: str, code: str, line: int, faults: Faults) -> None:
    for value, check, column in ((postcode, cells.pc6, "PC6"), (code.zfill(4), cells.code, "Gemeente")):
        checked(value, check, line, column, faults)
