"""Places a referral, reads it again, lists what the receiving municipality sees, and is refused twice.

Needed: the generated client (see README.md), and in the environment VERWIJSROUTE_URL with two keys,
VERWIJSROUTE_SCHOOL_KEY and VERWIJSROUTE_TEAM_KEY.
"""

import os
import re
from collections.abc import Iterator
from datetime import date
from typing import TypeVar
from uuid import uuid4

from verwijsroute_client import AuthenticatedClient
from verwijsroute_client.api.handovers import list_handovers
from verwijsroute_client.api.referrals import read_referral, submit_referral
from verwijsroute_client.models import (
    Circumstances,
    Consent,
    ConsentGiver,
    ConsentPurpose,
    Enrolment,
    HandoverStatus,
    HandoverSummary,
    Problem,
    ProblemDomain,
    ReferralRequest,
    Referrer,
    Residence,
    ResidenceStatus,
    School,
    Student,
    SupportVariant,
)
from verwijsroute_client.types import UNSET, Unset

T = TypeVar("T")


class RefusedError(Exception):
    """The service answered with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


def accepted(answer: T | Problem | None) -> T:
    """The answer; raises RefusedError for a problem."""
    if isinstance(answer, Problem):
        raise RefusedError(answer)
    assert answer is not None, "an answer that openapi.yaml does not know"
    return answer


def example() -> ReferralRequest:
    """A fictional student, the day before the 18th birthday."""
    return ReferralRequest(
        source_reference=f"example-{uuid4()}",
        reference_date=date(2026, 5, 14),
        student=Student(first_names="Sanne", surname="Voorbeeld", birth_date=date(2008, 5, 15)),
        home_municipality="Kampen",
        residence=Residence(status=ResidenceStatus.REGISTERED),
        school=School(brin="00ZZ"),
        problem_domains=[ProblemDomain.MENTAL_HEALTH],
        support_variant=SupportVariant.OWN_NEIGHBOURHOOD,
        # None: established as none. What is left out, such as `homeless`, was not told.
        circumstances=Circumstances(youth_help=None, enrolment=Enrolment.BOL),
        consents=[
            Consent(
                given_by=ConsentGiver.STUDENT,
                given_on=date(2026, 5, 13),
                purpose=ConsentPurpose.REFERRAL,
                recipients="all",
            )
        ],
        referrer=Referrer(name="M. Voorbeeld"),
    )


def all_handovers(client: AuthenticatedClient, status: HandoverStatus) -> Iterator[HandoverSummary]:
    """The handovers that the key may see, page after page: each answer's header Link leads to the next."""
    cursor: str | Unset = UNSET
    while True:
        page = list_handovers.sync_detailed(client=client, status=status, limit=20, cursor=cursor)
        yield from accepted(page.parsed).items
        following = re.search(r"[?&]cursor=([\w-]+)", page.headers.get("Link", ""))
        if following is None:
            return
        cursor = following[1]


def refusal(answer: object) -> Problem:
    """The problem with which the service answered, as one would catch it further up."""
    try:
        accepted(answer)
    except RefusedError as refused:
        return refused.problem
    raise AssertionError("this should have been refused")


def main() -> None:
    """Does what the first line of this file says."""
    address = os.environ["VERWIJSROUTE_URL"] + "/v1"
    school = AuthenticatedClient(address, os.environ["VERWIJSROUTE_SCHOOL_KEY"])
    team = AuthenticatedClient(address, os.environ["VERWIJSROUTE_TEAM_KEY"])

    request = example()
    answer = submit_referral.sync_detailed(client=school, body=request)
    placed = accepted(answer.parsed)
    assert placed.decision is not None, "only what was erased has none"
    route = placed.decision.routes[0]
    print(answer.status_code.value, placed.status, route.provision, route.legal_framework)
    assert answer.headers["Location"] == f"/v1/referrals/{placed.id}"

    again = accepted(read_referral.sync(client=school, id=placed.id))
    print("read again:", "the same" if again == placed else "different")

    for handover in all_handovers(team, HandoverStatus.OFFERED):
        if handover.referral_id == placed.id:
            print("handover:", handover.status, handover.team.name if handover.team else "access desk")

    request.problem_domains = [ProblemDomain.DEBTS]
    taken = refusal(submit_referral.sync(client=school, body=request))
    print(taken.status, taken.type_)

    request.home_municipality = "Nergenshuizen"
    wrong = refusal(submit_referral.sync(client=school, body=request))
    print(wrong.status, wrong.type_)
    for fault in wrong.errors or []:
        print(" ", fault.in_, fault.location, fault.code)


if __name__ == "__main__":
    main()
