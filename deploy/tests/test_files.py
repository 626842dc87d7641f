"""The files for operating are well formed, and say the same as the program."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.tests.dockerfile import CannotDo, build, instructions
from deploy.tests.stack import REPOSITORY

TOOLS = REPOSITORY / ".venv/tools/bin"
COMPOSE = yaml.safe_load((REPOSITORY / "compose.yaml").read_text("utf-8"))


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    command = [str(TOOLS / "hadolint"), "Dockerfile"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert (done.returncode, done.stdout) == (0, "")


def test_compose_keeps_to_its_schema() -> None:
    command = [str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout


def test_secrets_are_made_once_and_the_second_time_says_nothing_of_it(tmp_path: Path) -> None:
    command = ["sh", str(REPOSITORY / "deploy/secrets.sh"), str(tmp_path)]
    kept = []
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        kept.append({file.name: file.read_text() for file in tmp_path.iterdir()})
    assert kept[0] == kept[1]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_hardened(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_owner_of_the_tables_is_known_to_migrate_alone() -> None:
    knows = [
        name for name, service in COMPOSE["services"].items() if "DATABASE_OWNER_URL" in service["secrets"]
    ]
    assert knows == ["migrate"]


def test_the_version_in_the_image_and_compose_is_that_of_the_program() -> None:
    version = re.search(r'^version = "(.+)"', (REPOSITORY / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert f'image.version="{version[1]}"' in (REPOSITORY / "Dockerfile").read_text()
    assert COMPOSE["services"]["worker"]["image"] == f"verwijsroute:{version[1]}"


def test_the_proxy_closes_idle_connections_before_the_service_does() -> None:
    assert re.search(r"keepalive_timeout 3s;", (REPOSITORY / "deploy/nginx.conf").read_text())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ADD x y", "ADD is an instruction"),
        ("FROM alpine:3", "stands in for python"),
        ("COPY tests tests", ".dockerignore keeps it out"),
        ("COPY --chmod=777 app app", "is a flag"),
    ],
)
def test_a_step_that_the_trial_cannot_do_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "Dockerfile").write_text(f"# planted\n{line}\n")
    (tmp_path / ".dockerignore").write_text("*\n!app\n")
    with pytest.raises(CannotDo, match=reason):
        build(tmp_path, tmp_path / "work")


def test_lines_that_go_on_are_one_instruction() -> None:
    assert list(instructions("# a\nRUN x \\\n && y\n\nUSER 1")) == [("RUN", "x   && y"), ("USER", "1")]
