"""What counts as the same spelling of a municipality's name."""

import re
import unicodedata

_DROPPED = str.maketrans("", "", ".'\u2018\u2019\u201b\u02bc`")
_SUFFIX = re.compile(r"\s*\([^()]*\)\s*$")
_SEPARATORS = re.compile(r"[-\u2010\u2011\u2013,()\s]+")


def spelling_key(name: str) -> str:
    """The name without case, accents, apostrophes, full stops, hyphens, brackets and "(gemeente)"."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SEPARATORS.sub(" ", plain.translate(_DROPPED).replace("(gemeente)", "")).strip()


def without_suffix(name: str) -> str:
    """The name without a suffix in brackets: "Bergen (NH.)" gives "Bergen"."""
    return _SUFFIX.sub("", name)
