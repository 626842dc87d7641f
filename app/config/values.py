"""How settings are written: keys, addresses and lists in one text each; no fault names the value."""

import base64
import binascii
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

KEY_BYTES = 32
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_ISSUER = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")
# Fewer different bytes than this in 32 is a typed or repeated key: by chance it happens once in 10**30.
FEWEST_DIFFERENT_BYTES = 12


def _parse_key(text: object) -> object:
    """32 random bytes from base64; anything that is not text is left to pydantic."""
    if not isinstance(text, str):
        return text
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"must be {KEY_BYTES} bytes in base64, these are {len(key)}")
    if len(set(key)) < FEWEST_DIFFERENT_BYTES:
        raise ValueError("is not random: make one with `openssl rand -base64 32`")
    return key


def _parse_keys(text: object) -> object:
    """`id:base64` separated by commas; the first is the active one, the others only open what they closed."""
    if not isinstance(text, str):
        return text
    keys: dict[str, object] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key_id, colon, key = part.partition(":")
        if not colon or not key_id.isalnum() or key_id in keys:
            raise ValueError("must be id:base64, separated by commas, each id once and of letters and digits")
        keys[key_id] = _parse_key(key)
    return keys


def _check_address(text: object) -> object:
    """A PostgreSQL address in either spelling; empty counts as not set."""
    if text is None or text == "":
        return None
    if urlsplit(str(text)).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be like postgresql://role:password@host:5432/database")
    return text


def _parse_origins(text: object) -> object:
    """Origins separated by commas, each exactly as browsers send it."""
    if not isinstance(text, str):
        return text
    origins = tuple(filter(None, (part.strip() for part in text.split(","))))
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueError("must be like https://portal.example, separated by commas, without a path")
    return origins


def _parse_issuers(text: object) -> object:
    """`issuer=file` separated by commas; an issuer is an https address without query (RFC 8414, 2)."""
    if not isinstance(text, str):
        return text
    files: dict[str, object] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        issuer, equals, file = part.partition("=")
        if not equals or not file or not _ISSUER.fullmatch(issuer) or issuer in files:
            raise ValueError("must be https://issuer.example=file, separated by commas, each issuer once")
        files[issuer] = file
    return files


Key = Annotated[bytes, BeforeValidator(_parse_key)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_origins)]
Issuers = Annotated[dict[str, Path], NoDecode, BeforeValidator(_parse_issuers)]
Keys = Annotated[dict[str, bytes], NoDecode, BeforeValidator(_parse_keys)]
Address = Annotated[str, BeforeValidator(_check_address)]
