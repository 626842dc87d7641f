"""What tests share: one real PostgreSQL per run, migrated once, and a clean state for every test."""

import csv
import io
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest

from app.adapters.embedded_postgres import OWNER_ROLE, EmbeddedPostgres, embedded_postgres
from app.adapters.erasure_ledger import ErasureLedger
from app.config import Settings, load_settings, variable_of
from app.db import Database, migrate, open_database
from app.reference import open_reference
from app.reference.tables import rows_of

# All rows of all tables, triggers off: an append-only table would refuse. What every process stores at its
# start, rulebook and reference, stays: half a megabyte for each test took longer than the tests.
EMPTY_TABLES = """
DO $$
DECLARE tables text;
BEGIN
    SET LOCAL session_replication_role = replica;
    SELECT string_agg(format('DELETE FROM %I', relname), '; ') INTO tables
      FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname NOT IN ('alembic_version', 'rulebook', 'reference');
    IF tables IS NOT NULL THEN EXECUTE tables; END IF;
    DELETE FROM reference WHERE origin <> 'shipped' OR hash <> current_setting('test.shipped');
END $$
"""


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of this test run alone. The folder is short: a socket's path must be."""
    folder = Path(tempfile.mkdtemp(prefix="vr-test-"))
    try:
        with embedded_postgres(folder / "postgres", "verwijsroute_service") as running:
            yield running
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A new folder with a short path: pytest's own are too long for a socket, and closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="vr-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def ledger(tmp_path: Path) -> ErasureLedger:
    """A ledger of erasures of this test alone."""
    return ErasureLedger(tmp_path, lambda text: sha256(text.encode()).hexdigest())


@pytest.fixture(scope="session")
def run_settings(server: EmbeddedPostgres) -> Settings:
    """The settings of this run, over a migrated database; nothing comes from the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for field in Settings.model_fields:
            patch.delenv(variable_of(field), raising=False)
        patch.setenv("DATABASE_URL", server.url("verwijsroute_service"))
        patch.setenv("DATABASE_OWNER_URL", server.url(OWNER_ROLE))
        patch.setenv("VERWIJSROUTE_DATA_DIR", str(server.folder.parent / "data"))
        settings = load_settings()
    migrate(settings)
    return settings


@pytest.fixture
async def owner(run_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of the tables, past row-level security: to look and to plant."""
    connection = await asyncpg.connect(run_settings.database_owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def settings(run_settings: Settings, owner: asyncpg.Connection) -> Settings:
    """The settings, over a database that has its tables and no rows."""
    await owner.execute("SELECT set_config('test.shipped', $1, false)", open_reference().hash)
    await owner.execute(EMPTY_TABLES)
    shutil.rmtree(run_settings.trust_folder, ignore_errors=True)
    return run_settings


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The open database, as the service role, without rows."""
    async with open_database(settings) as opened:
        yield opened


class Official:
    """The shipped reference as CBS and RvIG publish theirs, with what a test lets change."""

    files = open_reference().files

    def cbs(self, *, ended: Sequence[str] = (), added: Mapping[str, str] | None = None) -> str:
        """Gebieden in Nederland; `added` are new codes with the code whose regions they get."""
        rows = {row["municipality_code"]: row for row in rows_of(self.files["municipalities"])}
        regions = {row["municipality_code"]: row for row in rows_of(self.files["municipality_regions"])}
        like = {code: code for code in rows if code not in ended} | dict(added or {})
        groups = {
            "Jeugdregio\u2019s": "youth",
            "Veiligheidsregio's": "safety",
            "Veilig Thuis-regio's": "veilig_thuis",
        }
        header = [
            "Regio's",
            "Codes en namen van gemeenten/Code (code)",
            "Codes en namen van gemeenten/Naam (naam)",
        ]
        header += [
            f"Lokaliseringen van gemeenten/{g}/{c}" for g in groups for c in ("Code (code)", "Naam (naam)")
        ]
        header += ["Lokaliseringen van gemeenten/GGD-regio's/Naam (naam)"]
        header += ["Lokaliseringen van gemeenten/Provincies/Naam (naam)"]
        table = []
        for code, model in like.items():
            name = rows[code]["cbs_name"] if code in rows else f"Nieuw {code}"
            of = [regions[model][f"{g}_region_{c}"] for g in groups.values() for c in ("code", "name")]
            told = [*of, regions[model]["ggd_region_name"], rows[model]["province_name"]]
            table.append([name, f"GM{code}".ljust(10), name.ljust(50), *told])
        return self.written(header, table, ";")

    def rvig(self, *, ended: Mapping[str, str] | None = None, added: Sequence[str] = ()) -> str:
        """Table 33; `ended` are codes with their successor, as of 1 November 2026."""
        header = ["92.10 Gemeentecode", "92.11 Omschrijving", "92.12 Nieuwe code"]
        header += ["99.98 Datum ingang", "99.99 Datum einde"]
        table = [
            ["0000", "Onbekend", "", "", ""],
            ["1999", "Registratie Niet Ingezetenen (RNI)", "", "", "00000000"],
        ]
        for row in rows_of(self.files["municipality_code_history"]):
            days = [row[day].replace("-", "") for day in ("valid_from", "valid_to")]
            if row["municipality_code"] in (ended or {}):
                row["successor_code"], days[1] = (ended or {})[row["municipality_code"]], "20261101"
            table.append([row["municipality_code"], row["name"], row["successor_code"], *days])
        table += [[code, f"Nieuw {code}", "", "20261101", ""] for code in added]
        return self.written(header, table, ",")

    def addresses(self, *, moved: Mapping[str, str] | None = None) -> str:
        """CBS pc6hnr with ten addresses for each postcode, in the municipalities of the reference."""
        table = []
        for pc4, postcode in open_reference().postcodes.items():
            codes = [(moved or {}).get(pc4, c.municipality.code) for c in postcode.candidates]
            table += [[f"{pc4}AB", str(n), "01", "01", codes[n % len(codes)].lstrip("0")] for n in range(10)]
        return self.written(["PC6", "Huisnummer", "Buurt2026", "Wijk2026", "Gemeente2026"], table, ";")

    @staticmethod
    def written(header: Sequence[str], table: Sequence[Sequence[str]], delimiter: str) -> str:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerows([header, *table])
        return text.getvalue()


@pytest.fixture(scope="session")
def official() -> Official:
    """Makes files as CBS and RvIG publish them."""
    return Official()
