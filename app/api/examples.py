"""The examples of the OpenAPI document: of shapes from files, of problems as they are answered."""

import json
from pathlib import Path
from typing import Any, Final

from app.api.problem_kinds import INVALID, KINDS, Kind
from app.api.problems import problem
from app.schemas.directory_examples import DOCUMENTED
from app.schemas.faults import SENTENCES

Json = dict[str, Any]

# A file for each example, by its shape (`Shape.json`, and `Shape.name.json` where there are more): an Example
# Object of OpenAPI, `summary` and `value`.
FOLDER: Final = Path(__file__).parent / "example_bodies"


def _of_problem(kind: Kind) -> Json:
    """The very body that is answered, with a fault where it is the input that is wrong."""
    code = "date.format"
    fault = {"in": "body", "location": "/student/birthDate", "code": code, "detail": SENTENCES[code]}
    answer = problem(kind, [fault] if kind is INVALID else [])
    return {"summary": kind.title, "value": json.loads(bytes(answer.body))}


EXAMPLES: Final[dict[str, Json]] = {
    **{file.stem: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))},
    **DOCUMENTED,
    **{kind.name: _of_problem(kind) for kind in KINDS},
}
