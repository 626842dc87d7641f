"""What `serve --demo` and `demo` set up: the fictional region, and a key for each of its organisations."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

from app.config import Settings
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.resources import Resources, open_resources
from app.schemas.example import EXAMPLE, REFERENCE_DATE
from app.services.demo import load_demo

# The keys that the start names; those of all other organisations are in the file.
NAMED: Final = {"school": "school 00ZZ", "municipality": "municipality 0166", "operator": "operator operator"}
KEYS_FILE: Final = "demo-keys.json"


def prepare_demo(settings: Settings, address: str) -> str:
    """Loads the demo directory and its keys into a migrated database; returns what to print."""
    keys = asyncio.run(_load(settings))
    return "\n".join(_welcome(address, keys, settings.data_dir / KEYS_FILE))


async def _load(settings: Settings) -> dict[str, str]:
    async with open_resources(settings) as resources:
        return await demo_keys(resources)


async def demo_keys(resources: Resources) -> dict[str, str]:
    """The demo's keys by organisation; written beside the database, readable by its owner alone."""
    file = resources.settings.data_dir / KEYS_FILE
    known = json.loads(file.read_text("utf-8")) if file.exists() else {}
    async with resources.database.transaction() as connection:
        # The demo names its places as they are shipped; it is loaded into an empty directory alone.
        shown = demo_directory(open_reference().places)
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
    own = {
        "sourceReference": f"demo-{uuid4().hex[:8]}",
        "referenceDate": REFERENCE_DATE,
        "homeMunicipality": "Kampen",
    }
    body = json.dumps({**EXAMPLE, **own}, ensure_ascii=False)
    yield f"curl -i {address}/v1/referrals \\"
    yield f"  -H 'Authorization: Bearer {keys[NAMED['school']]}' \\"
    yield "  -H 'Content-Type: application/json' \\"
    yield f"  -d '{body}'"
