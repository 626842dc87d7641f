"""The shape of the program: imports go down one list, modules and functions are small, names speak."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A part may import from its own line and from those below it; a door never imports another door.
LINES = (
    ("main",),
    ("api", "web", "cli", "worker"),
    ("deps", "impact", "importing", "resources", "config", "db"),
    ("schemas",),
    ("services",),
    ("adapters", "models", "errors", "reference"),
    ("routing",),
)
LINE_OF = {part: number for number, line in enumerate(LINES) for part in line}
DOORS = LINES[1]

# Below the schemas nothing knows how a request looks.
WEB_LIBRARIES = {
    *("fastapi", "starlette", "pydantic", "pydantic_core", "pydantic_settings", "uvicorn", "typer")
}
# pydantic as a serialiser: a decision in a third of the time of our own plain form.
WRITES_JSON = "app.adapters.decision_json"
BELOW_SCHEMAS = {part for line in LINES[4:] for part in line}

# Routing takes values and gives a value: no clock, file, network, process, log or chance.
NOT_IN_ROUTING = {
    *("sqlite3", "socket", "urllib", "http", "os", "time", "subprocess", "asyncio", "threading"),
    *("logging", "random", "secrets", "uuid", "shelve", "tempfile", "shutil"),
}
READS_FILES = {"pathlib", "tomllib", "io", "importlib"}
READING = {"open", "read_text", "read_bytes"}
READING_CLOCK = {"now", "today", "utcnow"}
LOADER = "app.routing.loader"

MEANINGLESS = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}

MODULE_LINES, FUNCTION_LINES, TEST_LINES, NESTING = 300, 40, 30, 3
FIRST_PARTY_IMPORTS, FIRST_PARTY_IMPORTS_OF_MAIN = 10, 15

# module or module:function -> why the limit would make it worse
ALLOWED_LONGER: dict[str, str] = {}

# The two places that may catch everything: whatever happens there, the service goes on.
CATCHES_ALL = {"app.worker.loop", "app.api.edge"}

BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources(folder: str) -> dict[str, str]:
    return {module_name(path): path.read_text("utf-8") for path in sorted((ROOT / folder).rglob("*.py"))}


def part_of(module: str) -> str:
    return [*module.split("."), ""][1]


def imports(module: str, tree: ast.AST, *, package: bool = False) -> Iterator[tuple[str, bool]]:
    """Each imported name in full, and whether it was written relatively."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: len(module.split(".")) - node.level + package] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((f"{origin}.{alias.name}", node.level > 0) for alias in node.names)


def import_faults(module: str, tree: ast.AST) -> Iterator[str]:
    part = part_of(module)
    package = (ROOT / module.replace(".", "/") / "__init__.py").exists()
    for name, relative in imports(module, tree, package=package):
        root, target = name.split(".")[0], part_of(name)
        if root != "app":
            yield from library_faults(module, part, root)
            continue
        if relative and target != part:
            yield f"{name}: relative import across packages"
        if target not in LINE_OF:
            yield f"{name}: app.{target} has no line in the list"
        elif LINE_OF[target] < LINE_OF[part]:
            yield f"{name}: imports go down the list, app.{part} lies below app.{target}"
        elif part in DOORS and target in DOORS and part != target:
            yield f"{name}: one door imports another"


def library_faults(module: str, part: str, library: str) -> Iterator[str]:
    if part in BELOW_SCHEMAS and library in WEB_LIBRARIES and module != WRITES_JSON:
        yield f"{library} in app.{part}"
    if part != "routing":
        return
    if library not in sys.stdlib_module_names or library in NOT_IN_ROUTING:
        yield f"{library} in app.routing"
    if library in READS_FILES and module != LOADER:
        yield f"{library} in app.routing: files are read in loader.py alone"


