"""Runs the example of each generated client against a demo service; both must tell the same story."""

import difflib
import os
import subprocess
import sys
from typing import Final

from tools.demo_service import demo_service

EXAMPLES: Final = {
    "Python": (".venv/clients/bin/python", "examples/python/refer.py"),
    "TypeScript": ("node", "examples/typescript/build/refer.js"),
}
STORY: Final = """\
201 open jw youth_act
read again: the same
handover: offered Wijkteam Voorbeeld Kampen
409 urn:problem-type:verwijsroute:source-reference-taken
400 urn:problem-type:verwijsroute:invalid-input
  body /homeMunicipality municipality.unknown
"""


def main() -> None:
    """Prints what each example prints; exit code 1 where that is not the story above."""
    failed = False
    with demo_service() as variables:
        for name, command in EXAMPLES.items():
            run = subprocess.run(
                command,
                env=os.environ | variables | {"PYTHONPATH": "build"},
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            )
            print(f"{name}:\n{run.stdout}", flush=True)
            if run.returncode or run.stdout.split() != STORY.split():
                failed = True
                lines = difflib.unified_diff(STORY.splitlines(), run.stdout.splitlines(), "expected", name)
                print("\n".join(lines), file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
