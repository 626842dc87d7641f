"""Keeps every rulebook that decided something, by hash: its decisions can be explained and made again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound
from app.models import RulebookRow
from app.routing import Rulebook, rulebook_from


async def store_rulebook(connection: AsyncConnection, rulebook: Rulebook, now: datetime) -> None:
    """Keeps a rulebook; one that is kept already stays as it is."""
    values = {"hash": rulebook.hash, "version": rulebook.version, "files": dict(rulebook.files)}
    kept = insert(RulebookRow).values(**values, stored_at=now)
    await connection.execute(kept.on_conflict_do_nothing())


async def find_rulebook(connection: AsyncConnection, hash: str) -> Rulebook:
    """The rulebook with a hash, as it was; raises NotFound."""
    query = select(RulebookRow.files).where(RulebookRow.hash == hash)
    files = (await connection.execute(query)).scalar_one_or_none()
    if files is None:
        raise NotFound
    return rulebook_from(files)
