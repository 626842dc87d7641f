"""Goes through all that can be asked: what succeeds, what is refused, what breaks down."""

import asyncio
import json
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

from app.api.pages import write_cursor
from app.resources import open_resources
from app.services.erasing import erase_referral
from app.services.feed import Place
from tests.api.uploads import ROW, table
from tests.canaries.planted import KINDS
from tests.canaries.sowing import Field, Sent
from tests.canaries.stage import Stage
from tests.canaries.words import REFERRED
from tests.faults.load import until
from tests.malformed.operations import Operation

JSON: Final = {"Content-Type": "application/json"}
# Each request of these has a referral of its own: it ends what it is about, or moves it.
CHANGING: Final = ("/referrals/{id}", "/handovers/{id}")
BROKEN_JOBS: Final = "SELECT count(*) FROM worker_job WHERE failures > 0 AND name LIKE 'planted%'"
STUCK: Final = """
UPDATE webhook_delivery SET status = 'failed', claimed_until = NULL, next_attempt_at = NULL
 WHERE event_id = $1
"""
UNFINISHED: Final = "SELECT count(*) FROM import WHERE finished_at IS NULL"
HELD: Final = "UPDATE referral SET held_until = '2100-01-01', held_because = 'weighty_interest' WHERE id = $1"
USED_UP: Final = "UPDATE bucket SET full_at = now() + interval '1 day'"
TERMINATED: Final = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'verwijsroute'"
)


async def go_right(stage: Stage, field: Field) -> set[str]:
    """Every operation twice, as whoever may do it. Returns the names of those that never succeeded."""
    operations = field.operations()
    refer = next(one for one in operations if one.name == "POST /referrals")
    await _subscribe(stage, field, refer)
    for turn in (1, 2):
        for operation in (one for one in operations if turn == 2 or one.method != "DELETE"):
            await _do(stage, field, operation, refer)
    return {operation.name for operation in operations} - stage.taken


async def go_wrong(stage: Stage, field: Field, one_in: int = 1) -> None:
    """A canary in one place after the other, or in one in so many, for each operation others."""
    for number, operation in enumerate(field.operations()):
        for sent in list(field.wrong(operation))[number % one_in :: one_in]:
            await stage.send(sent)


async def break_down(stage: Stage) -> None:
    """Every error of the database, in a request and in a job of the worker."""
    for kind in KINDS:
        word = stage.aviary.canary(f"planted {kind}")
        body = json.dumps({"word": word}).encode()
        await stage.send(Sent(f"planted {kind}", "POST", f"/v1/planted/{kind}", JSON, body))
    async with asyncio.timeout(30):
        while await stage.owner.fetchval(BROKEN_JOBS) < len(KINDS):  # noqa: ASYNC110  another process
            await asyncio.sleep(0.1)


async def provoke(stage: Stage, field: Field) -> None:
    """The kinds of problems that no request by itself leads to."""
    named = {operation.name: operation for operation in field.operations()}
    refer = named["POST /referrals"]
    await _too_large(stage, refer)
    await _said_twice(stage, field, refer, named["PUT /schools/{id}"])
    await _in_its_turn(stage, field, named)
    await _after_its_end(stage, field, named)
    await _import(stage, [ROW])
    await _all_imported(stage)
    await stage.send(Sent("ended", "DELETE", "/v1/imports/IMPORT"))
    await _raw(stage)
    async with stage.owner.transaction():
        await stage.owner.execute("LOCK TABLE referral, handover")
        await stage.send(next(field.right(refer)))
    reading = asyncio.gather(*(stage.send(next(field.right(refer))) for _ in range(20)))
    await stage.owner.execute(TERMINATED)
    await reading
    gone = write_cursor(Place(2**63 - 1, uuid4()))
    await stage.send(Sent("GET /events", "GET", f"/v1/events?cursor={gone}"))
    await stage.owner.execute(USED_UP)
    await stage.send(next(field.right(refer)))
    await stage.owner.execute("DELETE FROM bucket")


