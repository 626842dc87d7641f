"""A command that is loaded once it is typed: with all of them, the list alone took two seconds."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand


class Later(TyperCommand):
    """Stands for a command, or a group of them, in lists and help.

    `place` is what it is loaded from, `module:name`; `help` is the line that help shows of it.
    """

    def __init__(self, name: str, place: str, help: str) -> None:
        super().__init__(name, help=help)
        self.place = place

    def load(self) -> Any:
        """The command itself."""
        module, _, name = self.place.partition(":")
        with _nothing_collected():
            found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            function, found = found, typer.Typer(add_completion=False)
            found.command(self.name)(function)
        return typer.main.get_command(found)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Typing it: what reads the arguments and runs is the command itself."""
        return self.load().make_context(info_name, args, parent, **extra)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What is loaded stays: looking through it for garbage took a fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
