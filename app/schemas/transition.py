"""A step of a handover as it is asked for (CONTRACT 5)."""

from pydantic import Field, model_validator

from app.schemas.base import FreeText, IsoDate, Municipality, RecordId, Shape, refused
from app.schemas.request import FactsRequest
from app.schemas.words import HandoverAction, HandoverOutcome, NamedBodyKind, StepReason


class NamedBody(Shape):
    """De instantie van wie de taak wel is."""

    kind: NamedBodyKind = Field(description="Soort instantie.")
    municipality: Municipality | None = Field(None, description="De gemeente, als het een gemeente is.")

    @model_validator(mode="after")
    def say_which_municipality(self) -> "NamedBody":
        """A municipality is named, and nothing else is one."""
        if (self.kind == "municipality") != (self.municipality is not None):
            raise refused("body.municipality")
        return self


class TransitionRequest(Shape):
    """Een stap met wat die nodig heeft; wat niet bij de stap hoort, wordt geweigerd."""

    action: HandoverAction = Field(description="De stap.")
    reason: StepReason | None = Field(
        None,
        description=(
            "Reden; verplicht bij `reject`, `hold`, `stop`, `withdraw`, `reopen` en `mark_in_error`. "
            "Elke reden zegt bij welke stap zij hoort."
        ),
    )
    comment: FreeText | None = Field(
        None,
        description=(
            "Opmerking; wordt versleuteld bewaard. Mag bij elke stap; verplicht bij `assign`, `forward`, "
            "`settle`, `reviewed` en `reassessed`."
        ),
    )
    question: FreeText | None = Field(None, description="De vraag; verplicht bij `ask`.")
    team: RecordId | None = Field(
        None,
        description=(
            "Het team dat het wordt; verplicht bij `redirect`, `assign` en `settle`. Een team in het "
            "register, of `desk-` met de gemeentecode voor een toegang die er niet in staat."
        ),
        examples=["kampen-wijkteam"],
    )
    responsible_body: NamedBody | None = Field(
        None,
        description=(
            "De instantie van wie de taak wel is; verplicht bij `forward`, en bij weigeren om "
            "`other_municipality`, `residence`, `age` of `other_law`."
        ),
    )
    outcome: HandoverOutcome | None = Field(
        None, description="Wat de hulp opleverde; verplicht bij `complete`."
    )
    expected_on: IsoDate | None = Field(
        None, description="Verwachte dag van hervatten, na vandaag; verplicht bij `hold`."
    )
    first_contact_on: IsoDate | None = Field(
        None,
        description="Dag van het eerste contact, niet na vandaag; verplicht bij de eerste `start`.",
    )
    facts: FactsRequest | None = Field(
        None,
        description=(
            "Antwoorden en feiten; verplicht bij `answer`. Op een vraag van het team zelf volstaat `comment`."
        ),
    )
