"""Under which index an organisation finds a student again by name and birth date, where it told no number."""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.adapters.encryption import Keyring

_NAMED: Final = ("surname", "firstNames", "birthDate")


def subject_index(keyring: Keyring, organisation: UUID, student: Mapping[str, Any]) -> bytes | None:
    """A keyed index of 32 bytes, the same for one name and birth date within one organisation.

    `student` is told in the names of the wire. Where surname, first names or birth date are not told it is
    the index of the student number; None where that is not told either. It does not say alone whether two
    are one person: `app/services/persons.py` does, with the student number.
    """
    named = [student.get(name) for name in _NAMED]
    if all(named):
        return keyring.index("subject", organisation, "\x1f".join(_plain(str(text)) for text in named))
    number = student.get("studentNumber")
    return keyring.index("subject_number", organisation, number) if number else None


def _plain(text: str) -> str:
    """One spelling for what is typed twice: composed, in small letters, one space between words."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())
