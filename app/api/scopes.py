"""The scopes of access tokens: one for each role, and which of them an operation asks for."""

from collections.abc import Sequence
from typing import Final

from app.adapters.access_tokens import scope_of
from app.api.problem_kinds import CHALLENGE

# A token limits what its client may do: it works with those roles of the client that its scopes name.
SCOPES: Final = {
    scope_of("referrer"): "Verwijzen, en de eigen verwijzingen volgen.",
    scope_of("team"): "Overdrachten van de eigen teams behandelen.",
    scope_of("desk"): "Overdrachten als toegang verdelen.",
    scope_of("auditor"): "Cijfers en het spoor lezen, zonder inhoud.",
    scope_of("directory_admin"): "Het register wijzigen.",
    scope_of("operator"): "Beheer: register, berichten en standen.",
}


def scopes_for(roles: Sequence[str]) -> list[str]:
    """The scopes of which one is enough for an operation for these roles; no roles is any role."""
    return [scope_of(role) for role in roles] or list(SCOPES)


def challenge(roles: Sequence[str]) -> str:
    """The header `WWW-Authenticate` for a token that reaches less far than these roles (RFC 6750, 3)."""
    return f'{CHALLENGE}, error="insufficient_scope", scope="{" ".join(scopes_for(roles))}"'
