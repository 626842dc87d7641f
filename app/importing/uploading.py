"""Takes the upload of an import in while it arrives, sealed; of one that breaks off nothing is left."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from app.db import Database
from app.errors import Unavailable
from app.resources import Resources
from app.services.clients import Client
from app.services.importing.arriving import forget_upload, require_room
from app.services.importing.course import NewImport, begin_import
from app.services.importing.imports import Import, find_import
from app.services.importing.uploads import PART_BYTES, add_part, drop_upload, end_upload
from app.services.repeats import claim_key, claimed_key, referral_of_repeated

PATH: Final = "/v1/imports"


class Upload:
    """What has arrived of an upload: at most one part of it is in memory."""

    def __init__(self, database: Database, import_: Import) -> None:
        self.import_ = import_
        self.size = 0
        self._database = database
        self._digest = hashlib.sha256()
        self._rest = bytearray()
        self._parts = 0

    async def take(self, piece: bytes) -> None:
        """Takes a piece in, of any size. Raises Unavailable."""
        self._digest.update(piece)
        self.size += len(piece)
        self._rest += piece
        while len(self._rest) >= PART_BYTES:
            await self._keep(bytes(self._rest[:PART_BYTES]))
            del self._rest[:PART_BYTES]

    async def end(self, resources: Resources, client: Client, idempotency_key: str | None = None) -> Import:
        """The import of all that was taken in, which waits to be worked off from now on.

        Of the same upload that was sent with the same key before, or that is unfinished, the import of then.
        Raises IdempotencyKeyReused, and Unavailable.
        """
        if self._rest:
            await self._keep(bytes(self._rest))
            self._rest.clear()
        keyring, now, organisation = resources.keyring, resources.clock.now(), client.organisation_id
        async with self._database.transaction_of(organisation) as connection:
            ended = await end_upload(connection, self.import_, self._digest.digest(), self.size, keyring, now)
            if idempotency_key is None:
                return ended
            claimed = claimed_key(keyring, organisation, idempotency_key, PATH, self._content)
            if await claim_key(connection, client, claimed, ended.id, now):
                return ended
            earlier = await referral_of_repeated(connection, client, claimed, now)
            if earlier is None:  # forgotten between the two statements
                raise Unavailable
            await drop_upload(connection, self.import_)
            return await find_import(connection, organisation, keyring, earlier)

    @property
    def _content(self) -> bytes:
        """What tells two requests apart: whether anything is stored, the columns, and the file."""
        return b"\0".join((b"%d" % self.import_.dry_run, self._digest.digest(), self.import_.mapping or b""))

    async def _keep(self, part: bytes) -> None:
        """A transaction for each part: none stands open while the next one is awaited."""
        self._parts += 1
        async with self._database.transaction_of(self.import_.organisation_id) as connection:
            await add_part(connection, self.import_, self._parts, part)


@asynccontextmanager
async def take_in(resources: Resources, client: Client, asked: NewImport) -> AsyncIterator[Upload]:
    """A new upload of the client's organisation; forgotten at once where the block fails.

    Raises TooMany where as many imports of the organisation wait as may, and Unavailable.
    """
    database, organisation = resources.database, client.organisation_id
    async with database.transaction_of(organisation) as connection:
        await require_room(connection, organisation)
        import_ = await begin_import(connection, asked, client, resources.keyring, resources.clock.now())
    try:
        yield Upload(database, import_)
    except BaseException:
        with suppress(Unavailable):  # the worker removes it then
            async with database.transaction_of(organisation) as connection:
                await forget_upload(connection, import_.id)
        raise
