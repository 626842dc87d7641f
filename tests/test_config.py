"""The settings: every variable is listed, and an unsafe one stops the start without being repeated."""

import base64
import hashlib
import re
import stat
from itertools import count
from pathlib import Path

import pytest

from app.config import PREFIX, Settings, load_settings, variable_of
from app.errors import CannotStart

ROOT = Path(__file__).resolve().parents[1]


NUMBERS = count()


def key(size: int = 32) -> str:
    """A key that no other call gave, the same in every process: a test's name must be."""
    return base64.b64encode(hashlib.sha512(str(next(NUMBERS)).encode()).digest()[:size]).decode()


PRODUCTION = {
    "VERWIJSROUTE_ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://service:canary@db/verwijsroute",
    "VERWIJSROUTE_KEY_ENCRYPTION_KEYS": f"k1:{key()}",
    "VERWIJSROUTE_INDEX_KEY": key(),
    "VERWIJSROUTE_TRUST_DIR": "/var/lib/trust",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without settings, in an empty folder."""
    for field in Settings.model_fields:
        monkeypatch.delenv(variable_of(field), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def load(environment: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        environment.setenv(name, value)
    return load_settings()


def refusal(environment: pytest.MonkeyPatch, **variables: str) -> str:
    with pytest.raises(CannotStart) as refused:
        load(environment, **variables)
    return str(refused.value)


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    listed = re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    defaults = {name: field.get_default() for name, field in Settings.model_fields.items()}
    assert listed == [(variable_of(name), str(value or "")) for name, value in defaults.items()]


def test_every_setting_is_described_as_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"# {field.description}\n#{variable_of(name)}=" in example


def test_development_needs_no_settings_and_keeps_its_generated_keys(
    environment: pytest.MonkeyPatch,
) -> None:
    first, second = load(environment), load(environment)
    assert first.key_encryption_keys == second.key_encryption_keys
    assert first.index_key == second.index_key
    assert first.active_key_id == "dev1"


def test_generated_keys_are_readable_by_the_owner_alone(environment: pytest.MonkeyPatch) -> None:
    file = load(environment).data_dir / "keys.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["keys.env"]


def test_lost_keys_are_not_replaced_beside_an_existing_database(environment: pytest.MonkeyPatch) -> None:
    Path("data/postgres").mkdir(parents=True)
    assert "keys.env is gone" in refusal(environment)


def test_a_damaged_keys_file_stops_the_start(environment: pytest.MonkeyPatch) -> None:
    Path("data").mkdir()
    Path("data/keys.env").write_text("VERWIJSROUTE_INDEX_KEY=abc\n")
    assert "is damaged" in refusal(environment)


def test_production_starts_with_an_address_and_keys(environment: pytest.MonkeyPatch) -> None:
    settings = load(environment, **PRODUCTION)
    assert settings.active_key_id == "k1"
    assert not Path("data").exists()


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "VERWIJSROUTE_ENVIRONMENT"])
def test_production_refuses_a_missing_address_or_key(environment: pytest.MonkeyPatch, name: str) -> None:
    message = refusal(environment, **{k: v for k, v in PRODUCTION.items() if k != name})
    assert f"{name} is missing" in message


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "canary", "valid integer"),
        ("PORT", "0", "greater than or equal to 1"),
        ("DATABASE_URL", "mysql://canary@db/x", "must be like postgresql://"),
        ("DATABASE_OWNER_URL", "canary", "must be like postgresql://"),
        ("VERWIJSROUTE_ENVIRONMENT", "canary", "'development' or 'production'"),
        ("VERWIJSROUTE_SERVICE_ROLE", 'canary"; DROP', "match pattern"),
        ("VERWIJSROUTE_INDEX_KEY", "canary!", "must be base64"),
        ("VERWIJSROUTE_INDEX_KEY", key(16), "must be 32 bytes"),
        ("VERWIJSROUTE_INDEX_KEY", base64.b64encode(b"canary!!" * 4).decode(), "is not random"),
        ("VERWIJSROUTE_KEY_ENCRYPTION_KEYS", key(), "must be id:base64"),
        ("VERWIJSROUTE_KEY_ENCRYPTION_KEYS", f"a:{key()},a:{key()}", "each id once"),
        ("VERWIJSROUTE_KEY_ENCRYPTION_KEYS", f"a:{key(31)}", "must be 32 bytes"),
        ("VERWIJSROUTE_DATABASE_POOL_SIZE", "0", "greater than or equal to 1"),
        ("VERWIJSROUTE_CORS_ORIGINS", "https://canary.example/", "without a path"),
        (
            "VERWIJSROUTE_OAUTH_ISSUERS",
            "http://canary.example=jwks.json",
            "must be https://issuer.example=file",
        ),
        ("VERWIJSROUTE_OAUTH_ISSUERS", "https://canary.example", "must be https://issuer.example=file"),
        ("VERWIJSROUTE_OAUTH_ISSUERS", "https://canary.example?a=b", "must be https://issuer.example=file"),
        ("VERWIJSROUTE_OAUTH_ISSUERS", "https://a.example=canary,https://a.example=b", "each issuer once"),
        ("VERWIJSROUTE_CORS_ORIGINS", "*", "must be like https://"),
        (f"{PREFIX}ENVIROMENT", "canary", "no such setting"),
    ],
)
def test_a_wrong_value_is_named_with_its_reason_and_never_repeated(
    environment: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    message = refusal(environment, **{name: value})
    assert message.startswith(name)
    assert reason in message
    assert "canary" not in message
    assert value not in message or value in reason or value == "0"


def test_each_issuer_has_its_file(environment: pytest.MonkeyPatch) -> None:
    issuers = {"VERWIJSROUTE_OAUTH_ISSUERS": "https://a.example/r=/etc/a=1.json, https://b.example=b.json"}
    audience = {"VERWIJSROUTE_OAUTH_AUDIENCE": "https://verwijsroute.example/v1"}
    files = {"https://a.example/r": Path("/etc/a=1.json"), "https://b.example": Path("b.json")}
    assert refusal(environment, **issuers) == "VERWIJSROUTE_OAUTH_AUDIENCE is missing"
    assert load(environment, **issuers, **audience).oauth_issuers == files


def test_in_production_a_website_that_reads_along_has_tls(environment: pytest.MonkeyPatch) -> None:
    origins = {"VERWIJSROUTE_CORS_ORIGINS": "https://canary.example, http://localhost:3000"}
    assert load(environment, **origins).cors_origins == ("https://canary.example", "http://localhost:3000")
    assert "VERWIJSROUTE_CORS_ORIGINS must be https" in refusal(environment, **(PRODUCTION | origins))


def test_in_production_webhooks_never_go_to_the_machine_itself(environment: pytest.MonkeyPatch) -> None:
    loopback = {"VERWIJSROUTE_WEBHOOK_ALLOW_LOOPBACK": "true"}
    assert load(environment, **loopback).webhook_allow_loopback
    assert "WEBHOOK_ALLOW_LOOPBACK is for development" in refusal(environment, **(PRODUCTION | loopback))


def test_one_role_for_service_and_owner_is_refused(environment: pytest.MonkeyPatch) -> None:
    owner = {"DATABASE_OWNER_URL": "postgres://service:other@db:5432/verwijsroute"}
    assert "must be different roles" in refusal(environment, **PRODUCTION, **owner)


def test_one_key_for_two_purposes_is_refused(environment: pytest.MonkeyPatch) -> None:
    same = {"VERWIJSROUTE_KEY_ENCRYPTION_KEYS": f"k1:{PRODUCTION['VERWIJSROUTE_INDEX_KEY']}"}
    assert "the same key stands there twice" in refusal(environment, **(PRODUCTION | same))


def test_settings_in_print_hold_no_secret(environment: pytest.MonkeyPatch) -> None:
    printed = repr(load(environment, **PRODUCTION))
    assert "canary" not in printed
    assert "key" not in printed


def test_an_empty_variable_counts_as_not_set(environment: pytest.MonkeyPatch) -> None:
    assert load(environment, DATABASE_URL="", PORT="").database_url is None


def test_secrets_come_from_files_too_and_a_variable_goes_before_its_file(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = PRODUCTION["DATABASE_URL"]
    for name in ("DATABASE_URL", "VERWIJSROUTE_INDEX_KEY", "VERWIJSROUTE_KEY_ENCRYPTION_KEYS"):
        (tmp_path / name).write_text(f"{PRODUCTION[name]}\n", "utf-8")
    (tmp_path / "DATABASE_URL").write_text("postgresql://other@db/other", "utf-8")
    environment.setenv("VERWIJSROUTE_SECRETS_DIR", str(tmp_path))
    trust = {"VERWIJSROUTE_TRUST_DIR": PRODUCTION["VERWIJSROUTE_TRUST_DIR"]}
    settings = load(environment, VERWIJSROUTE_ENVIRONMENT="production", DATABASE_URL=address, **trust)
    assert settings.database_url == address
    assert settings.active_key_id == "k1"


def test_a_fault_in_a_secret_file_is_named_as_its_variable_and_never_repeated(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "VERWIJSROUTE_INDEX_KEY").write_text("canary!", "utf-8")
    message = refusal(environment, VERWIJSROUTE_SECRETS_DIR=str(tmp_path))
    assert message == "VERWIJSROUTE_INDEX_KEY must be base64"
    (tmp_path / "VERWIJSROUTE_INDEX_KEY").write_bytes(b"\xff\xfecanary")
    assert "cannot be read as text" in refusal(environment)


def test_a_folder_of_secrets_that_is_not_there_stops_the_start(environment: pytest.MonkeyPatch) -> None:
    assert refusal(environment, VERWIJSROUTE_SECRETS_DIR="/nowhere").endswith("is no folder")
