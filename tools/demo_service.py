"""A demo service of its own, with a new database and keys, for as long as one command runs.

`python -m tools.demo_service COMMAND ARGUMENT…` runs the command with VERWIJSROUTE_URL, the address, and
VERWIJSROUTE_SCHOOL_KEY and VERWIJSROUTE_TEAM_KEY, two of the demo's keys, in its environment.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

_SERVE: Final = (sys.executable, "-c", "from app.cli import main; main()", "serve", "--demo")
_START_SECONDS: Final = 60.0


@contextmanager
def demo_service() -> Iterator[dict[str, str]]:
    """The variables that tell a program where the service is; it answers until the block ends.

    Raises RuntimeError with the service's own words where it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="vr-") as folder:
        address, log = f"http://127.0.0.1:{_free_port()}", Path(folder) / "log"
        settings = {
            "PORT": address.rpartition(":")[2],
            "VERWIJSROUTE_ENVIRONMENT": "development",
            "VERWIJSROUTE_DATA_DIR": folder,
            # Empty counts as not set: an embedded server of its own.
            "DATABASE_URL": "",
            "DATABASE_OWNER_URL": "",
        }
        with log.open("wb") as output:
            process = subprocess.Popen(_SERVE, env=os.environ | settings, stdout=output, stderr=output)
        try:
            _wait_until_ready(process, address, log)
            keys = json.loads((Path(folder) / "demo-keys.json").read_text("utf-8"))
            yield {
                "VERWIJSROUTE_URL": address,
                "VERWIJSROUTE_SCHOOL_KEY": keys["school 00ZZ"],
                "VERWIJSROUTE_TEAM_KEY": keys["municipality 0166"],
            }
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with urlopen(f"{address}/healthz/ready"):
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"the service did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def main() -> None:
    """Runs the command that the arguments name; its exit code is ours."""
    with demo_service() as variables:
        code = subprocess.run(sys.argv[1:], env=os.environ | variables, check=False).returncode
    sys.exit(code)


if __name__ == "__main__":
    main()
