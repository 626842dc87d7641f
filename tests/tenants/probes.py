"""Every request that is tried: each operation, by everybody, for what is whose."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final
from uuid import uuid4

from tests.tenants.operations import MISSING, Operation, operations, values
from tests.tenants.people import BY_ROLE, NOBODY, ORGANISATIONS, Prober
from tests.tenants.tokens import Readers
from tests.tenants.world import World

# Whoever has nothing: for them everything is as if it did not exist.
IDLE: Final = ("idle school", "idle municipality")
# Who looks through lists by whatever they can be filtered: all that differ in kind or in what is theirs.
LOOKING: Final = (
    "school", "other school", "idle school", "kampen", "idle municipality", "region", "late municipality",
    "operator", "kampen, one team",
)  # fmt: skip
# Whose request must succeed, by relation: else what others are refused shows nothing.
OWNER: Final = {
    "nothing": "school", "own_referrals": "school", "own_imports": "school",
    "own_handovers": "kampen",
    "own_events": "school", "own_subscriptions": "school", "own_statistics": "school", "own_looks": "school",
    "open_directory": "idle school",
    "owned_directory": "operator", None: "no key",
}  # fmt: skip
SUCCESS: Final = (200, 201, 202, 204)


@dataclass(frozen=True, slots=True)
class Probe:
    """One request; `wanted` statuses where they are known, `alike` names those that are answered the same."""

    operation: str
    kind: str
    prober: Prober
    method: str
    target: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    wanted: tuple[int, ...] = ()
    alike: str = ""

    @property
    def sent(self) -> str:
        """All that the prober knew already."""
        return f"{self.target} {self.body} {self.headers}"

    def __str__(self) -> str:
        return f"{self.operation}, {self.kind}, as {self.prober.name}"


def probes(world: World, readers: Readers) -> Iterator[Probe]:
    """All that change nothing of anybody's: what is refused, and what is read."""
    for operation in operations():
        yield from _by_nobody(world, operation)
        yield from _by_role(world, operation)
        yield from _for_ids(world, readers, operation)
        yield from _in_query(world, operation)
        yield from _in_bodies(world, readers, operation)


def reaching(world: World, readers: Readers) -> Iterator[Probe]:
    """What each organisation can reach for with all of its roles: what the second wall is held against."""
    wholes = {one.name for one in whole(world)} - {"kampen, one team"}
    for operation in (one for one in operations() if one.access):
        found = (
            *_for_ids(world, readers, operation),
            *_lists(world, operation),
            *_in_bodies(world, readers, operation),
        )
        yield from (one for one in found if one.prober.name in wholes and one.kind != "conditional")


def reading(world: World, readers: Readers) -> Iterator[Probe]:
    """Those of them that change nothing whoever asks, of a few who have something, and of one who has not."""
    safe = {one.name for one in operations() if one.safe}
    found = (one for one in reaching(world, readers) if one.operation in safe)
    yield from (one for one in found if one.prober.name in ("other school", "hardenberg", *IDLE))


def request(operation: Operation, ids: tuple[str, ...]) -> dict[str, Any]:
    """What of a probe follows from its operation."""
    return {
        "operation": operation.name, "method": operation.method, "target": operation.target(*ids),
        "body": operation.example, "headers": operation.headers,
    }  # fmt: skip


def own_ids(world: World, operation: Operation) -> tuple[str, ...]:
    """What of its owner's an operation can be asked for."""
    return tuple(_first(world.ids[kind]) for _, kind in operation.kinds)


def _first(ids: dict[str, str]) -> str:
    return next(ids[who] for who in ("school", "kampen", *ids) if who in ids)


def _by_nobody(world: World, operation: Operation) -> Iterator[Probe]:
    wanted = (401,) if operation.access else (200,)
    asked = request(operation, own_ids(world, operation))
    for name in NOBODY:
        # RFC 6750 tells a key that is wrong from none at all; which is wrong, and why, it does not tell.
        group = "" if name == "no key" else f"{operation.name} by nobody"
        yield Probe(kind=name, prober=world.people[name], wanted=wanted, alike=group, **asked)


def _by_role(world: World, operation: Operation) -> Iterator[Probe]:
    """Every role that is not declared is refused, whatever is asked for."""
    asked = request(operation, own_ids(world, operation))
    for name, prober in world.people.items():
        if name.partition(",")[0] in BY_ROLE and "," in name and not operation.lets(prober):
            yield Probe(
                kind="role", prober=prober, wanted=(403,), alike=f"{operation.name} without role", **asked
            )


def whole(world: World) -> list[Prober]:
    """Each organisation with all of its roles, and a team of one."""
    return [world.people[name] for name in (*ORGANISATIONS, "late municipality", "kampen, one team")]


