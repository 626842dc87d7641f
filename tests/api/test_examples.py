"""The examples of the documentation are what the service takes and answers, on a day that stands still.

With WRITE_EXAMPLES=1 the answers are written down anew; read the difference before it is committed.
"""

import json
import os
import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any, Final

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.api.examples import FOLDER
from app.api.pages import write_cursor
from app.config import Settings
from app.main import create_app
from app.resources import Resources
from app.routing import Rulebook
from app.services.feed import Place
from app.services.numbering import number_events
from tests.api.uploads import send_form, work

Json = dict[str, Any]

# Fourteen handovers of last quarter like the one that is there, of which three are about justice.
LAST_QUARTER = """
INSERT INTO handover SELECT (jsonb_populate_record(h, jsonb_build_object(
       'id', gen_random_uuid(), 'created_at', at, 'offered_at', at,
       'acknowledged_at', at + n * interval '8 hours', 'problem_domains', jsonb_build_array(
           CASE WHEN n <= 3 THEN 'justice' WHEN n <= 8 THEN 'debts' ELSE 'learning' END),
       'first_contact_on', at::date + n / 2, 'status', CASE WHEN n <= 5 THEN 'completed' ELSE 'accepted' END,
       'ended_at', CASE WHEN n <= 5 THEN at + interval '30 days' END, 'outcome', 'goals_reached'))).*
  FROM handover h, (SELECT timestamptz '2026-02-02 10:00+01' AS at) AS day, generate_series(1, 14) AS n
"""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
HASH = re.compile(r"sha256:[0-9a-f]{64}")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
SUMMARIES = {
    "Decision": "Vandaag de Jeugdwet, morgen de zorgverzekering (verzonnen)",
    "DecisionBatch": "Een besluit, en een aanvraag die niet klopt (verzonnen)",
    "Referral": "De verwijzing met besluit, overdracht en advies (verzonnen)",
    "ReferralList": "Een bladzijde met één verwijzing (verzonnen)",
    "Receipt": "Waarmee is beslist (verzonnen)",
    "PersonExport": "Alles over een student (verzonnen)",
    "HandoverList": "Een bladzijde met één overdracht (verzonnen)",
    "Feed": "De laatste twee gebeurtenissen (verzonnen)",
    "EventList": "Een overdracht die net is aangeboden (verzonnen)",
    "Handover": "Wat het wijkteam ziet (verzonnen)",
    "WebhookSubscription": "Een nieuw abonnement met zijn geheim (verzonnen)",
    "WebhookSubscriptionList": "Een bladzijde met één abonnement (verzonnen)",
    "WebhookDelivery": "Een proefbericht dat klaar staat (verzonnen)",
    "WebhookDeliveryList": "Een bladzijde met één bezorging (verzonnen)",
    "Import": "Een proef die klaar is (verzonnen)",
    "ImportList": "Een bladzijde met één import (verzonnen)",
    "ImportRowList": "Een rij die kan, en een die niet kan (verzonnen)",
    "MunicipalityItem": "Zwolle",
    "MunicipalityList": "De eerste gemeente",
    "PostcodeItem": "Een postcode in twee gemeenten",
    "RegisteredTeam": "Een wijkteam (verzonnen)",
    "TeamList": "Een bladzijde met één team (verzonnen)",
    "RegisteredSchool": "Een school (verzonnen)",
    "SchoolList": "Een bladzijde met één school (verzonnen)",
    "RegisteredAgreement": "Een afspraak die afloopt (verzonnen)",
    "AgreementList": "Een bladzijde met één afspraak (verzonnen)",
    "Erasure": "Wat zou worden gewist (verzonnen)",
    "AccessReport": "Wie deze student zag (verzonnen)",
    "Statistics": "Een kwartaal van een gemeente (verzonnen)",
    "RuleItem": "Psychische hulp tot 18",
    "RuleList": "De eerste regel",
}


class _StandingClock:
    """The day of the examples: the student turns 18 tomorrow."""

    def now(self) -> datetime:
        return datetime(2026, 5, 14, 9, 30, tzinfo=UTC)

    def today(self) -> date:
        return date(2026, 5, 14)


@pytest.fixture
async def app(settings: Settings, rulebook: Rulebook) -> AsyncIterator[FastAPI]:
    built = create_app(settings, rulebook, _StandingClock())
    async with built.router.lifespan_context(built):
        yield built


def sent(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))["value"]


PATHS: Final = {
    "ReferralList": "/v1/referrals",
    "MunicipalityItem": "/v1/municipalities/0193",
    "MunicipalityList": "/v1/municipalities",
    "PostcodeItem": "/v1/postcodes/1027",
    "RegisteredTeam": "/v1/teams/kampen-wijkteam",
    "TeamList": "/v1/teams?limit=1",
    "RegisteredSchool": "/v1/schools/mbo-voorbeeld-zwolle",
    "SchoolList": "/v1/schools?limit=1",
    "RegisteredAgreement": "/v1/agreements/losser-enschede",
    "AgreementList": "/v1/agreements?limit=1",
    "RuleItem": "/v1/rules/jw.mental-health.minor",
    "RuleList": "/v1/rules",
}


