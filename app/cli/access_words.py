"""What the page about access says in words, beside what the endpoints declare."""

from typing import Final

from app.services.relations import Relation

HEAD: Final = """\
# Who may do what

Made by `verwijsroute access document > docs/access.md` from what each endpoint declares (`requires(...)` in
`app/deps`); a test fails where this page and the program differ, and for an endpoint that declares nothing.

Whoever calls is a credential of one organisation with one or more roles. An endpoint asks for a role (403
without it) and for a relation to what is asked for (404 without it, the same to the byte as for what does not
exist). Several roles see what each of them sees. `tests/tenants` asks every operation for what is others'.

| Role | Who |
|---|---|
| `referrer` | those who refer students: a school, or whoever refers |
| `team` | the teams of an organisation that receives: all, or those that the credential lists |
| `desk` | the access desk of an organisation: decides where no team is known, stands in for its teams |
| `auditor` | who supervises: figures and who looked at whom, never content |
| `directory_admin` | who keeps what an organisation has in the directory |
| `operator` | who runs the service: machinery, directory, ids and states, no person |

## What is seen

A handover that was `entered_in_error` shows ids, states and history to those who saw it, and no content.
Ids and states tell neither by which law somebody is helped nor whose task that is. Nothing else is left for
a team or desk that rejected a handover or passed it on, nor 30 days after its end, nor for anybody but the
referrer once consent is withdrawn; a list shows them nothing else of what has ended.

| Relation | Role | What of it is seen |
|---|---|---|"""

# For each relation the roles that have it, "" for any.
SEEN: Final[dict[Relation, dict[str, str]]] = {
    "nothing": {"": "nothing is read of an organisation, and nothing is stored"},
    "own_referrals": {
        "referrer": "what its organisation referred: what was sent, the decisions with their receipts, all "
        "handovers with what was said, and advice",
    },
    "own_imports": {
        "referrer": "its organisation's imports: how they go, and of each row the outcome, its own "
        "reference, the id of the referral and what is wrong; never what the file said",
    },
    "own_handovers": {
        "referrer": "the handovers of its organisation's referrals, with routes and what was said",
        "team": "what was offered to its teams, once it waits for no consent: those routes and terms and, by "
        "consent, student, referrer, reason and what was said; not the other handovers, problems and advice, "
        "nor receipts, nor the school's own reference",
        "desk": "the same of what its organisation received and what it decides over; of what its "
        "municipality is responsible for and another decides over, the routes that are its task, without the "
        "person; in a dispute the routes",
        "operator": "ids and states, no law, no routes and no person; in lists what has no connected desk",
    },
    "own_events": {
        "referrer": "ids and types of what happened to its organisation's referrals, and to the directory",
        "team": "the same of what its teams received",
        "desk": "the same of what its organisation received and what it decides over",
        "operator": "the same of everything",
    },
    "own_subscriptions": {
        "referrer": "its organisation's subscriptions that are told no more than this credential may see, "
        "and their deliveries: ids, types, outcomes",
        "team": "the same",
        "desk": "the same",
        "operator": "all of them, without the address",
    },
    "own_statistics": {
        "referrer": "figures of what its school referred, none below five",
        "desk": "figures of what its organisation received or is responsible for",
        "auditor": "the figures of its organisation",
        "operator": "the figures of all together",
    },
    "own_looks": {
        "referrer": "who looked at whom its organisation referred, when and why; never what they saw",
        "auditor": "the same, and what its own organisation looked at of others",
    },
    "open_directory": {"": "the whole directory: teams, schools, agreements"},
    "owned_directory": {"directory_admin": "changes what is its organisation's; the operator's, everything"},
}

OPERATIONS: Final = """
## Operations

| Operation | Roles | Relation |
|---|---|---|"""
