"""What the routing tests share: the shipped rulebook, today's places and the demo directory."""

import pytest

from app.reference import open_reference
from app.reference.demo import demo_directory
from app.routing import Directory, Rulebook, load_rulebook


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
    )


@pytest.fixture(scope="session")
def bare() -> Directory:
    """A directory in which nobody registered anything."""
    return Directory(edition=0, places=open_reference().places)
