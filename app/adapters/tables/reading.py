"""A file of rows, whichever format it has: examined in one pass, read in another."""

from collections.abc import Generator, Iterator

from app.adapters.tables.delimited import examine_delimited, read_delimited
from app.adapters.tables.faults import SourceChanged, TableFault
from app.adapters.tables.formats import format_of
from app.adapters.tables.lines import BLOCK, Blocks
from app.adapters.tables.ndjson import examine_ndjson, read_ndjson
from app.adapters.tables.shapes import LIMITS, Examined, Limits, RawRow
from app.adapters.tables.source import Source
from app.adapters.tables.workbook import examine_workbook, read_workbook


def examine(source: Source, limits: Limits = LIMITS) -> Examined:
    """What the whole file is, so that all that is wrong with its structure is known before a row is used.

    Raises TableFault where it cannot be read as rows; faults of single rows come with the rows.
    """
    with source.open() as stream:
        blocks = Blocks(stream)
        head = blocks.read(BLOCK)
        match format_of(head):
            case "csv":
                return examine_delimited(blocks, head, limits)
            case "ndjson":
                return examine_ndjson(blocks, head, limits)
            case "xlsx":
                return examine_workbook(blocks, head, limits)


def read_rows(
    source: Source, examined: Examined, after: int = 0, limits: Limits = LIMITS
) -> Generator[RawRow]:
    """The rows that are not blank and whose number is more than `after`, in the order of the file.

    Close it where it is left before its end. Raises SourceChanged, at the latest behind the last row, where
    the file is not the one that was examined.
    """
    with source.open() as stream:
        blocks = Blocks(stream)
        try:
            yield from _rows(blocks, examined, after, limits)
        except TableFault as fault:
            # When it was examined, it had no such fault.
            raise (fault if blocks.whole_digest() == examined.digest else SourceChanged()) from None
        if blocks.whole_digest() != examined.digest:
            raise SourceChanged


def _rows(blocks: Blocks, examined: Examined, after: int, limits: Limits) -> Iterator[RawRow]:
    match examined.format:
        case "csv":
            return read_delimited(blocks, examined, after, limits)
        case "ndjson":
            return read_ndjson(blocks, after, limits)
        case "xlsx":
            return read_workbook(blocks, examined, after, limits)
