"""Faults of a request at the columns of the file that told it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.errors import Fault
from app.schemas.columns import column_at
from app.schemas.faults import fault
from app.schemas.importing.columns import BY_NAME
from app.schemas.json_body import MAX_FAULTS, faults_of
from app.schemas.request import ReferralRequest


@dataclass(frozen=True, slots=True)
class FileColumns:
    """What the file calls our columns, for those that it has."""

    names: Mapping[str, str]

    def name_of(self, ours: str) -> str:
        """The file's own name of one of our columns; ours where it has none."""
        return self.names.get(ours, ours)

    def at(self, pointer: str) -> str | None:
        """The column that told what a JSON pointer points at; None for a request as a whole."""
        path = column_at(pointer)
        while path:
            below = [ours for ours in BY_NAME if ours == path or ours.startswith(f"{path}.")]
            if below:
                return next((self.names[ours] for ours in below if ours in self.names), below[0])
            path = path.rpartition(".")[0]
        return None

    def all_faults(self, body: dict[str, Any], of_cells: Sequence[Fault]) -> list[Fault]:
        """Those of the cells, and those of the rest of the request: a row is corrected in one go."""
        found = list(of_cells)
        if body.get("sourceReference") is None:
            found.append(fault(self.name_of("sourceReference"), "required"))
        wrong = {each.location for each in found}
        try:
            ReferralRequest.model_validate(body)
        except ValidationError as error:
            located = [(self.at(each.location) or "", each) for each in faults_of(error, body)]
            found += [Fault(name, each.code, each.detail) for name, each in located if name not in wrong]
        return found[:MAX_FAULTS]
