"""A source that was examined as a whole and whose columns are known: nothing is stored before."""

import asyncio
from dataclasses import dataclass

from app.adapters.tables import Examined, Source, examine
from app.importing.steps import Steps
from app.importing.upload_source import UploadSource
from app.reference import Reference
from app.schemas.importing import MappingFault, MappingProblem, Reader, load_mapping


@dataclass(frozen=True, slots=True)
class Readable:
    """A source, what is known of it, and the mapping of its columns as it was given."""

    source: Source
    examined: Examined
    mapping: bytes | None


async def make_readable(source: Source, mapping: bytes | None, reference: Reference) -> Readable:
    """Reads the source once from beginning to end.

    Raises TableFault, HeaderFault and MappingFault for what no row of it can be read with.
    """
    examined = await asyncio.to_thread(examine, source)
    reader_of(examined.columns, mapping, reference)
    return Readable(source, examined, mapping)


async def make_upload_readable(steps: Steps, stop: asyncio.Event) -> Readable:
    """The upload of an import, read once; raises as `make_readable` does, and ReadingStopped."""
    import_ = await steps.look()
    assert steps.edition is not None
    source = UploadSource(steps.resources.database, import_, stop)
    return await make_readable(source, import_.mapping, steps.edition.reference)


def reader_of(columns: tuple[str, ...], mapping: bytes | None, reference: Reference) -> Reader:
    """Makes bodies of rows with these columns, none for NDJSON; raises HeaderFault and MappingFault."""
    read = load_mapping(mapping) if mapping is not None else None
    if read is not None and not columns:
        detail = "a file of JSON lines has none: it takes no mapping"
        raise MappingFault(MappingProblem("columns", "mapping.ndjson", detail))
    return Reader(columns or None, read, reference)
