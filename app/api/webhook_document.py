"""What receivers get, as the part `webhooks` of the OpenAPI document."""

from typing import Any, Final

_CONTENT: Final = {
    "schema": {"$ref": "#/components/schemas/EventMessage"},
    "examples": {"voorbeeld": {"$ref": "#/components/examples/EventMessage"}},
}
_DESCRIPTION: Final = """\
Eén bericht per gebeurtenis, per verwijzing in volgorde, ten minste één keer. Controleer de handtekening
volgens Standard Webhooks over de onbewerkte inhoud, weiger een `webhook-timestamp` van meer dan vijf minuten
geleden, en sla een `webhook-id` over die er al was.

Antwoord binnen 15 seconden met 200 tot en met 299, liefst meteen; de inhoud van het antwoord wordt niet
gelezen en een doorverwijzing niet gevolgd. Anders komt er een volgende poging: na 5 seconden, 5 minuten, een
half uur, 2, 5, 10, 14, 20 en 24 uur, of later als `Retry-After` dat vraagt. 410 zet het abonnement stil.
"""


def _header(description: str) -> dict[str, Any]:
    return {"required": True, "description": description, "schema": {"type": "string"}, "in": "header"}


WEBHOOKS: Final[dict[str, Any]] = {
    "event": {
        "post": {
            "operationId": "receiveEvent",
            "tags": ["webhooks"],
            "summary": "Ontvang een gebeurtenis",
            "description": _DESCRIPTION,
            "security": [],
            "parameters": [
                {"name": "webhook-id", **_header("Kenmerk van de gebeurtenis; hetzelfde bij elke poging.")},
                {"name": "webhook-timestamp", **_header("Moment van deze poging, in seconden sinds 1970.")},
                {
                    "name": "webhook-signature",
                    **_header("Handtekeningen `v1,…` met spaties ertussen; twee zolang een geheim wisselt."),
                },
            ],
            "requestBody": {
                "required": True,
                "content": {"application/cloudevents+json": _CONTENT},
            },
            "responses": {"2XX": {"description": "Aangenomen."}},
        }
    }
}
