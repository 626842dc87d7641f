"""The migrations: they give the models' schema, run once, and say what is missing."""

from pathlib import Path

import pytest

from app.adapters.embedded_postgres import OWNER_ROLE, embedded_postgres
from app.config import Settings
from app.db import find_drift, migrate, pending_revisions
from app.errors import CannotStart


@pytest.fixture
def empty_settings(scratch: Path, run_settings: Settings) -> Settings:
    """Settings for the embedded server of a new folder."""
    return run_settings.model_copy(update={"data_dir": scratch, "database_url": None})


def test_the_migrations_give_what_the_models_describe(run_settings: Settings) -> None:
    assert find_drift(run_settings) is None


def test_pending_migrations_are_listed_and_run_once(empty_settings: Settings) -> None:
    with embedded_postgres(empty_settings.data_dir / "postgres", empty_settings.service_role):
        assert pending_revisions(empty_settings)
        migrate(empty_settings)
        assert pending_revisions(empty_settings) == ()
        migrate(empty_settings)
        assert find_drift(empty_settings) is None


def test_a_planted_difference_is_drift(empty_settings: Settings) -> None:
    with embedded_postgres(empty_settings.data_dir / "postgres", empty_settings.service_role):
        assert find_drift(empty_settings) is not None


def test_without_the_owners_address_nothing_is_migrated(run_settings: Settings) -> None:
    with pytest.raises(CannotStart, match="DATABASE_OWNER_URL is missing"):
        migrate(run_settings.model_copy(update={"database_owner_url": None}))


def test_the_service_role_must_exist_before_the_tables(scratch: Path, run_settings: Settings) -> None:
    with embedded_postgres(scratch / "postgres", "somebody_else") as server:
        urls = {"database_url": server.url("somebody_else"), "database_owner_url": server.url(OWNER_ROLE)}
        with pytest.raises(CannotStart, match="CREATE ROLE"):
            migrate(run_settings.model_copy(update=urls))
