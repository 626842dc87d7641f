"""A request to erase, and what was erased (CONTRACT 4; LAW E-34)."""

from datetime import date

from pydantic import AwareDatetime, Field

from app.errors import Fault, InvalidInput
from app.schemas.base import Identifier, IsoDate, Shape, ShortLine
from app.schemas.faults import fault
from app.schemas.stored import ResourceId
from app.schemas.words import ErasureReason, ReferralStatus


class ErasureRequest(Shape):
    """Wat wordt gewist, waarom, en wanneer daarom schriftelijk is gevraagd."""

    referral_id: ResourceId | None = Field(None, description="Kenmerk van een verwijzing: die alleen.")
    source_reference: Identifier | None = Field(
        None, description="Kenmerk in het eigen systeem: alle verwijzingen van die student."
    )
    student_number: ShortLine | None = Field(
        None,
        description="Studentnummer van de school, nooit een BSN: alle verwijzingen van die student.",
    )
    reason: ErasureReason = Field(description="Waarom wordt gewist (AVG 17).")
    requested_on: IsoDate = Field(description="Dag van het schriftelijke verzoek, of van het besluit.")
    end_running: bool = Field(
        False, description="Ook als een team nog helpt: de overdracht stopt en het team ziet niets meer."
    )
    dry_run: bool = Field(False, description="Alleen zeggen wat zou worden gewist.")


class ErasedReferral(Shape):
    """Een verwijzing die is gewist, of met `dryRun` zou worden."""

    referral_id: ResourceId = Field(description="Kenmerk (UUIDv7).")
    status: ReferralStatus = Field(description="Stand van zaken.")
    erased_at: AwareDatetime | None = Field(description="Moment van wissen, UTC; null met `dryRun`.")
    running: bool = Field(description="Of een team nog helpt: zonder `endRunning` wordt dan niets gewist.")
    held_until: IsoDate | None = Field(
        description="Tot en met wanneer wissen niet mag: de wet of een zwaarwegend belang verbiedt het."
    )


class Erasure(Shape):
    """Wat is gewist."""

    count: int = Field(ge=1, description="Hoeveel verwijzingen.")
    dry_run: bool = Field(description="Of er niets is veranderd.")
    items: list[ErasedReferral] = Field(description="De verwijzingen, de oudste eerst.")


def check_erasure(request: ErasureRequest, today: date) -> None:
    """Raises InvalidInput unless just one thing says what to erase, on a day that has come."""
    named = (request.referral_id, request.source_reference, request.student_number)
    faults: list[Fault] = []
    if sum(one is not None for one in named) != 1:
        faults.append(fault("", "person.one"))
    if request.requested_on > today:
        faults.append(fault("/requestedOn", "date.in_future"))
    if faults:
        raise InvalidInput(*faults)
