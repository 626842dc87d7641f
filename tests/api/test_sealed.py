"""Every column that is registered as encrypted is: it opens with its own key at its own place alone."""

from dataclasses import replace

import asyncpg
import pytest

from app.adapters.deflate import deflate
from app.adapters.encryption import Keyring
from app.models.columns import kept_tables
from app.resources import Resources
from tests.api.parties import Parties
from tests.api.sealing import Json, Sealed, faults_of, tell_everything, values_of

ENCRYPTED = [
    (name, column)
    for name, table in kept_tables().items()
    for column, kept in table.columns.items()
    if kept.form == "encrypted"
]
TEXT = deflate(b'"A telling sentence."')


async def test_what_is_encrypted_opens_with_its_key_at_its_place_alone(
    parties: Parties, resources: Resources, owner: asyncpg.Connection, body: Json
) -> None:
    await tell_everything(parties, body)
    found = {place: faults_of(await values_of(owner, *place), resources.keyring) for place in ENCRYPTED}
    assert {place: faults for place, faults in found.items() if faults} == {}


def sealed_rows(how: str) -> tuple[list[Sealed], Keyring]:
    """The values of a column of two rows, sealed well or with one fault."""
    keyring = Keyring({"k": bytes(32)}, "k", bytes(32))
    made = []
    for holder in ("a/1", "a/2"):
        key, wrapped, key_id = keyring.new_data_key(holder)
        place = {"table": "referral", "column": "reason", "row": "a" if how == "one place" else holder}
        value = {"plain": b"A telling sentence.", "deflated": TEXT}.get(how) or key.encrypt(TEXT, **place)
        made.append(Sealed("referral", "reason", key_id, wrapped, holder, place["row"], value))
    if how == "swapped":
        made = [replace(made[0], value=made[1].value), replace(made[1], value=made[0].value)]
    return made, keyring


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("plain", "readable without a key"),
        ("deflated", "readable without a key"),
        ("one place", "opens in another row"),
        ("swapped", "does not open at its place"),
    ],
)
def test_control_what_is_sealed_badly_is_found(how: str, fault: str) -> None:
    assert faults_of(*sealed_rows("well")) == set()
    assert fault in faults_of(*sealed_rows(how))
