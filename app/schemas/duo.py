"""DUO's open list "Adressen mbo" as it is, as a table of schools."""

from typing import Final

from app.adapters.csv_table import Row, Table
from app.schemas.registering import Registering

# DUO named the column of the BRIN differently over the years.
_BRIN: Final = ("INSTELLINGSCODE", "BRIN NUMMER", "BRIN-NUMMER", "BRINNUMMER")
_NAME: Final = "INSTELLINGSNAAM"
_MUNICIPALITY: Final = "GEMEENTENUMMER"
_COLUMNS: Final = ("id", "validFrom", "validTo", "brin", "name", "locations", "coreMunicipality")


def is_duo_table(table: Table) -> bool:
    """Whether a table has the columns of DUO's list; the order and the others do not matter."""
    return _brin_column(table) is not None and {_NAME, _MUNICIPALITY} <= set(table.columns)


def schools_of_duo(table: Table, registering: Registering) -> Table:
    """The same rows as a table of schools.

    A school that is registered keeps its id, days, locations and core municipality: the region chose
    that one. A new school gets today as its first day and the municipality of its address.
    """
    brin_column = _brin_column(table)
    assert brin_column is not None
    rows = (_row(row, row.cells[brin_column], registering) for row in table.rows)
    return Table(_COLUMNS, tuple(rows), table.encoding, table.delimiter)


def _brin_column(table: Table) -> str | None:
    return next((name for name in _BRIN if name in table.columns), None)


def _row(row: Row, brin: str, registering: Registering) -> Row:
    known = registering.known_school(brin)
    cells = {"brin": brin, "name": row.cells[_NAME]}
    if known is None:
        # DUO leaves out the leading zeros of a code.
        code = row.cells[_MUNICIPALITY].zfill(4)
        cells |= {"id": f"mbo-{brin.lower()}", "coreMunicipality": code}
        cells["validFrom"] = registering.today.isoformat()
    else:
        cells |= {"id": known.id, "coreMunicipality": known.core_municipality}
        cells |= {"validFrom": known.valid_from.isoformat(), "locations": "|".join(known.locations)}
        cells["validTo"] = known.valid_to.isoformat() if known.valid_to else ""
    return Row(row.number, cells)
