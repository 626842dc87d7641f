"""All calls of one kind of thing in the directory."""

from fastapi import APIRouter

from app.api.kinds import Kind, T
from app.api.registered_changing import add_ending, add_registering
from app.api.registered_reading import add_list, add_one


def endpoints(kind: Kind[T]) -> APIRouter:
    """The calls as a router: list, read, register or change, end."""
    made = APIRouter(tags=["directory"])
    add_list(made, kind)
    add_one(made, kind)
    add_registering(made, kind)
    add_ending(made, kind)
    return made
