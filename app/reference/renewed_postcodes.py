"""The postcode tables anew: counted from addresses, or carried over to today's municipalities."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from app.reference.delimited import TableFault
from app.reference.history import Steps, successors_of
from app.reference.source_kinds import Addresses
from app.reference.tables import Row

Tables = dict[str, list[Row]]
MAIN: Final = "pc4_municipality"
CANDIDATES: Final = "pc4_municipality_candidates"
_BASIS: Final = "cbs_pc6hnr"


def count_postcodes(
    tables: Tables, addresses: Addresses, today: Mapping[str, str], steps: Steps
) -> Iterator[TableFault]:
    """Replaces the tables by the shares of the addresses; gives the codes that are no single one of today."""
    followed = {code: successors_of(code, today, steps) for code in addresses.first_lines}
    unclear = [code for code, now in followed.items() if len(now) != 1]
    for code in unclear:
        why = (
            "a municipality that was split: take a newer file"
            if followed[code]
            else "not a municipality that is known"
        )
        yield TableFault(addresses.file, addresses.first_lines[code], "Gemeente", why)
    if unclear:
        return
    places = {row["pc4"]: row["place_name"] for row in tables[MAIN]}
    tables[MAIN], tables[CANDIDATES] = [], []
    for pc4, counts in sorted(addresses.counts.items()):
        numbers: dict[str, int] = {}
        for code, number in counts.items():
            numbers[followed[code][0]] = numbers.get(followed[code][0], 0) + number
        total = sum(numbers.values())
        if total:
            shares = {code: number / total for code, number in numbers.items() if number}
            _add(tables, pc4, places.get(pc4, ""), shares, today)


def _add(tables: Tables, pc4: str, place: str, shares: Mapping[str, float], today: Mapping[str, str]) -> None:
    main = min(shares, key=lambda code: (-shares[code], code))
    tables[MAIN].append(
        {
            "pc4": pc4,
            "municipality_code": main,
            "municipality_name": today[main],
            "place_name": place,
            "basis": _BASIS,
            "share": f"{shares[main]:.3f}",
            "is_split": "1" if len(shares) > 1 else "0",
        }
    )
    for code in sorted(shares) if len(shares) > 1 else ():
        told = {"pc4": pc4, "municipality_code": code, "municipality_name": today[code]}
        tables[CANDIDATES].append({**told, "share": f"{shares[code]:.4f}", "share_basis": _BASIS})


def carry_postcodes(tables: Tables, today: Mapping[str, str], steps: Steps) -> Iterable[TableFault]:
    """Gives rows of ended municipalities to the one that followed; where several did, that is a fault."""
    merged: set[str] = set()
    for table in (MAIN, CANDIDATES):
        for number, row in enumerate(tables[table], 2):
            code = row["municipality_code"]
            followed = successors_of(code, today, steps)
            if len(followed) != 1:
                detail = (
                    f"postcode {row['pc4']} lay in what was split or is not known: give a PC4 file as well"
                )
                yield TableFault(f"{table}.csv", number, "municipality_code", detail)
                continue
            if code not in today:
                merged.add(row["pc4"])
            row |= {"municipality_code": followed[0], "municipality_name": today[followed[0]]}
    if merged:
        _join_candidates(tables, merged)


def _join_candidates(tables: Tables, merged: set[str]) -> None:
    """Adds up what became one municipality; a postcode with one left is no longer split."""
    candidates: dict[tuple[str, str], Row] = {}
    for row in tables[CANDIDATES]:
        key = row["pc4"], row["municipality_code"]
        there = candidates.setdefault(key, row)
        if there is not row and there["share"] and row["share"]:
            there["share"] = f"{float(there['share']) + float(row['share']):.4f}"
    left: dict[str, list[Row]] = {}
    for row in candidates.values():
        left.setdefault(row["pc4"], []).append(row)
    tables[CANDIDATES] = [row for rows in left.values() for row in rows if len(rows) > 1]
    for row in tables[MAIN]:
        if row["pc4"] in merged and row["pc4"] in left:
            row["is_split"] = "1" if len(left[row["pc4"]]) > 1 else "0"