async def _do(stage: Stage, field: Field, operation: Operation, refer: Operation) -> None:
    for sent in field.right(operation):
        if operation.path.endswith("/skip"):
            await stage.owner.execute(STUCK, UUID(stage.ids["DELIVERY"]))
        if operation.path.startswith(CHANGING) and operation.method != "GET":
            await _refer(stage, field, refer)
        if operation.name == "DELETE /imports/{id}":
            await _import(stage, [{**ROW, "sourceReference": f"lang-{n}"} for n in range(3000)])
        asked = await _about_somebody(stage, field, sent, refer)
        for key in stage.keys:
            answer = await stage.send(asked, key)
            if answer.status_code < 400:
                break
        if operation.path.endswith("/skip"):  # what was skipped cannot be once more
            await stage.send(asked, key)
        if operation.name == "POST /imports":
            stage.ids["IMPORT"] = answer.json()["id"]
            await _all_imported(stage)


async def _import(stage: Stage, rows: list[dict[str, str]]) -> None:
    """A file of these rows is the import that paths name."""
    headers = {"Content-Type": "text/csv"}
    answer = await stage.send(Sent("POST /imports", "POST", "/v1/imports", headers, table(rows)))
    assert answer.status_code == 202, answer.text
    stage.ids["IMPORT"] = answer.json()["id"]


async def _all_imported(stage: Stage) -> None:
    """Waits until the worker has ended every import."""
    async with asyncio.timeout(120):
        while await stage.owner.fetchval(UNFINISHED):  # noqa: ASYNC110  another process
            await asyncio.sleep(0.1)


async def _about_somebody(stage: Stage, field: Field, sent: Sent, refer: Operation) -> Sent:
    """What is asked by student number is asked about a student that was referred just now."""
    body = json.loads(sent.content or b"null") if sent.headers.get("Content-Type") in JSON.values() else None
    if not isinstance(body, dict) or "studentNumber" not in body:
        return sent
    number = await _refer(stage, field, refer)
    return replace(sent, content=json.dumps({**body, "studentNumber": number}).encode())


async def _refer(stage: Stage, field: Field, refer: Operation, **other: Any) -> str:
    """A new referral is the one that paths name; returns its student's number."""
    sent = next(field.right(refer))
    body = {**json.loads(sent.content or b""), **other}
    answer = await stage.send(
        Sent(sent.operation, "POST", sent.target, sent.headers, json.dumps(body).encode())
    )
    assert answer.status_code == 201, answer.text
    told = answer.json()
    stage.ids |= {"REFERRAL": told["id"], "HANDOVER": told["handovers"][0]["id"]}
    if told["advice"]:
        stage.ids["ADVICE"] = told["advice"][0]["id"]
    return str(body["student"]["studentNumber"])


async def _subscribe(stage: Stage, field: Field, refer: Operation) -> None:
    """Subscriptions of the school and the municipality, of which the school's has deliveries."""
    body = json.dumps({"url": f"http://127.0.0.1:{stage.receiver.port}/hook"}).encode()
    for key in (stage.keys[1], stage.keys[0], stage.keys[0]):
        sent = Sent("POST /webhook-subscriptions", "POST", "/v1/webhook-subscriptions", JSON, body)
        stage.ids["SUBSCRIPTION"] = (await stage.send(sent, key)).json()["id"]
    await _refer(stage, field, refer)
    assert await until(lambda: len(stage.receiver.got) > 2, 20), "nothing arrives: void"
    path = f"/v1/webhook-subscriptions/{stage.ids['SUBSCRIPTION']}/deliveries"
    stage.ids["DELIVERY"] = (await stage.get(path, stage.keys[0]))["items"][0]["id"]


async def _too_large(stage: Stage, refer: Operation) -> None:
    word = stage.aviary.canary("too large")
    for target, headers, size in (
        (refer.target, JSON, 100_000),
        (f"{refer.target}?x={word * 500}", {}, 0),
        (refer.target, {"X-Large": word * 1500}, 0),
    ):
        await stage.send(Sent("too large", "POST", target, headers, f'"{word * size}"'.encode()))
    for method in (word.upper(), "PATCH"):
        await stage.send(Sent("method", method, refer.target))


