"""A chunk of an import: every row has its verdict, and all of it is stored or nothing."""

from dataclasses import replace
from typing import Final

import asyncpg
import pytest

from app.errors import ImportTaken
from app.routing.facts import Consent, ProblemDomain
from app.services.importing.rows import Rejected, RowFault
from tests.importing.conftest import Importer
from tests.services.conftest import SUBMISSION, TODAY

FAULT = RowFault("Geboortedatum", "date.form", "The date is in no known form.")
REFUSED = (Consent(given_by="student", given_on=TODAY, purpose="referral", refused=True),)
# All of it; and with a question and advice beside it, which stay.
WHOLE: Final[tuple[ProblemDomain, ...]] = ("debts",)
IN_PART: Final[tuple[ProblemDomain, ...]] = ("debts", "disability_phys", "learning")


async def test_rows_are_stored(importer: Importer, owner: asyncpg.Connection) -> None:
    import_ = await importer.begin()
    [one, other] = await importer.store(import_, importer.draft(2, "a"), importer.draft(3, "b"))
    assert (one.number, one.reference, one.outcome, other.outcome) == (2, "a", "stored", "stored")
    stored = await owner.fetch("SELECT id FROM referral")
    assert {row["id"] for row in stored} == {one.referral_id, other.referral_id}


