"""What the values of the enumerations of imports mean, in Dutch."""

from collections.abc import Mapping
from typing import Final

TITLES: Final = {
    "FileFormat": "Vorm van een bestand.",
    "ImportStatus": "Stand van een import.",
    "RowOutcome": "Wat er van een rij van een import is geworden.",
}

MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "FileFormat": {
        "csv": "tekst met een rij per regel en kolommen met een scheidingsteken",
        "ndjson": "een verzoek in JSON per regel",
        "xlsx": "rekenblad",
    },
    "ImportStatus": {
        "pending": "wacht op zijn beurt",
        "processing": "wordt verwerkt",
        "succeeded": "klaar: van elke rij is bekend wat ervan is geworden",
        "failed": "gestopt: het bestand is niet te lezen; wat al was opgeslagen blijft",
        "cancelled": "gestopt op verzoek; wat al was opgeslagen blijft",
    },
    "RowOutcome": {
        "stored": "opgeslagen en overgedragen",
        "already_stored": "stond er al, met dezelfde inhoud",
        "needs_information": "opgeslagen; er ontbreekt informatie",
        "needs_triage": "opgeslagen; de toegang beslist",
        "needs_consent": "opgeslagen; er ontbreekt toestemming, of zij is geweigerd en alleen dat blijft",
        "invalid": "niet opgeslagen: er is iets mis met de rij",
        "conflict": "niet opgeslagen: dit kenmerk hoort bij een andere inhoud",
    },
}
