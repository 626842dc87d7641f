"""The pieces of `make bench` start, and what they would measure wrongly is refused."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from app.routing import load_rulebook
from app.routing.table import Table
from app.services.chain_check import Break, Checked
from bench import audit, decide, lists, page, referrals, report, start
from bench.__main__ import MEASURE
from bench.load import Round, answer_length
from bench.plans import Reading
from bench.stage import Stage, open_stage
from bench.zen_table import ZenTable

ROUND = Round(seconds=1.0, latencies=[0.01] * 200)
LISTED = lists.Listed(
    next(lists.lists()),
    "first",
    0.001,
    0.002,
    2.0,
    (50, 50),
    Reading(2_000_000, 9000, frozenset({"handover"})),
)
CIRCUMSTANCES = page.circumstances(date(2026, 1, 1), 0.5, "18")
PLACED = referrals.Results("18", {name: [ROUND] for name in referrals.SERVERS})
DECIDED = decide.Results(
    [decide.Lookups("justice", 3, 500_000, 400_000, 9000, 10_000, 50)], decide.Routes(20_000, 3, 4)
)
STARTED = start.Starts(running=1.0, embedded=2.0)


def section(name: str, results: object, causes: dict[str, str] | None = None) -> page.Section:
    return report.PARTS[name].section(name, results, CIRCUMSTANCES, causes or {})


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with open_stage() as opened:
        yield opened


def test_all_three_servers_store_every_referral_that_they_acknowledge(stage: Stage) -> None:
    results = referrals.measure(stage, rounds=1, seconds=0.5, warm_up=0.1)
    assert all(results.rate(name) > 0 for name in referrals.SERVERS)


def test_a_start_is_timed(stage: Stage) -> None:
    assert start.seconds_to_answer(stage, {}) > 0


def test_lists_are_measured_at_two_sizes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "HANDOVERS", ({},))
    listed = lists.measure(stage, (2000, 4000), rounds=1)
    assert {found.page for found in listed} == {"first", "1,000th"}


def test_a_log_is_linked_and_verified(stage: Stage) -> None:
    audited = audit.measure(stage, records=100, rounds=1)
    assert (audited.records, audited.chains) == (100, audit.ORGANISATIONS)
    assert section("audit", audited).goals[0].endswith("kept |")


@pytest.mark.parametrize(
    "checked", [Checked(1, 99, 0, ()), Checked(1, 100, 0, (Break(UUID(int=1), 3, "changed"),))]
)
def test_a_log_that_was_not_verified_whole_is_found(checked: Checked) -> None:
    with pytest.raises(RuntimeError, match="of 100 records"):
        audit.demand_whole(checked, 100)


def test_a_page_that_reads_a_whole_table_is_told() -> None:
    (_, goal) = section("lists", [LISTED]).goals
    assert "2,000,000, all of `handover` |" in goal
    assert len(list(report.listed_lines([LISTED]))) == len(("table", "head", "rule")) * 2 + 1


def test_an_acknowledged_referral_without_its_rows_is_found() -> None:
    with pytest.raises(RuntimeError, match="stored"):
        referrals.demand_all_stored(ROUND, {"referral": 199}, {"referral": 1})


def test_an_error_spoils_a_round() -> None:
    with pytest.raises(RuntimeError, match="not answered"):
        referrals.demand_all_stored(Round(errors=1), {"referral": 0}, {"referral": 1})


@pytest.mark.parametrize("domain", decide.DOMAINS)
def test_the_engine_names_the_rules_that_our_table_names(domain: str) -> None:
    assert decide.measure_lookups(domain, rounds=1).zen > 0


def test_an_engine_with_a_rule_less_is_found() -> None:
    table = load_rulebook().table("family_parenting", decide.ON)
    fewer = Table(table.problem_domain, table.rules[1:], table.notes)
    with pytest.raises(RuntimeError, match="family_parenting"):
        decide.demand_agreement(table, ZenTable(fewer))


def test_a_whole_decision_is_timed() -> None:
    assert decide.measure_routes(rounds=1).rate > 0


@pytest.mark.parametrize(
    ("received", "length"),
    [(b"HTTP/1.1 201 Created\r\nContent-Le", 0), (b"HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\n{", 50)],
)
def test_an_answer_that_comes_in_pieces_is_waited_for(received: bytes, length: int) -> None:
    assert answer_length(received) == length


def test_a_missed_goal_says_why_and_a_kept_one_does_not() -> None:
    placed = section("referrals", PLACED, {"ours / template": "the reason.", "ours / floor": "not shown."})
    shown = page.written([placed])
    assert "**missed**: the reason." in shown
    assert "not shown" not in shown


def test_a_part_that_is_measured_alone_takes_its_place_and_leaves_the_others() -> None:
    titles = {name: part.title for name, part in report.PARTS.items()}
    parts = {"referrals": section("referrals", PLACED), "decide": section("decide", DECIDED)}
    before = page.merged("", parts, titles)
    after = page.merged(before, {"start": section("start", STARTED)}, titles)
    assert page.merged(after, {}, titles) == after
    assert page.merged("", {**parts, "start": section("start", STARTED)}, titles) == after


def test_every_part_that_is_measured_has_its_section() -> None:
    assert set(MEASURE) == set(report.PARTS)
