"""`verwijsroute clients`: keys are given, listed, replaced and taken back."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.adapters.clock import AMSTERDAM
from app.cli.clients import ONCE
from app.config import Settings
from app.db import open_database
from app.errors import NotAuthenticated
from app.services.clients import Client, authenticate

Command = Callable[..., Any]
SCHOOL = ("clients", "create", "school", "00ZZ", "College Voorbeeld", "--role", "referrer")


@pytest.fixture
def client_of(settings: Settings) -> Callable[[str], Client | None]:
    """Whom the service sees behind a key; nobody where the key does not work."""

    async def ask(key: str) -> Client | None:
        async with open_database(settings) as database, database.transaction() as connection:
            try:
                return await authenticate(connection, key, datetime.now(UTC))
            except NotAuthenticated:
                return None

    return lambda key: asyncio.run(ask(key))


def public_id(key: str) -> str:
    return key.split("_")[1]


def test_a_new_key_stands_alone_on_standard_output_and_works(
    verwijsroute: Command, client_of: Callable[[str], Client | None]
) -> None:
    done = verwijsroute(*SCHOOL)
    client = client_of(done.out.strip())
    assert done.code == 0
    assert "shown once" in done.err
    assert client is not None
    assert (client.organisation_code, client.roles) == ("00ZZ", frozenset({"referrer"}))


def test_a_key_for_teams_is_limited_to_them(
    verwijsroute: Command, client_of: Callable[[str], Client | None]
) -> None:
    place = ("municipality", "0166", "Kampen")
    done = verwijsroute("clients", "create", *place, "--role", "team", "--team", "kampen-wijkteam")
    client = client_of(done.out.strip())
    assert client is not None
    assert client.team_ids == frozenset({"kampen-wijkteam"})


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        ("school", "zz00", "two digits and two capitals"),
        ("municipality", "Kampen", "it is 0166"),
        ("municipality", "9999", "four digits"),
        ("regional_body", "MC99", "no region"),
        ("operator", "de beheerder", "letters, digits"),
    ],
)
def test_an_organisation_is_not_made_under_a_code_that_its_kind_cannot_have(
    verwijsroute: Command, kind: str, code: str, says: str
) -> None:
    done = verwijsroute("clients", "create", kind, code, "Naam", "--role", "referrer")
    assert (done.code, done.out) == (2, "")
    assert says in done.err


@pytest.mark.parametrize(("kind", "code"), [("regional_body", "MC29"), ("operator", "operator")])
def test_an_organisation_of_any_kind_is_made_under_its_code(
    verwijsroute: Command, kind: str, code: str
) -> None:
    done = verwijsroute("clients", "create", kind, code, "Naam", "--role", "operator")
    assert (done.code, done.err.splitlines()) == (0, [ONCE])


def test_an_organisation_keeps_its_name_and_another_is_told_so(verwijsroute: Command) -> None:
    assert "name" not in verwijsroute(*SCHOOL).err
    renamed = verwijsroute(*SCHOOL[:4], "Ander College", *SCHOOL[5:])
    assert renamed.code == 0
    assert "keeps its name: College Voorbeeld" in renamed.err
    assert "Ander College" not in verwijsroute("clients", "list").out


def test_list_shows_who_has_which_key_and_nothing_of_the_secret(verwijsroute: Command) -> None:
    key = verwijsroute(*SCHOOL, "--label", "sis").out.strip()
    a_year_on = datetime.now(AMSTERDAM).date() + timedelta(days=366)
    words, plain = verwijsroute("clients", "list").out, verwijsroute("clients", "list", "--json").out
    who = f"{public_id(key)}  school 00ZZ College Voorbeeld  referrer"
    assert words == f"{who}  expires {a_year_on} 00:00  never used  sis\n"
    assert json.loads(plain)[0]["public_id"] == public_id(key)
    assert key.split("_")[2] not in words + plain


def test_the_list_is_in_order_of_kind_and_code_and_its_columns_line_up(verwijsroute: Command) -> None:
    others = (("school", "00ZY", "B"), ("municipality", "0166", "Gemeente Voorbeeld Kampen"))
    for place in (SCHOOL[2:5], *others):
        verwijsroute("clients", "create", *place, "--role", "auditor")
    lines = verwijsroute("clients", "list").out.splitlines()
    assert [line.split()[2] for line in lines] == ["0166", "00ZY", "00ZZ"]
    assert len({line.index("  auditor  ") for line in lines}) == 1


def test_after_rotating_both_keys_work_for_a_while(
    verwijsroute: Command, client_of: Callable[[str], Client | None]
) -> None:
    old = verwijsroute(*SCHOOL).out.strip()
    new = verwijsroute("clients", "rotate", public_id(old)).out.strip()
    assert new != old
    assert client_of(old) is not None
    assert client_of(new) is not None
    assert "expires" in verwijsroute("clients", "list").out.splitlines()[0]


def test_rotating_with_no_hours_ends_the_old_key(
    verwijsroute: Command, client_of: Callable[[str], Client | None]
) -> None:
    old = verwijsroute(*SCHOOL).out.strip()
    new = verwijsroute("clients", "rotate", public_id(old), "--hours", "0").out.strip()
    assert client_of(old) is None
    assert client_of(new) is not None


def test_a_revoked_key_works_no_longer(
    verwijsroute: Command, client_of: Callable[[str], Client | None]
) -> None:
    key = verwijsroute(*SCHOOL).out.strip()
    assert verwijsroute("clients", "revoke", public_id(key)).code == 0
    assert client_of(key) is None
    assert "ended" in verwijsroute("clients", "list").out


@pytest.mark.parametrize("action", ["rotate", "revoke"])
def test_a_key_that_nobody_has_is_exit_code_one(verwijsroute: Command, action: str) -> None:
    done = verwijsroute("clients", action, "kanarie9137")
    assert (done.code, done.out) == (1, "")
    assert "kanarie9137" not in done.err


def test_an_unknown_role_is_exit_code_two(verwijsroute: Command) -> None:
    assert verwijsroute(*SCHOOL[:-1], "king").code == 2
    assert verwijsroute("clients", "list").out == ""


def test_a_key_has_the_last_day_that_it_is_given(verwijsroute: Command) -> None:
    verwijsroute(*SCHOOL, "--expires", "2099-06-30")
    verwijsroute(*SCHOOL, "--expires", "never")
    first, second = verwijsroute("clients", "list").out.splitlines()
    assert "expires 2099-07-01 00:00" in first
    assert "  works  " in second


@pytest.mark.parametrize("day", ["2026-01-01", "tomorrow", "2026-13-01"])
def test_a_last_day_that_is_past_or_no_day_is_exit_code_two(verwijsroute: Command, day: str) -> None:
    done = verwijsroute(*SCHOOL, "--expires", day)
    assert (done.code, done.out) == (2, "")
    assert "YYYY-MM-DD" in done.err


def test_list_shows_the_last_day_of_use_and_a_quota(
    verwijsroute: Command, client_of: Callable[[str], Client | None]
) -> None:
    client_of(verwijsroute(*SCHOOL, "--quota", "12").out.strip())
    today = datetime.now(AMSTERDAM).date()
    assert f"last used {today}  quota 12" in verwijsroute("clients", "list").out


class TestOfAnIssuer:
    @pytest.fixture(autouse=True)
    def issuer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        issuers = "https://een.example=/none.json,https://twee.example/realm=/none.json"
        monkeypatch.setenv("VERWIJSROUTE_OAUTH_ISSUERS", issuers)
        monkeypatch.setenv("VERWIJSROUTE_OAUTH_AUDIENCE", "https://verwijsroute.example/v1")

    def test_an_oauth_client_is_registered_listed_and_ended(self, verwijsroute: Command) -> None:
        at = ("--oauth-client", "sis-00zz", "--issuer", "https://twee.example/realm")
        done = verwijsroute(*SCHOOL, *at)
        listed = verwijsroute("clients", "list").out
        assert (done.code, done.err) == (0, "")
        assert listed.startswith(done.out.strip())
        assert "  sis-00zz of https://twee.example/realm  works  never used" in listed
        assert verwijsroute("clients", "rotate", done.out.strip()).code == 1
        assert verwijsroute(*SCHOOL, *at).code == 1
        assert verwijsroute("clients", "revoke", done.out.strip()).code == 0
        assert "ended" in verwijsroute("clients", "list").out

    @pytest.mark.parametrize("issuer", [(), ("--issuer", "https://drie.example")])
    def test_an_issuer_that_the_settings_do_not_name_is_exit_code_two(
        self, verwijsroute: Command, issuer: tuple[str, ...]
    ) -> None:
        done = verwijsroute(*SCHOOL, "--oauth-client", "sis-00zz", *issuer)
        assert (done.code, done.out) == (2, "")
        assert "VERWIJSROUTE_OAUTH_ISSUERS" in done.err
