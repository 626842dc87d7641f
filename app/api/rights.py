"""Who may call an operation, and what of it they see, in the words of the OpenAPI document."""

from typing import Final

from app.deps import Access
from app.services.relations import Relation

SEEN: Final[dict[Relation, str]] = {
    "nothing": "Er wordt niets van een organisatie gelezen of bewaard.",
    "own_referrals": "Alleen verwijzingen van de eigen organisatie.",
    "own_imports": "Alleen imports van de eigen organisatie.",
    "own_handovers": "Een verwijzer ziet de overdrachten van eigen verwijzingen; een team wat het is "
    "aangeboden, met alleen de eigen routes; een toegang waarover zij beslist; de verantwoordelijke gemeente "
    "haar routes, zonder persoon; de beheerder kenmerken en standen.",
    "own_events": "Gebeurtenissen van wat deze sleutel mag zien, en van het register; de beheerder alle.",
    "own_subscriptions": "Abonnementen van de eigen organisatie die niet meer te zien krijgen dan deze "
    "sleutel; de beheerder ziet ze alle, zonder adres.",
    "own_statistics": "Cijfers over de eigen overdrachten; de beheerder over alle.",
    "own_looks": "Een verwijzer ziet wie keek naar wie de eigen organisatie verwees; een auditor ook wat de "
    "eigen organisatie van anderen bekeek.",
    "open_directory": "Het register is voor elke organisatie hetzelfde.",
    "owned_directory": "Alleen wat van de eigen organisatie is; de beheerder alles.",
}


def rights(access: Access | None) -> str:
    """Who may call, and in what relation to what they ask for."""
    if access is None:
        return "Toegang: iedereen, zonder sleutel."
    roles = " of ".join(f"`{role}`" for role in access.roles)
    any_one = "elke geldige sleutel, of een token met een van de scopes"
    who = f"een sleutel of token met de rol {roles}" if roles else any_one
    return f"Toegang: {who}. {SEEN[access.relation]}"
