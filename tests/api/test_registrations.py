"""Teams, schools and agreements over the API: whose they are, which version changes, what is refused."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Final

import pytest
from httpx import AsyncClient, Response

from app.schemas.directory_examples import EXAMPLES
from tests.api.parties import TickingClock

MakeKey = Callable[..., Awaitable[str]]
Json = dict[str, Any]

TEAM: Final[Json] = EXAMPLES["teams"]
SCHOOL: Final[Json] = EXAMPLES["schools"]
AGREEMENT: Final[Json] = EXAMPLES["agreements"]
BODIES: Final = {"teams": TEAM, "schools": SCHOOL, "agreements": AGREEMENT}
OWNERS: Final = {
    "teams": ("municipality", "0166"),
    "schools": ("school", "00ZZ"),
    "agreements": ("municipality", "0177"),
}


@pytest.fixture
def clock() -> TickingClock:
    """A day on which the teams of the demo are confirmed: a year later they are not."""
    return TickingClock(date(2026, 11, 21))


@pytest.fixture
async def admin(http: AsyncClient, make_key: MakeKey) -> AsyncClient:
    """The operator, who may change the whole directory."""
    key = await make_key("operator", "operator", "operator", "directory_admin")
    http.headers["Authorization"] = f"Bearer {key}"
    return http


async def put(client: AsyncClient, path: str, body: Json, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.put(f"/v1/{path}", json=body, headers=named)


@pytest.mark.parametrize("kind", BODIES)
async def test_what_is_registered_is_read_and_sent_back_as_it_was(admin: AsyncClient, kind: str) -> None:
    made = await put(admin, f"{kind}/een", BODIES[kind])
    assert (made.status_code, made.headers["location"]) == (201, f"/v1/{kind}/een")
    read = await admin.get(f"/v1/{kind}/een")
    assert (read.status_code, read.json(), read.headers["etag"]) == (200, made.json(), made.headers["etag"])
    known = {"If-None-Match": read.headers["etag"]}
    assert (await admin.get(f"/v1/{kind}/een", headers=known)).status_code == 304
    assert (await admin.get(f"/v1/{kind}")).json() == {"items": [read.json()]}
    again = await put(admin, f"{kind}/een", read.json())
    assert (again.status_code, again.headers["etag"]) == (200, made.headers["etag"])


@pytest.mark.parametrize("kind", BODIES)
async def test_a_change_needs_the_current_version(admin: AsyncClient, kind: str) -> None:
    tag = (await put(admin, f"{kind}/een", BODIES[kind])).headers["etag"]
    ends = {**BODIES[kind], "validTo": "2027-06-30"}
    assert (await put(admin, f"{kind}/een", ends)).status_code == 428
    assert (await put(admin, f"{kind}/een", ends, If_Match='"another"')).status_code == 412
    assert (await put(admin, f"{kind}/een", ends, If_Match=f"W/{tag}")).status_code == 412
    changed = await put(admin, f"{kind}/een", ends, If_Match=f'"another", {tag}')
    assert (changed.status_code, changed.json()["validTo"]) == (200, "2027-06-30")
    assert changed.headers["etag"] != tag
    once_more = {**ends, "validTo": "2027-07-31"}
    assert (await put(admin, f"{kind}/een", once_more, If_Match=tag)).status_code == 412
    assert (await put(admin, f"{kind}/een", once_more, If_Match="*")).status_code == 200


async def test_a_version_of_what_is_not_there_is_412(admin: AsyncClient) -> None:
    assert (await put(admin, "teams/een", TEAM, If_Match='"any"')).status_code == 412
    assert (await put(admin, "teams/een", TEAM, If_None_Match="*")).status_code == 201
    other = {**TEAM, "name": "Ander team"}
    assert (await put(admin, "teams/een", other, If_None_Match="*")).status_code == 412


@pytest.mark.parametrize("kind", BODIES)
async def test_what_is_ended_ended_yesterday_and_stays_to_be_read(admin: AsyncClient, kind: str) -> None:
    body = {**BODIES[kind], "validFrom": "2026-01-01", "validTo": None}
    tag = (await put(admin, f"{kind}/een", body)).headers["etag"]
    assert (await admin.delete(f"/v1/{kind}/een")).status_code == 428
    assert (await admin.delete(f"/v1/{kind}/een", headers={"If-Match": '"x"'})).status_code == 412
    assert (await admin.delete(f"/v1/{kind}/twee", headers={"If-Match": tag})).status_code == 404
    ended = await admin.delete(f"/v1/{kind}/een", headers={"If-Match": tag})
    assert (ended.status_code, ended.content) == (204, b"")
    read = await admin.get(f"/v1/{kind}/een")
    today = (await admin.get(f"/v1/{kind}?validOn=2100-01-01")).json()
    assert (read.json()["validTo"] < "2100", today) == (True, {"items": []})
    again = await admin.delete(f"/v1/{kind}/een", headers={"If-Match": read.headers["etag"]})
    assert (again.status_code, (await admin.get(f"/v1/{kind}/een")).json()) == (204, read.json())


@pytest.mark.parametrize("kind", BODIES)
async def test_only_the_owner_and_the_operator_change_it(
    http: AsyncClient, make_key: MakeKey, kind: str
) -> None:
    other = await make_key("municipality", "0193", "directory_admin")
    refused = await put(http, f"{kind}/een", BODIES[kind], Authorization=f"Bearer {other}")
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (403, "not-owner")
    owner = await make_key(*OWNERS[kind], "directory_admin")
    made = await put(http, f"{kind}/een", BODIES[kind], Authorization=f"Bearer {owner}")
    assert made.status_code == 201
    tag = {"Authorization": f"Bearer {other}", "If-Match": made.headers["etag"]}
    assert (await http.delete(f"/v1/{kind}/een", headers=tag)).status_code == 403


async def test_a_team_is_not_taken_over_by_naming_oneself_as_its_owner(
    http: AsyncClient, make_key: MakeKey
) -> None:
    kampen = await make_key("municipality", "0166", "directory_admin")
    tag = (await put(http, "teams/een", TEAM, Authorization=f"Bearer {kampen}")).headers["etag"]
    zwolle = await make_key("municipality", "0193", "directory_admin")
    taken = {**TEAM, "organisation": "0193"}
    headers = {"Authorization": f"Bearer {zwolle}", "If_Match": tag}
    assert (await put(http, "teams/een", taken, **headers)).status_code == 403


@pytest.mark.parametrize("role", ["referrer", "team", "desk", "auditor", "operator"])
async def test_other_roles_read_and_do_not_change(http: AsyncClient, make_key: MakeKey, role: str) -> None:
    http.headers["Authorization"] = f"Bearer {await make_key('municipality', '0166', role)}"
    assert (await http.get("/v1/teams")).status_code == 200
    assert (await put(http, "teams/een", TEAM)).status_code == 403


FAULTS: Final = [
    ("teams", {"municipality": "Nergenshuizen"}, "/municipality", "municipality.unknown"),
    ("teams", {"municipality": {"code": "0000", "name": "x"}}, "/municipality", "municipality.unknown"),
    ("teams", {"municipality": {"code": "0193"}}, "/municipality/name", "required"),
    ("teams", {"organisation": "zz99"}, "/organisation", "organisation.unknown"),
    ("teams", {"kind": "gp"}, "/kind", "not_allowed"),
    ("teams", {"contact": {"name": "B. Proef"}}, "/contact/phone", "required"),
    ("teams", {"coverage": {"pc4": ["123"]}}, "/coverage/pc4/0", "pattern"),
    ("teams", {"coverage": {"schools": ["00zz"]}}, "/coverage/schools/0", "pattern"),
    ("teams", {"coverage": {"regions": ["MC99"]}}, "/coverage/regions/0", "region.unknown"),
    ("teams", {"coverage": {"municipalities": ["0193", "Haaren"]}}, "/coverage/municipalities/1",
     "municipality.ambiguous"),
    ("teams", {"expertise": ["money"]}, "/expertise/0", "not_allowed"),
    ("teams", {"ages": {"from": 18, "to": 17}}, "/ages/to", "out_of_range"),
    ("teams", {"confirmedOn": "2100-01-01"}, "/confirmedOn", "date.in_future"),
    ("teams", {"validTo": "2026-08-31"}, "/validTo", "date.before_start"),
    ("teams", {"id": "twee"}, "/id", "id.differs"),
    ("schools", {"brin": "0000"}, "/brin", "pattern"),
    ("schools", {"locations": ["00ZY01"]}, "/locations/0", "location.other_school"),
    ("agreements", {"coreMunicipality": "Raalte"}, "/coreMunicipality", "municipality.same"),
    ("agreements", {"mandate": "all"}, "/mandate", "not_allowed"),
    ("agreements", {"provisions": []}, "/provisions", "too_short"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "wrong", "location", "code"), FAULTS)
async def test_what_is_wrong_is_named_by_its_place(
    admin: AsyncClient, kind: str, wrong: Json, location: str, code: str
) -> None:
    answer = await put(admin, f"{kind}/een", {**BODIES[kind], **wrong})
    assert answer.status_code == 400
    assert [(fault["location"], fault["code"]) for fault in answer.json()["errors"]] == [(location, code)]
    assert (await admin.get(f"/v1/{kind}")).json() == {"items": []}


@pytest.mark.parametrize(
    ("kind", "change", "status"),
    [
        ("schools", {}, 409),
        ("schools", {"brin": "00ZY", "locations": []}, 201),
        ("schools", {"validFrom": "2020-01-01", "validTo": "2026-07-31"}, 201),
        ("agreements", {"note": "Dezelfde afspraak."}, 409),
        ("agreements", {"provisions": ["wmo", "jw"]}, 409),
        ("agreements", {"provisions": ["pw"]}, 201),
        ("agreements", {"validFrom": "2027-01-01", "validTo": None}, 201),
        ("teams", {}, 201),
    ],
)
async def test_the_same_is_not_registered_twice_for_one_day(
    admin: AsyncClient, kind: str, change: Json, status: int
) -> None:
    await put(admin, f"{kind}/een", BODIES[kind])
    assert (await put(admin, f"{kind}/twee", {**BODIES[kind], **change})).status_code == status


async def test_a_list_is_read_page_by_page(admin: AsyncClient) -> None:
    for number in range(5):
        await put(admin, f"teams/team-{number}", TEAM)
    seen, address = [], "/v1/teams?limit=2"
    while address:
        page = await admin.get(address)
        seen += [team["id"] for team in page.json()["items"]]
        address = page.links["next"]["url"] if "next" in page.links else ""
    assert seen == [f"team-{number}" for number in range(5)]


@pytest.mark.parametrize("cursor", ["AAAAA", "__8", "5Z-j", "x"])
async def test_a_cursor_that_nobody_gave_is_no_error_of_ours(admin: AsyncClient, cursor: str) -> None:
    assert (await admin.get(f"/v1/teams?cursor={cursor}")).status_code in (200, 400)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("kind=neighbourhood_team&municipality=Dalfsen", ["dalfsen-wijkteam"]),
        ("organisation=0148&kind=debt_service", ["dalfsen-schuldhulp"]),
        ("organisation=0148&kind=debt_service&unconfirmed=true", []),
        ("organisation=0148&kind=debt_service&unconfirmed=false", ["dalfsen-schuldhulp"]),
        ("organisation=0148&kind=debt_service&validOn=2014-12-31", []),
    ],
)
@pytest.mark.usefixtures("directory")
async def test_teams_are_found_by(admin: AsyncClient, query: str, ids: list[str]) -> None:
    assert [team["id"] for team in (await admin.get(f"/v1/teams?{query}")).json()["items"]] == ids


@pytest.mark.usefixtures("directory")
async def test_the_owner_finds_what_is_to_be_confirmed_and_confirms_it(admin: AsyncClient) -> None:
    old = {**TEAM, "confirmedOn": "2020-01-01"}
    tag = (await put(admin, "teams/oud", old)).headers["etag"]
    query = "/v1/teams?organisation=0166&unconfirmed=true"
    assert [team["id"] for team in (await admin.get(query)).json()["items"]] == ["oud"]
    await put(admin, "teams/oud", {**old, "confirmedOn": "2026-11-01"}, If_Match=tag)
    assert (await admin.get(query)).json() == {"items": []}


async def test_a_new_team_receives_at_once_and_the_edition_says_so(admin: AsyncClient, body: Json) -> None:
    before = (await admin.post("/v1/decisions", json=body)).json()
    team = {**TEAM, "validFrom": "2020-01-01"}
    await put(admin, "teams/kampen-nieuw", team)
    after = (await admin.post("/v1/decisions", json=body)).json()
    primaries = [decision["routes"][0]["receivers"][0]["teamId"] for decision in (before, after)]
    assert primaries == ["desk-0166", "kampen-nieuw"]
    assert after["directory"]["edition"] == before["directory"]["edition"] + 1
