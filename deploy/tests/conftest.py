"""The image, made once by the steps of its Dockerfile, and the services of compose.yaml that run on it."""

import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.tests.dockerfile import Stage, build
from deploy.tests.stack import REPOSITORY, Stack, open_stack, until

NEEDED = ("bwrap", "nginx", "openssl", "setpriv")


@pytest.fixture(scope="session")
def work() -> Iterator[Path]:
    missing = [program for program in NEEDED if shutil.which(program) is None]
    assert not missing, f"install {', '.join(missing)} first (Debian: bubblewrap, nginx-light, openssl)"
    folder = Path(tempfile.mkdtemp(prefix="vr-image-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def image(work: Path) -> Stage:
    return build(REPOSITORY, work)


@pytest.fixture(scope="session")
def stack(image: Stage, work: Path) -> Iterator[Stack]:
    folder = work / "stack"
    folder.mkdir(mode=0o755)
    with open_stack(image, folder) as opened:
        until(lambda: answers(folder), 30)
        yield opened


def trusting(folder: Path) -> ssl.SSLContext:
    """TLS that knows the certificate of deploy/secrets.sh."""
    return ssl.create_default_context(cafile=folder / "secrets/TLS_CERTIFICATE")


def answers(folder: Path) -> bool:
    try:
        told = httpx.get("https://localhost:8443/healthz/ready", verify=trusting(folder))
    except httpx.TransportError:
        return False
    return bool(told.json().get("status") == "pass")


@pytest.fixture
def outside(stack: Stack) -> Iterator[httpx.Client]:
    """A client that reaches the service as the world does: through the proxy."""
    with httpx.Client(base_url="https://localhost:8443", verify=trusting(stack.folder), timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def key(stack: Stack) -> str:
    """The key of a school that refers."""
    arguments = ["clients", "create", "school", "00ZZ", "College Voorbeeld", "--role", "referrer"]
    done: subprocess.CompletedProcess[str] = stack.in_service("worker", ["verwijsroute", *arguments])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
