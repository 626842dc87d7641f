"""What becomes of a submission before it is stored: decided, sealed and indexed; values in, values out."""

from dataclasses import dataclass

from app.routing import route
from app.routing.decision import Decision
from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.fingerprints import Fingerprints, fingerprints
from app.services.handing_over import desk_of, hand_over
from app.services.records import Records, Submission, new_records


@dataclass(frozen=True, slots=True)
class Prepared:
    """The decision on a submission, the rows that it makes, and the indexes that it is found by again."""

    decision: Decision
    records: Records
    prints: Fingerprints


def prepare(submission: Submission, client: Client, deciding: Deciding) -> Prepared:
    """What the submission is stored as, one at a time or with the rows of a whole file."""
    facts, directory, keyring = submission.facts, deciding.directory, deciding.keyring
    today, now = deciding.today, deciding.now
    decision = route(facts, deciding.rulebook, directory, submission.reference_date, today)
    desk = desk_of(facts, decision, directory) or client.organisation_code
    handing_over = hand_over(decision, facts.consents, desk=desk, directory=directory, today=today)
    records = new_records(
        submission, decision, handing_over, client=client, keyring=keyring, today=today, now=now
    )
    return Prepared(decision, records, fingerprints(submission, client.organisation_id, keyring))
