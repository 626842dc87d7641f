"""The two ways in: an API key or an access token, in the header Authorization and nowhere else."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.access_tokens import AccessToken, BadToken, read_token
from app.adapters.api_keys import parse_api_key
from app.deps.note import NOTE, held
from app.errors import BadCredential, NotAuthenticated, QuotaExceeded
from app.services.authenticating import Client, authenticate, authenticate_token
from app.services.quotas import Quota

Credential = str | AccessToken


async def _credential(request: Request) -> Credential:
    """The text of a key, or the token that was found good; what cannot be one never reaches the database."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise NotAuthenticated
    if parse_api_key(text):
        return text
    resources, keys = held(request), request.app.state.token_keys.current()
    audience, now = resources.settings.oauth_audience or "", resources.clock.now().timestamp()
    try:
        return read_token(text, keys, audience, now)
    except BadToken:
        raise BadCredential from None


CredentialDep = Annotated[Credential, Depends(_credential)]


async def client_of(request: Request, credential: Credential, connection: AsyncConnection) -> Client:
    """The client that calls, by one statement that also takes this request of its quota.

    Raises NotAuthenticated or QuotaExceeded.
    """
    resources = held(request)
    now, settings = resources.clock.now(), resources.settings
    quota = Quota(settings.quota_requests, settings.quota_seconds)
    if isinstance(credential, str):
        client = await authenticate(connection, credential, now, quota)
    else:
        client = await authenticate_token(connection, credential, now, quota)
    note = request.scope[NOTE]
    note.organisation_id, note.newest_edition = str(client.organisation_id), client.newest_edition
    note.allowance = client.allowance
    if client.allowance and client.allowance.refused:
        raise QuotaExceeded(client.allowance.reset)
    return client
