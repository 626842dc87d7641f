"""docs/benchmarks.md: a section for each part that was measured; one that was not measured now stays."""

import os
import platform
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from bench.stage import ROOT

PAGE: Final = ROOT / "docs" / "benchmarks.md"
CAUSES: Final = Path(__file__).with_name("causes.toml")
UNKNOWN: Final = "the cause is not known yet."

_HEAD: Final = """\
# Benchmarks

<!-- Written by `make bench`, a part by `make bench ONLY=imports`; change bench/causes.toml, not this. -->

PostgreSQL has `fsync` and `synchronous_commit` on. Load, server and database share the cores of one machine.
What is compared is measured in turn within one run, and each figure is a median of at least five rounds where
nothing else is said. Machines drift and other work disturbs: read ratios rather than rates, and take a ratio
under 1.25 for a tie.
"""
_GOALS: Final = "## Goals\n\n| Figure | Goal | Measured | Command | |\n|---|---|---|---|---|\n"
_SECTION: Final = re.compile(r"^## ([^\n]+)\n\n(.*?)\n*(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_GOAL: Final = re.compile(r"^\|.*`python -m bench ([a-z]+)`.*\|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Goal:
    """One promise of this project's quality goals: what was measured beside it, and whether it is kept."""

    name: str
    wanted: str
    measured: str
    kept: bool

    def line(self, part: str, causes: Mapping[str, str]) -> str:
        """The goal as a row of the table; one that is missed says why, as far as that is known."""
        remark = "kept" if self.kept else f"**missed**: {causes.get(self.name, UNKNOWN)}"
        return f"| {self.name} | {self.wanted} | {self.measured} | `{command(part)}` | {remark} |"


@dataclass(frozen=True, slots=True)
class Section:
    """What the page holds of one part: its title, its text with tables, its goals as rows."""

    title: str
    text: str
    goals: tuple[str, ...]


def command(part: str) -> str:
    """How a part is measured by hand."""
    return f"python -m bench {part}"


def circumstances(on: date, load: float, postgres: str) -> str:
    """When and on what a part was measured; `load` is the load average of the minute before."""
    versions = f"Python {platform.python_version()}, PostgreSQL {postgres}"
    return f"Measured on {on.isoformat()}: {os.cpu_count()} cores, {versions}, load {load:.1f} before."


def written(sections: Iterable[Section]) -> str:
    """The whole page in Markdown."""
    shown = list(sections)
    goals = _GOALS + "".join(f"{line}\n" for section in shown for line in section.goals)
    return "\n".join([_HEAD, goals, *(f"## {section.title}\n\n{section.text}\n" for section in shown)])


def merged(page: str, measured: Mapping[str, Section], titles: Mapping[str, str]) -> str:
    """A page with what was measured now in place of what it held of those parts.

    `titles` are those of all parts by name, in the order of the page.
    """
    before = dict(_read(page, titles))
    return written(section for part in titles if (section := measured.get(part) or before.get(part)))


def _read(page: str, titles: Mapping[str, str]) -> Iterator[tuple[str, Section]]:
    """The sections of a page, by part."""
    texts = dict(_SECTION.findall(page))
    for part, title in titles.items():
        if title in texts:
            goals = tuple(found[0] for found in _GOAL.finditer(page) if found[1] == part)
            yield part, Section(title, texts[title], goals)


def read_causes() -> dict[str, str]:
    """Why a goal is missed, by the goal's name, written by hand."""
    causes: dict[str, str] = tomllib.loads(CAUSES.read_text("utf-8"))
    return causes
