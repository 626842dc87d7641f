"""Canaries: words that occur nowhere else, one for each place of a request, and the finding of them."""

import re
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

# Another in each run: what else runs on this machine has its own.
SPECIES: Final = f"kanarie{secrets.token_hex(3)}"
_WORD: Final = re.compile(rf"{SPECIES}q(\d+)q")
# Values of a student whose form leaves no room for a word.
BORN: Final = "2008-06-17"
HOUSE: Final = "91379"
PHONE: Final = "+31691379137"
POSTCODE: Final = "8261QZ"
# A school that is not in the demo.
BRIN: Final = "91QZ"
# A day on which a team is the receiver.
REFERRED: Final = "2026-05-14"
TELLING: Final = (BORN, PHONE, POSTCODE, f'"{HOUSE}"', f"'{HOUSE}'")


@dataclass
class Aviary:
    """All canaries that were let out; `places` has for each what it was put into."""

    places: list[str] = field(default_factory=list)

    def canary(self, place: str) -> str:
        """A new word for a place, as `body POST /referrals /reason`."""
        self.places.append(place)
        return f"{SPECIES}q{len(self.places) - 1:05d}q"

    def found_in(self, text: str) -> Counter[str]:
        """The places whose canaries are in a text, in whatever case, and a student's telling values."""
        found = Counter(self.places[int(number)] for number in _WORD.findall(text.lower()))
        return found + Counter(value for value in TELLING if value in text)
