"""What a client may have to do with what an endpoint handles: a closed list, and the roles that have it."""

from typing import Final, Literal

Relation = Literal[
    "nothing",
    "own_referrals",
    "own_imports",
    "own_handovers",
    "own_events",
    "own_subscriptions",
    "own_statistics",
    "own_looks",
    "open_directory",
    "owned_directory",
]

# Which roles an endpoint with this relation may be for; no roles, every valid credential.
ROLES_OF: Final[dict[Relation, tuple[str, ...]]] = {
    "nothing": (),
    "own_referrals": ("referrer",),
    "own_imports": ("referrer",),
    "own_handovers": ("referrer", "team", "desk", "operator"),
    "own_events": ("referrer", "team", "desk", "operator"),
    "own_subscriptions": ("referrer", "team", "desk", "operator"),
    "own_statistics": ("referrer", "desk", "auditor", "operator"),
    "own_looks": ("referrer", "auditor"),
    "open_directory": (),
    "owned_directory": ("directory_admin",),
}
