"""What the values of the enumerations mean, in Dutch: from the rulebook's words, and here for the rest."""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.api import (
    meanings_of_access,
    meanings_of_events,
    meanings_of_handovers,
    meanings_of_imports,
    meanings_of_webhooks,
)
from app.routing import Rulebook

# Enumeration -> group of words in the rulebook.
_WORDS: Final = {
    "Provision": "provision",
    "ProblemDomain": "domain",
    "ReceiverKind": "receiver",
    "TeamKind": "receiver",
    "StayKind": "value",
    "ResidenceStatus": "value",
    "Need": "value",
    "Threat": "value",
    "CriminalMeasure": "value",
}

_TITLES: Final = {
    **meanings_of_access.TITLES,
    **meanings_of_events.TITLES,
    **meanings_of_imports.TITLES,
    **meanings_of_webhooks.TITLES,
    **meanings_of_handovers.TITLES,
    "TeamKind": "Soort team of toegang.",
    "YouthProtectionKind": "Soort instelling van de jeugdbescherming.",
    "Mandate": "Wat de kerngemeente mag doen.",
    "Payer": "Wie betaalt.",
    "Channel": "Hoe een ontvanger te bereiken is.",
    "CitationStatus": "Hoe zeker de lezing van een artikel is.",
    "Confidence": "Hoe zeker een regel is; nooit zekerder dan haar zwakste artikel.",
    "ConsentGiver": "Wie toestemming geeft of weigert.",
    "ConsentPurpose": "Waarvoor de toestemming is.",
    "ConsentRequired": "Wiens toestemming nodig is, of waarom er geen nodig is.",
    "CriminalMeasure": "Strafrechtelijk kader.",
    "DeadlineUnit": "Soort dagen van een termijn.",
    "Enrolment": "Inschrijving bij de school.",
    "FaultPlace": "Deel van het verzoek waar de fout zit.",
    "LegalFramework": "De wet.",
    "Need": "Hulp die vooral nodig is.",
    "Outcome": "Uitkomst van een route of besluit.",
    "ProblemDomain": "Probleemgebied (leefgebied).",
    "Provision": "Onderdeel van de wet: de voorziening of taak.",
    "ReceiverKind": "Soort ontvanger.",
    "ReceiverRole": "Rol van een ontvanger bij een route.",
    "ResidenceStatus": "Stand van de inschrijving in de BRP.",
    "ResponsibleKind": "Soort verantwoordelijke instantie.",
    "StayKind": "Soort verblijf.",
    "SupportVariant": "Ondersteuningsvariant: hoe de regio de hulp aan mbo-studenten inrichtte.",
    "Threat": "Bedreigende situatie bij schulden.",
    "VariantReceiver": "Ontvanger die van de ondersteuningsvariant afhangt.",
    "YouthHelpType": "Soort jeugdhulp.",
}

