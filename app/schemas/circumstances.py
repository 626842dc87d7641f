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
    """Eén periode van jeugdhulp (LAW 3.1), of alleen een vastgestelde behoefte."""

    type: YouthHelpType = Field(description="Soort jeugdhulp: type 1, 2, 3 of jeugd-ggz.")
    started_on: IsoDate | None = Field(None, description="Begin; onbekend telt als voor de 18e verjaardag.")
    ongoing: bool | None = Field(None, description="Loopt de hulp nog?")
    ended_on: IsoDate | None = Field(None, description="Einde.")
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
    """Een verblijf, dat de woonplaats van de Jeugdwet verplaatst (LAW JW-21)."""

    kind: StayKind = Field(description="Soort verblijf.")
    since: IsoDate | None = Field(None, description="Eerste dag van het verblijf.")


class Residence(Shape):
    """Inschrijving en verblijf, voor de woonplaatstoets van elke wet (LAW 2.3)."""

    status: ResidenceStatus | None = Field(None, description="Stand van de inschrijving in de BRP.")
    previous_municipality: Municipality | None = Field(None, description="Vorige woongemeente.")
    moved_on: IsoDate | None = Field(None, description="Dag van de verhuizing.")
    mother_municipality_at_birth: Municipality | None = Field(
        None, description="Gemeente van de moeder bij de geboorte; null als zij nergens stond (LAW JW-22)."
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

    acute_danger: bool | None = Field(None, description="Acuut gevaar: eerst 112 of de crisisdienst.")
    acute_domains: Annotated[list[ProblemDomain], Field(max_length=18)] | None = Field(
        None, description="Probleemgebieden met acuut gevaar; standaard alle."
    )
    parents_possibly_involved: bool | None = Field(
        None, description="Zijn de ouders mogelijk betrokken bij geweld?"
    )
    parents_object: bool | None = Field(None, description="Maken de ouders bezwaar?")
    threatening_situation: Threat | None = Field(None, description="Bedreigende situatie (Wgs).")
    homeless: bool | None = Field(None, description="Is de student dakloos?")
    safe_place_needed: bool | None = Field(None, description="Is een veilige plek nodig?")
    youth_help: Annotated[list[YouthHelp], Field(max_length=20)] | None = Field(
        None, description="Jeugdhulp van nu en vroeger."
    )
    criminal_measure: CriminalMeasure | None = Field(None, description="Strafrechtelijk kader (LAW JW-04).")
    enrolment: Enrolment | None = Field(None, description="Inschrijving: bol, bbl, vertrekkend of geen.")
    student_finance: bool | None = Field(None, description="Studiefinanciering?")
    start_qualification: bool | None = Field(None, description="Startkwalificatie behaald?")
    exempt_from_qualification_duty: bool | None = Field(
        None, description="Vrijgesteld van de kwalificatieplicht?"
    )
    absence_hours_in_four_weeks: int | None = Field(
        None, ge=0, le=168, description="Ongeoorloofd verzuim in uren in vier weken."
    )
    absence_weeks: int | None = Field(None, ge=0, le=52, description="Aaneengesloten weken verzuim.")
    school_years_completed: int | None = Field(
        None, ge=0, le=30, description="Gevolgde volledige schooljaren."
    )
    school_board_requests_work_support: bool | None = Field(
        None, description="Vraagt het schoolbestuur ondersteuning naar werk?"
    )
    medical_bar_to_side_job: bool | None = Field(None, description="Medische reden tegen een bijbaan?")
    wajong: bool | None = Field(None, description="Ontvangt de student Wajong?")
    lasting_incapacity_for_work: bool | None = Field(None, description="Duurzaam geen arbeidsvermogen?")
    lasting_need_for_care: bool | None = Field(None, description="Blijvend zorg nodig (Wlz)?")
    behaviour_problems: bool | None = Field(None, description="Ernstige gedragsproblemen?")
    residential_treatment_unfinished: bool | None = Field(
        None, description="Verblijf met behandeling niet afgerond?"
    )
    needs: Needs | None = Field(None, description="Per probleemgebied wat er nodig is.")
    pregnant: bool | None = Field(None, description="Zwanger?")
    children: Annotated[list[Child], Field(max_length=20)] | None = Field(None, description="Eigen kinderen.")
    care_recipient_municipality: Municipality | None = Field(
        None, description="Gemeente van wie mantelzorg krijgt."
    )
    single: bool | None = Field(None, description="Alleenstaand?")
    partner_age: int | None = Field(None, ge=0, le=120, description="Leeftijd van de partner in jaren.")
    lawful_residence: bool | None = Field(None, description="Rechtmatig verblijf?")
    insured_in_netherlands: bool | None = Field(None, description="Verzekerd voor de Zvw?")