async def test_a_row_of_two_equal_teams_waits_for_somebody_to_choose(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    importer.know_equal_teams("0166")
    [row] = await importer.store(await importer.begin(), importer.draft(2, "a"))
    assert (row.outcome, await owner.fetchval("SELECT status FROM handover")) == (
        "needs_triage", "needs_triage",
    )  # fmt: skip


async def test_a_double_points_to_the_first_in_the_same_chunk_and_in_a_later_one(importer: Importer) -> None:
    import_ = await importer.begin()
    first, double = await importer.store(import_, importer.draft(2, "a"), importer.draft(4, "a"))
    [later] = await importer.store(replace(import_, last_row=4), importer.draft(7, "a"))
    assert (double.outcome, double.first_row, double.referral_id) == ("already_stored", 2, first.referral_id)
    assert (later.outcome, later.first_row, later.referral_id) == ("already_stored", 2, first.referral_id)


async def test_a_double_with_another_content_is_a_conflict(importer: Importer) -> None:
    import_ = await importer.begin()
    _, double = await importer.store(import_, importer.draft(2, "a"), importer.draft(3, "a", b"other"))
    assert (double.outcome, double.first_row) == ("conflict", 2)


async def test_what_the_service_has_already_is_found(importer: Importer) -> None:
    submitted = await importer.world.submit(source_reference="a", content=b"a")
    await importer.world.submit(source_reference="b", content=b"b")
    import_ = await importer.begin()
    same, other, new = await importer.store(
        import_, importer.draft(2, "a"), importer.draft(3, "b", b"changed"), importer.draft(4, "c")
    )
    assert (same.outcome, str(same.referral_id)) == ("already_stored", submitted.referral["id"])
    assert (other.outcome, other.first_row, new.outcome) == ("conflict", None, "stored")


async def test_a_row_that_cannot_be_stored_is_kept_with_its_faults(importer: Importer) -> None:
    import_ = await importer.begin()
    [result] = await importer.store(import_, Rejected(2, "a", (FAULT,)))
    assert (result.outcome, result.faults, result.referral_id) == ("invalid", (FAULT,), None)


async def test_a_valid_row_after_an_invalid_one_of_its_reference_is_the_first(importer: Importer) -> None:
    import_ = await importer.begin()
    _, result = await importer.store(import_, Rejected(2, "a", (FAULT,)), importer.draft(3, "a"))
    assert (result.outcome, result.first_row) == ("stored", None)


async def test_a_valid_row_in_a_later_chunk_than_an_invalid_one_is_the_first(importer: Importer) -> None:
    import_ = await importer.begin()
    await importer.store(import_, Rejected(2, "a", (FAULT,)))
    [result] = await importer.store(replace(import_, last_row=2), importer.draft(3, "a"))
    assert (result.outcome, result.first_row) == ("stored", None)


@pytest.mark.parametrize("dry_run", [False, True])
async def test_what_is_refused_counts_under_no_act_municipality_or_team(
    importer: Importer, dry_run: bool
) -> None:
    import_ = await importer.begin(dry_run=dry_run)
    for number, domains in enumerate((WHOLE, IN_PART), start=2):
        facts = replace(SUBMISSION.facts, consents=REFUSED, problem_domains=domains)
        await importer.store(await importer.find(import_), importer.draft(number, f"{number}", facts=facts))
    after = await importer.find(import_)
    assert after.outcomes == {"needs_consent": 1, "needs_information": 1}
    assert after.summary == {"acts": {"vocational_education_act": 1}, "municipalities": {}, "teams": {}}


async def test_counts_and_summary_grow_with_each_chunk(importer: Importer) -> None:
    import_ = await importer.begin()
    await importer.store(import_, importer.draft(2, "a"), Rejected(3, None, (FAULT,)))
    await importer.store(replace(import_, last_row=3), importer.draft(5, "b"), importer.draft(6, "b"))
    after = await importer.find(import_)
    assert (after.rows_done, after.last_row) == (4, 6)
    assert after.outcomes == {"stored": 2, "invalid": 1, "already_stored": 1}
    assert after.summary["municipalities"] == {"0166": 2}
    assert set(after.summary["acts"].values()) == set(after.summary["teams"].values()) == {2}


async def test_a_dry_run_stores_nothing_and_says_the_same(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    await importer.world.submit(source_reference="b", content=b"b")
    before = await owner.fetchval("SELECT count(*) FROM event")
    import_ = await importer.begin(dry_run=True)
    rows = [importer.draft(2, "a"), importer.draft(3, "a"), importer.draft(4, "b", b"changed")]
    told = await importer.store(import_, *rows)
    assert [result.outcome for result in told] == ["stored", "already_stored", "conflict"]
    assert told[0].referral_id is None
    assert await owner.fetchval("SELECT count(*) FROM referral") == 1
    assert await owner.fetchval("SELECT count(*) FROM event") == before
    assert (await importer.find(import_)).rows_done == 3


async def test_a_chunk_is_all_or_nothing(importer: Importer, owner: asyncpg.Connection) -> None:
    import_ = await importer.begin()
    bad = importer.draft(3, "b")
    bad.handovers[0]["status"] = "no such status"
    with pytest.raises(asyncpg.CheckViolationError):
        await importer.store(import_, importer.draft(2, "a"), bad)
    counts = [
        await owner.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608
        for table in ("referral", "decision", "handover", "access_log", "import_row")
    ]
    assert counts == [0, 0, 0, 0, 0]
    assert (await importer.find(import_)).rows_done == 0


async def test_a_chunk_that_somebody_else_stored_is_not_stored_again(importer: Importer) -> None:
    import_ = await importer.begin()
    await importer.store(import_, importer.draft(2, "a"))
    with pytest.raises(ImportTaken):
        await importer.store(import_, importer.draft(2, "a"))


async def test_each_referral_is_in_the_access_log_with_who_asked(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    import_ = await importer.begin(acting_user="m.medewerker", trace_id="0af7651916cd43dd8448eb211c80319c")
    [result] = await importer.store(import_, importer.draft(2, "a"))
    [row] = await owner.fetch("SELECT * FROM access_log")
    assert (row["referral_id"], row["activity"], row["purpose"]) == (
        result.referral_id, "import_referrals", "referral",
    )  # fmt: skip
    assert (row["credential_id"], row["acting_user"]) == (importer.client.credential_id, "m.medewerker")
    assert (row["trace_id"], row["request_id"]) == ("0af7651916cd43dd8448eb211c80319c", str(import_.id))
