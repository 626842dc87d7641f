"""What the page about the life of a handover says in words, beside the tables of the service."""

from typing import Final

HEAD: Final = """\
# The life of a handover

Made by `verwijsroute lifecycle document > docs/lifecycle.md` from the tables that the service follows
(`app/services/lifecycle/table.py` and `reasons.py`); a test fails where this page and the program differ.
A [worked example](worked-example.md) plays it with requests and answers; [the words](glossary.md).

A handover is the part of a referral that one team receives. It has a `status`, a `deliveryStatus` (whether
the team was told) and the version of the decision that it was made from: three things that never mix.

## Statuses

| Status | Kind | Meaning |
|---|---|---|"""

STATUSES: Final = {
    "needs_information": "waits for an answer: to a blocking question of the decision, or of the team",
    "needs_consent": "has a team, which sees nothing of it before consent is on record",
    "needs_triage": "lies at the access desk, which chooses a team",
    "offered": "is with a team, which has not reacted",
    "acknowledged": "was seen by the team",
    "accepted": "the team does it",
    "in_progress": "support has begun: there was a first contact",
    "on_hold": "support waits until a day that is told",
    "completed": "support ended as planned, with an outcome",
    "stopped": "support ended before",
    "rejected": "not ours: another handover or advice follows",
    "redirected": "went on to another team, or new facts gave another",
    "withdrawn": "taken back before a team accepted it",
    "entered_in_error": "should never have been there; its content is hidden, its trail stays",
}

DIAGRAM: Final = """
Created is a handover in one of the first four. `withdraw` and `mark_in_error` are left out of the picture:
they lead from many statuses to an end.

```mermaid
stateDiagram-v2"""

# Where a step leads that has no fixed target, for the picture; the others are told in words alone.
DRAWN_TO: Final = {"reopen": "offered", "redirect": "redirected"}

STEPS_HEAD: Final = """
## Steps

`POST /v1/handovers/{id}/transitions` with `action` and what the step needs, and `If-Match` with the version
that is known (428 without, 412 where it is no longer so). A `comment` may always be given. Each step needs
the role **and** the relation: see [who](#who). `availableActions` of a handover names the actions that the
reader may take now, from this same table; any other answers 409 with those, and changes nothing.

| Action | From | To | Who | Needs | What it does |
|---|---|---|---|---|---|"""

BECOMES: Final = {
    "answer": "as it was, or what the new decision says",
    "resume": "as it was",
    "redirect": "unchanged, then `redirected`",
    "cancel_redirect": "unchanged",
    "reopen": "offered, or what the new decision says",
    "reviewed": "unchanged",
    "reassessed": "unchanged",
}

ACTIONS: Final = {
    "answer": "tells the facts it waits for, and decides anew; a `comment` will do for a team's own question",
    "resume": "goes on without an answer to the team's question",
    "triage": "nobody can tell: the desk decides without the fact",
    "consent": "consent is on record: offers it; 409 where it is not",
    "assign": "the desk chooses a team, itself perhaps; waits for consent where that team has none",
    "forward": "to the desk of another municipality: see [not ours](#not-ours)",
    "settle": "ends a dispute: this team does it",
    "acknowledge": "seen",
    "ask": "a question; the clocks stand still, the question has one of its own",
    "accept": "the team takes it on; a warm transfer takes effect",
    "reject": "not ours: see [not ours](#not-ours)",
    "redirect": "to another team, once accepted as a [warm transfer](#warm-transfer)",
    "cancel_redirect": "takes back what was offered to the next team",
    "start": "support begins, or goes on after a pause (the day of first contact is told once)",
    "hold": "support waits until `expectedOn`",
    "complete": "support ends as planned",
    "stop": "support ends before",
    "withdraw": "takes it back",
    "reopen": "offers it again to the same team and decides anew",
    "mark_in_error": "hides it",
    "reviewed": "a person looked: clears `review`",
    "reassessed": "somebody looked again: clears `reassessment_due`",
}

AFTER_STEPS: Final = """
`resume` is for a question that a team or desk asked. `reopen` is possible for {days} days, while nothing
follows the handover. `team` is the id of a team in the directory, or `desk-` and the municipality's code
for a desk that is not registered.

## Who

| Who | Is |
|---|---|"""

LETTERS: Final = {
    "referrer": "R",
    "team": "T",
    "desk": "D",
    "other_desk": "D*",
    "municipality": "M",
    "operator": "A",
}

ACTORS: Final = {
    "R": "the organisation that referred, role `referrer`",
    "T": "the organisation of the team, role `team` (all its teams, or this one); of a desk also `desk`",
    "D": (
        "the access desk of the responsible municipality, role `desk`; where none is known, of the actual "
        "stay, else of the core municipality, else of R. Where that desk has no active credential A acts "
        "for it, and sees ids and states only"
    ),
    "D*": "the desk that denied a handover which is now `disputed` elsewhere",
    "M": "the responsible municipality itself, role `desk`",
    "A": "the operator of the service",
}

