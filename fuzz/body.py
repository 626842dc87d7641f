"""`python -m fuzz.body FOLDER`: feeds mutated bodies to the reading of requests, for SECONDS (60).

Only InvalidInput may come out, with at most twenty faults and no value in any of them.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["app.schemas", "json"]):
    from app.api.examples import EXAMPLES
    from app.errors import Fault, InvalidInput
    from app.reference import open_reference
    from app.schemas.changes import to_consent_change, to_fact_change
    from app.schemas.json_body import MAX_FAULTS, parse
    from app.schemas.request import ConsentsRequest, DecisionRequest, FactsRequest, ReferralRequest
    from app.schemas.submission import to_question, to_submission

TODAY: Final = date(2026, 11, 21)
REFERENCE: Final = open_reference()
CANARY: Final = "kanarie 9137"
PLACE: Final = re.compile(r"(/([A-Za-z_][A-Za-z0-9_-]{0,39}|[0-9]+|\?))*")


def _referral(body: bytes) -> None:
    to_submission(parse(body, ReferralRequest), REFERENCE, TODAY, path="/v1/referrals", idempotency_key="1")


def _decision(body: bytes) -> None:
    to_question(parse(body, DecisionRequest), REFERENCE, TODAY)


def _facts(body: bytes) -> None:
    to_fact_change(parse(body, FactsRequest).shape, REFERENCE, TODAY)


def _consents(body: bytes) -> None:
    to_consent_change(parse(body, ConsentsRequest).shape)


READERS: Final[tuple[Callable[[bytes], None], ...]] = (_referral, _decision, _facts, _consents)


def try_one(body: bytes) -> None:
    """Raises whatever is not a refusal in our own words, and where a refusal says too much."""
    for read in READERS:
        faults = faults_of(read, body)
        assert len(faults) <= MAX_FAULTS
        assert not any(CANARY in f"{fault.code} {fault.detail}" for fault in faults)
        # A place names properties; a value that stands there would stand in quotes or with a blank.
        assert all(PLACE.fullmatch(fault.location) for fault in faults)


def faults_of(read: Callable[[bytes], None], body: bytes) -> tuple[Fault, ...]:
    """The faults that a reader finds in a body."""
    try:
        read(body)
    except InvalidInput as refused:
        return refused.faults
    return ()


def write_seeds(folder: Path) -> None:
    """The examples of the document, and some with a canary for a value, to begin from."""
    for number, example in enumerate(EXAMPLES.values()):
        text = json.dumps(example["value"])
        (folder / f"{number}").write_text(text)
        (folder / f"{number}-canary").write_text(text.replace("0166", CANARY).replace("Sanne", CANARY))


def write_words(file: Path) -> None:
    """The names and codes of the requests, for libFuzzer to put together."""
    schemas = json.dumps(
        [kind.model_json_schema() for kind in (ReferralRequest, FactsRequest, ConsentsRequest)]
    )
    words = sorted(set(re.findall('"([A-Za-z_]{2,40})"', schemas)) | {CANARY, "bsn", "Zwolle", "2026-05-14"})
    file.write_text("".join(f'"\\"{word}\\""\n' for word in words))


def main() -> None:
    """Runs until the time is over; libFuzzer prints how many it tried, and leaves with 0 if all was well."""
    folder = Path(sys.argv[1])
    corpus = folder / "corpus"
    corpus.mkdir()
    write_seeds(corpus)
    write_words(folder / "words.dict")
    limits = [f"-max_total_time={os.environ.get('SECONDS', '60')}", "-max_len=4096", "-timeout=5"]
    files = [f"-dict={folder / 'words.dict'}", f"-artifact_prefix={folder}/", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], str(corpus), *limits, *files], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
