"""Finds one's own referrals by what stands in one's own system: a source reference or a student number."""

from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.models import Referral
from app.services.clients import Client
from app.services.fingerprints import source_reference_index, student_number_index
from app.services.reading import OpenReferral
from app.services.resources import Plain, referral_summary

MOST: Final = 100


async def search_referrals(
    connection: AsyncConnection,
    client: Client,
    keyring: Keyring,
    *,
    source_reference: str | None,
    student_number: str | None,
) -> list[Plain]:
    """Summaries of the organisation's own referrals with what is told: the newest 100, the oldest first.

    Both are compared as they were sent. What was stored before student numbers were indexed has none.
    """
    own = client.organisation_id
    wanted: list[ColumnElement[bool]] = [Referral.organisation_id == own]
    if source_reference is not None:
        index = source_reference_index(keyring, own, source_reference)
        wanted.append(Referral.source_reference_index == index)
    if student_number is not None:
        wanted.append(Referral.student_number_index == student_number_index(keyring, own, student_number))
    query = select(Referral).where(*wanted).order_by(Referral.id.desc()).limit(MOST)
    rows = (await connection.execute(query)).mappings().all()
    found = [OpenReferral(row, keyring) for row in reversed(rows)]
    return [referral_summary(opened.row, opened.source_reference) for opened in found]
