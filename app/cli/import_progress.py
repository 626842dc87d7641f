"""How far an import is, on standard error: a bar on a terminal, elsewhere a line every few seconds."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress as Bar, TextColumn, TimeRemainingColumn

from app.importing.told import Progress, Tell

LINE_EVERY: Final = 5.0  # seconds


@contextmanager
def telling(name: str, what: str = "rows") -> Iterator[Tell]:
    """Tells how far something with this name is, such as the import of a file, until the block ends."""
    if sys.stderr.isatty():
        with _bar(name) as tell:
            yield tell
    else:
        yield _Lines(name, what)


class _Lines:
    """A line now and then: a log has no bar. The rate is that of this run."""

    def __init__(self, name: str, what: str) -> None:
        self._name = name
        self._what = what
        self._first: tuple[float, int] | None = None
        self._said = time.monotonic()
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        began, before = self._first = self._first or (now, progress.done)
        if progress.waiting is not None:
            self._say(
                f"{progress.done:,} of {progress.total:,} {self._what}; waiting: {progress.waiting}", now
            )
        elif self._is_due(progress, now):
            self._last = progress
            rate = (progress.done - before) / max(now - began, 0.001)
            self._say(_in_words(progress, self._what, rate), now)

    def _is_due(self, progress: Progress, now: float) -> bool:
        """The end at once, and once; all before it now and then."""
        if progress.done == progress.total:
            return progress != self._last
        return now - self._said >= LINE_EVERY

    def _say(self, text: str, now: float) -> None:
        self._said = now
        print(f"{self._name}: {text}", file=sys.stderr, flush=True)


def _in_words(progress: Progress, what: str, rate: float) -> str:
    done = f"{progress.done:,} of {progress.total:,} {what} ({progress.done / max(progress.total, 1):.1%})"
    if progress.done == progress.total or rate <= 0:
        return done
    left = round((progress.total - progress.done) / rate)
    return f"{done}, {rate:,.0f} a second, {left // 60}:{left % 60:02} left"


@contextmanager
def _bar(name: str) -> Iterator[Tell]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=None, rate="")

        def tell(progress: Progress) -> None:
            if progress.waiting is not None:
                bar.console.print(f"waiting: {progress.waiting}", markup=False, highlight=False)
            speed = bar.tasks[0].speed
            rate = f"{speed:,.0f}/s" if speed else ""
            bar.update(task, completed=progress.done, total=progress.total, rate=rate)

        yield tell
