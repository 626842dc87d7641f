"""The prose of the OpenAPI document."""

from typing import Any, Final

from app.deps.trail import ACTING_USER_PATTERN
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

**Lijsten** komen per bladzijde, de oudste eerst, ten hoogste `limit` per keer. Staat in het antwoord de
header `Link` met `rel="next"`, dan is er meer: volg dat adres, of stuur de `cursor` daaruit mee met
dezelfde filters. Ontbreekt de header, dan was dit de laatste bladzijde. Een parameter staat ten hoogste
één keer in het adres.

**Fouten** volgen RFC 9457. `errors` noemt van elke fout de plaats (`location`, een JSON-pointer), een vaste
code en een zin, nooit de gestuurde waarde. Ongeldige invoer is 400; 422 is alleen een hergebruikte
`Idempotency-Key`.

**Opnieuw lezen** kan met `If-None-Match` en het `ETag` van het vorige antwoord: 304 zegt dat er niets
veranderde.

**Opnieuw sturen** is veilig: dezelfde `sourceReference` of `Idempotency-Key` met dezelfde inhoud maakt niets
dubbel. Stuur bij 503 hetzelfde verzoek opnieuw na `Retry-After` seconden.

**Hoeveel mag er?** `RateLimit-Policy` en `RateLimit` zeggen bij elk antwoord hoeveel verzoeken een client mag
doen en hoeveel er over zijn. Is alles op, dan is het antwoord 429: wacht zo lang als `Retry-After` zegt.

**Vragen over een verzoek?** Noem de `X-Request-Id` uit het antwoord. Met een eigen `traceparent` (W3C Trace
Context) is dat uw eigen trace-id.
"""

_IN_CELL: Final = str.maketrans({"|": r"\|"})
_CODES: Final = "\n".join(
    f"| `{code}` | {sentence.translate(_IN_CELL)} |" for code, sentence in SENTENCES.items()
)

DESCRIPTION: Final = f"{_INTRODUCTION}\n| Code | Betekenis |\n|---|---|\n{_CODES}\n"

PAGING: Final = (
    'Per bladzijde: volg het adres in de header `Link` met `rel="next"` tot die header ontbreekt. '
    "Wat er intussen bij komt, staat achteraan; niets valt weg of komt dubbel."
)

KEY: Final = "API-sleutel van een organisatie (`vr_…`), alleen in de header `Authorization`."

OAUTH: Final = (
    "Toegangstoken (JWT volgens RFC 9068) van een identiteitsverstrekker die de beheerder kent, volgens het "
    "NL GOV-profiel voor OAuth 2.0, alleen in de header `Authorization`. Een scope per rol: het token werkt "
    "met die rollen van de geregistreerde client waarvan het de scope heeft. Het adres is een voorbeeld."
)

CONTACT: Final = {
    "name": "Team Verwijsroute",
    "url": "https://verwijsroute.example/meldingen",
    "email": "team@verwijsroute.example",
}


def _header(description: str, **schema: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string", **schema}}


HEADERS: Final = {
    "API-Version": _header("Volledige versie van deze API, zoals 1.0.0."),
    "X-Request-Id": _header("Kenmerk van dit verzoek, voor vragen en logboeken: 32 hexadecimale cijfers."),
    "Allow": _header("De methoden die hier bestaan."),
    "ETag": _header("Merkteken van dit antwoord."),
    "Connection": _header("De verbinding sluit na dit antwoord."),
    "Retry-After": {"description": "Wachttijd in seconden.", "schema": {"type": "integer"}},
    "WWW-Authenticate": _header("Hoe aan te melden, en wat er aan de sleutel of het token schort."),
    "RateLimit-Policy": _header('Hoeveel verzoeken (q) in hoeveel seconden (w): `"default";q=6000;w=60`.'),
    "RateLimit": _header(
        'Hoeveel er over zijn (r), en over hoeveel seconden weer alle (t): `"default";r=57;t=12`.'
    ),
}
LIMITS: Final = ("RateLimit-Policy", "RateLimit")

IF_NONE_MATCH: Final[dict[str, Any]] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "Het `ETag` van een eerder antwoord; is er niets veranderd, dan is het antwoord 304.",
    "schema": {"type": "string", "examples": ['"2f1c8a53b7d90e64"']},
}

ACTING_USER: Final[dict[str, Any]] = {
    "name": "Acting-User",
    "in": "header",
    "required": False,
    "description": "Wie er achter deze aanroep zit, zoals het eigen systeem die persoon noemt: geen naam. "
    "Staat alleen in het register van inzage.",
    "schema": {"type": "string", "pattern": ACTING_USER_PATTERN, "examples": ["medewerker-0417"]},
}

NOT_MODIFIED: Final[dict[str, Any]] = {
    "description": "Er is niets veranderd sinds het antwoord met dit `ETag`.",
    "headers": {
        "API-Version": {"$ref": "#/components/headers/API-Version"},
        "ETag": {"$ref": "#/components/headers/ETag"},
    },
}


def _tag(name: str, shown: str, description: str) -> dict[str, Any]:
    """A group of operations: its name is a module in generated clients, readers see the Dutch one."""
    return {"name": name, "x-displayName": shown, "description": description}


TAGS: Final[list[dict[str, Any]]] = [
    _tag("decisions", "Besluiten", "Beslissen zonder iets op te slaan."),
    _tag("referrals", "Verwijzingen", "Verwijzingen van de eigen organisatie."),
    _tag("imports", "Imports", "Verwijzingen uit een bestand, met per rij wat ervan is geworden."),
    _tag("handovers", "Overdrachten", "Wat aan een team of toegang is overgedragen."),
    _tag(
        "events",
        "Gebeurtenissen",
        "Wat er gebeurde, in één volgorde: om bij te blijven zonder iets te missen.",
    ),
    _tag(
        "webhooks",
        "Berichten",
        "Bericht van gebeurtenissen op een eigen adres, ondertekend en in volgorde per verwijzing.",
    ),
    _tag("statistics", "Cijfers", "Aantallen en doorlooptijden van de eigen organisatie."),
    _tag("trust", "Vertrouwen", "Rechten van wie het betreft: weten wie keek, inzage, overdracht en wissen."),
    _tag("directory", "Register", "Teams, scholen en afspraken: lezen mag iedereen, wijzigen de eigenaar."),
    _tag("reference", "Referentie", "Open data: gemeenten, postcodes en gecertificeerde instellingen."),
    _tag("rules", "Regels", "Open data: de regels waarmee wordt beslist."),
]
