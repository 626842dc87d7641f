"""Places one request as a school's own referral: what an API client does, from a command."""

import json
from typing import Any

from app.errors import Conflict
from app.resources import Resources
from app.routing import route
from app.routing.plain import to_plain
from app.schemas.json_body import parse
from app.schemas.request import ReferralRequest
from app.schemas.submission import to_submission
from app.services.clients import authenticate
from app.services.referrals import Submission, submit

Plain = dict[str, Any]


async def place(resources: Resources, key: str, body: Plain, *, dry_run: bool) -> Plain:
    """What happened: result (`stored`, `already_stored`, `conflict`, `decided`), decision, handovers, advice.

    `body` is that of POST /v1/referrals, `key` the API key of who refers. A dry run decides alone.
    """
    parsed = parse(json.dumps(body).encode(), ReferralRequest)
    async with resources.database.transaction() as connection:
        reference = (await resources.newest_edition(connection)).reference
    submission = to_submission(parsed, reference, resources.clock.today(), path="demo")
    if dry_run:
        return await _decide(resources, submission)
    try:
        return await _submit(resources, key, submission)
    except Conflict:
        return {"result": "conflict", "decision": None, "handovers": [], "advice": []}


async def _decide(resources: Resources, submission: Submission) -> Plain:
    async with resources.database.transaction() as connection:
        directory = await resources.newest_directory(connection)
    on, today = submission.reference_date, resources.clock.today()
    decision = route(submission.facts, resources.rulebook, directory, on, today)
    return {"result": "decided", "decision": to_plain(decision), "handovers": [], "advice": []}


async def _submit(resources: Resources, key: str, submission: Submission) -> Plain:
    async with resources.database.transaction() as connection:
        client = await authenticate(connection, key, resources.clock.now())
        deciding = resources.deciding(await resources.newest_edition(connection))
        submitted = await submit(connection, submission, client=client, deciding=deciding)
    return {"result": "stored" if submitted.created else "already_stored", **submitted.referral}
