"""Files on the volume outside the database, where nobody who can change the database can follow."""

import os
from pathlib import Path


def read_file(folder: Path, name: str) -> bytes | None:
    """The content of a file, None where there is none. Raises OSError."""
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None


def replace_file(folder: Path, name: str, content: bytes) -> None:
    """Puts the content in the place of what was there, for its owner's eyes: all of it or nothing of it.

    On the disk when this returns, also after a power cut. One writer at a time. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    draft.replace(folder / name)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
