"""`verwijsroute demo`: places the worked cases as real referrals, and prints what happened to each."""

import asyncio
import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from app import db
from app.cli.demo_keys import demo_keys
from app.cli.placing import place
from app.cli.session import DONE_WITH_FAULTS
from app.config import Settings, load_settings
from app.errors import CannotStart
from app.reference.cases import worked_cases
from app.resources import open_resources

Plain = dict[str, Any]


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
        conflicts = asyncio.run(_place_all(settings, dry_run=dry_run, as_json=as_json))
    raise typer.Exit(DONE_WITH_FAULTS if conflicts else 0)


async def _place_all(settings: Settings, *, dry_run: bool, as_json: bool) -> int:
    """Places every worked case; returns how many were there before with other content."""
    conflicts = 0
    async with open_resources(settings) as resources:
        keys = await demo_keys(resources)
        for case in worked_cases():
            body: Plain = case.request()
            key = keys[f"school {body['school']['brin']}"]
            placed = await place(resources, key, body, dry_run=dry_run)
            happened = {"case": case.case_id, "title": case.title, **placed}
            conflicts += happened["result"] == "conflict"
            print(json.dumps(happened, ensure_ascii=False) if as_json else "\n".join(_in_words(happened)))
    return conflicts


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
    for advice in happened["advice"]:
        yield f"     -> {advice['channel']}: {advice['kind']} before {advice['due']}"
