"""Goes through all receipts: read a page at a time, decided anew by several processes, found in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from uuid import UUID

from app.config import Settings
from app.impact.kept import KeptParts
from app.impact.process import Found, Group, begin, decide_anew
from app.importing.aside import start_processes
from app.importing.told import Progress, Tell
from app.resources import Resources
from app.services.impact.other import Other
from app.services.impact.receipts import about_how_many, read_page
from app.services.impact.tally import Tally

Lines = Callable[[bytes], object]


async def find_impact(
    resources: Resources, other: Other, pool: Executor, at_once: int, *, tell: Tell, write: Lines
) -> Tally:
    """What would be decided otherwise of every referral that is not erased; changes nothing.

    The pool decides, `at_once` groups at a time (`open_processes`). `tell` hears how many receipts are done,
    and of about how many; `write` gets a line of JSON for each referral that changes. Raises Unavailable.
    """
    total = Tally()
    async with resources.database.reading() as connection:
        about = await about_how_many(connection)
    # Three for each: one at work, one that waits, and one that comes back.
    async for found in _found(_groups(resources, other), pool, most=3 * at_once):
        total.add(found.tally)
        write(found.lines)
        tell(Progress(total.receipts, max(about, total.receipts)))
    tell(Progress(total.receipts, total.receipts))
    return total


def open_processes(settings: Settings, other: Other, processes: int) -> ProcessPoolExecutor:
    """So many processes that decide."""
    return start_processes(processes, begin, settings, other)


async def _found(groups: AsyncIterator[Group], pool: Executor, most: int) -> AsyncIterator[Found]:
    """What is found in each group, in their order; at most so many are under way or wait."""
    under_way: deque[asyncio.Future[Found]] = deque()
    async for group in groups:
        under_way.append(asyncio.wrap_future(pool.submit(decide_anew, group)))
        if len(under_way) >= most:
            yield await under_way.popleft()
    while under_way:
        yield await under_way.popleft()


async def _groups(resources: Resources, other: Other) -> AsyncIterator[Group]:
    """All receipts by rulebook and edition, a page in a transaction of its own: none stays open for long."""
    parts, after = KeptParts(other), UUID(int=0)
    while True:
        async with resources.database.reading() as connection:
            page = await read_page(connection, after)
            groups = await parts.groups(connection, page)
        if not page:
            return
        for group in groups:
            yield group
        after = page[-1].referral_id
