"""The prose and the examples of the OpenAPI document."""

from typing import Any, Final

from app.schemas.directory_examples import EXAMPLES as DIRECTORY
from app.schemas.faults import SENTENCES

SUMMARY: Final = "Beslist, verklaart en draagt over: welke wet, wiens taak, welk team."

_INTRODUCTION: Final = """\
Een school stuurt een verwijzing van een mbo-student. Deze dienst beslist per probleemgebied welke wet geldt,
welke instantie verantwoordelijk is en welk team de verwijzing ontvangt, slaat de overdracht op en toont haar
terug met de redenen: regel, wetsartikel en wat is aangenomen. Elke uitkomst is een voorstel dat een mens
bevestigt; rechten verleent alleen de instantie zelf.

**Namen** zijn Engels en in lowerCamelCase, teksten Nederlands. Datums zijn `JJJJ-MM-DD`, momenten zijn UTC.

**Afwezig, null en waarde** zijn drie dingen. Een veld dat ontbreekt is niet verteld: de regels nemen dan iets
aan en de route noemt dat onder `presumed`. `null` is vastgesteld als geen.

**Gemeenten** stuurt u als vier cijfers, als `GM` met vier cijfers of als naam, van nu of van vroeger. Terug
komen altijd de code en de naam van nu.

**Geen BSN**: een veld dat zo heet wordt geweigerd, op elke diepte. De ontvangende gemeente voegt het
zelf toe.

**Fouten** volgen RFC 9457. `errors` noemt van elke fout de plaats (`location`, een JSON-pointer), een vaste
code en een zin, nooit de gestuurde waarde. Ongeldige invoer is 400; 422 is alleen een hergebruikte
`Idempotency-Key`.

**Opnieuw sturen** is veilig: dezelfde `sourceReference` of `Idempotency-Key` met dezelfde inhoud maakt niets
dubbel. Stuur bij 503 hetzelfde verzoek opnieuw na `Retry-After` seconden.
"""

_CODES: Final = "\n".join(f"| `{code}` | {sentence} |" for code, sentence in SENTENCES.items())

DESCRIPTION: Final = f"{_INTRODUCTION}\n| Code | Betekenis |\n|---|---|\n{_CODES}\n"

KEY: Final = "API-sleutel van een organisatie (`vr_…`), alleen in de header `Authorization`."

CONTACT: Final = {
    "name": "Team Verwijsroute",
    "url": "https://verwijsroute.example/meldingen",
    "email": "team@verwijsroute.example",
}


def _header(description: str, **schema: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string", **schema}}


HEADERS: Final = {
    "API-Version": _header("Versie van deze API."),
    "Allow": _header("De methoden die hier bestaan."),
    "Connection": _header("De verbinding sluit na dit antwoord."),
    "Retry-After": {"description": "Wachttijd in seconden.", "schema": {"type": "integer"}},
    "WWW-Authenticate": _header("Hoe aan te melden."),
}

TAGS: Final[list[dict[str, Any]]] = [
    {"name": "besluiten", "description": "Beslissen zonder iets op te slaan."},
    {"name": "verwijzingen", "description": "Verwijzingen van de eigen organisatie."},
    {"name": "overdrachten", "description": "Wat aan een team of toegang is overgedragen."},
    {
        "name": "register",
        "description": "Teams, scholen en afspraken. Lezen mag elke geldige sleutel, wijzigen de eigenaar.",
    },
    {"name": "referentie", "description": "Open data: gemeenten en postcodes."},
    {"name": "regels", "description": "Open data: de regels waarmee wordt beslist."},
]

# The official linter takes every key with `post` in it for a method: no postcode in examples.
_DECISION: Final[dict[str, Any]] = {
    "referenceDate": "2026-05-14",
    "student": {"birthDate": "2008-05-15"},
    "homeMunicipality": "0166",
    "school": {"brin": "00ZZ", "coreMunicipality": "0193"},
    "problemDomains": ["mental_health", "debts"],
    "supportVariant": "own_neighbourhood",
    "circumstances": {"youthHelp": None, "enrolment": "bol"},
}

_REFERRAL: Final[dict[str, Any]] = {
    "sourceReference": "sis-2026-004711",
    "referenceDate": "2026-05-14",
    "student": {
        "studentNumber": "S0012345",
        "firstNames": "Sanne",
        "surname": "Voorbeeld",
        "birthDate": "2008-05-15",
        "email": "sanne@example.org",
        "phone": "+31600000000",
    },
    "homeMunicipality": "0166",
    "residence": {"status": "registered"},
    "school": {"brin": "00ZZ", "location": "00ZZ01", "coreMunicipality": "0193"},
    "problemDomains": ["mental_health", "debts"],
    "supportVariant": "own_neighbourhood",
    "circumstances": {"youthHelp": None, "enrolment": "bol"},
    "consents": [{"givenBy": "student", "givenOn": "2026-05-13", "purpose": "referral", "recipients": "all"}],
    "referrer": {"name": "M. Voorbeeld", "role": "school_social_worker", "email": "referrer@example.org"},
    "reason": "Vrije tekst voor het ontvangende team.",
}

EXAMPLES: Final[dict[str, Any]] = {
    "TeamRequest": {"summary": "Een wijkteam (verzonnen)", "value": DIRECTORY["teams"]},
    "SchoolRequest": {"summary": "Een school (verzonnen)", "value": DIRECTORY["schools"]},
    "AgreementRequest": {"summary": "Een afspraak die afloopt (verzonnen)", "value": DIRECTORY["agreements"]},
    "DecisionRequest": {"summary": "Een besluit, één dag voor de 18e verjaardag", "value": _DECISION},
    "ReferralRequest": {"summary": "Een verwijzing (verzonnen)", "value": _REFERRAL},
}
