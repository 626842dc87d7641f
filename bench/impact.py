"""`verwijsroute rules impact` over all that an import stored: a new rulebook, with time and memory."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import asyncpg

from app.routing.loader import SHIPPED
from bench import memory
from bench.stage import ROOT, Stage

GOAL_SECONDS: Final = 120
GOAL_RECEIPTS: Final = 500_000
_COMMAND: Final = (sys.executable, "-c", "from app.cli import main; main()", "rules", "impact")
# One rule of many students gives another provision.
_RULE: Final = 'id = "zvw.mental-health.adult"\nprovision = '


@dataclass(frozen=True, slots=True)
class Impact:
    """One run: seconds from start to end of the process, peak bytes, receipts, and those that change."""

    seconds: float
    peak: int
    receipts: int
    changed: int

    @property
    def rate(self) -> float:
        """Receipts a second, the proof of the rules and the start of the processes included."""
        return self.receipts / self.seconds


def measure(stage: Stage, processes: int = 2) -> Impact:
    """One run over a stage whose database an import filled, under rules of which one is changed.

    Raises RuntimeError where it ends otherwise than done.
    """
    asyncio.run(_settle(stage.owner_url))
    environment = {
        **os.environ,
        "DATABASE_URL": stage.service_url,
        "DATABASE_OWNER_URL": stage.owner_url,
        "PYTHONPATH": str(ROOT),
    }
    with _changed_rules(stage.folder) as rules, (stage.folder / "impact.json").open("w+b") as out:
        output = stage.folder / "impact.ndjson"
        output.unlink(missing_ok=True)  # of the size before: the command writes over nothing
        options = ("--rulebook", str(rules), "--output", str(output), "--processes", str(processes), "--json")
        started = perf_counter()
        process = subprocess.Popen([*_COMMAND, *options], env=environment, cwd=ROOT, stdout=out)
        with memory.watched(process.pid) as peak:
            code = process.wait()
        seconds = perf_counter() - started
        if code:
            raise RuntimeError(f"rules impact ended with {code}")
        out.seek(0)
        found = json.load(out)
    return Impact(seconds, peak.bytes, found["receipts"], found["changed"] + found["noLongerDecidable"])


@contextmanager
def _changed_rules(folder: Path) -> Iterator[Path]:
    rules = Path(shutil.copytree(SHIPPED, folder / "rules"))
    try:
        file = rules / "zvw.toml"
        text = file.read_text("utf-8")
        file.write_text(text.replace(f'{_RULE}"zvw"', f'{_RULE}"wmo"'), "utf-8")
        yield rules
    finally:
        shutil.rmtree(rules)


async def _settle(url: str) -> None:
    """What was just written is on disk, and the planner knows how much there is."""
    owner = await asyncpg.connect(url)
    for statement in ("VACUUM ANALYZE referral", "VACUUM ANALYZE decision", "CHECKPOINT"):
        await owner.execute(statement)
    await owner.close()
