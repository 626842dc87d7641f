"""Backup and restore with PostgreSQL's own programs, as `docs/faults.md` shows them by hand."""

from pathlib import Path
from typing import Final

from app.adapters.embedded_postgres import (
    DATABASE,
    OWNER_ROLE,
    EmbeddedPostgres,
    _make_private,
    _run,
)

LAST_PART: Final = 0.9


def dump(server: EmbeddedPostgres, folder: Path) -> Path:
    """A logical backup of the database as one file."""
    _make_private(folder)
    file = folder / "backup.dump"
    _demand("pg_dump", "--format=custom", f"--file={file}", server.url(OWNER_ROLE))
    return file


def plain_dump(server: EmbeddedPostgres, folder: Path) -> Path:
    """A logical backup that can be read: SQL, bytes in hexadecimal digits."""
    _make_private(folder)
    file = folder / "backup.sql"
    _demand("pg_dump", "--format=plain", f"--file={file}", server.url(OWNER_ROLE))
    return file


def restore(server: EmbeddedPostgres, file: Path) -> None:
    """Puts a dump back into an empty database. Raises AssertionError where pg_restore finds a fault."""
    url = server.url(OWNER_ROLE, DATABASE)
    _demand("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={url}", str(file))


def cut_short(file: Path) -> None:
    """The backup as a full disk or a broken line would leave it."""
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * LAST_PART)])


def base_backup(server: EmbeddedPostgres, folder: Path, *, log: bool = True) -> Path:
    """A physical backup: the files, and the write-ahead log that was written while they were copied."""
    _make_private(folder)
    copied = folder / "postgres"
    log_method = "--wal-method=stream" if log else "--wal-method=none"
    _demand(
        "pg_basebackup", f"--pgdata={copied}", log_method, "--checkpoint=fast", "-d", server.url(OWNER_ROLE)
    )
    return copied


def _demand(command: str, *arguments: str) -> None:
    done = _run(command, *arguments)
    assert done.returncode == 0, f"{command}: {done.stderr[-1000:]}"
