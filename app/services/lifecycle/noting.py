"""Keeps what was said with a step, under the referral's own key."""

from typing import Final

from app.services.lifecycle.work import Work
from app.services.resources import moment
from app.services.sealed import dump

# So many remarks of one handover are kept with it, the newest: each step may add one.
MOST_NOTES: Final = 200


async def note(work: Work) -> None:
    """Adds the comment and the question of a step to the notes of its handover."""
    said = {"comment": work.asked.comment, "question": work.asked.question}
    if not any(said.values()):
        return
    referral, row = work.storing.referral, work.row
    entry = {"at": moment(work.storing.now), "action": work.asked.action, "role": work.actor.role, **said}
    notes = [*referral.notes(row), entry][-MOST_NOTES:]
    sealed = referral.seal(dump(notes), "handover", "notes", work.id)
    await work.storing.change(work.id, work.actor, notes=sealed)
