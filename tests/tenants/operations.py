"""The operations of the live document, with what they declare and what may stand in their addresses."""

import base64
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.api.declared import declarations
from app.api.openapi import document
from app.api.router import router
from app.deps import Access
from tests.malformed.operations import operations_of
from tests.tenants.people import Prober
from tests.tenants.world import Json, World

# What the names in a path stand for; one that is not here has no probe.
KIND_OF: Final = {
    "/referrals/{id}": "referral",
    "/referrals/{id}/advice/{adviceId}": "advice",
    "/imports/{id}": "import",
    "/handovers/{id}": "handover",
    "/webhook-subscriptions/{id}": "subscription",
    "/webhook-subscriptions/{id}/deliveries/{deliveryId}": "delivery",
    "/teams/{id}": "team",
    "/schools/{id}": "school",
    "/agreements/{id}": "agreement",
}
# What everybody may name: it is open, and the same for all.
OPEN: Final = {
    "/municipalities/{code}": "0193",
    "/postcodes/{pc4}": "8011",
    "/rules/{id}": "jw.mental-health.minor",
}
# Values of a query parameter that stand for other tenants.
VALUES: Final[dict[str, tuple[str, ...]]] = {
    "limit": ("1",), "version": ("1",), "createdFrom": ("2026-05-01",), "createdTo": ("2026-12-31",),
    "from": ("2026-04-01",), "to": ("2026-06-30",), "validOn": ("2026-05-14",),
    "teamId": ("kampen-wijkteam", "hardenberg-wijkteam", "enschede-schoolteam"),
    "municipality": ("0166", "0160", "0183"), "homeMunicipality": ("0166",), "coreMunicipality": ("0193",),
    "organisation": ("0166",), "brin": ("00ZZ", "00ZY"), "unconfirmed": ("true",),
    "dryRun": ("true",),
}  # fmt: skip
# What names a record in a body, with a value that nobody has.
MISSING: Final = {
    "referralId": "019e2602-5a40-7000-8000-00000000dead",
    "sourceReference": "bestaat-niet",
    "studentNumber": "bestaat-niet",
}
# What is sent where the body is a file.
FILE: Final = b"sourceReference;student.surname\neigen-1;Eigen\n"
# Of the words of an enumeration those that something here has.
MET: Final = ("offered", "needs_consent", "entered_in_error", "needs_information", "open", "pending",
              "succeeded")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with its declaration, its query parameters and a body that would be accepted."""

    method: str
    path: str
    access: Access | None
    queries: dict[str, Json]
    example: Any
    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def relation(self) -> str | None:
        return self.access.relation if self.access else None

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The names in the path, in braces, and what they stand for; KeyError for one without a probe."""
        parts = self.path.split("/")
        places = ["/".join(parts[: number + 1]) for number in range(1, len(parts))]
        return [(place.rpartition("/")[2], KIND_OF[place]) for place in places if _is_name(place)]

    @property
    def identifiers(self) -> list[str]:
        """What names a stored record in its body; a new referral names none."""
        return [] if self.name == "POST /referrals" else [name for name in self.fields if name in MISSING]

    @property
    def safe(self) -> bool:
        """Whether it changes nothing, whoever asks."""
        return self.method == "GET" or self.path in ("/decisions", "/decisions/_batch", "/referrals/_search")

    @property
    def headers(self) -> dict[str, str]:
        return {"If-Match": "*"} if self.method in ("PUT", "DELETE") or "transitions" in self.path else {}

    def lets(self, prober: Prober) -> bool:
        """Whether the prober has a role for it."""
        if self.access is None:
            return True
        return bool(prober.organisation) and (
            not self.access.roles or bool(prober.roles & set(self.access.roles))
        )

    def target(self, *ids: str) -> str:
        """The address with these ids in it."""
        target = f"/v1{self.path}"
        if self.path in OPEN:
            target = target.replace(self.path.rpartition("/")[2], OPEN[self.path])
        for (part, _), id in zip(self.kinds, ids, strict=True):
            target = target.replace(part, id)
        return target


def _is_name(place: str) -> bool:
    return place.endswith("}") and place not in OPEN


def operations() -> list[Operation]:
    """All operations of the document, each with what it declares."""
    shown: dict[str, tuple[Any, tuple[str, ...]]] = {
        one.name: (one.example, _top(one.fields)) for one in operations_of(document(), {}, every_field=True)
    }
    paths = document()["paths"]
    shown["POST /imports"] = (FILE, ())
    return [
        Operation(method, path, access, _queries(paths[path][method.lower()]), *shown[f"{method} {path}"])
        for method, path, access in declarations(router)
    ]


def _top(pointers: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the fields of a body itself."""
    return tuple(one[1:] for one in pointers if one.count("/") == 1)


def _queries(operation: Json) -> dict[str, Json]:
    return {one["name"]: one["schema"] for one in operation.get("parameters", ()) if one["in"] == "query"}


def values(world: World, operation: Operation, name: str) -> list[str]:
    """What stands for other tenants in a query parameter; KeyError for one that nobody thought of."""
    if name == "cursor":
        return cursors(world, operation)
    schema = operation.queries[name]
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return [one for one in schema["enum"] if one in MET] or schema["enum"][:1]
    return list(VALUES[name])


def cursors(world: World, operation: Operation) -> list[str]:
    """The places of records of everybody's kind by kind, and the place before all."""
    if operation.path == "/events":
        return [_base64(place) for place in world.places.values()]
    if operation.relation == "open_directory":
        return [_base64(b"kampen-wijkteam")]
    if operation.path.endswith("/rows"):
        return [_base64(row.to_bytes(4, "big")) for row in (0, 2)]
    kind = {"/referrals": "referral", "/handovers": "handover", "/webhook-subscriptions": "subscription",
            "/imports": "import"}  # fmt: skip
    listed = world.ids[kind.get(operation.path, "delivery")].values()
    return [_base64(UUID(id).bytes) for id in (*listed, str(UUID(int=1)))]


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
