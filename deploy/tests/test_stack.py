"""Through the proxy, as the world sees it: referrals are placed, limits hold, and a replica may go."""

import asyncio
import signal
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.tests.conftest import trusting
from deploy.tests.stack import ADDRESSES, Stack, until

Json = dict[str, Any]
CANARY = "kanarie9137"


def referral(reference: str) -> Json:
    return {
        "sourceReference": reference,
        "referenceDate": "2026-05-14",
        "student": {"firstNames": "Sanne", "surname": CANARY, "birthDate": "2008-05-15"},
        "homeMunicipality": "Kampen",
        "residence": {"status": "registered"},
        "school": {"brin": "00ZZ", "coreMunicipality": "Zwolle"},
        "problemDomains": ["mental_health", "debts"],
        "supportVariant": "own_neighbourhood",
        "referrer": {"name": "M. Voorbeeld", "role": "school_social_worker"},
        "reason": "Fictional.",
    }


def test_a_referral_is_placed_and_read_again(outside: httpx.Client, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    placed = outside.post("/v1/referrals", json=referral("first"), headers=headers)
    assert placed.status_code == 201
    assert outside.get(placed.headers["location"], headers=headers).json()["id"] == placed.json()["id"]


@pytest.mark.parametrize(
    "path", ["/metrics", "//metrics", "/%6detrics", "/v1/../metrics", "/metrics?x=1", "/./metrics"]
)
def test_the_figures_are_not_for_the_outside(stack: Stack, path: str) -> None:
    head = _raw(stack, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert b" 404 " in head.split(b"\r\n")[0]
    assert b"http_requests_total" not in head


def test_the_figures_are_there_on_the_inside(stack: Stack) -> None:
    assert "http_requests_total" in httpx.get("http://127.0.77.3:8000/metrics").text
    assert stack.running


def test_a_body_above_the_limit_is_refused_by_the_service_and_far_above_it_by_the_proxy(
    outside: httpx.Client,
) -> None:
    above = outside.post("/v1/decisions", content=b" " * 1_200_000)
    far_above = outside.post("/v1/decisions", content=b" " * 2_200_000)
    for answer in (above, far_above):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
    assert "api-version" in above.headers
    assert "api-version" not in far_above.headers


def test_a_head_above_the_limit_is_refused(outside: httpx.Client) -> None:
    assert outside.get("/v1/rules", headers={"X-Long": "x" * 9_000}).status_code == 400
    assert outside.get("/v1/rules", headers={f"X-{n}": "x" * 7_000 for n in range(6)}).status_code == 400


def test_a_body_that_stops_arriving_never_reaches_the_service(stack: Stack) -> None:
    before = _counted("/v1/decisions")
    head = "POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    began = time.monotonic()
    answer = _raw(stack, head.encode())
    assert 8 < time.monotonic() - began < 14
    assert answer == b"" or b" 408 " in answer.split(b"\r\n")[0]
    assert _counted("/v1/decisions") == before


PROXY_LOOKS_AGAIN = 3.0  # seconds; `fail_timeout` of deploy/nginx.conf and some


@pytest.mark.parametrize(
    ("number", "rounds", "cut_reads"),
    [(signal.SIGKILL, 1, 8), (signal.SIGTERM, 3, 0)],
    ids=["killed", "renewed"],
)
def test_replicas_that_go_one_after_the_other_lose_nothing(
    stack: Stack, key: str, number: signal.Signals, rounds: int, cut_reads: int
) -> None:
    load = Load(stack, key, name=number.name)
    with load:
        for name in ("api-1", "api-2") * rounds:
            load.go_on(PROXY_LOOKS_AGAIN)  # as whoever renews them must: else neither is in use for a moment
            stack.stop(name, number)
            load.go_on(1.0)
            stack.start(name)
            until(partial(_listens, name), 60)
    print(f"\n{number.name}: {len(load.acknowledged)} acknowledged, {load.reads} reads; {load.trouble}")
    assert load.reads_failed <= cut_reads  # whoever is killed may leave half an answer behind
    assert load.repeated <= 4 * 2 * rounds  # what each client had under way
    assert _stored(stack) >= len(load.acknowledged)
    assert _known_again(stack, key, load) == load.sample()


def _known_again(stack: Stack, key: str, load: "Load") -> dict[str, str]:
    """The referrals that the service gives for a sample of what it had acknowledged."""
    found = {}
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url="https://localhost:8443", verify=trusting(stack.folder), timeout=30) as client:
        for reference in load.sample():
            again = client.post("/v1/referrals", json=referral(reference), headers=headers)
            assert again.status_code == 200
            found[reference] = again.json()["id"]
    return found


def test_nothing_that_was_sent_is_in_any_log(stack: Stack, outside: httpx.Client) -> None:
    outside.get(f"/{CANARY}?{CANARY}=1", headers={"X-Request-Id": CANARY, "User-Agent": CANARY})
    outside.post("/v1/referrals", json=referral("unknown key"), headers={"Authorization": f"Bearer {CANARY}"})
    for name in ("api-1", "api-2", "worker", "proxy", "postgres"):
        assert CANARY not in stack.log(name)


@dataclass
class Load:
    """Four clients that place referrals and read until told to stop; each keeps its answers."""

    stack: Stack
    key: str
    name: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    reads: int = 0
    reads_failed: int = 0
    repeated: int = 0
    trouble: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> None:
        for worker in range(4):
            self._threads.append(threading.Thread(target=self._place, args=(worker,)))
            self._threads[-1].start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def go_on(self, seconds: float) -> None:
        """Waits; and makes sure that referrals are placed meanwhile."""
        before = len(self.acknowledged)
        time.sleep(seconds)
        until(lambda: len(self.acknowledged) > before, 30)

    def sample(self) -> dict[str, str]:
        """Every twentieth referral that was acknowledged, by its source reference."""
        return dict(list(self.acknowledged.items())[::20])

    def _place(self, worker: int) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        context = trusting(self.stack.folder)
        with httpx.Client(
            base_url="https://localhost:8443", verify=context, headers=headers, timeout=30
        ) as client:
            for number in count():
                if self._stop.is_set():
                    return
                reference = f"{self.name}-{worker}-{number}"
                answer = self._until_answered(client, referral(reference))
                self.acknowledged[reference] = answer.json()["id"]
                self._read(client)

    def _until_answered(self, client: httpx.Client, body: Json) -> httpx.Response:
        """Sends the same again until it is answered with success, as a client should."""
        while True:
            try:
                answer = client.post("/v1/referrals", json=body)
            except httpx.TransportError as error:
                self.trouble.append(type(error).__name__)
            else:
                if answer.is_success:
                    return answer
                self.trouble.append(str(answer.status_code))
            self.repeated += 1
            time.sleep(0.1)

    def _read(self, client: httpx.Client) -> None:
        self.reads += 1
        try:
            status = client.get("/v1/municipalities/0166").status_code
        except httpx.TransportError:
            status = 0
        if status != 200:
            self.reads_failed += 1
            self.trouble.append(f"read {status}")


def _raw(stack: Stack, request: bytes) -> bytes:
    """What is answered to these bytes, until the line is closed."""
    plain = socket.create_connection(("localhost", 8443), timeout=20)
    with trusting(stack.folder).wrap_socket(plain, server_hostname="localhost") as line:
        line.sendall(request)
        answer = b""
        try:
            while part := line.recv(65536):
                answer += part
        except (ssl.SSLError, ConnectionError):
            pass
    return answer


def _counted(route: str) -> int:
    """How often both replicas answered on a route."""
    texts = [httpx.get(f"http://127.0.77.{n}:8000/metrics").text for n in (3, 4)]
    return sum(int(line.split()[-1][:-2]) for text in texts for line in text.splitlines() if _of(route, line))


def _stored(stack: Stack) -> int:
    """How many referrals the database holds: as its superuser, whom row-level security does not bind."""
    password = (stack.secrets / "POSTGRES_PASSWORD").read_text().strip()

    async def counted() -> int:
        who = {"user": "postgres", "password": password, "database": "verwijsroute"}
        connection = await asyncpg.connect(host=ADDRESSES["postgres"], **who)
        try:
            return int(await connection.fetchval("SELECT count(*) FROM referral"))
        finally:
            await connection.close()

    return asyncio.run(counted())


def _of(route: str, line: str) -> bool:
    return line.startswith("http_requests_total") and f'"{route}"' in line


def _listens(name: str) -> bool:
    try:
        return httpx.get(
            f"http://127.0.77.{name[-1].replace('2', '4').replace('1', '3')}:8000/healthz/live"
        ).is_success
    except httpx.TransportError:
        return False
