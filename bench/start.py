"""How long `verwijsroute serve` takes from the start of its process to the first answer."""

import os
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.servers import SERVE, free_port, serving
from bench.stage import ROOT, Stage

STARTS: Final = 5
MIGRATE: Final = (*SERVE[:2], "migrate")


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds to the first answer: on a database that runs, and with the embedded one started as well."""

    running: float
    embedded: float


def measure(stage: Stage, starts: int = STARTS) -> Starts:
    """Medians, over migrated databases."""
    # An empty address counts as not set: `serve` then starts an embedded server of its own, and stops it.
    own = {"DATABASE_URL": "", "DATABASE_OWNER_URL": "", "VERWIJSROUTE_DATA_DIR": str(stage.folder / "own")}
    subprocess.run(
        [sys.executable, *MIGRATE], env=os.environ | own, cwd=ROOT, stdout=subprocess.DEVNULL, check=True
    )
    running, embedded = [], []
    for _ in range(starts):
        running.append(seconds_to_answer(stage, {}))
        embedded.append(seconds_to_answer(stage, own))
    return Starts(median(running), median(embedded))


def seconds_to_answer(stage: Stage, variables: dict[str, str]) -> float:
    """From the start of the process to its first answer; `variables` are added to its settings."""
    with serving(SERVE, free_port(), stage.folder / "start.log", variables) as seconds:
        return seconds
