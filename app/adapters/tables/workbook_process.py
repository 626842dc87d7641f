"""The process that reads one workbook: from standard input, rows as lines of JSON to standard output.

It has a bound on its memory and its time, since a workbook of a kilobyte can ask its reader for half a
terabyte, and the library then ends the process that it is in.
"""

import json
import sys
from typing import Any

from app.adapters.tables.archive import WANTS_MORE, too_large
from app.adapters.tables.faults import TableFault
from app.adapters.tables.shapes import Limits
from app.adapters.tables.sheets import first_sheet

if sys.platform != "win32":
    import resource


def main() -> None:
    """Reads until the end; a fault is the last line."""
    limits = Limits(**json.loads(sys.argv[1]))
    content = sys.stdin.buffer.read()
    try:
        _bound(limits)
        sheet = first_sheet(content, limits)
        _tell([sheet.number, sheet.sheets])
        for row in sheet.rows:
            _tell(row)
        _tell(None)
    except MemoryError:
        _tell(_plain(too_large(WANTS_MORE)))
    except TableFault as fault:
        _tell(_plain(fault))


def _plain(fault: TableFault) -> dict[str, Any]:
    return {"code": fault.code, "detail": fault.detail, "row": fault.row, "column": fault.column}


def _bound(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    bounds = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.seconds,
        resource.RLIMIT_CORE: 0,  # its memory holds what is in the workbook
    }
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


def _tell(line: Any) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    main()
