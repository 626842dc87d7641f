"""Files of rows that somebody hands in: CSV, JSON lines and workbooks, examined and then read row by row."""

from app.adapters.tables.faults import SourceChanged, TableFault
from app.adapters.tables.reading import examine, read_rows
from app.adapters.tables.shapes import LIMITS, Examined, Limits, RawRow
from app.adapters.tables.source import BytesSource, FileSource, Source

__all__ = [
    "LIMITS",
    "BytesSource",
    "Examined",
    "FileSource",
    "Limits",
    "RawRow",
    "Source",
    "SourceChanged",
    "TableFault",
    "examine",
    "read_rows",
]
