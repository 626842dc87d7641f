"""No count below five follows from what is shown, for a reader who knows how it is chosen (ADR 19).

The reader tries everything: all tables that would have been shown just so. What has one value in all of
them is recovered, however little of it was shown.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import product

import pytest
from hypothesis import example, given, strategies as st

from app.services.disclosure import FEWEST, shown_counts, shown_total

Counts = tuple[int, ...]
Rule = Callable[[Mapping[int, int]], dict[int, int]]
Table = tuple[int, Counts]  # the whole, and what of it is in each category


def whole_of_parts(categories: int, most: int) -> Iterator[Table]:
    """Tables in which each handover is in one category."""
    for counts in product(range(most + 1), repeat=categories):
        yield sum(counts), counts


def whole_of_overlaps(categories: int, most: int) -> Iterator[Table]:
    """Tables in which a handover is in one category or more, as with acts and problem domains."""
    for counts in product(range(most + 1), repeat=categories):
        yield from ((whole, counts) for whole in range(max(counts), sum(counts) + 1))


def answer(table: Table, rule: Rule) -> tuple[int | None, tuple[tuple[int, int], ...]]:
    """What is shown of a table."""
    whole, counts = table
    return shown_total(whole), tuple(sorted(rule(dict(enumerate(counts))).items()))


def recovered(tables: Iterator[Table], rule: Rule) -> list[tuple[Table, int]]:
    """Each table and category of which a reader of the answer knows a count from one to four."""
    alike: defaultdict[object, list[Table]] = defaultdict(list)
    for table in tables:
        alike[answer(table, rule)].append(table)
    found = []
    for same in alike.values():
        for category, values in enumerate(zip(*(counts for _, counts in same), strict=True)):
            if len(set(values)) == 1 and 0 < values[0] < FEWEST:
                found.append((same[0], category))
    return found


def below_five_alone(counts: Mapping[int, int]) -> dict[int, int]:
    """The planted fault: nothing but the small ones is left out."""
    return {category: count for category, count in counts.items() if count >= FEWEST}


def one_of_the_smallest(counts: Mapping[int, int]) -> dict[int, int]:
    """Another: of several that are as small, the first is left out."""
    safe = below_five_alone(counts)
    if any(0 < count < FEWEST for count in counts.values()) and safe:
        del safe[min(safe, key=lambda category: safe[category])]
    return safe


TABLES = {
    "two parts": lambda: whole_of_parts(2, 24),
    "three parts": lambda: whole_of_parts(3, 14),
    "four parts": lambda: whole_of_parts(4, 9),
    "two overlaps": lambda: whole_of_overlaps(2, 14),
    "three overlaps": lambda: whole_of_overlaps(3, 9),
}


@pytest.mark.parametrize("tables", TABLES)
def test_no_small_count_is_recovered_from_a_table_and_its_whole(tables: str) -> None:
    assert recovered(TABLES[tables](), shown_counts) == []


@pytest.mark.parametrize("tables", ["two parts", "three parts", "four parts"])
def test_control_leaving_out_the_small_ones_alone_gives_them_away(tables: str) -> None:
    assert recovered(TABLES[tables](), below_five_alone) != []


COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=2)


@given(COUNTS)
@example({"a": 4, "b": 9, "c": 9, "d": 12})
def test_whoever_exchanges_what_is_missing_sees_the_same(counts: dict[str, int]) -> None:
    """And all other tables and wholes of the answer stay as they are: nothing tells the two apart."""
    shown = shown_counts(counts)
    missing = sorted(category for category, count in counts.items() if count and category not in shown)
    for one, other in product(missing, missing):
        exchanged = counts | {one: counts[other], other: counts[one]}
        assert shown_counts(exchanged) == shown


@given(COUNTS)
def test_a_small_count_is_never_missing_beside_larger_ones_alone(counts: dict[str, int]) -> None:
    shown = shown_counts(counts)
    missing = [count for category, count in counts.items() if count and category not in shown]
    assert all(count >= FEWEST for count in shown.values())
    if shown and missing:
        assert max(missing) >= FEWEST > min(missing)
        assert max(missing) < min(shown.values())


def test_control_an_exchange_shows_where_one_of_several_as_small_is_left_out() -> None:
    counts, exchanged = {0: 9, 1: 9, 2: 4}, {0: 4, 1: 9, 2: 9}
    assert one_of_the_smallest(counts) == {1: 9}
    assert one_of_the_smallest(exchanged) == {2: 9}
    assert shown_counts(counts) == shown_counts(exchanged) == {}


@pytest.mark.parametrize(("count", "shown"), [(0, None), (4, None), (5, 5)])
def test_a_whole_below_five_is_not_shown(count: int, shown: int | None) -> None:
    assert shown_total(count) == shown


def test_nothing_is_left_out_of_a_table_without_a_small_count() -> None:
    assert shown_counts({"a": 5, "b": 0, "c": 7}) == {"a": 5, "c": 7}
