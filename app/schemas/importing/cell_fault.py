"""What is wrong with the text of a cell."""


class CellFault(ValueError):
    """A cell that cannot be read; `code` is one of those in `app.schemas.faults`, never the value."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
