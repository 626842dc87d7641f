"""Keeps what is told of a student later: who it is and how to reach them, and how they are found again."""

from app.services.fingerprints import student_number_index
from app.services.lifecycle.storing import Row, Storing
from app.services.sealed import dump
from app.services.subject_index import subject_index


def tell_student(storing: Storing, told: Row) -> None:
    """Adds to the identity of the referral, in the names of the wire; what is there changes nothing."""
    referral = storing.referral
    identity = referral.identity
    student = {**identity["student"], **told}
    if student == identity["student"]:
        return
    number, organisation = student.get("studentNumber"), referral.row["organisation_id"]
    storing.student |= told
    storing.columns |= {
        "identity": referral.seal(dump({**identity, "student": student}), "referral", "identity"),
        "student_number_index": student_number_index(referral.keyring, organisation, number),
        "subject_index": subject_index(referral.keyring, organisation, student),
    }
