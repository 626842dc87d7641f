"""One story in which every encrypted column is filled twice; each value with its key and its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from cryptography.exceptions import InvalidTag

from app.adapters.encryption import DataKey, Keyring
from tests.api.looks import FACTS
from tests.api.parties import Parties
from tests.api.uploads import rows, send_form, table, work
from tests.unsealed import readable

Json = dict[str, Any]

MAPPING: Final = '[columns."student.firstNames"]\nfrom = "student.firstNames"\n'
SUBSCRIPTION: Final = {"url": "https://hooks.school.example/in", "eventTypes": ["handover.accepted"]}
# By table: which row holds its data key, and what of its own row is behind the name of that one. Written down
# here again: who changes a place in the program can no longer open what is stored.
OF_TABLE: Final = {
    "referral": ("referral h ON h.id = t.id", "''"),
    "decision": ("referral h ON h.id = t.referral_id", "'/' || t.version"),
    "handover": ("referral h ON h.id = t.referral_id", "'/' || t.id"),
    "import": ("import h ON h.id = t.id", "''"),
    "import_row": ("import h ON h.id = t.import_id", "'/' || t.number"),
    "import_part": ("import h ON h.id = t.import_id", "'/' || t.number"),
    "webhook_subscription": ("webhook_subscription h ON h.id = t.id", "''"),
}


async def tell_everything(parties: Parties, body: Json) -> None:
    """Two students whose teams ask something and of whom more becomes known; files, waiting and done."""
    for number in range(2):
        referral = await parties.refer({**body, "sourceReference": f"sis-{number}"})
        for handover in referral["handovers"]:
            await parties.step("kampen", handover["id"], "ask", question="Woont de student daar nog?")
        await parties.tell(referral["id"], "facts", FACTS)
        made = await parties.ask("school", "POST", "/v1/webhook-subscriptions", SUBSCRIPTION)
        assert made.status_code == 201, made.text
    parties.http.headers["Authorization"] = f"Bearer {parties.keys['school']}"
    for count in (1, 2):
        await send_form(parties.http, table(rows(count)), mapping=MAPPING)
    await work(parties.resources)
    for count in (3, 4):
        await send_form(parties.http, table(rows(count)), mapping=MAPPING)


@dataclass(frozen=True)
class Sealed:
    """A value of a column. `holder` names the row that has its data key, `place` the value's own row."""

    table: str
    column: str
    key_id: str
    wrapped_key: bytes
    holder: str
    place: str
    value: bytes

    def key(self, keyring: Keyring) -> DataKey:
        """The data key of its row."""
        return keyring.open_data_key(self.key_id, self.wrapped_key, self.holder)

    def opens(self, key: DataKey, **elsewhere: str) -> bool:
        """Whether this key opens it at its place, or elsewhere."""
        place = {"table": self.table, "column": self.column, "row": self.place}
        try:
            key.decrypt(self.value, **{**place, **elsewhere})
        except InvalidTag:
            return False
        return True

    def is_key_at(self, keyring: Keyring, holder: str) -> bool:
        """Whether it is the data key of that row."""
        try:
            keyring.open_data_key(self.key_id, self.value, holder)
        except InvalidTag:
            return False
        return True


async def values_of(owner: asyncpg.Connection, table: str, column: str) -> list[Sealed]:
    """Everything that stands in a column."""
    holder, rest = OF_TABLE[table]
    query = f"""SELECT h.key_id, h.wrapped_key, h.organisation_id || '/' || h.id AS holder,
                       h.organisation_id || '/' || h.id || {rest} AS place, t.{column} AS value
                  FROM {table} t JOIN {holder} WHERE t.{column} IS NOT NULL ORDER BY t.*"""  # noqa: S608
    return [Sealed(table, column, **row) for row in await owner.fetch(query)]


def faults_of(values: Sequence[Sealed], keyring: Keyring) -> set[str]:
    """What is wrong with the values of one column; each is tried in the place of the one before it."""
    checks = _key_faults if values and values[0].column == "wrapped_key" else _faults
    found: set[str] = set() if len(values) > 1 else {"void: fewer than two"}
    for one, other in zip(values, [*values[1:], *values[:1]], strict=True):
        verdicts = {"readable without a key": readable(one.value), **checks(one, other, keyring)}
        found |= {fault for fault, there in verdicts.items() if there}
    return found


def _key_faults(one: Sealed, other: Sealed, keyring: Keyring) -> Mapping[str, bool]:
    return {
        "not the key of its row": not one.is_key_at(keyring, one.holder),
        "the key of another row": one.is_key_at(keyring, other.holder),
    }


def _faults(one: Sealed, other: Sealed, keyring: Keyring) -> Mapping[str, bool]:
    key, of_other = one.key(keyring), other.key(keyring)
    return {
        "does not open at its place": not one.opens(key),
        "opens in another row": one.opens(key, row=other.place),
        "opens in another column": one.opens(key, column="other"),
        "opens in another table": one.opens(key, table="other"),
        "opens with another key": one.holder != other.holder and one.opens(of_other),
    }
