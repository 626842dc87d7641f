"""The command `import` as a process of its own, killed or not, and all that it leaves behind."""

import asyncio
import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from app.adapters.embedded_postgres import EmbeddedPostgres
from app.config import Settings, keyring_of
from app.services.fingerprints import source_reference_index
from app.services.sealed import row_name, unseal
from tests.faults.postgres import over, owner_of
from tests.faults.service import ROOT, environment_of
from tests.faults.stage import Prepared
from tests.import_runs.students import student, students, write_csv

SCHOOL: Final = "00ZZ"
BAD: Final = {"student.birthDate": "morgen"}
# Of each referral all that is stored, but for what is random or a moment.
STORED: Final = """
SELECT r.*,
       (SELECT receipt FROM decision d WHERE d.referral_id = r.id) AS receipt,
       (SELECT count(*) FROM decision d WHERE d.referral_id = r.id) AS decisions,
       (SELECT count(*) FROM access_log a WHERE a.referral_id = r.id) AS looks,
       ARRAY(SELECT ROW(h.team_id, h.status, h.lead, h.flags, h.provisions, h.problem_domains,
                        h.deadlines)::text
               FROM handover h WHERE h.referral_id = r.id ORDER BY h.id) AS handovers,
       ARRAY(SELECT ROW(a.channel, a.kind, a.role, a.status, a.due)::text
               FROM advice a WHERE a.referral_id = r.id ORDER BY a.id) AS advice,
       ARRAY(SELECT ROW(e.type, e.role)::text FROM event e WHERE e.referral_id = r.id ORDER BY e.id) AS events
  FROM referral r
"""


def cohort(file: Path, many: int) -> Path:
    """A file in which some rows are wrong, double, or double with other content."""
    rows = students(many)
    for number in range(0, many, 97):
        rows[number] = student(number, **BAD)
    for number in range(50, many, 101):
        rows[number] = student(number - 40)
    for number in range(60, many, 203):
        rows[number] = student(number - 50, **{"student.surname": "Anders"})
    return write_csv(file, rows)


@dataclass
class Importing:
    """An import of one file over one cluster, by as many processes as it takes."""

    server: EmbeddedPostgres
    settings: Settings
    file: Path
    bug: str | None = None
    process: subprocess.Popen[str] | None = None
    processes: int = 1
    said: str = ""

    def start(self) -> "subprocess.Popen[str]":
        """Starts the command, in a session of its own."""
        program = ["-c", "from app.cli import main; main()"]
        if self.bug:
            program = ["-m", "tests.faults.planted_import", self.bug]
        asked = ["import", str(self.file), "--organisation", SCHOOL, "--processes", str(self.processes)]
        self.process = subprocess.Popen(
            [sys.executable, *program, *asked],
            env=environment_of(self.settings, 1, ROOT),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self.process

    def finish(self) -> tuple[int, str, str]:
        """Runs it to its end: exit code and what it printed."""
        out, err = (self.process or self.start()).communicate()
        process, self.process, self.said = self.process, None, err
        assert process is not None
        return process.returncode, out, err

    def is_alive(self) -> bool:
        """Whether the process that was started runs still."""
        return self.process is not None and self.process.poll() is None

    def waited(self) -> list[str]:
        """What it said of waiting, in the run that was finished last."""
        return [line for line in self.said.splitlines() if "waiting" in line]

    def children(self) -> list[int]:
        """The processes that it started."""
        assert self.process is not None
        parent = self.process.pid
        return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]

    def kill(self, *, alone: bool = False) -> list[int]:
        """SIGKILL to the whole group, or to the command alone; it was running. Its processes, which end."""
        assert self.process is not None
        children = self.children()
        assert self.process.poll() is None, f"it had ended: void\n{self.process.communicate()}"
        if alone:
            self.process.kill()
        else:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()  # not read to its end, which processes that outlived it would keep from coming
        self.process = None
        return children

    def results(self) -> list[list[Any]]:
        """The results beside the file, without the ids of referrals."""
        table = self.file.with_name(f"{self.file.name}.results.csv").read_text("utf-8-sig")
        lines = self.file.with_name(f"{self.file.name}.results.ndjson").read_text("utf-8")
        rows = list(csv.reader(io.StringIO(table), delimiter=";"))
        without = [[*row[:3], bool(row[3]), *row[4:]] for row in rows]
        return [*without, [lines.count("\n"), lines.count('"referralId": null')]]


@contextmanager
def importing(
    prepared: Prepared, server: EmbeddedPostgres, file: Path, bug: str | None = None
) -> Iterator[Importing]:
    """An import that has not begun; ended with the block."""
    import_ = Importing(server, over(prepared.settings, server), file, bug)
    try:
        yield import_
    finally:
        if import_.process is not None:
            os.killpg(import_.process.pid, signal.SIGKILL)
            import_.process.communicate()


async def rows_done(owner: asyncpg.Connection) -> int:
    """How many rows the import has stored."""
    return int(await owner.fetchval("SELECT coalesce(max(rows_done), 0) FROM import"))


async def contents(import_: Importing) -> dict[str, dict[str, Any]]:
    """What is stored of each referral, opened, by its source reference."""
    owner, keyring = await owner_of(import_.server), keyring_of(import_.settings)
    found: dict[str, dict[str, Any]] = {}
    for row in await owner.fetch(STORED):
        place = row_name(row["organisation_id"], row["id"])
        key = keyring.open_data_key(row["key_id"], row["wrapped_key"], place)
        identity = unseal(key, row["identity"], "referral", "identity", place)
        receipt = unseal(key, row["receipt"], "decision", "receipt", f"{place}/1")
        reference = identity["sourceReference"]
        index = source_reference_index(keyring, row["organisation_id"], reference)
        assert row["source_reference_index"] == index
        assert reference not in found, "stored twice"
        kept = {name: row[name] for name in row if name in COMPARED}
        found[reference] = {**kept, "identity": identity, "receipt": receipt}
    await owner.close()
    return found


COMPARED: Final = (
    *("content_fingerprint", "status", "reference_date", "home_municipality", "support_variant"),
    *("student_number_index", "subject_index", "decisions", "looks", "handovers", "advice", "events"),
)


@dataclass(frozen=True)
class Left:
    """What an import leaves: its exit code, its results, and what is stored."""

    code: int
    results: list[list[Any]]
    stored: dict[str, dict[str, Any]]

    def differences(self, other: "Left") -> dict[str, int]:
        """How many results and referrals are not the same; empty where all are."""
        results = sum(one != two for one, two in zip(self.results, other.results, strict=False))
        results += abs(len(self.results) - len(other.results))
        references = self.stored.keys() | other.stored.keys()
        stored = sum(self.stored.get(name) != other.stored.get(name) for name in references)
        return {what: many for what, many in (("results", results), ("stored", stored)) if many}


async def left_by(import_: Importing) -> Left:
    """What it leaves when it is let go on to its end."""
    code, _, err = await asyncio.to_thread(import_.finish)
    assert code in {0, 1}, err
    return Left(code, import_.results(), await contents(import_))


async def further(owner: asyncpg.Connection, before: int) -> None:
    """Waits until the import has stored more rows than that."""
    async with asyncio.timeout(60):
        while await rows_done(owner) <= before:  # noqa: ASYNC110  another process does it
            await asyncio.sleep(0.02)