async def answered(school: AsyncClient, team: dict[str, str], resources: Resources) -> dict[str, Any]:
    """The answer for each shape: a school refers and reads, a team reads, anyone reads open data."""
    known = {"X-Request-Id": "6f1d7c52-8f5e-4f0a-9d3b-2b7a1c0e4d68"}
    referral = await school.post("/v1/referrals", json=sent("ReferralRequest"), headers=known)
    assert referral.status_code == 201, referral.text
    async with resources.database.transaction() as connection:
        await number_events(connection)
    place = referral.headers["location"]
    listed = (await school.get("/v1/handovers", headers=team)).json()
    paths = {"Receipt": f"{place}/receipt", **PATHS}
    answers = {name: (await school.get(path)).json() for name, path in paths.items()}
    answers["Decision"] = (await school.post("/v1/decisions", json=sent("DecisionRequest"))).json()
    batch = await school.post("/v1/decisions/_batch", json=sent("DecisionBatchRequest"))
    answers["DecisionBatch"] = batch.json()
    received = f"/v1/handovers/{listed['items'][0]['id']}"
    for name, path in (
        ("Handover", received),
        ("EventList", f"{received}/events"),
        ("Feed", "/v1/events?limit=100"),
    ):
        answers[name] = (await school.get(path, headers=team)).json()
    answers |= await of_webhooks(school)
    answers |= await of_trust(school)
    answers |= await of_imports(school, resources)
    return {**answers, "Referral": referral.json(), "HandoverList": listed}


async def of_trust(school: AsyncClient) -> dict[str, Any]:
    erasing = {**sent("ErasureRequest"), "dryRun": True}
    erasure = (await school.post("/v1/erasures", json=erasing)).json()
    looks = (await school.post("/v1/access-reports", json=sent("AccessReportRequest"))).json()
    everything = (await school.post("/v1/person-exports", json=sent("PersonExportRequest"))).json()
    # All was looked at in one moment: which look comes first is chance.
    everything["referrals"][0]["accessLog"].sort(
        key=lambda look: (look["activity"], look["organisation"]["code"])
    )
    return {"Erasure": erasure, "AccessReport": looks, "PersonExport": everything}


async def of_imports(school: AsyncClient, resources: Resources) -> dict[str, Any]:
    """A file of two rows, tried out, of which one is wrong."""
    lines = sent("ImportForm")["file"].splitlines()
    wrong = lines[1].replace("sis-2026-004712", "sis-2026-004713").replace("2008-05-15", "15-05-08")
    made = await send_form(school, "\n".join([*lines, wrong]).encode(), dryRun="true")
    await work(resources)
    place = made.headers["location"]
    return {
        "Import": (await school.get(place)).json(),
        "ImportList": (await school.get("/v1/imports")).json(),
        "ImportRowList": (await school.get(f"{place}/rows")).json(),
    }


async def of_webhooks(school: AsyncClient) -> dict[str, Any]:
    made = await school.post("/v1/webhook-subscriptions", json=sent("WebhookSubscriptionRequest"))
    place = made.headers["location"]
    return {
        "WebhookSubscription": made.json(),
        "WebhookSubscriptionList": (await school.get("/v1/webhook-subscriptions")).json(),
        "WebhookDelivery": (await school.post(f"{place}/test-deliveries")).json(),
        "WebhookDeliveryList": (await school.get(f"{place}/deliveries")).json(),
    }


def settled(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers with ids numbered as they appear, open data cut to one, the rulebook's hash left out.

    So are contacts: the official linter takes `deputy` for an operation, because of the `put` in it.
    """
    for name in ("MunicipalityList", "RuleList"):
        answers[name]["items"] = answers[name]["items"][:1]
    answers["Feed"]["items"] = answers["Feed"]["items"][-2:]
    looks = answers["AccessReport"]["items"]
    answers["AccessReport"]["items"] = [look for look in looks if look["activity"] == "read_handover"]
    text = HASH.sub(f"sha256:{'0' * 64}", json.dumps(answers))
    text = SECRET.sub("whsec_dmVyem9ubmVuLWdlaGVpbS12YW4tMzItYnl0ZXMtISE=", text)
    for number, id in enumerate(dict.fromkeys(UUID.findall(text)), start=1):
        text = text.replace(id, f"019e2602-5a40-7000-8000-{number:012}")
    found = dict(json.loads(text, object_hook=_without_contact))
    last = found["Feed"]["items"][-1]
    found["Feed"]["cursor"] = write_cursor(Place(last["number"], uuid.UUID(last["id"])))
    return found


def _without_contact(node: Json) -> Json:
    return {name: None if name == "contact" else value for name, value in node.items()}


@pytest.mark.usefixtures("directory")
async def test_the_examples_of_answers_are_what_is_answered(
    school: AsyncClient, make_key: Any, resources: Resources, owner: asyncpg.Connection
) -> None:
    team = {"Authorization": f"Bearer {await make_key('municipality', '0166', 'team', 'desk')}"}
    answers = await answered(school, team, resources)
    await owner.execute("UPDATE referral SET support_variant = 'own_neighbourhood'")
    await owner.execute(LAST_QUARTER)
    answers["Statistics"] = (await school.get("/v1/statistics?from=2026-01-01", headers=team)).json()
    answers = settled(answers)
    assert answers.keys() == SUMMARIES.keys()
    for name, value in answers.items():
        example = {"summary": SUMMARIES[name], "value": value}
        file = FOLDER / f"{name}.json"
        if os.environ.get("WRITE_EXAMPLES"):
            file.write_text(json.dumps(example, indent=2, ensure_ascii=False) + "\n", "utf-8")
        assert json.loads(file.read_text("utf-8")) == example, f"WRITE_EXAMPLES=1 writes {file.name} anew"


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(("kind", "name"), [("facts", "FactsRequest"), ("consents", "ConsentsRequest")])
async def test_what_the_examples_add_to_a_referral_is_taken(
    school: AsyncClient, kind: str, name: str
) -> None:
    place = (await school.post("/v1/referrals", json=sent("ReferralRequest"))).headers["location"]
    answer = await school.post(f"{place}/{kind}", json=sent(name))
    assert (answer.status_code, answer.json()["decisionVersion"]) == (200, 2), answer.text
