"""Reads a Dockerfile and does its steps in empty folders: what it cannot do, it refuses by name."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deploy.tests.box import boxed, installer_settings

# Noted for whoever runs the image; the others do something.
NOTED = {"LABEL", "EXPOSE", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD", "STOPSIGNAL"}
# The stand-in for the base image: this machine's Python where the image has it, without anything installed.
BASE = re.compile(r"python:3\.\d+-slim-bookworm")
LEFT_OUT = shutil.ignore_patterns("site-packages", "test", "*.a", "__pycache__", "config-3*", "share")


class CannotDo(ValueError):
    """The Dockerfile holds something that this trial does not do: teach it, or both drift apart."""


@dataclass
class Stage:
    """One stage: its folder as root of a file system, and what was said about running it."""

    root: Path
    folder: str = "/"
    env: dict[str, str] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)

    def command(self, name: str) -> list[str]:
        """ENTRYPOINT, CMD or the command of HEALTHCHECK, in the form of a list."""
        found: list[str] = json.loads(self.noted[name][self.noted[name].index("[") :])
        return found


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction and its arguments, lines put together."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        yield word.upper(), rest.strip()


def build(context: Path, work: Path) -> Stage:
    """Does every step of the Dockerfile in `context`; returns the last stage. Raises CannotDo."""
    stages: dict[str, Stage] = {}
    stage = Stage(work)
    for word, rest in instructions((context / "Dockerfile").read_text("utf-8")):
        if word == "FROM":
            image, *name = rest.split()
            stage = _base(image, work / f"stage-{len(stages)}")
            stages[name[-1] if name else "last"] = stage
        elif word in NOTED:
            stage.noted[word] = rest
        else:
            _do(word, rest, stage, stages, context)
    return stage


def _do(word: str, rest: str, stage: Stage, stages: dict[str, Stage], context: Path) -> None:
    if word == "WORKDIR":
        stage.folder = rest
        _inside(stage, rest).mkdir(parents=True, exist_ok=True)
    elif word == "ENV":
        for part in shlex.split(rest):
            name, _, value = part.partition("=")
            stage.env[name] = value.replace("$PATH", stage.env["PATH"])
    elif word == "COPY":
        _copy(rest.split(), stage, stages, context)
    elif word == "RUN":
        command = boxed(stage.root, ["/bin/sh", "-ec", rest], stage.env | installer_settings(), stage.folder)
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    else:
        raise CannotDo(f"{word} is an instruction that the trial does not know")


def _copy(arguments: list[str], stage: Stage, stages: dict[str, Stage], context: Path) -> None:
    origin = context
    if arguments[0].startswith("--from="):
        origin = stages[arguments.pop(0).partition("=")[2]].root
    elif arguments[0].startswith("--"):
        raise CannotDo(f"COPY {arguments[0]} is a flag that the trial does not know")
    *sources, target = arguments
    allowed = _allowed(context) if origin == context else None
    for source in sources:
        if allowed is not None and source not in allowed:
            raise CannotDo(f"COPY {source}: .dockerignore keeps it out of the image")
        found = origin / source.lstrip("/")
        to = _inside(stage, target) / found.name if target.endswith("/") else _inside(stage, target)
        to.parent.mkdir(parents=True, exist_ok=True)
        if found.is_dir():
            skip = shutil.ignore_patterns("__pycache__") if allowed is not None else None
            shutil.copytree(found, to, symlinks=True, dirs_exist_ok=True, ignore=skip)
        else:
            shutil.copy2(found, to)


def _allowed(context: Path) -> set[str]:
    """What .dockerignore lets through: it refuses all and names what may pass."""
    lines = (context / ".dockerignore").read_text("utf-8").splitlines()
    if "*" not in lines:
        raise CannotDo(".dockerignore must begin by leaving everything out")
    return {line[1:] for line in lines if line.startswith("!")}


def _inside(stage: Stage, path: str) -> Path:
    return stage.root / (path if path.startswith("/") else f"{stage.folder}/{path}").lstrip("/")


def _base(image: str, root: Path) -> Stage:
    """A root with Python in /usr/local and pip beside it, as the official image has them."""
    if not BASE.fullmatch(image):
        raise CannotDo(f"FROM {image}: the trial stands in for python:3.x-slim-bookworm alone")
    shutil.copytree(sys.base_prefix, root / "usr/local", symlinks=True, ignore=LEFT_OUT)
    for program in (root / "usr/local/bin").iterdir():
        if not re.fullmatch(r"python[\d.]*", program.name):
            program.unlink()  # what somebody installed on this machine
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LD_LIBRARY_PATH": "/usr/local/lib", "HOME": "/root"}
    stage = Stage(root, env=env)
    for folder in ("tmp", "root", "run"):
        (root / folder).mkdir()
    subprocess.run(boxed(root, ["python3", "-m", "ensurepip"], env), check=True, stdout=subprocess.DEVNULL)
    return stage
