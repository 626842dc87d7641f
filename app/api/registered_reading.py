"""Lists and reads teams, schools and agreements."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.conditional import ETAG, conditional_answer
from app.api.kinds import IdPath, Kind, Read, T
from app.api.pages import NEXT, page_answer
from app.deps import DirectoryDep, ReferenceDep, TodayDep, requires
from app.services import registrations


def add_list(router: APIRouter, kind: Kind[T]) -> None:
    """Adds GET for the list."""
    filters: Any = kind.filter

    async def list_all(
        request: Request,
        directory: DirectoryDep,
        reference: ReferenceDep,
        today: TodayDep,
        wanted: Annotated[filters, Query()],
    ) -> Response:
        """Uit de nieuwste uitgave van het register, op id; ook wat is beëindigd."""
        condition = kind.wanted(wanted, Read(directory, reference, today))
        found, following = registrations.list_registered(
            directory, kind.of, condition, wanted.after, wanted.limit
        )
        items = [registrations.registered_resource(thing, directory.places) for thing in found]
        return page_answer(request, wanted, items, following)

    router.add_api_route(
        kind.path,
        list_all,
        name=f"list_{kind.path[1:]}",
        summary=f"Toon {kind.many}",
        dependencies=[Depends(requires(relation="open_directory"))],
        responses={200: {"model": kind.listed, "headers": NEXT}},
    )


def add_one(router: APIRouter, kind: Kind[T]) -> None:
    """Adds GET for one."""

    async def read_one(request: Request, directory: DirectoryDep, id: IdPath) -> Response:
        """Uit de nieuwste uitgave van het register. De ETag hoort bij een wijziging in If-Match."""
        found = registrations.find_registered(directory, kind.of, id)
        resource = registrations.registered_resource(found, directory.places)
        return conditional_answer(request, resource, mark=registrations.version_of(found))

    router.add_api_route(
        f"{kind.path}/{{id}}",
        read_one,
        name=f"read_{kind.name}",
        summary=f"Toon {kind.one}",
        dependencies=[Depends(requires(relation="open_directory"))],
        responses={200: {"model": kind.answered, "headers": ETAG}},
    )
