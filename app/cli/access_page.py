"""Who may do what as one page of Markdown, from what the endpoints declare."""

from collections.abc import Iterable

from app.cli import access_words as words
from app.deps import Access
from app.services.relations import ROLES_OF, Relation

Declared = tuple[str, str, Access | None]  # method, path, access rule


def access_page(declared: Iterable[Declared]) -> str:
    """The whole page: what is seen in each relation in each role, and the operations."""
    parts = [
        words.HEAD,
        *(_seen(relation, role) for relation in ROLES_OF for role in words.SEEN[relation]),
        words.OPERATIONS,
        *(_operation(*one) for one in declared),
    ]
    return "\n".join(parts) + "\n"


def _seen(relation: Relation, role: str) -> str:
    who = f"`{role}`" if role else "any"
    return f"| `{relation}` | {who} | {words.SEEN[relation][role]} |"


def _operation(method: str, path: str, access: Access | None) -> str:
    operation = f"| `{method} /v1{path}`"
    if access is None:
        return f"{operation} | everybody, without a credential | open |"
    roles = ", ".join(f"`{role}`" for role in access.roles) or "any"
    return f"{operation} | {roles} | `{access.relation}` |"
