"""Registers, changes and ends teams, schools and agreements."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from app.api.answers import answer
from app.api.bodies import Body
from app.api.conditional import ETAG
from app.api.kinds import IdPath, Kind, T
from app.api.preconditions import ChangeOf, EndOf
from app.deps import ClockDep, ConnectionDep, DirectoryAdminDep, DirectoryDep, NoteDep, ReferenceDep
from app.schemas.json_body import Parsed
from app.schemas.registering import Registering
from app.services import registrations

LOCATION: Final[dict[str, Any]] = {
    "Location": {"description": "Adres.", "schema": {"type": "string", "format": "uri-reference"}}
}


def add_registering(router: APIRouter, kind: Kind[T]) -> None:
    """Adds PUT, which registers or changes one."""
    shape: Any = kind.request

    async def put(
        client: DirectoryAdminDep,
        body: Annotated[Parsed[shape], Depends(Body(shape))],
        connection: ConnectionDep,
        directory: DirectoryDep,
        reference: ReferenceDep,
        clock: ClockDep,
        note: NoteDep,
        said: ChangeOf,
        id: IdPath,
    ) -> Response:
        """Maakt een nieuwe uitgave van het register; eerdere uitgaven blijven zoals ze waren.

        Iets nieuws zonder If-Match; een wijziging alleen met de ETag van de huidige stand. Dezelfde
        inhoud nog eens verandert niets.
        """
        thing = kind.build(Registering(reference, directory, clock.today()), id, body.shape)
        new = await registrations.register(connection, client, thing, said, clock.now(), note.request_id)
        resource = registrations.registered_resource(thing, directory.places)
        headers = {"ETag": f'"{registrations.version_of(thing)}"'}
        if new:
            headers["Location"] = f"/v1{kind.path}/{id}"
        return answer(resource, 201 if new else 200, headers)

    router.add_api_route(
        f"{kind.path}/{{id}}",
        put,
        methods=["PUT"],
        name=f"put_{kind.name}",
        summary=f"Schrijf {kind.one} in, of wijzig",
        status_code=201,
        responses={
            201: {"model": kind.answered, "headers": {**ETAG, **LOCATION}, "description": "Ingeschreven."},
            200: {"model": kind.answered, "headers": ETAG, "description": "Gewijzigd, of al zo."},
        },
    )


def add_ending(router: APIRouter, kind: Kind[T]) -> None:
    """Adds DELETE, which ends one and erases nothing."""

    async def end(
        client: DirectoryAdminDep,
        connection: ConnectionDep,
        directory: DirectoryDep,
        clock: ClockDep,
        note: NoteDep,
        said: EndOf,
        id: IdPath,
    ) -> Response:
        """De geldigheid eindigt gisteren. Niets wordt gewist: lezen kan nog, besluiten van toen blijven."""
        seen = registrations.find_registered(directory, kind.of, id)
        await registrations.end_registration(
            *(connection, client, seen, said),
            today=clock.today(),
            now=clock.now(),
            correlation_id=note.request_id,
        )
        return Response(status_code=204)

    router.add_api_route(
        f"{kind.path}/{{id}}",
        end,
        methods=["DELETE"],
        name=f"end_{kind.name}",
        summary=f"Beëindig {kind.one}",
        status_code=204,
        responses={204: {"description": "De geldigheid is geëindigd."}},
    )
