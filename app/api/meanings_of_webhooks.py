"""What the values of the enumerations of subscriptions and deliveries mean, in Dutch."""

from collections.abc import Mapping
from typing import Final

TITLES: Final = {
    "DeliveryAnswer": "Wat een poging tot bezorgen opleverde.",
    "DeliveryState": "Stand van een bezorging.",
    "DisabledReason": "Waarom een abonnement stilstaat.",
    "SubscriptionStatus": "Stand van een abonnement.",
}

MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "SubscriptionStatus": {"active": "er gaan berichten", "disabled": "er gaan geen berichten"},
    "DisabledReason": {
        "by_client": "de organisatie zette het stil",
        "gone": "de ontvanger antwoordde 410: dit adres is er niet meer",
    },
    "DeliveryState": {
        "pending": "wacht op de eerste of een volgende poging",
        "delivered": "de ontvanger nam het aan",
        "failed": "zit vast: er komt vanzelf geen poging meer",
        "skipped": "de beheerder sloeg het over",
    },
    "DeliveryAnswer": {
        "accepted": "een antwoord van 200 tot en met 299",
        "redirected": "een doorverwijzing; die wordt niet gevolgd",
        "refused": "een antwoord van 400 of hoger",
        "gone": "410",
        "no_answer": "geen bruikbaar antwoord binnen de tijd",
        "skipped": "de beheerder sloeg het over",
    },
}
