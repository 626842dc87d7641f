"""`/.well-known/security.txt` (RFC 9116): where to report a vulnerability, and until when that holds."""

from datetime import date

from fastapi import APIRouter, Depends, Response

from app.deps import ResourcesDep, public

router = APIRouter(dependencies=[Depends(public)], include_in_schema=False)


@router.get("/.well-known/security.txt")
async def security_txt(resources: ResourcesDep) -> Response:
    """The contact of the settings. It expires with the rulebook: a service that nobody renews says so."""
    page = security_page(resources.settings.security_contact, resources.rulebook.checked_until)
    return Response(page, media_type="text/plain; charset=utf-8")


def security_page(contact: str, good_until: date) -> str:
    """The lines of the file."""
    return f"Contact: {contact}\nExpires: {good_until.isoformat()}T23:59:59Z\nPreferred-Languages: nl, en\n"
