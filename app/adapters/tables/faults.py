"""Why a file of rows cannot be read: a stable code, a sentence, and the place."""


class TableFault(ValueError):
    """The file cannot be read, or not on from here; nothing it says holds a value of the file.

    `code` is stable, `detail` an English sentence without its full stop; `row` counts lines (rows of the
    sheet in a workbook) and `column` cells, both from 1, None where it is about the file as a whole.
    """

    def __init__(self, code: str, detail: str, row: int | None = None, column: int | None = None) -> None:
        super().__init__(f"row {row}: {detail}" if row else detail)
        self.code = code
        self.detail = detail
        self.row = row
        self.column = column


def null_bytes(row: int, column: int | None = None) -> TableFault:
    """The fault of a row that is no text."""
    detail = "null bytes (NUL): this is no text; save it as CSV UTF-8"
    return TableFault("file.nul", detail, row, column)


class SourceChanged(TableFault):
    """The file is no longer the one that was examined."""

    def __init__(self) -> None:
        super().__init__("file.changed", "the file was changed while it was read: start again when it rests")
