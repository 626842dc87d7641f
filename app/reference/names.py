"""Resolves what somebody wrote for a municipality to today's code (CONTRACT 1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.reference.history import FormerMunicipality, read_history
from app.reference.municipalities import MunicipalityListing
from app.reference.spelling import spelling_key, without_suffix
from app.reference.tables import Files, rows_of

_CODE = re.compile(r"\s*(?:GM)?([0-9]{4})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The answer: one code of today, or several candidates, or neither where it is unknown.

    `merged` says that the code or name was one of the past, carried over to today's.
    """

    code: str | None
    merged: bool = False
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIndex:
    """Names and codes as keys; a name of today is looked up before one of the past."""

    today: frozenset[str]
    names: Mapping[str, frozenset[str]]
    short_names: Mapping[str, frozenset[str]]
    former_codes: Mapping[str, tuple[FormerMunicipality, ...]]
    former_names: Mapping[str, tuple[FormerMunicipality, ...]]
    former_short_names: Mapping[str, tuple[FormerMunicipality, ...]]

    def resolve(self, text: str, on: date | None = None) -> Resolved:
        """Four digits, `GM` and four digits, or a name in either spelling, today's or former.

        `on` chooses between several municipalities of the past that bore the same code or name.
        """
        code = _CODE.fullmatch(text)
        return self._by_code(code[1], on) if code else self._by_name(spelling_key(text), on)

    def _by_code(self, code: str, on: date | None) -> Resolved:
        return Resolved(code) if code in self.today else _carried_over(self.former_codes.get(code, ()), on)

    def _by_name(self, key: str, on: date | None) -> Resolved:
        codes = self.names.get(key) or self.short_names.get(key)
        if codes:
            return _one_or_candidates(codes, merged=False)
        return _carried_over(self.former_names.get(key) or self.former_short_names.get(key, ()), on)


def build_name_index(files: Files, listings: Mapping[str, MunicipalityListing]) -> NameIndex:
    """The index over today's municipalities, the history and the aliases of both."""
    spellings = [(name, code) for code, of in listings.items() for name in (of.name, of.cbs_name)]
    every_alias = [(row["alias"], row["municipality_code"]) for row in rows_of(files["municipality_aliases"])]
    aliases = [(alias, code) for alias, code in every_alias if code in listings]
    history = read_history(files, listings)
    by_code = _formers_by_key((former.code, former) for former in history)
    former_aliases = [
        (spelling_key(a), former) for a, code in every_alias for former in by_code.get(code, ())
    ]
    return NameIndex(
        today=frozenset(listings),
        names=_codes_by_key(spellings + aliases),
        short_names=_codes_by_key((without_suffix(name), code) for name, code in spellings),
        former_codes=by_code,
        former_names=_formers_by_key(
            [*((spelling_key(former.name), former) for former in history), *former_aliases]
        ),
        former_short_names=_formers_by_key(
            (spelling_key(without_suffix(former.name)), former) for former in history
        ),
    )


def _codes_by_key(named: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    codes: dict[str, frozenset[str]] = {}
    for name, code in named:
        key = spelling_key(name)
        codes[key] = codes.get(key, frozenset()) | {code}
    return codes


def _formers_by_key(
    keyed: Iterable[tuple[str, FormerMunicipality]],
) -> Mapping[str, tuple[FormerMunicipality, ...]]:
    formers: dict[str, tuple[FormerMunicipality, ...]] = {}
    for key, former in keyed:
        formers[key] = (*formers.get(key, ()), former)
    return formers


def _carried_over(formers: tuple[FormerMunicipality, ...], on: date | None) -> Resolved:
    then = [former for former in formers if on is not None and former.existed_on(on)]
    return _one_or_candidates({code for former in then or formers for code in former.successors}, merged=True)


def _one_or_candidates(codes: Iterable[str], *, merged: bool) -> Resolved:
    found = tuple(sorted(codes))
    return Resolved(found[0], merged) if len(found) == 1 else Resolved(None, candidates=found)
