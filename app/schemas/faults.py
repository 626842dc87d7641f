"""The stable codes of what can be wrong in a request, each with its sentence; never a value."""

from typing import Final

from app.errors import Fault

SENTENCES: Final = {
    "json.invalid": "Dit is geen geldige JSON in UTF-8.",
    "json.too_deep": "De JSON is te diep genest.",
    "json.duplicate_key": "Deze naam staat twee keer in hetzelfde object.",
    "form.invalid": "Dit is geen geldige multipart/form-data.",
    "citizen_number_refused": "Een BSN of onderwijsnummer hoort hier niet: de gemeente voegt het zelf toe.",
    "required": "Dit veld is verplicht.",
    "unknown_field": "Dit veld bestaat niet.",
    "type": "Dit is een waarde van het verkeerde type.",
    "not_allowed": "Deze waarde staat niet in de lijst van toegestane waarden.",
    "too_short": "Dit is te kort.",
    "too_long": "Dit is te lang.",
    "out_of_range": "Deze waarde valt buiten de grenzen.",
    "pattern": "Deze tekst heeft niet de voorgeschreven vorm.",
    "text.refused_character": "De tekst bevat een stuurteken of een ander onzichtbaar teken.",
    "text.blank": "De tekst is leeg.",
    "text.formula": "De tekst begint met een teken waarmee een rekenblad een formule begint.",
    "date.format": "Schrijf een datum als JJJJ-MM-DD.",
    "date.two_digit_year": "Schrijf het jaar met vier cijfers.",
    "date.serial": "Dit is een dagnummer van een rekenblad: schrijf een datum als JJJJ-MM-DD.",
    "date.other_form": "De datum heeft niet de vorm die het mappingbestand voor deze kolom noemt.",
    "date.no_such_day": "Deze dag bestaat niet.",
    "date.out_of_range": "De datum valt buiten de grenzen.",
    "date.after_reference": "De datum ligt na de peildatum.",
    "date.before_start": "De einddatum ligt voor de begindatum.",
    "date.in_future": "De datum ligt in de toekomst.",
    "age.required": "Geef de geboortedatum, of de leeftijd als die niet bekend is.",
    "age.too_high": "De leeftijd op de peildatum is meer dan 120 jaar.",
    "duplicate": "Deze waarde staat er twee keer.",
    "domain.not_asked": "Dit probleemgebied staat niet in problemDomains.",
    "residence.status_required": "Geef residence.status: waarom is er geen woongemeente?",
    "municipality.unknown": "Deze gemeente is niet bekend.",
    "municipality.ambiguous": "Dit past op meer dan één gemeente van nu: geef de code.",
    "municipality.code_or_postcode": "Schrijf GM voor een gemeentecode, of de hele postcode.",
    "id.differs": "Dit is een ander id dan dat in het adres.",
    "municipality.same": "Noem hier een andere gemeente.",
    "organisation.unknown": "Deze code is van geen gemeente, school of regio die hier bekend is.",
    "region.unknown": "Deze regiocode is niet bekend.",
    "location.other_school": "Deze vestiging is van een andere school.",
    "overlap": "Hetzelfde is voor een deel van deze dagen al ingeschreven, onder een ander id.",
    "url.refused": "Alleen https met een publieke naam en poort 443; geen gebruiker, query of fragment.",
    "reference.required": "Geef sourceReference of de header Idempotency-Key.",
    "date.not_in_future": "De datum ligt niet in de toekomst.",
    "field.not_of_action": "Dit veld hoort niet bij deze stap.",
    "reason.not_of_action": "Deze reden hoort niet bij deze stap.",
    "reason.not_in_force": "Deze reden is vandaag niet in gebruik.",
    "body.municipality": "Noem bij kind municipality de gemeente, en alleen dan.",
    "team.unknown": "Dit team staat vandaag niet in het register.",
    "team.not_connected": "De organisatie van dit team werkt niet met de dienst: geef een advies of bel.",
    "team.same": "De overdracht ligt al bij dit team.",
    "search.one": "Geef sourceReference of studentNumber, een van beide.",
    "person.one": "Geef referralId, sourceReference of studentNumber, een van drie.",
    "team.has_it": "Dit team heeft al een overdracht over hetzelfde probleem.",
    "boolean.word": "Schrijf true of false.",
    "number.whole": "Schrijf een heel getal, met alleen cijfers.",
    "list.lengths": "Deze lijst heeft niet evenveel delen als de lijsten die erbij horen.",
    "list.pair": "Schrijf elk deel als probleemgebied=hulp, elk probleemgebied één keer.",
    "code.unmapped": "Deze waarde staat niet in het mappingbestand.",
    "column.unknown": "Deze kolom is niet bekend.",
    "column.missing": "Deze kolom ontbreekt.",
    "column.doubled": "Een andere kolom of een vaste waarde vertelt dit al.",
    "row.cells": "Deze rij heeft meer of minder cellen dan de kop.",
    "text.encoding": "Deze regel is geen UTF-8.",
    "cell.excel_error": "Een cel van deze rij bevat een fout van het rekenblad, zoals #N/B.",
    "cell.formula": "Een cel van deze rij bevat een formule zonder uitkomst: bewaar de waarden.",
    "cell.number": "Een getal van deze rij heeft meer cijfers dan een rekenblad bewaart: maak er tekst van.",
    "invalid": "Deze waarde is ongeldig.",
}

# The error types of pydantic in the words above; what is not here is `invalid`.
_OF_PYDANTIC: Final = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_allowed",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_short",
    "too_long": "too_long",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "string_pattern_mismatch": "pattern",
    "string_unicode": "text.refused_character",
    "int_from_float": "type",
    "int_parsing": "type",
    "int_parsing_size": "out_of_range",
    "invalid_key": "unknown_field",
}


def code_of(kind: str) -> str:
    """The stable code for an error type of pydantic or one of our own."""
    if kind in SENTENCES:
        return kind
    return _OF_PYDANTIC.get(kind, "type" if kind.endswith("_type") else "invalid")


def fault(location: str, code: str) -> Fault:
    """A fault at a JSON pointer with the sentence of its code."""
    return Fault(location, code, SENTENCES[code])
