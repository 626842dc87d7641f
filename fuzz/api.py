"""`python -m fuzz.api SCHEMATHESIS`: tries a running service against its own OpenAPI document, all checks.

EXAMPLES (30) says how many examples of each operation, SEED (1) which ones.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
COMMAND: Final = str(Path(sys.executable).parent / "verwijsroute")
ROLES: Final = ("referrer", "team", "desk", "auditor", "directory_admin", "operator")
SETTINGS: Final = re.compile("VERWIJSROUTE_|DATABASE_|HOST$|PORT$")


def environment_of(folder: Path) -> dict[str, str]:
    """The environment without the caller's settings, and with a data folder."""
    own = {name: value for name, value in os.environ.items() if not SETTINGS.match(name)}
    return {**own, "VERWIJSROUTE_DATA_DIR": str(folder)}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a service of its own with demo data in a folder, started as `make run` does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "serve.log"
    with log.open("w") as output:
        environment = {**environment_of(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
        server = subprocess.Popen([COMMAND, "serve", "--demo"], env=environment, stdout=output, stderr=output)
    try:
        while "listens on" not in log.read_text():
            time.sleep(0.1)
            if server.poll() is not None:
                sys.exit(log.read_text())
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def key_for(folder: Path) -> str:
    """A key of the demo's school that may do everything."""
    roles = [part for role in ROLES for part in ("--role", role)]
    command = [COMMAND, "clients", "create", "school", "00ZZ", "College Voorbeeld", "--quota", "0", *roles]
    made = subprocess.run(command, check=True, env=environment_of(folder), stdout=subprocess.PIPE, text=True)
    return str(re.findall(r"vr_\w+", made.stdout)[0])


def main(schemathesis: str) -> int:
    """Exit code 0 where nothing was found."""
    with tempfile.TemporaryDirectory(prefix="vr-fuzz-") as folder, serving(Path(folder)) as address:
        command = [
            *(str(Path(schemathesis).absolute()), "--config-file", str(HERE / "schemathesis.toml"), "run"),
            *(f"{address}/v1/openapi.json", "--url", f"{address}/v1"),
            *("--max-examples", os.environ.get("EXAMPLES", "30"), "--seed", os.environ.get("SEED", "1")),
        ]
        # The key travels in the environment: a command line is for everybody on the machine to read.
        told = {"API_KEY": key_for(Path(folder)), "SCHEMATHESIS_HOOKS": "fuzz.formats"}
        environment = {**os.environ, **told, "PYTHONPATH": str(HERE.parent)}
        return subprocess.run(command, check=False, env=environment, cwd=folder).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
