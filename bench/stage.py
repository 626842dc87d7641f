"""Where everything is measured: a new durable PostgreSQL, the demo directory, eight schools with keys."""

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg

from app.adapters.embedded_postgres import OWNER_ROLE, embedded_postgres
from app.config import Settings, load_settings, variable_of
from app.db import migrate, open_database
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.schemas.example import EXAMPLE, REFERENCE_DATE
from app.services.clients import create_client, create_organisation
from app.services.demo import register_demo

ROOT: Final = Path(__file__).resolve().parents[1]
SERVICE_ROLE: Final = "verwijsroute_service"
DURABLE: Final = {"fsync": "on", "synchronous_commit": "on"}
# What one referral writes; the receivers, clients and directory stay as they are.
TABLES: Final = ("referral", "decision", "handover", "advice", "event", "access_log")
# Counted as in production, and never reached.
QUOTA: Final = 10_000_000
EXAMPLE_ANSWER: Final = "BENCH_EXAMPLE_ANSWER"

# Two problem domains, a minor one day before the 18th birthday.
REFERRAL: Final = {**EXAMPLE, "sourceReference": "bench-000000000000", "referenceDate": REFERENCE_DATE}


@dataclass(frozen=True, slots=True)
class Stage:
    """A migrated database with demo directory, and the API keys of its schools, which may refer."""

    folder: Path
    service_url: str
    owner_url: str
    keys: tuple[str, ...]


@contextmanager
def open_stage(schools: int = 8) -> Iterator[Stage]:
    """The stage, in a folder of its own that is removed afterwards.

    The settings of this process and of those it starts are the stage's alone. Raises CannotStart.
    """
    folder, environment = Path(tempfile.mkdtemp(prefix="vr-bench-")), dict(os.environ)
    try:
        with embedded_postgres(folder / "postgres", SERVICE_ROLE) as server:
            service_url, owner_url = server.url(SERVICE_ROLE), server.url(OWNER_ROLE)
            _set_environment(folder / "data", DATABASE_URL=service_url, DATABASE_OWNER_URL=owner_url)
            settings = load_settings()
            migrate(settings)
            keys = asyncio.run(fill(settings, schools))
            yield Stage(folder, service_url, owner_url, keys)
    finally:
        os.environ.clear()
        os.environ.update(environment)
        shutil.rmtree(folder)


def _set_environment(data_dir: Path, **settings: str) -> None:
    """Nothing of the caller's settings is left; everything not named here has its default."""
    for field in Settings.model_fields:
        os.environ.pop(variable_of(field), None)
    os.environ.update(settings, VERWIJSROUTE_DATA_DIR=str(data_dir))


async def new_database(stage: Stage, name: str) -> Stage:
    """The same server with a new, empty database beside the stage's own."""
    owner = await asyncpg.connect(stage.owner_url)
    await owner.execute(f"CREATE DATABASE {name}")
    await owner.close()
    return in_database(stage, name)


def in_database(stage: Stage, name: str) -> Stage:
    """The same server with another of its databases."""
    service_url, owner_url = (
        f"{url.rpartition('/')[0]}/{name}?{url.partition('?')[2]}"
        for url in (stage.service_url, stage.owner_url)
    )
    return replace(stage, service_url=service_url, owner_url=owner_url)


def settings_of(stage: Stage) -> Settings:
    """The settings of a process that works with the stage's database."""
    urls = {"database_url": stage.service_url, "database_owner_url": stage.owner_url}
    return load_settings().model_copy(update=urls)


async def fill(settings: Settings, schools: int = 8) -> tuple[str, ...]:
    """Registers the demo directory in a migrated database; the API keys of some of its schools."""
    demo, now = demo_directory(open_reference().places), datetime.now(UTC)
    async with open_database(settings) as database, database.transaction() as connection:
        await register_demo(connection, demo, now)
        keys = []
        for school in demo.schools[:schools]:
            organisation = await create_organisation(
                connection, kind="school", code=school.brin, name=school.name, now=now
            )
            rights: dict[str, Any] = {"label": "bench", "roles": frozenset({"referrer"}), "quota": QUOTA}
            keys.append(await create_client(connection, organisation, **rights, now=now))
    return tuple(keys)


def body_around_number() -> tuple[bytes, bytes]:
    """The referral as bytes before and after the twelve digits that make its reference unique."""
    head, _, tail = json.dumps(REFERRAL).encode().partition(b"000000000000")
    return head, tail


async def server_version(url: str) -> str:
    """The version of a durable PostgreSQL; raises RuntimeError where a setting makes it less than that."""
    connection = await asyncpg.connect(url)
    try:
        for name, wanted in DURABLE.items():
            found = await connection.fetchval(f"SHOW {name}")
            if found != wanted:
                raise RuntimeError(f"PostgreSQL has {name} = {found}: nothing measured there would count")
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


async def count_rows(url: str) -> dict[str, int]:
    """How many rows each of the tables holds."""
    connection = await asyncpg.connect(url)
    try:
        counted = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in TABLES)  # noqa: S608
        return dict(await connection.fetchrow(f"SELECT {counted}"))
    finally:
        await connection.close()


def example_answer() -> bytes:
    """An answer that our service gave to the referral, from the file that the environment names."""
    return Path(os.environ[EXAMPLE_ANSWER]).read_bytes()
