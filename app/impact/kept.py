"""What decisions were made with, as it is kept: rulebooks by hash, editions by number."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound
from app.impact.process import Group
from app.importing.aside import pack_edition
from app.routing import RulebookError
from app.services.impact.other import Other
from app.services.impact.receipts import Kept
from app.services.references import find_edition
from app.services.rulebooks import find_rulebook

EDITIONS_KEPT: Final = 8


class KeptParts:
    """Puts receipts together with what each is decided with: its own, but for the rulebook that is replaced.

    What is not kept any more, or what this release cannot use, is None.
    """

    def __init__(self, other: Other) -> None:
        self._other = other
        self._rulebooks: dict[str, Mapping[str, str] | None] = {}
        self._editions: OrderedDict[int, bytes | None] = OrderedDict()

    async def groups(self, connection: AsyncConnection, page: Sequence[Kept]) -> list[Group]:
        """The receipts of a page, those of one rulebook and one edition together."""
        return [
            Group(kept, await self._rulebook(connection, hash), await self._edition(connection, edition))
            for hash, edition, kept in self._alike(page)
        ]

    def _alike(self, page: Sequence[Kept]) -> Iterator[tuple[str, int, list[Kept]]]:
        def made_with(kept: Kept) -> tuple[str, int]:
            return "" if self._other.rulebook_files else kept.rulebook_hash, kept.edition

        for (hash, edition), kept in groupby(sorted(page, key=made_with), made_with):
            yield hash, edition, list(kept)

    async def _rulebook(self, connection: AsyncConnection, hash: str) -> Mapping[str, str] | None:
        if self._other.rulebook_files:
            return self._other.rulebook_files
        if hash not in self._rulebooks:
            try:
                self._rulebooks[hash] = (await find_rulebook(connection, hash)).files
            except (NotFound, RulebookError):
                self._rulebooks[hash] = None
        return self._rulebooks[hash]

    async def _edition(self, connection: AsyncConnection, number: int) -> bytes | None:
        if number not in self._editions:
            try:
                self._editions[number] = pack_edition(await find_edition(connection, number))
            except NotFound:
                self._editions[number] = None
        self._editions.move_to_end(number)
        if len(self._editions) > EDITIONS_KEPT:
            self._editions.popitem(last=False)
        return self._editions[number]