_HERE: Final[Mapping[str, Mapping[str, str]]] = {
    **meanings_of_access.MEANINGS,
    **meanings_of_events.MEANINGS,
    **meanings_of_imports.MEANINGS,
    **meanings_of_webhooks.MEANINGS,
    **meanings_of_handovers.MEANINGS,
    "SupportVariant": {
        "own_neighbourhood": "V1: het wijkteam van de woongemeente",
        "municipal_youth_team": "V2: het jongerenteam van de kerngemeente",
        "mbo_as_neighbourhood": "V3: het team op de mbo-locatie",
    },
    "LegalFramework": {
        "youth_act": "Jeugdwet",
        "wmo_2015": "Wet maatschappelijke ondersteuning 2015",
        "participation_act": "Participatiewet",
        "debt_assistance_act": "Wet gemeentelijke schuldhulpverlening",
        "health_insurance_act": "Zorgverzekeringswet",
        "long_term_care_act": "Wet langdurige zorg",
        "wajong": "Wajong",
        "compulsory_education_act": "Leerplichtwet 1969",
        "vocational_education_act": "Wet educatie en beroepsonderwijs",
        "public_health_act": "Wet publieke gezondheid",
        "none": "geen wet",
    },
    "Outcome": {
        "routed": "bekend is waarheen",
        "needs_information": "wacht op een antwoord of op feiten die elkaar niet tegenspreken",
        "needs_triage": "geen regel of geen ontvanger past: de toegang beslist",
    },
    "Confidence": {"high": "zeker", "medium": "redelijk zeker", "low": "onzeker: een mens kijkt mee"},
    "ResponsibleKind": {
        "municipality": "een gemeente",
        "region": "een regio",
        "school": "de school",
        "health_insurer": "de zorgverzekeraar",
        "care_office": "het zorgkantoor",
        "uwv": "het UWV",
        "national": "een landelijke instantie",
        "none": "niemand in het bijzonder",
    },
    "ReceiverRole": {
        "primary": "ontvangt de route",
        "alternative": "kan in plaats van de eerste",
        "alongside": "ontvangt haar ook",
        "bridging": "steunt tot de eerste het overneemt",
    },
    "Channel": {
        "handover": "een overdracht via deze dienst",
        "referrer_acts": "verwijzer of student gaat er zelf heen",
        "call_now": "nu bellen",
        "school": "het zorgteam van de eigen school",
    },
    "ConsentRequired": {
        "student": "van de student",
        "student_and_parent": "van student en ouder",
        "parent": "van een ouder",
        "not_required_veilig_thuis": "niet nodig: melding bij Veilig Thuis",
        "not_required_statutory_report": "niet nodig: wettelijke melding",
        "vital_interest": "niet nodig: vitaal belang",
    },
    "ConsentGiver": {"student": "de student", "parent": "een ouder met gezag"},
    "ConsentPurpose": {
        "referral": "gegevens delen om door te verwijzen",
        "feedback": "terugkoppelen aan de school",
        "contact_parents": "contact opnemen met de ouders",
    },
    "CitationStatus": {
        "P": "de wettekst zelf is gelezen",
        "O": "een andere bron is gelezen",
        "G": "algemene kennis",
        "M": "een keuze van dit project",
    },
    "DeadlineUnit": {"calendar": "kalenderdagen", "working": "werkdagen"},
    "YouthHelpType": {
        "pedagogical": "type 1: hulp bij opvoeding en gedrag",
        "guidance": "type 2: begeleiding",
        "personal_care": "type 3: persoonlijke verzorging",
        "mental_health": "jeugd-ggz",
    },
    "Enrolment": {
        "bol": "beroepsopleidende leerweg",
        "bbl": "beroepsbegeleidende leerweg",
        "leaving": "verlaat de opleiding",
        "none": "niet ingeschreven",
    },
    "YouthProtectionKind": {
        "youth_protection_organisation": "gecertificeerde instelling (GI)",
        "child_protection_board": "Raad voor de Kinderbescherming",
    },
    "Mandate": {
        "consult": "meedenken",
        "provide": "hulp bieden",
        "decide": "hulp bieden en beslissen",
    },
    "Payer": {
        "home": "de woongemeente",
        "core": "de kerngemeente",
        "shared": "beide",
    },
    "VariantReceiver": {"team": "het team van de ondersteuningsvariant", "onsite": "het team op school"},
    "FaultPlace": {
        "body": "de inhoud van het verzoek",
        "query": "een parameter na het vraagteken",
        "path": "het adres",
        "header": "een header",
    },
}


# The official linter takes every name with a method in it for an operation: `postal_address`, `disputed`.
_METHOD: Final = re.compile("get|put|post|patch|delete")


def described(rulebook: Rulebook, enumeration: str, values: list[str]) -> dict[str, Any]:
    """What a schema says of itself: what it is, and what its values mean; nothing of one without values."""
    if not values:
        return {}
    title, means = _TITLES.get(enumeration, ""), meanings(rulebook, enumeration, values)
    if any(_METHOD.search(value) for value in values):
        listed = "; ".join(f"`{value}`: {meaning}" for value, meaning in means.items())
        return {"description": f"{title} {listed}."}
    return {"description": title, "x-enumDescriptions": dict(means)}


def meanings(rulebook: Rulebook, enumeration: str, values: list[str]) -> Mapping[str, str]:
    """The meaning of each value of an enumeration, in the order of the values; empty where nobody said."""
    if enumeration in _WORDS:
        return {value: rulebook.word(_WORDS[enumeration], value).nl for value in values}
    return _HERE.get(enumeration, {})
