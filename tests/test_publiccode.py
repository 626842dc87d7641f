"""publiccode.yml says what version 0.5 of the standard asks, and what the program says of itself."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
TOLD: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))


def test_every_mandatory_key_is_there() -> None:
    assert TOLD["publiccodeYmlVersion"] == "0.5"
    mandatory = {"name", "url", "platforms", "developmentStatus", "softwareType", "description"}
    assert mandatory | {"legal", "maintenance", "localisation"} <= TOLD.keys()
    assert TOLD["legal"]["license"] == "EUPL-1.2"
    assert TOLD["maintenance"]["type"] == "community"
    assert TOLD["maintenance"]["contacts"]
    assert {"localisationReady", "availableLanguages"} <= TOLD["localisation"].keys()


def test_both_languages_are_described_within_the_lengths_of_the_standard() -> None:
    assert TOLD["description"].keys() == set(TOLD["localisation"]["availableLanguages"])
    for text in TOLD["description"].values():
        assert 0 < len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert all(len(feature) <= 100 for feature in text["features"])


def test_the_version_is_that_of_the_program() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    assert TOLD["softwareVersion"] == version[1]
