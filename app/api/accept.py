"""The header Accept (RFC 9110, 12.5.1): whether it takes what a path answers."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_QUALITY: Final = re.compile(r"q\s*=\s*(?:0(?:\.0{0,3})?|0?\.0{1,3})", re.IGNORECASE)


# What else than JSON a path answers, and by which name it is asked for.
CSV: Final = "text/csv"
_OTHERWISE: Final = {"/v1/person-exports": CSV}


def is_acceptable(path: str, accept: Sequence[str]) -> bool:
    """Whether these headers take the answer of a path; pages outside /v1 are not negotiated."""
    if not path.startswith("/v1/"):
        return True
    wanted = ",".join(accept)
    usual = "application/yaml" if path.endswith(".yaml") else "application/json"
    return _takes(usual, wanted) or (path in _OTHERWISE and _takes(_OTHERWISE[path], wanted))


def wants_csv(accept: Sequence[str]) -> bool:
    """Whether CSV is asked for by name, or taken where JSON is not."""
    wanted = ",".join(accept)
    by_name = CSV in _ranges(wanted) and "application/json" not in _ranges(wanted)
    return _takes(CSV, wanted) and (by_name or not _takes("application/json", wanted))


@lru_cache(maxsize=256)
def _takes(media: str, accept: str) -> bool:
    """The narrowest range that fits decides: `application/json;q=0, */*` refuses JSON."""
    ranges = _ranges(accept)
    fitting = (ranges[one] for one in (media, f"{media.partition('/')[0]}/*", "*/*") if one in ranges)
    return next(fitting, not ranges)


def _ranges(accept: str) -> dict[str, bool]:
    """The media ranges, each with whether it is taken."""
    ranges: dict[str, bool] = {}
    for part in filter(None, (part.strip() for part in accept.lower().split(","))):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        ranges[media] = not any(map(_QUALITY.fullmatch, parameters))
    return ranges
