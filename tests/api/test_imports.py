"""A file of referrals over HTTP: taken in, worked off beside the requests, told of row by row."""

import asyncio
import json

import asyncpg
import pytest
from httpx import AsyncClient

from app.resources import Resources
from app.schemas.faults import SENTENCES
from app.services.numbering import number_events
from tests.api.parties import Parties
from tests.api.uploads import ROW, results, rows, send, send_form, table, until, work

pytestmark = pytest.mark.usefixtures("directory")

COUNTS = "SELECT (SELECT count(*) FROM referral), (SELECT count(*) FROM import_part)"


async def counts(owner: asyncpg.Connection) -> tuple[int, int]:
    """How many referrals and how many parts of uploads there are."""
    return tuple(await owner.fetchrow(COUNTS))


async def test_of_every_row_is_told_what_became_of_it(school: AsyncClient, resources: Resources) -> None:
    wrong = {**ROW, "sourceReference": "sis-9", "student.birthDate": "15-05-2008"}
    other = {**ROW, "student.firstNames": "Anders"}
    sent = await send(school, table([*rows(3), wrong, rows(1)[0], other]))
    assert (sent.status_code, sent.json()["status"]) == (202, "pending")
    await work(resources)
    done = await school.get(sent.headers["location"])
    assert (done.json()["status"], done.json()["rows"]) == ("succeeded", {"total": 6, "done": 6})
    assert "retry-after" in sent.headers
    assert "retry-after" not in done.headers
    listed = await results(school, sent.headers["location"])
    outcomes = ["stored"] * 3 + ["invalid", "already_stored", "conflict"]
    assert [(row["row"], row["outcome"]) for row in listed] == list(enumerate(outcomes, 2))
    assert [row["firstRow"] for row in listed[4:]] == [2, 2]
    assert [fault["column"] for fault in listed[3]["faults"]] == ["student.birthDate"]
    referral = await school.get(f"/v1/referrals/{listed[0]['referralId']}")
    assert referral.json()["sourceReference"] == listed[0]["sourceReference"] == "sis-1"