def routing_faults(module: str, tree: ast.AST) -> Iterator[str]:
    """Reading that needs no import: `open`, a path that was handed in, the clock of `date`."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in READING and module != LOADER:
            yield f"line {call.lineno}: {name}() in app.routing"
        if name in READING_CLOCK:
            yield f"line {call.lineno}: {name}() in app.routing: the date is an argument"


def depth(node: ast.AST, so_far: int = 0) -> int:
    """How deep blocks stand in blocks; `elif` and what a nested function holds count anew."""
    deepest = so_far
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and [child] == node.orelse
        deepest = max(deepest, depth(child, so_far + (isinstance(child, BLOCKS) and not is_elif)))
    return deepest


def size_faults(module: str, source: str, tree: ast.AST) -> Iterator[str]:
    if len(source.splitlines()) > MODULE_LINES and module not in ALLOWED_LONGER:
        yield f"{len(source.splitlines())} lines in one module"
    for node in (node for node in ast.walk(tree) if isinstance(node, Function)):
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        limit = TEST_LINES if node.name.startswith("test_") else FUNCTION_LINES
        if length > limit and f"{module}:{node.name}" not in ALLOWED_LONGER:
            yield f"{node.name}: {length} lines in one function"
        if depth(node) > NESTING:
            yield f"{node.name}: nested {depth(node)} deep"
        if any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node)):
            yield f"{node.name}: import inside a function"


def name_faults(module: str, tree: ast.AST) -> Iterator[str]:
    defined = [n.name for n in ast.walk(tree) if isinstance(n, Function | ast.ClassDef)]
    for name in [*module.split("."), *defined]:
        words = {word.lower() for word in "".join(f"_{c}" if c.isupper() else c for c in name).split("_")}
        if words & MEANINGLESS:
            yield f"{name}: a name that says nothing"


def catch_faults(module: str, tree: ast.AST) -> Iterator[str]:
    """Everything is caught in two places only; to clean up and raise again is no catching."""
    for handler in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)):
        caught = {
            node.id for node in ast.walk(handler.type or ast.Name("Exception")) if isinstance(node, ast.Name)
        }
        last = handler.body[-1]
        raises_again = isinstance(last, ast.Raise) and last.exc is None
        if caught & {"Exception", "BaseException"} and not raises_again and module not in CATCHES_ALL:
            yield f"line {handler.lineno}: everything is caught"


def faults(module: str, source: str) -> list[str]:
    """Everything that is wrong with one module, as sentences."""
    tree = ast.parse(source)
    found = [*size_faults(module, source, tree), *name_faults(module, tree), *catch_faults(module, tree)]
    if module.split(".", maxsplit=1)[0] == "app":
        own = {name for name, _ in imports(module, tree) if name.startswith("app.")}
        most = FIRST_PARTY_IMPORTS_OF_MAIN if module == "app.main" else FIRST_PARTY_IMPORTS
        if len({name.rpartition(".")[0] for name in own}) > most:
            found.append("imports too many of our own modules")
        found += import_faults(module, tree)
    if part_of(module) == "routing" and module.startswith("app."):
        found += routing_faults(module, tree)
    return found


def cycle(modules: dict[str, str]) -> list[str]:
    """A ring of modules that import each other; empty where there is none."""
    graph: dict[str, set[str]] = {}
    for module, source in modules.items():
        package = any(other.startswith(f"{module}.") for other in modules)
        names = [name for name, _ in imports(module, ast.parse(source), package=package)]
        graph[module] = {name if name in modules else name.rpartition(".")[0] for name in names} & set(
            modules
        )
        graph[module] -= {module}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("module", [*sources("app"), *sources("tests")])
def test_a_module_keeps_to_the_architecture(module: str) -> None:
    assert faults(module, (sources("app") | sources("tests"))[module]) == []


def test_no_modules_import_each_other_in_a_ring() -> None:
    assert cycle(sources("app")) == []


def test_every_exception_to_a_limit_is_still_needed() -> None:
    known = sources("app") | sources("tests")
    assert {entry.split(":")[0] for entry in ALLOWED_LONGER} <= set(known)


PLANTED = {
    "a service knows the API": ("app.services.x", "import app.api.y", "go down the list"),
    "a name in from app import": ("app.routing.x", "from app import services", "go down the list"),
    "two doors": ("app.cli.x", "from app.web import y", "one door imports another"),
    "relative across packages": ("app.services.x", "from ..models import y", "relative import"),
    "a part nobody placed": ("app.services.x", "import app.stuff", "no line in the list"),
    "pydantic in a service": ("app.services.x", "import pydantic", "pydantic in app.services"),
    "a library in routing": ("app.routing.x", "import yaml", "yaml in app.routing"),
    "a database in routing": ("app.routing.x", "import sqlite3", "sqlite3 in app.routing"),
    "a socket in routing": ("app.routing.x", "from socket import create_connection", "socket in app.routing"),
    "the network in routing": ("app.routing.x", "import urllib.request", "urllib in app.routing"),
    "the system in routing": ("app.routing.x", "from os import environ", "os in app.routing"),
    "a stopwatch in routing": ("app.routing.x", "import time", "time in app.routing"),
    "a file in routing": ("app.routing.x", "open('law')", "open() in app.routing"),
    "a path in routing": ("app.routing.x", "from pathlib import Path", "loader.py alone"),
    "the clock in routing": ("app.routing.x", "date.today()", "the date is an argument"),
    "a long module": ("app.services.x", "x = 1\n" * 301, "301 lines in one module"),
    "a long function": ("app.services.x", "def f():\n" + "    x = 1\n" * 40, "41 lines in one function"),
    "a long test": ("tests.x", "def test_f():\n" + "    x = 1\n" * 30, "31 lines in one function"),
    "a deep function": (
        "app.services.x",
        "def f():\n if a:\n  for b in c:\n   with d:\n    if e:\n     g()",
        "nested 4 deep",
    ),
    "a hidden import": ("app.services.x", "def f():\n import json", "import inside a function"),
    "a module of odds and ends": ("app.services.date_utils", "", "says nothing"),
    "a manager": ("app.services.x", "class TeamManager: ...", "says nothing"),
    "everything caught": ("app.services.x", "try: f()\nexcept Exception: pass", "everything is caught"),
    "everything caught in a tuple": ("app.api.x", "try: f()\nexcept (A, BaseException): g()", "is caught"),
    "everything caught, nameless": ("app.api.x", "try: f()\nexcept: g()", "everything is caught"),
    "wires everywhere": (
        "app.services.x",
        "\n".join(f"from app.models.m{n} import y" for n in range(11)),
        "too many of our own",
    ),
}


@pytest.mark.parametrize(("module", "source", "fault"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(module: str, source: str, fault: str) -> None:
    assert fault in "; ".join(faults(module, source))


def test_a_planted_ring_is_found() -> None:
    ring = {"app.a": "from app import b", "app.b": "from app.c import x", "app.c": "import app.a"}
    assert set(cycle(ring)) == set(ring)


def test_what_is_allowed_is_not_found() -> None:
    assert faults("app.routing.loader", "from pathlib import Path\nfrom app.routing.rule import Rule") == []
    assert faults("app.services.x", "try: f()\nexcept BaseException:\n    g()\n    raise") == []
    assert faults("app.cli.x", "from app import db\nfrom app.cli.y import z") == []
