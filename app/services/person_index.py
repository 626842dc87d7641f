"""Under which index a municipality knows a person again: the same name, birth date and address."""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from app.adapters.encryption import Keyring
from app.routing.facts import Consent
from app.services.lifecycle.own_routes import Plain, Row, known_requirements
from app.services.lifecycle.table import ENDED
from app.services.sharing import may_share_all

# Words before a surname that one register writes, another abbreviates and a third puts behind it.
INFIXES: Final = {
    *("van", "von", "de", "den", "der", "des", "d", "t", "s", "te", "ten", "ter", "tot", "op", "in"),
    *("aan", "bij", "uit", "el", "al", "la", "le", "les", "du", "di", "da", "do", "dos", "del"),
}
# Letters that are no letter with a mark, so that NFKD leaves them; casefold has made them small.
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe"})
_NEEDED: Final = ("surname", "firstNames", "birthDate", "postcode")


def person_index(keyring: Keyring, municipality: str | None, student: Mapping[str, Any]) -> bytes | None:
    """A keyed index of 32 bytes, the same for what is probably the same person in the same municipality.

    `student` is told in the names of the wire. None without a municipality, a surname, first names, a birth
    date or a postcode: fewer make twins and namesakes one. A house number counts where it was told.
    """
    told = [student.get(name) for name in _NEEDED]
    if municipality is None or not all(told):
        return None
    surname, first_names, born, postcode = map(str, told)
    number = str(student.get("houseNumber") or "")
    parts = (_surname(surname), "".join(_words(first_names)), born)
    text = "\x1f".join((*parts, "".join(_words(postcode)), "".join(_words(number))))
    return keyring.index("person", municipality, text)


def index_of(
    keyring: Keyring, row: Row, decision: Plain, consents: tuple[Consent, ...], student: Mapping[str, Any]
) -> bytes | None:
    """The index of a handover by its row; None once it ended, and while its receiver may not know who.

    `decision` is the one it was made from, `consents` are those of now (LAW 7.1).
    """
    if row["status"] == "needs_consent" or row["status"] in ENDED:
        return None
    kind = row["team_kind"] or "access_desk"
    if not may_share_all(known_requirements(row, decision), kind, consents):
        return None
    return person_index(keyring, row["responsible_municipality"], student)


def _surname(text: str) -> str:
    """A surname without its infixes; one that consists of them is left whole."""
    words = _words(text)
    return "".join(word for word in words if word not in INFIXES) or "".join(words)


def _words(text: str) -> list[str]:
    """Small letters and digits, word by word, without marks: `Çelik-O'Neil` gives celik, o, neil."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    kept = (c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in kept).split()