async def test_a_dry_run_tells_the_same_and_stores_nothing(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    content = table([*rows(2), {**ROW, "sourceReference": "sis-9", "supportVariant": "x"}])
    trying = await send_form(school, content, dryRun="true")
    await work(resources)
    assert (await school.get(trying.headers["location"])).json()["dryRun"] is True
    assert await counts(owner) == (0, 0)
    doing = await send_form(school, content, dryRun="false")
    await work(resources)
    tried, done = [await results(school, sent.headers["location"]) for sent in (trying, doing)]
    assert [row["outcome"] for row in tried] == [row["outcome"] for row in done]
    assert {row["referralId"] for row in tried} == {None}
    assert (await counts(owner))[0] == 2


async def test_lines_of_json_are_requests(
    school: AsyncClient, resources: Resources, body: dict[str, object]
) -> None:
    lines = [json.dumps({**body, "sourceReference": f"sis-{n}"}) for n in range(3)]
    sent = await send(school, "\n".join(lines).encode(), "?dryRun=true", Content_Type="application/x-ndjson")
    await work(resources)
    done = (await school.get(sent.headers["location"])).json()
    assert (done["format"], done["dryRun"], done["outcomes"]["stored"]) == ("ndjson", True, 3)


async def test_a_mapping_names_the_columns_of_a_school_system(
    school: AsyncClient, resources: Resources
) -> None:
    content = table(rows(1)).replace(b"student.birthDate", b"Geboren").replace(b"2008-05-15", b"15-05-2008")
    mapping = '[columns."student.birthDate"]\nfrom = "Geboren"\nform = "dd-mm-yyyy"\n'
    sent = await send_form(school, content, mapping=mapping)
    await work(resources)
    assert (await school.get(sent.headers["location"])).json()["outcomes"]["stored"] == 1


async def test_lines_of_json_take_no_mapping(school: AsyncClient, resources: Resources) -> None:
    sent = await send_form(school, b'{"sourceReference": "a"}\n', mapping='ignore = ["Klas"]')
    await work(resources)
    [fault] = (await school.get(sent.headers["location"])).json()["faults"]
    assert (fault["code"], fault["detail"]) == ("mapping.ndjson", SENTENCES["mapping.ndjson"])


async def test_a_file_that_cannot_be_run_says_where_it_is_wrong(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    sent = await send(school, table(rows(1)) + b'sis-2;"open;never;closed\n')
    other = table(rows(1)).replace(b"student.surname", ";".join(map(str, range(30))).encode())
    unknown = await send(school, other)
    await work(resources)
    failed = (await school.get(sent.headers["location"])).json()
    assert failed["status"] == "failed"
    (fault,) = failed["faults"]
    assert (fault["code"], fault["row"], fault["column"]) == ("file.quote_open", 3, "2")
    assert "aanhalingsteken" in fault["detail"]
    columns = (await school.get(unknown.headers["location"])).json()["faults"]
    assert [(one["code"], one["column"], one["row"]) for one in columns] == [
        ("column.unknown", str(number), 1) for number in range(4, 24)
    ]
    assert await counts(owner) == (0, 0)


async def test_rows_come_in_pages_and_by_outcome(school: AsyncClient, resources: Resources) -> None:
    wrong = [{**ROW, "sourceReference": f"fout-{n}", "supportVariant": "x"} for n in range(3)]
    sent = await send(school, table([*rows(4), *wrong]))
    await work(resources)
    place = sent.headers["location"]
    first = await school.get(f"{place}/rows?limit=3&outcome=stored")
    second = await school.get(first.links["next"]["url"])
    assert [row["row"] for page in (first, second) for row in page.json()["items"]] == [2, 3, 4, 5]
    assert "next" not in second.links
    invalid = await school.get(f"{place}/rows?outcome=invalid")
    assert [row["row"] for row in invalid.json()["items"]] == [6, 7, 8]


async def test_whoever_reads_rows_looks_at_whom_they_are_about(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    sent = await send(school, table(rows(3)), Acting_User="m.voorbeeld")
    await work(resources)
    await school.get(f"{sent.headers['location']}/rows?limit=2")
    looks = "SELECT activity, acting_user, count(*) FROM access_log GROUP BY 1, 2 ORDER BY 1"
    assert [tuple(row) for row in await owner.fetch(looks)] == [
        ("import_referrals", "m.voorbeeld", 3),
        ("list_import_rows", None, 2),
    ]


async def test_imports_are_listed_by_status_and_read_again(school: AsyncClient, resources: Resources) -> None:
    first = await send(school, table(rows(1)))
    await work(resources)
    second = await send(school, table(rows(2)))
    listed = (await school.get("/v1/imports")).json()["items"]
    assert [one["id"] for one in listed] == [first.json()["id"], second.json()["id"]]
    pending = (await school.get("/v1/imports?status=pending")).json()["items"]
    assert [one["id"] for one in pending] == [second.json()["id"]]
    read = await school.get(first.headers["location"])
    again = await school.get(first.headers["location"], headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 304


async def test_the_upload_is_gone_once_its_import_has_ended(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    done, stopped = [await send(school, table(rows(n))) for n in (1, 2)]
    assert (await counts(owner))[1] == 2
    await school.delete(stopped.headers["location"])
    assert (await counts(owner))[1] == 1
    await work(resources)
    assert await counts(owner) == (1, 0)
    assert (await school.get(done.headers["location"])).json()["status"] == "succeeded"


async def test_an_import_that_is_stopped_keeps_what_it_stored(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    sent = await send(school, table(rows(3000)))
    working = asyncio.create_task(work(resources))
    await until(lambda: owner.fetchval("SELECT rows_done > 0 FROM import"))
    stopped = await school.delete(sent.headers["location"])
    assert (stopped.status_code, stopped.json()["status"]) == (200, "cancelled")
    await working
    after = (await school.get(sent.headers["location"])).json()
    assert 0 < after["rows"]["done"] < 3000
    assert (
        after["rows"]["done"]
        == (await counts(owner))[0]
        == len(await results(school, sent.headers["location"]))
    )


async def test_what_has_ended_is_not_stopped_again(school: AsyncClient, resources: Resources) -> None:
    stopped, done = [await send(school, table(rows(n))) for n in (1, 2)]
    for _ in range(2):
        assert (await school.delete(stopped.headers["location"])).status_code == 200
    await work(resources)
    refused = await school.delete(done.headers["location"])
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "urn:problem-type:verwijsroute:import-ended",
    )
    assert (await school.get(stopped.headers["location"])).json()["status"] == "cancelled"


async def test_the_end_is_told_to_the_own_organisation_alone(parties: Parties, resources: Resources) -> None:
    parties.http.headers["Authorization"] = f"Bearer {parties.keys['school']}"
    await send(parties.http, table(rows(1)))
    await work(resources)
    async with resources.database.transaction() as connection:
        await number_events(connection)
    told = {
        who: (await parties.ask(who, "GET", "/v1/events?limit=100")).json()["items"] for who in parties.keys
    }
    heard = {who for who, events in told.items() if "import.finished" in [one["type"] for one in events]}
    assert heard == {"school", "operator"}
