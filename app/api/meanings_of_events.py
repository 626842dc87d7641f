"""What the values of the enumerations of events mean, in Dutch."""

from collections.abc import Mapping
from typing import Final

TITLES: Final = {
    "ErasureReason": "Waarom gegevens worden gewist.",
    "EventType": "Wat er gebeurde.",
    "EventRole": "In welke rol iemand iets deed.",
    "OrganisationKind": "Soort organisatie.",
}

MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "ErasureReason": {
        "request": "de student of een vertegenwoordiger vroeg erom (AVG 17; Wmo 5.3.5; Jw 7.3.9)",
        "unlawful": "zij hadden niet verwerkt mogen worden (AVG 17 lid 1 d)",
        "not_needed": "zij zijn niet meer nodig (AVG 17 lid 1 a)",
    },
    "EventType": {
        "referral.created": "een school stuurde een verwijzing",
        "referral.decided": "er is een nieuwe versie van het besluit",
        "referral.withdrawn": "de verwijzer trok de verwijzing in",
        "referral.erased": "de gegevens van een verwijzing zijn gewist; wis ook wat daaruit is overgenomen",
        "handover.needs_information": "een overdracht wacht op een antwoord",
        "handover.needs_consent": "een overdracht wacht op toestemming",
        "handover.needs_triage": "de toegang kiest een team",
        "handover.offered": "een overdracht is aangeboden",
        "handover.acknowledged": "het team heeft de overdracht gezien",
        "handover.accepted": "het team nam de overdracht aan",
        "handover.in_progress": "de hulp is begonnen of gaat verder",
        "handover.on_hold": "de hulp is gepauzeerd",
        "handover.completed": "de hulp is afgerond",
        "handover.stopped": "de hulp is voortijdig gestopt",
        "handover.rejected": "het team weigerde de overdracht",
        "handover.redirected": "de overdracht ging naar een ander team",
        "handover.withdrawn": "de overdracht is ingetrokken",
        "handover.entered_in_error": "de overdracht was een vergissing",
        "handover.flagged": "een vlag kwam erbij of verviel",
        "consent.changed": "toestemming is gegeven, geweigerd of ingetrokken",
        "advice.done": "de verwijzer handelde een advies af",
        "directory.changed": "het register heeft een nieuwe uitgave",
        "import.finished": "een import is klaar",
    },
    "EventRole": {
        "referrer": "de verwijzer",
        "team": "het team",
        "desk": "de toegang",
        "directory_admin": "wie het register bijhoudt",
        "operator": "de beheerder van de dienst",
        "system": "de dienst zelf",
    },
    "OrganisationKind": {
        "school": "school",
        "municipality": "gemeente",
        "regional_body": "regionale instantie",
        "operator": "de beheerder van de dienst",
    },
}
