"""What every answer keeps to: headers, methods, media types, request ids."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from app.api.edge import Edge
from app.api.figures import RequestFigures
from app.api.gate import Gate

SECURITY = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "api-version": "1.0.0",
}
PATHS = [
    "/",
    "/docs",
    "/static/docs.js",
    "/v1/openapi.json",
    "/v1/municipalities",
    "/v1/referrals",
    "/nowhere",
]


@pytest.mark.parametrize("path", [*PATHS, "/healthz/live", "/healthz/ready"])
async def test_every_answer_carries_the_security_headers_and_the_version(
    http: AsyncClient, path: str
) -> None:
    answer = await http.get(path)
    assert SECURITY.items() <= dict(answer.headers).items()
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
async def test_head_is_get_without_a_body(http: AsyncClient, path: str) -> None:
    head, get = await http.head(path), await http.get(path)
    assert head.content == b""
    assert head.status_code == get.status_code
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize(
    "path", ["/docs/", "/v1/municipalities/", "/v1/referrals/", "/healthz/live/", "/v1/"]
)
async def test_a_trailing_slash_is_not_found(http: AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v1/referrals", "GET, HEAD, OPTIONS, POST"),
        ("PUT", "/v1/referrals", "GET, HEAD, OPTIONS, POST"),
        ("GET", "/v1/decisions", "OPTIONS, POST"),
        ("HEAD", "/v1/decisions", "OPTIONS, POST"),
        ("POST", "/v1/municipalities/0193", "GET, HEAD, OPTIONS"),
        ("BREW", "/v1/rules", "GET, HEAD, OPTIONS"),
    ],
)
async def test_an_unknown_method_is_405_with_all_that_exist(
    http: AsyncClient, method: str, path: str, allow: str
) -> None:
    answer = await http.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(
    "accept",
    [
        *("text/html", "application/xml", "image/*", "application/problem+json"),
        *("application/json;q=0", "application/json; q=0.000", "application/json;Q=0, */*"),
        *("*/*;q=0", "application/*;q=0.0, */*;q=1"),
    ],
)
async def test_an_answer_in_another_format_is_406(http: AsyncClient, accept: str) -> None:
    answer = await http.get("/v1/municipalities", headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "accept",
    [
        *("", "*/*", "application/json", "application/*;q=0.5", "text/html, */*;q=0.1", ",,*/*"),
        *("application/json;charset=utf-8", "APPLICATION/JSON;q=0.001", "*/*;q=0, application/json"),
    ],
)
async def test_json_is_answered_to_whoever_takes_it(http: AsyncClient, accept: str) -> None:
    assert (await http.get("/v1/municipalities", headers={"Accept": accept})).status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz/live", "/v1/rules", "/v1/referrals/x", "/v1/openapi.json"])
async def test_options_names_the_methods(http: AsyncClient, path: str) -> None:
    answer = await http.options(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert (await http.options("/nowhere")).status_code == 404


async def test_an_address_that_is_too_long_is_414(http: AsyncClient) -> None:
    for path in (f"/v1/rules/{'x' * 8200}", f"/v1/rules?{'x' * 8200}"):
        assert (await http.get(path)).status_code == 414


@pytest.mark.parametrize("headers", [[("X", "x" * 16_384)], [("X", "x")] * 101, [("X" * 16_384, "x")]])
async def test_too_many_or_too_large_headers_are_431(
    http: AsyncClient, headers: list[tuple[str, str]]
) -> None:
    answer = await http.get("/v1/rules", headers=headers)
    assert answer.status_code == 431
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_trace_id_is_taken_over(http: AsyncClient) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await http.get("/healthz/live", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    assert answer.headers["x-request-id"] == trace


@pytest.mark.parametrize("header", [{"X-Request-Id": "Jan de Vries"}, {"traceparent": "00-0-0-00"}, {}])
async def test_free_text_is_no_request_id(http: AsyncClient, header: dict[str, str]) -> None:
    answer = await http.get("/healthz/live", headers=header)
    assert len(bytes.fromhex(answer.headers["x-request-id"])) == 16


async def test_only_the_pages_own_files_are_served(http: AsyncClient) -> None:
    assert (await http.get("/static/start.html")).status_code == 404
    assert (await http.get("/static/..%2fpages.py")).status_code == 404


async def test_no_other_website_may_read_but_the_document_and_open_data(http: AsyncClient) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    for path in ("/healthz/live", "/v1/referrals", "/nowhere"):
        assert "access-control-allow-origin" not in (await http.get(path, headers=foreign)).headers
    for path in ("/v1/openapi.json", "/v1/openapi.yaml", "/v1/municipalities", "/v1/rules"):
        assert (await http.get(path, headers=foreign)).headers["access-control-allow-origin"] == "*"


async def _answer_of(application: Any, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The start of an answer to a request whose body comes in these messages, and then no more."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not messages:
            await asyncio.sleep(60)
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"transfer-encoding", b"chunked"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/decisions",
        "headers": headers,
        "query_string": b"",
    }
    await application(scope, receive, send)
    return sent[0]


async def _never(*_: Any) -> None:
    raise AssertionError("the application must not be reached")


def gate(timeout: float) -> Gate:
    return Gate(_never, header_limit_bytes=4096, body_limit_bytes=10, body_timeout_seconds=timeout)


async def test_a_chunked_body_is_counted() -> None:
    application = gate(timeout=5)
    chunks: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"123456", "more_body": more} for more in (True, False)
    ]
    assert (await _answer_of(application, chunks))["status"] == 413


async def test_a_body_that_does_not_arrive_is_408() -> None:
    application = gate(timeout=0.05)
    unfinished = {"type": "http.request", "body": b"1", "more_body": True}
    assert (await _answer_of(application, [unfinished]))["status"] == 408


@pytest.mark.usefixtures("app")
async def test_an_unexpected_error_is_a_500_without_details(capsys: pytest.CaptureFixture[str]) -> None:
    async def broken(*_: Any) -> None:
        raise ValueError("kanarie9137")

    start = await _answer_of(Edge(broken, "1.0.0", RequestFigures()), [])
    assert start["status"] == 500
    assert dict(start["headers"])[b"content-type"] == b"application/problem+json"
    logged = capsys.readouterr().out
    assert '"place": "test_http.py:' in logged
    assert "ValueError" in logged
    assert "kanarie9137" not in logged
