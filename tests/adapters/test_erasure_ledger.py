"""The ledger of erasures holds what was added, survives a crash, and shows what was changed in it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest

from app.adapters.erasure_ledger import FILE, Entry, ErasureLedger, LedgerBroken, Place

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def entry(number: int) -> Entry:
    return Entry(UUID(int=number), UUID(int=99), AT, "request")


def seal(text: str) -> str:
    return sha256(b"key" + text.encode()).hexdigest()


@pytest.fixture
def ledger(tmp_path: Path) -> ErasureLedger:
    return ErasureLedger(tmp_path / "trust", seal)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trust" / FILE


def held(ledger: ErasureLedger) -> list[Entry]:
    return [one for one, _ in ledger.entries()]


def test_what_is_added_is_read_in_order(ledger: ErasureLedger) -> None:
    for number in range(3):
        ledger.append(entry(number))
    assert held(ledger) == [entry(0), entry(1), entry(2)]


def test_one_that_was_never_written_is_empty(ledger: ErasureLedger) -> None:
    assert held(ledger) == []


def test_reading_goes_on_from_a_place(ledger: ErasureLedger) -> None:
    ledger.append(entry(0))
    [(_, place)] = ledger.entries()
    ledger.append(entry(1))
    assert [one for one, _ in ledger.entries(place)] == [entry(1)]


def test_nobody_else_can_read_the_file(ledger: ErasureLedger, file: Path) -> None:
    ledger.append(entry(0))
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_what_a_crash_left_is_no_erasure_and_the_next_is_whole(ledger: ErasureLedger, file: Path) -> None:
    ledger.append(entry(0))
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:40])
    assert held(ledger) == [entry(0)]
    ledger.append(entry(1))
    assert held(ledger) == [entry(0), entry(1)]


def test_several_hosts_add_without_a_break(tmp_path: Path) -> None:
    hosts = [ErasureLedger(tmp_path / "trust", seal) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: hosts[number % 4].append(entry(number)), range(40)))
    assert {one.referral_id.int for one in held(hosts[0])} == set(range(40))


def lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


TAMPERINGS = {
    "a line is changed": lambda found: [found[0].replace(b'"request"', b'"unlawful"'), *found[1:]],
    "a line is taken out": lambda found: [found[0], *found[2:]],
    "a line is added": lambda found: [*found, found[-1]],
    "two change places": lambda found: [found[1], found[0], *found[2:]],
    "a line is no line": lambda found: [b"{}\n", *found],
    "a line has no end": lambda found: [*found, b" " * 5000 + b"\n"],
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_change_is_seen(ledger: ErasureLedger, file: Path, how: str) -> None:
    for number in range(3):
        ledger.append(entry(number))
    file.write_bytes(b"".join(TAMPERINGS[how](lines(file))))
    with pytest.raises(LedgerBroken):
        held(ledger)


@pytest.mark.parametrize("cut", [True, False], ids=["cut short", "gone"])
def test_one_that_lacks_what_was_read_is_broken(ledger: ErasureLedger, file: Path, cut: bool) -> None:
    ledger.append(entry(0))
    ledger.append(entry(1))
    *_, (_, place) = ledger.entries()
    file.write_bytes(lines(file)[0]) if cut else file.unlink()
    with pytest.raises(LedgerBroken):
        list(ledger.entries(place))


def test_a_place_within_another_ledger_is_none_of_this(ledger: ErasureLedger) -> None:
    ledger.append(entry(0))
    ledger.append(entry(1))
    places = [place for _, place in ledger.entries()]
    assert all(before.bytes < after.bytes for before, after in pairwise(places))
    with pytest.raises(LedgerBroken):
        list(ledger.entries(Place(places[0].bytes, "another")))


def test_a_line_names_nobody(ledger: ErasureLedger, file: Path) -> None:
    ledger.append(entry(0))
    assert json.loads(file.read_text("utf-8")).keys() == {
        "v", "referral", "organisation", "at", "because", "mac",
    }  # fmt: skip
