"""Imports with faults planted: `python -m tests.faults.planted_import BUG import FILE …`. Here alone."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from app.cli import import_begun, main
from app.importing.going import Going
from app.services.importing import chunks, course, keeping
from tests.faults.planted_delivery import put

APART_SECONDS: Final = 1.5


def forgotten_imports() -> None:
    """An import that was stopped is not found again: the same file begins anew."""

    async def forget(connection: Any, asked: Any, *others: Any) -> Any:
        return await course.begin_import(connection, replace(asked, digest=None), *others)

    put(import_begun, "begin_import", forget)


def forgotten_results() -> None:
    """The results of a run that goes on begin where it does."""

    async def forget(*_: Any) -> None:
        pass

    Going._keep_stored = forget  # type: ignore[method-assign, assignment]


def committed_apart() -> None:
    """The referrals of a chunk are committed a moment before what became of its rows."""
    keep: Callable[..., Any] = keeping.keep_results

    async def apart(driver: Any, import_: Any, *others: Any) -> None:
        await driver.execute("COMMIT")
        await asyncio.sleep(APART_SECONDS)
        organisation = f"set_config('verwijsroute.organisation', '{import_.organisation_id}', true)"
        await driver.execute(
            f"BEGIN; SELECT {organisation}, set_config('verwijsroute.scope', 'organisation', true)"
        )
        await keep(driver, import_, *others)

    put(chunks, "keep_results", apart)


BUGS: Final = {bug.__name__: bug for bug in (forgotten_imports, forgotten_results, committed_apart)}

if __name__ == "__main__":
    BUGS[sys.argv.pop(1)]()
    main()
