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
    """Een stap met wat die nodig heeft; de tabel in docs/lifecycle.md zegt wat bij welke stap hoort."""

    action: HandoverAction = Field(description="De stap.")
    reason: StepReason | None = Field(None, description="Reden.")
    comment: FreeText | None = Field(
        None, description="Opmerking of motief; wordt versleuteld bewaard. Mag bij elke stap."
    )
    question: FreeText | None = Field(None, description="De vraag, bij `ask`.")
    team: RecordId | None = Field(
        None,
        description="Team in het register, of `desk-` met de gemeentecode voor een afgeleide toegang.",
        examples=["kampen-wijkteam"],
    )
    responsible_body: NamedBody | None = Field(None, description="De instantie van wie de taak wel is.")
    outcome: HandoverOutcome | None = Field(None, description="Wat de hulp opleverde, bij `complete`.")
    expected_on: IsoDate | None = Field(None, description="Verwachte dag van hervatten, bij `hold`.")
    first_contact_on: IsoDate | None = Field(None, description="Dag van het eerste contact, bij `start`.")
    facts: FactsRequest | None = Field(None, description="Antwoorden en feiten, bij `answer`.")
