"""The pure core: facts, law and directory in, a decision with its reasons out."""

from app.routing.decide import route, routes_of
from app.routing.decision import Decision
from app.routing.directory import Directory
from app.routing.facts import Facts
from app.routing.loader import RulebookError, load_rulebook, rulebook_from
from app.routing.rulebook import Rulebook

__all__ = [
    "Decision",
    "Directory",
    "Facts",
    "Rulebook",
    "RulebookError",
    "load_rulebook",
    "route",
    "routes_of",
    "rulebook_from",
]
