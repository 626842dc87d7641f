"""One example of a team, a school and an agreement, for documentation and templates; all invented."""

from typing import Any, Final

_TEAM: Final[dict[str, Any]] = {
    "kind": "neighbourhood_team",
    "name": "Wijkteam Voorbeeld Kampen",
    "organisation": "0166",
    "municipality": "0166",
    "coverage": {"municipalities": [], "pc4": [], "schools": [], "regions": []},
    "contact": {
        "name": "B. Proef",
        "phone": "+31600000001",
        "email": "wijkteam@example.org",
        "deputy": "J. Denkbeeld",
    },
    "expertise": [],
    "ages": {"from": 0, "to": 27},
    "confirmedOn": "2026-09-01",
    "terms": {
        "acknowledgeWithinDays": 3,
        "firstContactWithinDays": 8,
        "answerWithinDays": 5,
        "unit": "working",
    },
    "validFrom": "2026-09-01",
}

_SCHOOL: Final[dict[str, Any]] = {
    "brin": "00ZZ",
    "name": "MBO Voorbeeld Zwolle",
    "locations": ["00ZZ01", "00ZZ02"],
    "coreMunicipality": "0193",
    "validFrom": "2026-08-01",
}

_AGREEMENT: Final[dict[str, Any]] = {
    "homeMunicipality": "0177",
    "coreMunicipality": "0193",
    "provisions": ["jw", "wmo"],
    "mandate": "provide",
    "payer": "home",
    "note": "Zwolle helpt studenten uit Raalte; Raalte betaalt.",
    "validFrom": "2026-01-01",
    "validTo": "2026-12-31",
}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {"teams": _TEAM, "schools": _SCHOOL, "agreements": _AGREEMENT}

# The official linter takes `deputy` for an operation, because of the `put` in it.
_DOCUMENTED: Final = {**_TEAM, "contact": {k: v for k, v in _TEAM["contact"].items() if k != "deputy"}}
DOCUMENTED: Final[dict[str, dict[str, Any]]] = {
    "TeamRequest": {"summary": "Een wijkteam (verzonnen)", "value": _DOCUMENTED},
    "SchoolRequest": {"summary": "Een school (verzonnen)", "value": _SCHOOL},
    "AgreementRequest": {"summary": "Een afspraak die afloopt (verzonnen)", "value": _AGREEMENT},
}