BY_ITSELF: Final = """
## Not ours

Every `rejected` handover is followed in the same transaction; `succeededBy` or `succeededByAdvice` says by
what, `precededBy` of that says by whose.

1. Where `responsibleBody` is named, it goes there: a municipality's team of the same kind, else its access
   desk. A body that the service does not reach becomes advice to the referrer.
2. Where none is named, or this was bounce {bounces}, it waits at the access desk.
3. The desk may `forward` it once to another municipality's desk. If that one forwards it as well it is
   `disputed` and stays at the desk where the student stays, until one of both, or the operator, settles it.

So nobody matched (`needs_triage`), the receiver bounced (`rejected`) and the receiver is silent (`overdue`)
are three things that the referrer can tell apart.

## Warm transfer

From `accepted` on the student has somebody. `redirect` then offers a successor and sets `transfer_pending`;
the handover goes on. It is `redirected` when the successor accepts. If the successor ends in any other way
the flag goes, and the handover stays with whoever has it.

## What happens by itself

Silence never changes a status, with one exception: a question that nobody answered in its term returns (as
`resume`, with `overdue`). The service decides anew on the day on which a route changes, and on new facts
(`POST /v1/referrals/{{id}}/facts`): what was not yet accepted and belongs elsewhere is `redirected`, running
support never moves by itself. Withdrawn consent ends what has not been accepted as `withdrawn` and what runs
as `stopped`.

Of what somebody said of a receiver the latest word counts, by `givenOn` and not by when it was sent; on one
day a refusal wins, so that consent after a refusal needs a later day."""

REASONS_HEAD: Final = """
## Reasons

| Reason | Meaning | Steps | Marks | iJw | In force |
|---|---|---|---|---|---|"""

REASONS: Final = {
    "other_municipality": "another municipality is responsible",
    "residence": "the student lives elsewhere than told",
    "age": "outside the ages of the act",
    "other_law": "another act applies",
    "other_expertise": "needs an expertise that the team does not have",
    "no_capacity": "the team has no place",
    "already_known": "the student is helped here already",
    "waiting_list": "there is a waiting list",
    "student_unavailable": "the student cannot now",
    "waiting_for_others": "waits for others",
    "no_contact": "no contact with the student",
    "no_longer_wanted": "the student does not want it any more",
    "consent_withdrawn": "consent was withdrawn",
    "left_school": "the student left school",
    "moved": "the student moved",
    "deceased": "the student died",
    "duplicate": "was there already",
    "solved_otherwise": "solved in another way",
    "need_returned": "the need is back",
    "ended_by_mistake": "was ended by mistake",
    "wrong_person": "about another person",
    "wrong_data": "with wrong data",
    "test_entry": "was a test",
    "erased": "the data were erased",
    "consent_refused": "consent was refused",
}

BODIES: Final = """
*Names the body*: `responsibleBody` must be given. *Administrative*: says nothing of the help, so the referrer
may stop with it. *iJw*: the refusal code of the Dutch message standard for youth help, 3.2 (8 residence,
9 age limit). *In force*: from the first to the last day, both included, `..` is open. A `responsibleBody` has
a `kind` ({bodies}), and a `municipality` where it is one.

## Outcomes

| Outcome | Meaning |
|---|---|"""

OUTCOMES: Final = {
    "goals_reached": "the goals were reached",
    "goals_partly_reached": "some were",
    "goals_not_reached": "they were not",
    "continued_elsewhere": "support goes on elsewhere",
}

FLAGS_HEAD: Final = """
## Flags

| Flag | Set when | Cleared by |
|---|---|---|"""

FLAGS: Final = {
    "overdue": ("a clock has run out", "the step it waited for, or a new clock"),
    "escalated": (
        "it is overdue for as long again; the desk is told",
        "`assign`, or the step it waited for",
    ),
    "review": ("a rule asks for a person to look (`HUMAN_REVIEW`)", "`reviewed`"),
    "reassessment_due": (
        "a birthday, window, agreement, rule or address changes what holds",
        "`POST /v1/referrals/{id}/facts`, or `reassessed`",
    ),
    "disputed": ("a second municipality denies it", "`settle`"),
    "transfer_pending": (
        "`redirect` of a handover that was accepted",
        "the successor's acceptance or end, or `cancel_redirect`",
    ),
}

CLOCKS: Final = """
## Clocks

`deadlines` of a handover are its terms, each with its last day. A term of {days} days runs from the day that
its status began (municipalities answer each other within two weeks: JW-27, iJw 3.2). A team may say in the
directory how soon it wants to react, in calendar or working days; the terms of the acts stay as they are.

| Term | Length | Waits for | Stands still |
|---|---|---|---|
| `acknowledgement` | the team's own, where it gives one | `acknowledge` | while a question is open |
| `acceptance` | {days} days | `accept` or another answer of the team | while a question is open |
| `question` | {days} days, or the team's own | the answer | never |
| `consent` | {days} days | `consent` | never |
| `triage` | {days} days | `assign` | never |
| `expected` | until `expectedOn` | the end of `hold` | never |
| any other | of the decision (`deadlines`); `first_contact` also the team's own | the first contact | \
while a question is open |

Days are days in Amsterdam. A term that stood still goes on with as many days as it had. One that has run out
sets `overdue`; after as long again, `escalated`."""
