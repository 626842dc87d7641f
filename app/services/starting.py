"""What every process does with the database before it works: keeps what decides, repeats erasures."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import Clock
from app.adapters.erasure_ledger import ErasureLedger, LedgerBroken
from app.errors import CannotStart
from app.routing import Rulebook
from app.services.directories import adopt_setting
from app.services.references import adopt_shipped
from app.services.repeating_erasures import READ_AT_ONCE, repeat_erasures
from app.services.rulebooks import store_rulebook

Transaction = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


async def keep_what_decides(
    connection: AsyncConnection, rulebook: Rulebook, team_confirmation_days: int, clock: Clock
) -> None:
    """Keeps rulebook, reference and setting, so that what they decide can be replayed."""
    await store_rulebook(connection, rulebook, clock.now())
    await adopt_shipped(connection, clock.now(), clock.today())
    await adopt_setting(connection, team_confirmation_days, clock.now())


async def catch_up(transaction: Transaction, ledger: ErasureLedger) -> None:
    """Repeats every erasure that this database lacks. Raises CannotStart where the ledger is not whole."""
    try:
        while await _repeat(transaction, ledger) == READ_AT_ONCE:
            pass
    except LedgerBroken:
        raise CannotStart(
            "the ledger of erasures (VERWIJSROUTE_TRUST_DIR) is not there, cannot be read, or was changed: "
            "what was erased might be served again"
        ) from None


async def _repeat(transaction: Transaction, ledger: ErasureLedger) -> int:
    async with transaction() as connection:
        return await repeat_erasures(connection, ledger)