def _for_ids(world: World, readers: Readers, operation: Operation) -> Iterator[Probe]:
    """Whatever has an id, and what has none, asked for by everybody who has a role for it."""
    kinds = [kind for _, kind in operation.kinds]
    if not kinds or operation.relation in ("open_directory", "owned_directory"):
        return
    probers = world.people.values() if len(kinds) == 1 and operation.safe else whole(world)
    for prober in filter(operation.lets, probers):
        for ids in _combined(world, kinds):
            seen = readers.admit(ids, prober)
            asked = request(operation, ids)
            if seen and operation.safe:
                yield Probe(kind="path id", prober=prober, wanted=(200,), **asked)
            if not seen:
                yield from _unseen(operation, prober, asked)


def _unseen(operation: Operation, prober: Prober, asked: dict[str, Any]) -> Iterator[Probe]:
    group = f"{operation.name} that is not there"
    yield Probe(kind="path id", prober=prober, wanted=(404,), alike=group, **asked)
    if operation.method == "GET" and prober.name in IDLE:
        asked = {**asked, "headers": {"If-None-Match": "*"}}
        yield Probe(kind="conditional", prober=prober, wanted=(404,), alike=group, **asked)


def _combined(world: World, kinds: list[str]) -> Iterator[tuple[str, ...]]:
    """Each id and a missing one; of a child its own parent's, another's, and a missing one."""
    missing = str(uuid4())
    if len(kinds) == 1:
        yield from ((id,) for id in (*world.ids[kinds[0]].values(), missing))
        return
    parents, children = world.ids[kinds[0]], world.ids[kinds[1]]
    for who, parent in parents.items():
        other = next(child for name, child in children.items() if name != who)
        yield from ((parent, child) for child in (children[who], other, missing))
    yield from ((missing, child) for child in children.values())


def _in_query(world: World, operation: Operation) -> Iterator[Probe]:
    """Each filter with what is somebody's, and each list from the place of somebody's record."""
    ids = own_ids(world, operation)
    for name in operation.queries:
        for value in values(world, operation, name):
            asked = request(operation, ids) | ({} if operation.safe else {"body": None})
            asked["target"] += f"?{name}={value}"
            for prober in filter(operation.lets, (world.people[name] for name in LOOKING)):
                yield Probe(kind=f"query {name}", prober=prober, **asked)


def _lists(world: World, operation: Operation) -> Iterator[Probe]:
    """Each list from its beginning, as long as it may be."""
    if "limit" not in operation.queries or operation.relation == "open_directory":
        return
    asked = request(operation, own_ids(world, operation))
    asked["target"] += "?limit=100"
    for prober in filter(operation.lets, whole(world)):
        yield Probe(kind="list", prober=prober, **asked)


def _in_bodies(world: World, readers: Readers, operation: Operation) -> Iterator[Probe]:
    """What is in somebody's own system, asked for by everybody: and for nobody else it is there."""
    for name in operation.identifiers:
        named = {world.own_text(who, name): who for who in world.ids["referral"]} | {MISSING[name]: ""}
        rest = {key: value for key, value in operation.example.items() if key not in MISSING}
        for (value, owner), prober in product(named.items(), filter(operation.lets, world.people.values())):
            if owner and prober.organisation == ORGANISATIONS[owner][1]:
                continue
            # What his organisation looked at itself an auditor may name.
            if operation.relation == "own_looks" and prober.organisation in readers.beside[value]:
                continue
            asked = request(operation, ()) | {"body": {**rest, name: value}}
            yield Probe(
                kind=f"body {name}", prober=prober, alike=f"{operation.name} by {name} finds nothing", **asked
            )


def _in_turn(operation: Operation) -> tuple[bool, int]:
    return operation.path == "/erasures", ("GET", "POST", "PUT", "DELETE").index(operation.method)


def controls(world: World) -> list[Probe]:
    """Each operation once by whom it is for, in an order in which each can succeed."""
    made = []
    for operation in sorted(operations(), key=_in_turn):
        owner = OWNER[operation.relation]
        if operation.access and operation.access.roles == ("operator",):
            owner = "operator"
        ids = (world.fresh,) if "transitions" in operation.path else own_ids(world, operation)
        if operation.name == "DELETE /imports/{id}":
            ids = (world.waiting,)
        asked = request(operation, ids)
        made.append(Probe(kind="own", prober=world.people[owner], wanted=SUCCESS, **asked))
    return made


def borrowing(world: World) -> Iterator[Probe]:
    """The school's idempotency key and source reference, used by others: each makes one of its own."""
    (post,) = (one for one in operations() if one.name == "POST /referrals")
    key, reference = (world.own_text("school", name) for name in ("idempotencyKey", "sourceReference"))
    for prober in (one for one in whole(world) if post.lets(one) and one.name != "school"):
        body = {**post.example, "sourceReference": f"eigen-{prober.organisation}"}
        asked = request(post, ()) | {"prober": prober, "wanted": (201,)}
        yield Probe(kind="idempotency key", **asked | {"body": body, "headers": {"Idempotency-Key": key}})
        yield Probe(
            kind="source reference", **asked | {"body": {**post.example, "sourceReference": reference}}
        )
