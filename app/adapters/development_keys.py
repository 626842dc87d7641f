"""Keys for development: generated once into a file of the data folder, and read from there ever after."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from app.errors import CannotStart

KEYS_FILE = "keys.env"
ENCRYPTION_KEYS = "VERWIJSROUTE_KEY_ENCRYPTION_KEYS"
INDEX_KEY = "VERWIJSROUTE_INDEX_KEY"


def development_keys(data_dir: Path) -> Mapping[str, str]:
    """The variables in the keys file, name to text; makes the file first where there is none.

    Raises CannotStart.
    """
    path = data_dir / KEYS_FILE
    if not path.exists():
        _generate(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def _generate(path: Path) -> None:
    """Writes new keys, readable by the owner alone; of two processes at once the first one's stand."""
    if (path.parent / "postgres").exists():
        # New keys would make what is stored unreadable for good, and nobody would notice at the start.
        raise CannotStart(f"{path} is gone, but its database is there: restore it, or remove {path.parent}")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{KEYS_FILE}.{os.getpid()}")
    private = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(private, "w", encoding="utf-8") as file:
        file.write(
            "# Generated for development. Who loses this file loses what the database holds encrypted.\n"
        )
        file.write(f"{ENCRYPTION_KEYS}=dev1:{_new_key()}\n")
        file.write(f"{INDEX_KEY}={_new_key()}\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
