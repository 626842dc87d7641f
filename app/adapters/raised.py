"""Where an error was raised: what may be told of it without what it says."""

from pathlib import Path


def place_of(error: BaseException) -> str:
    """File and line where an error was raised; its message may hold values, its place does not."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else "unknown"
