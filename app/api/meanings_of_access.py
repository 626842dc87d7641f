"""What the values of the enumerations of the access log mean, in Dutch."""

from collections.abc import Mapping
from typing import Final

TITLES: Final = {
    "AccessActivity": "Wat er met gegevens van een persoon werd gedaan.",
    "AccessPurpose": "Waarvoor dat werd gedaan; volgt uit wat er werd gedaan.",
    "CredentialRole": "Wat een sleutel mag.",
}

MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "AccessActivity": {
        "submit_referral": "een verwijzing gestuurd",
        "import_referrals": "een verwijzing uit een bestand opgenomen",
        "list_referrals": "de lijst van verwijzingen bekeken",
        "read_referral": "een verwijzing gelezen",
        "read_receipt": "het bewijs van een besluit gelezen",
        "search_referrals": "gezocht op kenmerk of studentnummer",
        "add_facts": "een vraag beantwoord of iets nieuws gemeld",
        "add_consents": "toestemming vastgelegd, geweigerd of ingetrokken",
        "mark_advice": "een advies afgehandeld",
        "list_handovers": "de lijst van overdrachten bekeken",
        "read_handover": "een overdracht gelezen",
        "read_history": "de geschiedenis van een overdracht gelezen",
        "take_step": "een stap gezet met een overdracht",
        "erase": "gegevens gewist",
        "report_access": "nagegaan wie gegevens zag",
        "export_access_log": "het register van inzage uitgegeven",
        "export_person": "alles over een persoon uitgegeven",
        "list_import_rows": "de rijen van een import bekeken",
    },
    "AccessPurpose": {
        "referral": "verwijzen en volgen wat daarvan komt",
        "support": "hulp bieden of beslissen wie dat doet",
        "accountability": "verantwoorden wie gegevens zag",
    },
    "CredentialRole": {
        "referrer": "verwijzen",
        "team": "overdrachten van teams behandelen",
        "desk": "overdrachten van de toegang behandelen",
        "auditor": "nagaan wie gegevens zag",
        "directory_admin": "het register van teams, scholen en afspraken wijzigen",
        "operator": "de dienst beheren",
    },
}
