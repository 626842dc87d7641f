"""Where an error was raised: what may be told of it without what it says."""

import traceback
from pathlib import Path


def place_of(error: BaseException) -> str:
    """File and line where an error was raised; its message may hold values, its place does not."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
