"""Residence and circumstances in a request: told, established as none (null), or not told (absent)."""

from typing import Annotated

from pydantic import Field

from app.schemas.base import IsoDate, Municipality, Shape
from app.schemas.words import (
    CriminalMeasure,
    Enrolment,
    Needs,
    ProblemDomain,
    ResidenceStatus,
    StayKind,
    Threat,
    YouthHelpType,
)


class YouthHelp(Shape):
    """Eén periode van jeugdhulp, of alleen een vastgestelde behoefte (`needEstablishedOn`)."""

    type: YouthHelpType = Field(description="Soort jeugdhulp.")
    started_on: IsoDate | None = Field(
        None, description="Eerste dag; afwezig telt als voor de 18e verjaardag."
    )
    ongoing: bool | None = Field(None, description="Loopt de hulp nog?")
    ended_on: IsoDate | None = Field(None, description="Laatste dag, als de hulp is geëindigd.")
    need_established_on: IsoDate | None = Field(None, description="Dag waarop de behoefte is vastgesteld.")
    continuation_decided: bool | None = Field(None, description="Is besloten tot voortzetting na 18?")


class Child(Shape):
    """Een kind van de student."""

    birth_date: IsoDate | None = Field(None, description="Geboortedatum.")
    birth_year: int | None = Field(
        None, ge=1900, le=2100, description="Geboortejaar, als de dag niet bekend is."
    )
    municipality: Municipality | None = Field(None, description="Woongemeente van het kind.")


class Stay(Shape):
    """Een verblijf; voor de Jeugdwet telt dan de woonplaats van daarvoor."""

    kind: StayKind = Field(description="Soort verblijf.")
    since: IsoDate | None = Field(None, description="Eerste dag van het verblijf.")


class Residence(Shape):
    """Inschrijving en verblijf, voor de woonplaatstoets van elke wet."""

    status: ResidenceStatus | None = Field(None, description="Stand van de inschrijving in de BRP.")
    previous_municipality: Municipality | None = Field(None, description="Vorige woongemeente.")
    moved_on: IsoDate | None = Field(None, description="Dag van de verhuizing.")
    mother_municipality_at_birth: Municipality | None = Field(
        None, description="Gemeente van de moeder bij de geboorte; null als zij nergens stond ingeschreven."
    )
    actual_stay_municipality: Municipality | None = Field(
        None, description="Gemeente van werkelijk verblijf."
    )
    municipality_approached: Municipality | None = Field(
        None, description="Gemeente waar de student zich meldde."
    )
    parents_municipality: Municipality | None = Field(
        None, description="Woongemeente van de ouder met gezag."
    )
    stay: Stay | None = Field(None, description="Verblijf bij een aanbieder of in een instelling.")


class Circumstances(Shape):
    """Omstandigheden. Afwezig: niet verteld. `null`: vastgesteld als geen."""

    acute_danger: bool | None = Field(
        None, description="Is er acuut gevaar? Bel dan eerst 112 of de crisisdienst."
    )
    acute_domains: Annotated[list[ProblemDomain], Field(max_length=18)] | None = Field(
        None, description="Probleemgebieden met acuut gevaar; standaard alle."
    )
    parents_possibly_involved: bool | None = Field(
        None, description="Zijn de ouders mogelijk betrokken bij geweld?"
    )
    parents_object: bool | None = Field(None, description="Maken de ouders bezwaar tegen de verwijzing?")
    threatening_situation: Threat | None = Field(None, description="Bedreigende situatie bij schulden.")
    homeless: bool | None = Field(None, description="Is de student dakloos?")
    safe_place_needed: bool | None = Field(None, description="Is een veilige plek nodig?")
    youth_help: Annotated[list[YouthHelp], Field(max_length=20)] | None = Field(
        None, description="Jeugdhulp van nu en vroeger."
    )
    criminal_measure: CriminalMeasure | None = Field(
        None, description="Strafrechtelijk kader: jeugdstrafrecht of reclassering voor volwassenen."
    )
    enrolment: Enrolment | None = Field(None, description="Inschrijving: bol, bbl, vertrekkend of geen.")
    student_finance: bool | None = Field(None, description="Heeft de student recht op studiefinanciering?")
    start_qualification: bool | None = Field(None, description="Heeft de student een startkwalificatie?")
    exempt_from_qualification_duty: bool | None = Field(
        None, description="Is de student vrijgesteld van de kwalificatieplicht?"
    )
    absence_hours_in_four_weeks: int | None = Field(
        None, ge=0, le=168, description="Ongeoorloofd verzuim in uren, in vier schoolweken achter elkaar."
    )
    absence_weeks: int | None = Field(None, ge=0, le=52, description="Weken verzuim achter elkaar.")
    school_years_completed: int | None = Field(
        None, ge=0, le=30, description="Aantal volledige schooljaren dat is gevolgd."
    )
    school_board_requests_work_support: bool | None = Field(
        None, description="Vraagt het schoolbestuur ondersteuning naar werk?"
    )
    medical_bar_to_side_job: bool | None = Field(
        None, description="Kan de student door ziekte of gebrek niet bijverdienen?"
    )
    wajong: bool | None = Field(None, description="Ontvangt de student Wajong?")
    lasting_incapacity_for_work: bool | None = Field(None, description="Kan de student blijvend niet werken?")
    lasting_need_for_care: bool | None = Field(
        None, description="Is er blijvend toezicht of zorg dag en nacht nodig (Wlz)?"
    )
    behaviour_problems: bool | None = Field(None, description="Zijn er ernstige gedragsproblemen?")
    residential_treatment_unfinished: bool | None = Field(
        None, description="Moet een behandeling met verblijf nog worden afgemaakt?"
    )
    needs: Needs | None = Field(None, description="Per probleemgebied de hulp die vooral nodig is.")
    pregnant: bool | None = Field(None, description="Is de student zwanger?")
    children: Annotated[list[Child], Field(max_length=20)] | None = Field(
        None, description="Kinderen van de student; een lege lijst of null: geen."
    )
    care_recipient_municipality: Municipality | None = Field(
        None, description="Gemeente van wie mantelzorg krijgt."
    )
    single: bool | None = Field(None, description="Is de student alleenstaand?")
    partner_age: int | None = Field(None, ge=0, le=120, description="Leeftijd van de partner in jaren.")
    lawful_residence: bool | None = Field(None, description="Verblijft de student rechtmatig in Nederland?")
    insured_in_netherlands: bool | None = Field(
        None, description="Is de student in Nederland verzekerd voor zorg (Zvw)?"
    )
