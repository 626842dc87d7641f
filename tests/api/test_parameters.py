"""A parameter of a query is one that the operation has, and stands there once."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import pytest
from httpx import AsyncClient

from app.api.openapi import document
from tests.malformed.operations import Operation, operations_of

MakeKey = Callable[..., Awaitable[str]]
ROLES: Final = ("referrer", "team", "desk", "auditor", "directory_admin", "operator")


def said_in_queries() -> Iterator[tuple[str, str, str]]:
    operations = ((path, *one) for path, item in document()["paths"].items() for one in item.items())
    for path, method, operation in operations:
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                yield method, f"/v1{path}", parameter["name"]


@pytest.fixture
async def everybody(http: AsyncClient, make_key: MakeKey) -> AsyncClient:
    """A client that may call everything."""
    http.headers["Authorization"] = f"Bearer {await make_key('school', '00ZZ', *ROLES)}"
    return http


@pytest.mark.parametrize(("method", "path", "name"), [*said_in_queries()])
async def test_a_parameter_said_twice_is_refused(
    everybody: AsyncClient, method: str, path: str, name: str
) -> None:
    answer = await everybody.request(method, f"{path}?{name}=1&{name}=2")
    assert answer.status_code == 400
    faults = [(fault["in"], fault["location"], fault["code"]) for fault in answer.json()["errors"]]
    assert faults == [("query", name, "duplicate")]


@pytest.mark.parametrize("operation", operations_of(document(), {}), ids=lambda operation: operation.name)
async def test_a_parameter_that_an_operation_has_not_is_refused(
    everybody: AsyncClient, operation: Operation
) -> None:
    target = f"{operation.target}?dryrun=true"
    answer = await everybody.request(operation.method, target, json=operation.example)
    assert answer.status_code == 400
    faults = [(fault["in"], fault["location"], fault["code"]) for fault in answer.json()["errors"]]
    assert ("query", "dryrun", "unknown_field") in faults


async def test_an_unknown_parameter_said_twice_is_not_repeated(everybody: AsyncClient) -> None:
    answer = await everybody.get("/v1/teams?kanarie%209137=1&kanarie%209137=2")
    assert answer.status_code == 400
    assert "kanarie" not in answer.text


async def test_who_calls_is_asked_first(http: AsyncClient) -> None:
    assert (await http.get("/v1/referrals?limit=1&limit=2")).status_code == 401
