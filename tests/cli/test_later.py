"""Each command is loaded when it is typed, and the list of all says of each what its own help says."""

import subprocess
import sys

import pytest

from app.cli import COMMANDS
from app.cli.later import Later
from tests.cli.test_commands import ROOT

HELP = """
import sys
from app.cli import main
sys.argv = ["verwijsroute", "--help"]
try:
    main()
except SystemExit as end:
    assert end.code == 0
print(sorted(name for name in sys.modules if name.startswith("app.cli.")))
"""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_list_says_of_a_command_what_its_own_help_says(command: Later) -> None:
    assert command.load().get_short_help_str(200) == command.get_short_help_str(200)


def test_the_list_loads_none_of_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "['app.cli.later']"
