"""What the values of a table must look like: a check for each kind, with its sentence."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

# A value -> what is wrong with it, None where nothing is.
Check = Callable[[str], str | None]

_FIRST_DAY: Final = date(1800, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)
_LONGEST_NAME: Final = 200
_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PLAIN_DATE: Final = re.compile(r"\d{8}", re.ASCII)


def pattern(expression: str, otherwise: str) -> Check:
    """The value fits the expression wholly."""
    compiled = re.compile(expression, re.ASCII)
    return lambda value: None if compiled.fullmatch(value) else otherwise


def optional(check: Check) -> Check:
    """The value is empty, or passes."""
    return lambda value: check(value) if value else None


def anything(value: str) -> str | None:
    """Text that can be seen, or nothing."""
    if len(value) > _LONGEST_NAME:
        return f"longer than {_LONGEST_NAME} characters"
    return None if value.replace("\u00a0", " ").isprintable() else "holds a character that cannot be seen"


def name(value: str) -> str | None:
    """Text that can be seen, and some of it."""
    return anything(value) if value.strip() else "empty"


def iso_date(value: str) -> str | None:
    """A day as 2026-01-31."""
    return _day(value) if _ISO_DATE.fullmatch(value) else "not a date as yyyy-mm-dd"


def plain_date(value: str) -> str | None:
    """A day as 20260131."""
    return _day(value) if _PLAIN_DATE.fullmatch(value) else "not a date as yyyymmdd"


def _day(value: str) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "not a day of the calendar"
    return None if _FIRST_DAY <= day <= _LAST_DAY else "a date before 1800 or after 2100"


def share(value: str) -> str | None:
    """A part of the whole, 0 to 1."""
    return (
        None if re.fullmatch(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?", value, re.ASCII) else "not a share from 0 to 1"
    )


code: Final = pattern("[0-9]{4}", "not a municipality code of four digits")
cbs_code: Final = pattern("GM[0-9]{4}", "not GM and four digits")
pc4: Final = pattern("[1-9][0-9]{3}", "not a postcode of four digits")
pc6: Final = pattern("[1-9][0-9]{3} ?[A-Z]{2}", "not a postcode of four digits and two letters")
region: Final = pattern("[A-Za-z0-9-]{1,64}", "not a region code")
brin: Final = pattern("[0-9]{2}[A-Z]{2}", "not a BRIN")
flag: Final = pattern("[01]", "not 0 or 1")
institution: Final = pattern("[A-Z]{2,4}[0-9]{3,5}", "not an institution code")
institution_kind: Final = pattern(
    "youth_protection_organisation|child_protection_board", "not a kind of organisation that is known"
)

# Our own tables: each column with its check, in the order in which they are written.
OWN: Final[Mapping[str, Mapping[str, Check]]] = {
    "municipalities": {
        "municipality_code": code, "cbs_code": cbs_code, "name": name, "cbs_name": name,
        "province_name": name, "province_iso_3166_2": anything, "valid_from": optional(iso_date),
    },
    "municipality_aliases": {
        "alias": name, "municipality_code": code, "municipality_name": name, "kind": anything,
    },
    "municipality_code_history": {
        "municipality_code": code, "name": name, "valid_from": optional(iso_date),
        "valid_to": optional(iso_date), "successor_code": optional(code), "current_code": optional(code),
        "current_name": anything, "is_current": flag,
    },
    "municipality_regions": {
        "municipality_code": code, "municipality_name": name,
        "rmc_region_code": region, "rmc_region_name": name,
        "youth_region_code": region, "youth_region_name": name, "youth_region_name_ijw_list": anything,
        "labour_market_region_name": name, "ggd_region_name": name,
        "safety_region_code": region, "safety_region_name": name,
        "veilig_thuis_region_code": region, "veilig_thuis_region_name": name,
        "rmc_area_share": optional(share), "youth_area_share": optional(share),
        "veilig_thuis_area_share": optional(share), "ggd_area_share": optional(share),
    },
    "municipality_successors": {
        "municipality_code": code, "name": name, "dissolved_on": iso_date,
        "successor_code": code, "successor_name": name,
    },
    "pc4_municipality": {
        "pc4": pc4, "municipality_code": code, "municipality_name": name, "place_name": anything,
        "basis": name, "share": optional(share), "is_split": flag,
    },
    "pc4_municipality_candidates": {
        "pc4": pc4, "municipality_code": code, "municipality_name": name,
        "share": optional(share), "share_basis": name,
    },
    "mbo_institutions": {"brin": brin, "name": name},
    "schools": {
        "brin": brin, "name": name, "street": anything, "house_number": anything, "postcode": anything,
        "city": anything, "core_municipality_code": code, "basis": anything,
    },
    "youth_protection_organisations": {
        "code": institution, "kind": institution_kind, "name": name, "street": anything,
        "house_number": anything, "postcode": optional(pc6), "city": anything,
        "valid_from": optional(iso_date), "valid_to": optional(iso_date),
    },
}  # fmt: skip

# What no two rows of a table may share.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "municipalities": ("municipality_code",),
    "municipality_aliases": ("alias",),
    "municipality_code_history": ("municipality_code",),
    "municipality_regions": ("municipality_code",),
    "municipality_successors": ("municipality_code", "successor_code"),
    "pc4_municipality": ("pc4",),
    "pc4_municipality_candidates": ("pc4", "municipality_code"),
    "mbo_institutions": ("brin",),
    "schools": ("brin",),
    "youth_protection_organisations": ("code",),
}
