"""G13, without load: squawk finds nothing in the SQL of any migration, and each can be taken back."""

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from app.adapters.embedded_postgres import OWNER_ROLE, embedded_postgres
from app.config import Settings
from app.db import find_drift, migrations
from app.models.service_role import SERVICE_ROLE as ROLE
from tests.faults.postgres import SERVICE_ROLE
from tests.faults.releases import BAD
from tests.faults.service import ROOT
from tests.faults.stage import Count, Prepared

# Alembic makes its own table, and not with our hand.
OF_ALEMBIC = re.compile(r"CREATE TABLE alembic_version \(.*?\);", re.DOTALL)
# Rules that a migration may break, with the reason. All were made before the first release: no installation
# has rows in these tables that somebody could wait for.
ALLOWED = {
    "20261121lists": {"require-concurrent-index-creation", "require-concurrent-index-deletion"},
    # The column is new and null in every row, and the table has one row for each edition.
    "20261122loop": {"require-concurrent-index-creation"},
    "20261122open": {"require-concurrent-index-creation"},
    # One column is new and null in every row, the other was so until this release.
    "20261122figures": {"require-concurrent-index-creation"},
    # The column is new and null in every row.
    "20261123keys": {"require-concurrent-index-creation"},
    "20261123erase": {
        "ban-drop-not-null",
        "constraint-missing-not-valid",
        "require-concurrent-index-creation",
    },
    "20261121reference": {"adding-foreign-key-constraint"},
    "20261122events": {
        "adding-field-with-default",
        "ban-drop-not-null",
        "require-concurrent-index-creation",
    },
    # The table has a row for each key, tens of them; the release before never asks for one without a secret.
    "20261123ways": {
        "ban-drop-not-null",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "require-concurrent-index-creation",
    },
}
FINDING = re.compile(r"warning: ([\w-]+)|error: ([\w-]+)")


def sql_of(revision: str, before: str) -> str:
    """What `alembic upgrade --sql` prints for one migration."""
    config = migrations._config()
    config.output_buffer = io.StringIO()
    config.attributes[ROLE] = SERVICE_ROLE
    command.upgrade(config, f"{before}:{revision}", sql=True)
    return OF_ALEMBIC.sub("", config.output_buffer.getvalue())


def squawk(sql: str, folder: Path) -> list[str]:
    """The rules that squawk finds broken, one entry for each place."""
    file = folder / "migration.sql"
    file.write_text(sql, "utf-8")
    program = shutil.which("squawk", path=str(Path(sys.executable).parent))
    assert program is not None
    found = subprocess.run(
        [program, "--reporter", "gcc", "--config", str(ROOT / ".squawk.toml"), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    return ["".join(rule) for rule in FINDING.findall(found.stdout)]


def test_squawk_finds_nothing_in_any_migration(scratch: Path, count: Count) -> None:
    scripts = ScriptDirectory.from_config(migrations._config())
    revisions = [(script.revision, script.down_revision or "base") for script in scripts.walk_revisions()]
    found = {revision: squawk(sql_of(revision, str(before)), scratch) for revision, before in revisions}
    broken = {revision: set(rules) - ALLOWED.get(revision, set()) for revision, rules in found.items()}
    count(f"{len(found)} migrations, {sum(map(len, broken.values()))} findings beside {len(ALLOWED)} allowed")
    assert broken == {revision: set() for revision, _ in revisions}
    assert all(rules <= set(found[revision]) for revision, rules in ALLOWED.items()), "no longer needed"


def test_control_squawk_finds_a_bad_migration(scratch: Path, count: Count) -> None:
    found = squawk(BAD, scratch)
    count(f"{len(found)} findings of {len(set(found))} rules in a migration of four lines")
    assert {"changing-column-type", "require-concurrent-index-creation", "ban-drop-column"} <= set(found)


def test_the_migrations_go_up_down_and_up_again(scratch: Path, prepared: Prepared) -> None:
    with embedded_postgres(scratch / "postgres", SERVICE_ROLE) as server:
        urls = {"database_url": server.url(SERVICE_ROLE), "database_owner_url": server.url(OWNER_ROLE)}
        settings: Settings = prepared.settings.model_copy(update=urls)
        with migrations._owned(settings) as config:
            command.upgrade(config, "head")
            command.downgrade(config, "base")
            command.upgrade(config, "head")
        assert find_drift(settings) is None
