"""What may be logged: words of ours under keys of ours, written out where they are used."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.log import KEYS

ROOT = Path(__file__).resolve().parents[1]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "msg"}
# Here a person at a terminal reads what is printed.
PRINTS = ("app/cli/", "app/worker/process.py")
OTHER_LOGS = {"logging", "traceback", "warnings"}
# Reads the place of an error; quietens libraries.
MAY_IMPORT = {"app/adapters/log.py", "app/__init__.py"}


def is_log(node: ast.expr) -> bool:
    """`_log`, or `structlog.get_logger()`."""
    return ast.unparse(node) in {"_log", "structlog.get_logger()"}


def faults(path: str, source: str) -> Iterator[str]:
    """Everything in a module that may write down what is not ours."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom) and path not in MAY_IMPORT:
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            yield from (f"line {node.lineno}: {name} is not our log" for name in names & OTHER_LOGS)
        if not isinstance(node, ast.Call):
            continue
        if ast.unparse(node.func) == "print" and not path.startswith(PRINTS):
            yield f"line {node.lineno}: print"
        if isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS and is_log(node.func.value):
            yield from faults_of_call(node)


def faults_of_call(call: ast.Call) -> Iterator[str]:
    """What is wrong with one call of the log; `**line` tells nothing here: the log drops what is unknown."""
    event = call.args[0] if call.args else None
    name = event.value if isinstance(event, ast.Constant) else None
    if not isinstance(name, str) or len(call.args) != 1:
        yield f"line {call.lineno}: the event is not written out"
    elif f"`{name}`" not in OPERATIONS:
        yield f"{name}: not in docs/operations.md"
    for keyword in call.keywords:
        if keyword.arg and keyword.arg not in KEYS:
            yield f"line {call.lineno}: {keyword.arg} is not in KEYS"
        value = ast.unparse(keyword.value)
        if isinstance(keyword.value, ast.JoinedStr) or value.startswith(("str(error", "repr(", "error")):
            yield f"line {call.lineno}: a text that nobody chose: {value}"


MODULES = {str(path.relative_to(ROOT)): path for path in sorted((ROOT / "app").rglob("*.py"))}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_logs_words_of_ours_alone(module: str) -> None:
    assert list(faults(module, MODULES[module].read_text("utf-8"))) == []


PLANTED = {
    "the text of an error": ("_log.error('request', kind=str(error))", "nobody chose"),
    "an event with a value": ("_log.info(f'request {path}')", "not written out"),
    "a key that nobody knows": ("_log.info('request', surname=surname)", "surname is not in KEYS"),
    "an event that nobody knows": ("_log.info('hello')", "not in docs/operations.md"),
    "a text put together": ("_log.info('request', route=f'/{id}')", "nobody chose"),
    "another log": ("import logging\nlogging.getLogger().info(path)", "not our log"),
    "a traceback": ("import traceback\ntraceback.print_exc()", "not our log"),
    "a print": ("print(body)", "print"),
}


@pytest.mark.parametrize(("source", "fault"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(source: str, fault: str) -> None:
    assert fault in "; ".join(faults("app/services/x.py", source))
