"""Files of an import with a canary in every column, and files that cannot be run."""

import json
from collections.abc import Iterator
from typing import Final

from app.schemas.importing import COLUMNS
from tests.api.uploads import ROW, table
from tests.canaries.words import BORN, HOUSE, PHONE, POSTCODE, Aviary

CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM: Final = "multipart/form-data; boundary=rand"
# Where any text may stand.
TEXTS: Final = (
    "sourceReference", "student.studentNumber", "student.firstNames", "student.surname", "referrer.name",
    "reason",
)  # fmt: skip

File = tuple[str, bytes]


def right_files(aviary: Aviary) -> Iterator[File]:
    """A row that is stored, one that is not, and the first one again with something else in it."""
    place = "column POST /imports"
    told = {name: aviary.canary(f"{place} {name}") for name in TEXTS}
    right = {**ROW, **told, "student.birthDate": BORN, "student.postcode": POSTCODE}
    wrong = {name: aviary.canary(f"{place} {name}, wrong") for name in ROW}
    yield CSV, table([right, wrong, {**right, "reason": aviary.canary(f"{place} reason, other")}])


def wrong_files(aviary: Aviary) -> Iterator[File]:
    """A canary in each column, and in what is no file of rows."""
    names = [column.name for column in COLUMNS]
    cells = [aviary.canary(f"column POST /imports {name}, alone") for name in names]
    yield CSV, (";".join(names) + "\n" + ";".join(cells) + "\n").encode()
    word = aviary.canary("file POST /imports")
    yield CSV, f"{word};{PHONE}\n{word};{HOUSE}\n".encode()
    yield CSV, table([ROW]) + f'"{word};{word}\n'.encode()
    yield CSV, table([{**ROW, "reason": f"{word}\0"}])
    yield CSV, table([{**ROW, "reason": word}]) + f"{word};{word}\n".encode()
    yield (
        NDJSON,
        json.dumps({"student": {"surname": word}, word: word, "bsn": word}).encode() + b"\n{" + word.encode(),
    )
    yield XLSX, b"PK\x03\x04" + word.encode() * 100
    for part in ("mapping", "dryRun", word):
        head = f'--rand\r\nContent-Disposition: form-data; name="{part}"\r\n\r\n'
        yield FORM, f"{head}{word} = [\r\n--rand--\r\n".encode()
