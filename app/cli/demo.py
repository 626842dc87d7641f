"""`verwijsroute demo` and what `serve --demo` sets up: a fictional region, keys, and worked cases in it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import uuid4

import typer

from app import db
from app.cli.session import DONE_WITH_FAULTS
from app.config import Settings, load_settings
from app.errors import CannotStart, Conflict
from app.reference.cases import WorkedCase, worked_cases
from app.reference.demo import demo_directory
from app.resources import Resources, open_resources
from app.routing import Directory, route
from app.routing.plain import to_plain
from app.schemas.json_body import parse
from app.schemas.request import ReferralRequest
from app.schemas.submission import to_submission
from app.services.clients import authenticate
from app.services.demo import load_demo
from app.services.directories import current_edition, load_directory
from app.services.referrals import submit

Plain = dict[str, Any]

# The keys that the start names; those of all other organisations are in the file.
NAMED: Final = {"school": "school 00ZZ", "municipality": "municipality 0166", "operator": "operator operator"}
KEYS_FILE: Final = "demo-keys.json"
CONFLICT: Final = "conflict"
EXAMPLE: Final[Plain] = {
    "referenceDate": "2026-05-14",
    "student": {
        "studentNumber": "S0012345",
        "firstNames": "Sanne",
        "surname": "Voorbeeld",
        "birthDate": "2008-05-15",
        "postcode": "8261AA",
        "houseNumber": "12",
    },
    "homeMunicipality": "Kampen",
    "residence": {"status": "registered"},
    "school": {"brin": "00ZZ"},
    "problemDomains": ["mental_health", "debts"],
    "supportVariant": "own_neighbourhood",
    "consents": [{"givenBy": "student", "givenOn": "2026-05-13", "purpose": "referral", "recipients": "all"}],
    "referrer": {"name": "M. Voorbeeld", "role": "school_social_worker"},
    "reason": "Sanne slaapt slecht en heeft schulden bij webwinkels.",
}


def prepare_demo(settings: Settings, address: str) -> str:
    """Loads the demo directory and its keys into a migrated database; returns what to print."""
    keys = asyncio.run(_load(settings))
    return "\n".join(_welcome(address, keys, settings.data_dir / KEYS_FILE))


def demo(
    *,
    dry_run: Annotated[bool, typer.Option(help="Decide, and store nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Place the worked cases as real referrals, and print what happened to each."""
    settings = load_settings()
    if settings.environment != "development":
        raise CannotStart("demo stores fictional referrals: it works in development alone")
    with db.database_addresses(settings):
        db.migrate(settings)
        faults = asyncio.run(_place_all(settings, dry_run=dry_run, as_json=as_json))
    raise typer.Exit(DONE_WITH_FAULTS if faults else 0)


async def _load(settings: Settings) -> dict[str, str]:
    async with open_resources(settings) as resources:
        return await _demo_keys(resources)


async def _demo_keys(resources: Resources) -> dict[str, str]:
    """The demo's keys by organisation; written beside the database, readable by its owner alone."""
    file = resources.settings.data_dir / KEYS_FILE
    known = json.loads(file.read_text("utf-8")) if file.exists() else {}
    async with resources.database.transaction() as connection:
        shown = demo_directory(resources.reference.places)
        keys = await load_demo(connection, shown, known, resources.clock.now())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(keys, indent=2) + "\n", "utf-8")
    return keys


def _welcome(address: str, keys: dict[str, str], file: Path) -> Iterator[str]:
    yield f"Verwijsroute listens on {address} with fictional data; documentation: {address}/docs\n"
    yield "Demo keys (anyone who reads this can use them; never with real data):"
    for name, organisation in NAMED.items():
        yield f"  {name:<13} {keys[organisation]}"
    yield f"  all others    {file}\n"
    yield "A referral, ready to paste:\n"
    body = json.dumps({"sourceReference": f"demo-{uuid4().hex[:8]}", **EXAMPLE}, ensure_ascii=False)
    yield f"curl -i {address}/v1/referrals \\"
    yield f"  -H 'Authorization: Bearer {keys[NAMED['school']]}' \\"
    yield "  -H 'Content-Type: application/json' \\"
    yield f"  -d '{body}'"


async def _place_all(settings: Settings, *, dry_run: bool, as_json: bool) -> int:
    """Places every worked case; returns how many could not be placed."""
    faults = 0
    async with open_resources(settings) as resources:
        keys = await _demo_keys(resources)
        async with resources.database.transaction() as connection:
            edition = await current_edition(connection)
            directory = await load_directory(connection, edition, resources.reference.places)
        for case in worked_cases():
            happened = await _place(resources, directory, keys, case, dry_run=dry_run)
            faults += happened["result"] == CONFLICT
            print(json.dumps(happened, ensure_ascii=False) if as_json else "\n".join(_in_words(happened)))
    return faults


async def _place(
    resources: Resources, directory: Directory, keys: dict[str, str], case: WorkedCase, *, dry_run: bool
) -> Plain:
    """What happened to one case: `stored`, `already_stored`, `conflict`, or `decided` in a dry run."""
    body: Plain = case.request()
    today, now = resources.clock.today(), resources.clock.now()
    parsed = parse(json.dumps(body).encode(), ReferralRequest)
    submission = to_submission(parsed, resources.reference, today, path="demo")
    happened: Plain = {"case": case.case_id, "title": case.title}
    if dry_run:
        decision = route(submission.facts, resources.rulebook, directory, submission.reference_date, today)
        return {**happened, "result": "decided", "decision": to_plain(decision), "handovers": []}
    try:
        async with resources.database.transaction() as connection:
            client = await authenticate(connection, keys[f"school {body['school']['brin']}"], now)
            submitted = await submit(
                connection,
                submission,
                client=client,
                rulebook=resources.rulebook,
                directory=directory,
                keyring=resources.keyring,
                today=today,
                now=now,
            )
    except Conflict:
        return {**happened, "result": CONFLICT, "decision": None, "handovers": []}
    shown = submitted.referral
    return {
        **happened,
        "result": "stored" if submitted.created else "already_stored",
        "id": shown["id"],
        "decision": shown["decision"],
        "handovers": shown["handovers"],
    }


def _in_words(happened: Plain) -> Iterator[str]:
    yield f"{happened['case']}  {happened['title']}: {happened['result']}"
    for shown in (happened["decision"] or {"routes": []})["routes"]:
        primary: Plain = next((r for r in shown["receivers"] if r["role"] == "primary"), {})
        responsible: Plain = shown["responsible"] or {}
        place: Plain = responsible.get("municipality") or responsible.get("region") or {}
        body = place.get("name") or responsible.get("kind") or "-"
        receiver = primary.get("name") or primary.get("kind") or "-"
        yield f"     {shown['problemDomain']:<20} {shown['provision'] or '-':<14} {body:<18} {receiver}"
    for handover in happened["handovers"]:
        team = handover["team"]["name"] if handover["team"] else "access desk"
        yield f"     -> {handover['status']}: {team}"
