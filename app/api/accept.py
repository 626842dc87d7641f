"""The header Accept (RFC 9110, 12.5.1): whether it takes what a path answers."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_QUALITY: Final = re.compile(r"q\s*=\s*(?:0(?:\.0{0,3})?|0?\.0{1,3})", re.IGNORECASE)


def is_acceptable(path: str, accept: Sequence[str]) -> bool:
    """Whether these headers take the answer of a path; pages outside /v1 are not negotiated."""
    if not path.startswith("/v1/"):
        return True
    return _takes("yaml" if path.endswith(".yaml") else "json", ",".join(accept))


@lru_cache(maxsize=256)
def _takes(kind: str, accept: str) -> bool:
    """The narrowest range that fits decides: `application/json;q=0, */*` refuses JSON."""
    ranges: dict[str, bool] = {}
    for part in filter(None, (part.strip() for part in accept.lower().split(","))):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        ranges[media] = not any(map(_QUALITY.fullmatch, parameters))
    fitting = (ranges[media] for media in (f"application/{kind}", "application/*", "*/*") if media in ranges)
    return next(fitting, not ranges)
