"""A next release to migrate to: a copy of this program with one more migration."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from app.config import Settings
from app.db.migrations import head_revisions
from tests.faults.service import ROOT

NEXT: Final = "next"
ADDITIVE: Final = '''"""Only for a test: what a next release may add."""

from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE referral ADD COLUMN IF NOT EXISTS weight bigint NOT NULL DEFAULT 1")
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")  # it waits for all who began before, and nobody behind it
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_referral_weight")  # broken off before
        op.execute("CREATE INDEX CONCURRENTLY ix_referral_weight ON referral (weight)")
        op.execute("SET lock_timeout = '1s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_referral_weight")
        op.execute("SET lock_timeout = '1s'")
    op.execute("ALTER TABLE referral DROP COLUMN weight")
'''
# Four lines that each look harmless: the control of every check on migrations.
BAD: Final = """
ALTER TABLE referral ADD COLUMN weight int NOT NULL DEFAULT 1;
ALTER TABLE referral ALTER COLUMN status TYPE varchar(20);
CREATE INDEX ix_referral_bad ON referral (status);
ALTER TABLE referral DROP COLUMN reason;
"""


def next_release(folder: Path) -> Path:
    """The folder of the next release."""
    release = folder / NEXT
    for part in ("app", "migrations"):
        shutil.copytree(ROOT / part, release / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "alembic.ini", release)
    (head,) = head_revisions()
    (release / "migrations" / "versions" / "next.py").write_text(ADDITIVE.format(head=head), "utf-8")
    return release


def alembic(release: Path, settings: Settings, *arguments: str) -> None:
    """Runs `alembic` of a release, as the owner of the tables."""
    environment = os.environ | {
        "PYTHONPATH": str(release),
        "DATABASE_URL": str(settings.database_url),
        "DATABASE_OWNER_URL": str(settings.database_owner_url),
        "VERWIJSROUTE_DATA_DIR": str(settings.data_dir),
    }
    command = [sys.executable, "-m", "alembic", *arguments]
    done = subprocess.run(command, cwd=release, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
