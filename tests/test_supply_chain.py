"""G29: every package is pinned with hashes and comes under a licence of a list; no part sends traces away."""

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parents[1] / "requirements").glob("*.txt"))
PACKAGE = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?(?P<pin>[^\\]*)(?P<hashes>(?:\\\s+--hash=\S+\s*)*)"
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
# What one may use in, and pass on with, a service under the EUPL-1.2; the last three as libraries, unchanged.
ALLOWED = {
    *("MIT", "MIT-0", "ISC", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0"),
    *("MPL-2.0", "LGPL-2.1-or-later"),
}
OF_CLASSIFIER = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Those whose parts say nothing, with where it stands.
KNOWN = {
    "zen-engine": "MIT",  # in its repository; for `make bench` alone
}
ELSEWHERE = {"colorama": "on Windows alone"}
# What sends traces and metrics away, with whatever addresses and headers it finds.
EXPORTERS = re.compile("opentelemetry-(sdk|exporter|instrumentation)|sentry|ddtrace|newrelic|elastic-apm")


def packages(file: Path) -> list[re.Match[str]]:
    lines = file.read_text("utf-8").replace("\\\n", "\\ ").splitlines()
    return [found for line in lines if (found := PACKAGE.match(line))]


def licences(told: PackageMetadata) -> set[str]:
    """The licences that a package names: by its expression, its classifiers, or the older field."""
    if "License-Expression" in told:
        return set(re.split(r" (?:AND|OR) ", str(told["License-Expression"])))
    classifiers = [
        str(one) for one in told.get_all("Classifier") or () if str(one).startswith("License :: OSI")
    ]
    found = {OF_CLASSIFIER.get(one.rpartition(" :: ")[2], one) for one in classifiers}
    return found or {str(told["License"])} if "License" in told else found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_package_is_pinned_with_hashes(file: Path) -> None:
    found = packages(file)
    assert found
    for package in found:
        assert re.match(r"==[^=*]+$", package["pin"].partition(";")[0].strip()), package["name"]
        assert HASH.search(package["hashes"]), package["name"]


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_package_comes_under_a_licence_of_the_list(name: str) -> None:
    [file] = [file for file in FILES if file.name == name]
    for package in packages(file):
        try:
            found = licences(metadata(package["name"])) or {KNOWN.get(package["name"], "none told")}
        except PackageNotFoundError:
            assert package["name"] in ELSEWHERE
            continue
        assert found <= ALLOWED, (package["name"], found)


def test_nothing_that_the_service_runs_on_sends_traces_away() -> None:
    [file] = [file for file in FILES if file.name == "run.txt"]
    assert not [package["name"] for package in packages(file) if EXPORTERS.match(package["name"])]


def test_a_package_that_is_not_pinned_is_found(tmp_path: Path) -> None:
    loose = tmp_path / "loose.txt"
    loose.write_text("httpx>=0.28\nanyio==4.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    httpx, anyio = packages(loose)
    assert (httpx["pin"], HASH.search(httpx["hashes"])) == (">=0.28", None)
    assert (anyio["pin"].strip(), bool(HASH.search(anyio["hashes"]))) == ("==4.0", True)
