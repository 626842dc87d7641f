"""The usual template: FastAPI, an ORM session per request, `response_model`, one BaseHTTPMiddleware.

It takes the same request, writes the same rows and gives the same answer as our service. What differs
is that nothing is decided (an if on the age picks a ready decision), encrypted or checked twice.
"""

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from uuid_utils.compat import uuid7

from app.adapters.api_keys import parse_api_key
from app.models import (
    AccessRecord,
    Advice,
    Base,
    Credential,
    Decision,
    Event,
    Handover,
    Organisation,
    Referral,
)
from app.schemas import stored
from app.schemas.request import ReferralRequest
from bench.stage import example_answer

ADULT_BORN_BEFORE: Final = date(2008, 5, 14)
POOL_SIZE: Final = 16

engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=POOL_SIZE,
    # The usual template has no wall between organisations.
    connect_args={"server_settings": {"verwijsroute.scope": "system"}},
)
open_session = async_sessionmaker(engine, expire_on_commit=False)
example: dict[str, Any] = json.loads(example_answer())
minor_decision = example["decision"]
adult_decision = {**minor_decision, "outcome": "needs_triage"}


async def get_session() -> AsyncIterator[AsyncSession]:
    """A session for the request."""
    async with open_session() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


async def get_organisation(session: SessionDep, authorization: Annotated[str, Header()]) -> Organisation:
    """The organisation of the API key."""
    parsed = parse_api_key(authorization.removeprefix("Bearer "))
    if parsed is None:
        raise HTTPException(401)
    query = (
        select(Credential, Organisation)
        .join(Organisation, Organisation.id == Credential.organisation_id)
        .where(Credential.public_id == parsed.public_id)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None or not hmac.compare_digest(parsed.secret_sha256, found[0].secret_sha256):
        raise HTTPException(401)
    organisation: Organisation = found[1]
    return organisation


class RequestIds(BaseHTTPMiddleware):
    """Gives every answer an id."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Answers one request."""
        response = await call_next(request)
        response.headers["X-Request-Id"] = request.headers.get("X-Request-Id", str(uuid.uuid4()))
        return response


app = FastAPI()
app.add_middleware(RequestIds)


@app.get("/healthz/ready")
async def ready() -> dict[str, str]:
    """The process answers."""
    return {"status": "pass"}


@app.post("/v1/referrals", status_code=201, response_model=stored.Referral)
async def create_referral(
    body: ReferralRequest,
    session: SessionDep,
    organisation: Annotated[Organisation, Depends(get_organisation)],
) -> dict[str, Any]:
    """Stores the referral with what belongs to it."""
    now = datetime.now(UTC)
    born = body.student.birth_date if body.student else None
    decision = adult_decision if born is not None and born < ADULT_BORN_BEFORE else minor_decision
    referral = new_referral(body, organisation, now)
    session.add(referral)
    await session.flush()
    handovers = [new_handover(item, referral) for item in example["handovers"]]
    advice = [new_advice(item, referral) for item in example["advice"]]
    session.add_all([new_decision(decision, referral, now), *handovers, *advice])
    session.add_all([*new_events(referral, handovers), new_access_record(referral)])
    await session.commit()
    return {
        "id": str(referral.id),
        "status": referral.status,
        "createdAt": now,
        "sourceReference": body.source_reference,
        "decisionVersion": 1,
        "erasedAt": None,
        "decision": decision,
        "handovers": [
            handover_answer(item, row) for item, row in zip(example["handovers"], handovers, strict=True)
        ],
        "advice": [{**item, "id": str(row.id)} for item, row in zip(example["advice"], advice, strict=True)],
    }


def new_referral(body: ReferralRequest, organisation: Organisation, now: datetime) -> Referral:
    """The referral's row."""
    content = body.model_dump_json().encode()
    return Referral(
        id=uuid7(),
        organisation_id=organisation.id,
        status=example["status"],
        created_at=now,
        decision_version=1,
        source_reference_index=hashlib.sha256((body.source_reference or "").encode()).digest(),
        content_fingerprint=hashlib.sha256(content).digest(),
        key_id="none",
        wrapped_key=b"",
        identity=body.student.model_dump_json(exclude_unset=True).encode() if body.student else b"",
        reason=(body.reason or "").encode(),
        reference_date=body.reference_date or now.date(),
        home_municipality=body.home_municipality,
    )


def new_access_record(referral: Referral) -> AccessRecord:
    """The row that says who referred."""
    return AccessRecord(
        id=uuid7(),
        organisation_id=referral.organisation_id,
        roles=["referrer"],
        activity="submit_referral",
        purpose="referral",
        referring_organisation_id=referral.organisation_id,
        referral_id=referral.id,
        at=referral.created_at,
    )


def new_decision(decision: dict[str, Any], referral: Referral, now: datetime) -> Decision:
    """The decision's row; the receipt is what was decided."""
    return Decision(
        referral_id=referral.id,
        version=1,
        organisation_id=referral.organisation_id,
        created_at=now,
        outcome=decision["outcome"],
        rulebook_hash=decision["rulebook"]["hash"],
        directory_edition=decision["directory"]["edition"],
        read_for=now.date(),
        receipt=json.dumps(decision).encode(),
    )


def new_handover(item: dict[str, Any], referral: Referral) -> Handover:
    """A handover's row."""
    team = item["team"] or {"teamId": None, "kind": None, "name": None}
    municipality = item["responsibleMunicipality"]
    return Handover(
        id=uuid7(),
        referral_id=referral.id,
        organisation_id=referral.organisation_id,
        decision_version=1,
        status=item["status"],
        lead=item["lead"],
        version=1,
        team_id=team["teamId"],
        team_kind=team["kind"],
        team_name=team["name"],
        responsible_municipality=municipality and municipality["code"],
        provisions=item["provisions"],
        route_positions=[0],
        flags=item["flags"],
        delivery_status=item["deliveryStatus"],
        created_at=referral.created_at,
        offered_at=referral.created_at if item["offeredAt"] else None,
        deadlines=item["deadlines"],
    )


def new_advice(item: dict[str, Any], referral: Referral) -> Advice:
    """An advice item's row."""
    return Advice(
        id=uuid7(),
        referral_id=referral.id,
        organisation_id=referral.organisation_id,
        decision_version=1,
        channel=item["channel"],
        kind=item["kind"],
        role=item["role"],
        route_positions=[0],
        due=date.fromisoformat(item["due"]) if item["due"] else None,
        status=item["status"],
    )


def new_events(referral: Referral, handovers: list[Handover]) -> list[Base]:
    """What happened."""
    told = [
        ("referral.created", None),
        ("referral.decided", None),
        *((f"handover.{handover.status}", handover.id) for handover in handovers),
    ]
    return [
        Event(
            id=uuid7(),
            organisation_id=referral.organisation_id,
            referral_id=referral.id,
            handover_id=handover_id,
            type=type,
            role="system",
            at=referral.created_at,
        )
        for type, handover_id in told
    ]


def handover_answer(item: dict[str, Any], row: Handover) -> dict[str, Any]:
    """A handover as it is answered."""
    offered_at = row.offered_at
    own = {"id": str(row.id), "referralId": str(row.referral_id)}
    return {**item, **own, "createdAt": row.created_at, "offeredAt": offered_at}


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]), access_log=False, log_level="warning")
