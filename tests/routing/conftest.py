"""What the routing tests share: the shipped rulebook, today's places and the demo directory."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.reference import open_reference
from app.reference.demo import demo_directory
from app.routing import Decision, Directory, Facts, Rulebook, load_rulebook, route
from app.routing.facts import Circumstances, Residence


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The rulebook as it is shipped."""
    return load_rulebook()


@pytest.fixture(scope="session")
def demo() -> Directory:
    """The demo directory as one edition."""
    places = open_reference().places
    shown = demo_directory(places)
    return Directory(
        edition=1,
        places=places,
        teams=shown.teams,
        schools=shown.schools,
        agreements=shown.agreements,
        connected=frozenset(o.code for o in shown.organisations if o.connected),
        confirm_within_days=365,
    )


@pytest.fixture(scope="session")
def bare() -> Directory:
    """A directory in which nobody registered anything."""
    return Directory(edition=0, places=open_reference().places)


@pytest.fixture(scope="session")
def facts_of() -> Callable[..., Facts]:
    """Makes the facts of a plain case: a student of Zwolle, registered, at a school of Zwolle.

    `age` gives a birthday in January. `residence` and `told` (other fields of the facts) are
    mappings; every other name is a circumstance.
    """

    def made(*domains: Any, age: int = 17, born: date | None = None, on: date, **given: Any) -> Facts:
        told = {
            "problem_domains": domains,
            "support_variant": "own_neighbourhood",
            "birth_date": born or date(on.year - age, 1, 15),
            "home_municipality": "0193",
            "core_municipality": "0193",
            "residence": Residence(**{"status": "registered", **given.pop("residence", {})}),
            **given.pop("told", {}),
        }
        return Facts(circumstances=Circumstances(**given), **told)

    return made


@pytest.fixture(scope="session")
def decide(facts_of: Callable[..., Facts], book: Rulebook, demo: Directory) -> Callable[..., Decision]:
    """Decides a plain case (`facts_of`) on 1 September 2026 with the demo directory."""

    def decided(
        *domains: str,
        on: date = date(2026, 9, 1),
        today: date = date(2026, 9, 1),
        directory: Directory = demo,
        **given: Any,
    ) -> Decision:
        return route(facts_of(*domains, on=on, **given), book, directory, on, today)

    return decided


@pytest.fixture(scope="session")
def provisions(decide: Callable[..., Decision]) -> Callable[..., str]:
    """Decides as `decide` does, and gives the provisions in order, or the outcome where none is decided."""

    def listed(*domains: str, **given: Any) -> str:
        routes = decide(*domains, **given).routes
        return " ".join(r.provision or "" if r.outcome == "routed" else r.outcome for r in routes)

    return listed
