"""GET /v1/statistics: which quarters an organisation gets, and what it may not ask for."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.adapters.clock import SystemClock
from app.schemas.statistics import Statistics
from app.services.quarters import last_settled

MakeKey = Callable[..., Awaitable[str]]


async def ask(http: AsyncClient, make_key: MakeKey, **days: Any) -> Response:
    key = await make_key("municipality", "0166", "auditor")
    return await http.get("/v1/statistics", params=days, headers={"Authorization": f"Bearer {key}"})


async def test_without_days_it_is_the_last_year_that_is_settled(http: AsyncClient, make_key: MakeKey) -> None:
    answer = await ask(http, make_key)
    found = Statistics.model_validate_json(answer.content)
    assert found.settled_until == last_settled(SystemClock().today()).last
    assert len(found.quarters) == 4
    assert found.quarters[-1].to == found.settled_until


async def test_a_day_stands_for_its_whole_quarter(http: AsyncClient, make_key: MakeKey) -> None:
    answer = await ask(http, make_key, **{"from": "2025-02-11", "to": "2025-04-01"})
    days = [(quarter["from"], quarter["to"]) for quarter in answer.json()["quarters"]]
    assert days == [("2025-01-01", "2025-03-31"), ("2025-04-01", "2025-06-30")]


async def test_a_quarter_that_is_not_settled_is_not_shown(http: AsyncClient, make_key: MakeKey) -> None:
    today = SystemClock().today().isoformat()
    assert (await ask(http, make_key, **{"from": today, "to": today})).json()["quarters"] == []


@pytest.mark.parametrize(
    ("days", "code", "location"),
    [
        ({"from": "2025-04-01", "to": "2025-03-31"}, "date.before_start", "to"),
        ({"from": "2015-01-01", "to": "2020-01-01"}, "date.out_of_range", "from"),
        ({"from": "1900-01-01"}, "date.out_of_range", "from"),
        ({"to": "20250101"}, "date.format", "to"),
        ({"from_": "2025-01-01"}, "unknown_field", "from_"),
    ],
)
async def test_days_that_cannot_be_are_refused(
    http: AsyncClient, make_key: MakeKey, days: dict[str, str], code: str, location: str
) -> None:
    answer = await ask(http, make_key, **days)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["code"], fault["location"]) == (400, code, location)


async def test_five_years_are_twenty_quarters(http: AsyncClient, make_key: MakeKey) -> None:
    answer = await ask(http, make_key, **{"from": "2015-01-01", "to": "2019-12-31"})
    assert len(answer.json()["quarters"]) == 20
