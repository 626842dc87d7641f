"""The keys of identity providers come from a file alone: public, long enough, and new within a second."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.adapters import token_keys
from app.adapters.token_keys import TokenKeys, read_keys
from app.errors import CannotStart
from tests.adapters.issuer import ISSUER, Issuer

KEY = RSAKey.generate_key(2048, private=True)
Change = Callable[[dict[str, Any]], Any]


def published(tmp_path: Path, *, kid: str = "k1") -> Path:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(Issuer(KEY, 0).jwks()).replace('"k1"', f'"{kid}"'), "utf-8")
    return file


@pytest.fixture(autouse=True)
def looking_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_keys, "LOOK_EVERY", 0.0)


def test_keys_for_other_uses_are_passed_over(tmp_path: Path) -> None:
    file = published(tmp_path)
    keys = json.loads(file.read_text())["keys"]
    others = [ECKey.generate_key("P-256").as_dict(private=False), {**keys[0], "use": "enc", "kid": "k2"}]
    file.write_text(json.dumps({"keys": [*others, *keys]}), "utf-8")
    assert set(read_keys(file)) == {"k1"}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"keys": {}}',
        '{"keys": []}',
        '{"keys": [7]}',
        json.dumps({"keys": [{**KEY.as_dict(private=True), "kid": "k1"}]}),
        json.dumps({"keys": [OctKey.generate_key(256).as_dict(private=True)]}),
        json.dumps({"keys": [KEY.as_dict(private=False) | {"kid": None}]}),
    ],
    # Keys are new in each process, and its tests must have the same names.
    ids=["empty", "list", "object", "none", "number", "private", "secret", "unnamed"],
)
def test_a_file_that_does_not_fit_stops_the_start(tmp_path: Path, content: str) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(content, "utf-8")
    with pytest.raises(CannotStart) as refused:
        TokenKeys({ISSUER: file})
    assert str(file) in str(refused.value)
    assert str(KEY.as_dict(private=False)["n"]) not in str(refused.value)


def test_a_key_that_is_too_short_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    with pytest.warns(Warning, match="2048"):
        short = RSAKey.generate_key(1024, private=True)
    with pytest.raises(CannotStart), pytest.warns(Warning, match="2048"):
        TokenKeys({ISSUER: Issuer(short, 0).publish(file)})


def test_a_new_key_is_known_and_the_old_one_forgotten_without_a_restart(tmp_path: Path) -> None:
    keys = TokenKeys({ISSUER: published(tmp_path)})
    published(tmp_path, kid="k2000")
    assert set(keys.current()[ISSUER]) == {"k2000"}


@pytest.mark.parametrize("broken", [lambda file: file.unlink(), lambda file: file.write_text("{")])
def test_a_file_that_breaks_leaves_the_keys_of_before(tmp_path: Path, broken: Change) -> None:
    file = published(tmp_path)
    keys = TokenKeys({ISSUER: file})
    broken(file)  # type: ignore[arg-type]
    assert set(keys.current()[ISSUER]) == {"k1"}