async def _said_twice(stage: Stage, field: Field, refer: Operation, register: Operation) -> None:
    """The same source reference and the same Idempotency-Key with something else, and a school twice."""
    school = next(field.right(register))
    for id in (stage.aviary.canary("path a school"), stage.aviary.canary("path the same school")):
        target = f"/v1/schools/{id}"
        sent = Sent(school.operation, "PUT", target, school.headers, school.content)
        await stage.send(sent, stage.keys[2])
    one, other = next(field.right(refer)), json.loads(next(field.right(refer)).content or b"")
    same = {**other, "sourceReference": json.loads(one.content or b"")["sourceReference"]}
    for body in (one.content, json.dumps(other).encode()):
        await stage.send(Sent(one.operation, "POST", one.target, one.headers, body))
    unkeyed = {name: value for name, value in one.headers.items() if name != "Idempotency-Key"}
    await stage.send(Sent(one.operation, "POST", one.target, unkeyed, json.dumps(same).encode()))


async def _in_its_turn(stage: Stage, field: Field, named: dict[str, Operation]) -> None:
    """Steps that cannot be taken, and more than there may be."""
    await _refer(stage, field, named["POST /referrals"], consents=[])
    step = named["POST /handovers/{id}/transitions"]
    for action, version in (("consent", "*"), ("complete", "*"), ("withdraw", '"99"')):
        headers = field.headers(step, **{"If-Match": version})
        body = json.dumps({"action": action}).encode()
        await stage.send(Sent(step.name, "POST", step.target, headers, body))
    subscribe = named["POST /webhook-subscriptions"]
    for _ in range(20):
        await stage.send(next(field.right(subscribe)))


async def _after_its_end(stage: Stage, field: Field, named: dict[str, Operation]) -> None:
    """A change of what was erased, and a key that nobody has."""
    await _refer(stage, field, named["POST /referrals"])
    async with open_resources(stage.settings) as held, held.database.transaction() as connection:
        id = UUID(stage.ids["REFERRAL"])
        assert await erase_referral(connection, held.ledger, id, held.clock.now(), "request")
    await stage.send(next(field.right(named["POST /referrals/{id}/facts"])))
    await _before_its_end(stage, field, named)
    word = stage.aviary.canary("header Authorization of nobody").encode().hex()
    await stage.send(
        Sent("nobody", "GET", "/v1/referrals", {}, None, f"Bearer vr_{word[:16]}_{word[:64]:0<64}")
    )


async def _before_its_end(stage: Stage, field: Field, named: dict[str, Operation]) -> None:
    """Erasing while a team helps, and while somebody else's interest forbids it."""
    await _refer(stage, field, named["POST /referrals"])
    step, erase = named["POST /handovers/{id}/transitions"], named["POST /erasures"]
    accept = Sent(step.name, "POST", step.target, {**JSON, "If-Match": "*"}, b'{"action": "accept"}')
    assert (await stage.send(accept, stage.keys[1])).status_code == 200
    body = {"referralId": stage.ids["REFERRAL"], "reason": "request", "requestedOn": REFERRED}
    asked = Sent(erase.name, "POST", erase.target, field.headers(erase), json.dumps(body).encode())
    await stage.send(asked)
    await stage.owner.execute(HELD, UUID(stage.ids["REFERRAL"]))
    await stage.send(asked)


async def _raw(stage: Stage) -> None:
    """What is no HTTP, and a body that never comes."""
    word = stage.aviary.canary("raw bytes")
    await _exchange(stage, f"{word} /{word} HTTP/1.1\r\nX: {word}\r\n\r\n".encode())
    late = f'POST /v1/referrals HTTP/1.1\r\nHost: {word}\r\nContent-Length: 99\r\n\r\n{{"{word}": '
    await _exchange(stage, late.encode())


async def _exchange(stage: Stage, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.service.port)
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:-2])
    body = await reader.readexactly(int(headers["content-length"]))
    stage.look_at("raw bytes", int(head[0].split()[1]), headers, body)
    writer.close()
