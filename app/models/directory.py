"""Rulebooks and references by hash, the directory by edition: rows are closed by a later one, not changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.checks import one_of


class RulebookRow(Base):
    """The files of a rulebook, name to text, kept for as long as a receipt names its hash."""

    __tablename__ = "rulebook"

    hash: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    files: Mapped[dict[str, Any]]
    stored_at: Mapped[datetime]


class ReferenceRow(Base):
    """The tables of a reference, name to text, kept for as long as an edition names its hash.

    `origin` is how it came here first: with a release, or by an import.
    """

    __tablename__ = "reference"

    hash: Mapped[str] = mapped_column(primary_key=True)
    files: Mapped[dict[str, Any]]
    origin: Mapped[str]
    stored_at: Mapped[datetime]

    __table_args__ = (CheckConstraint(one_of("origin", "shipped", "imported"), "origin"),)


class DirectoryEdition(Base):
    """One immutable state of the whole directory; `hash` is the SHA-256 of its content.

    A team must be confirmed every `confirm_within_days`; null asks nobody.
    `reference_hash` is null in editions of before references were kept: those of the first one stored.
    """

    __tablename__ = "directory_edition"

    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]
    made_at: Mapped[datetime]
    confirm_within_days: Mapped[int | None]
    reference_hash: Mapped[str | None] = mapped_column(ForeignKey("reference.hash"))


class _Edited:
    """An edition N holds the rows with edition_from <= N and (edition_to is null or edition_to > N)."""

    edition_from: Mapped[int] = mapped_column(ForeignKey("directory_edition.edition"), primary_key=True)
    edition_to: Mapped[int | None] = mapped_column(ForeignKey("directory_edition.edition"))


class DirectoryOrganisation(_Edited, Base):
    """An organisation of the directory, and whether it works with the service."""

    __tablename__ = "directory_organisation"

    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    connected: Mapped[bool]


class TeamRow(_Edited, Base):
    """A team as its owner registered it; `organisation` is the owner's code."""

    __tablename__ = "team"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    organisation: Mapped[str]
    municipality: Mapped[str]
    coverage: Mapped[dict[str, Any]]
    contact: Mapped[dict[str, Any] | None]
    expertise: Mapped[list[str]]
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    confirmed_on: Mapped[date | None]
    terms: Mapped[dict[str, Any] | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class SchoolRow(_Edited, Base):
    """A school with its core municipality."""

    __tablename__ = "school"

    id: Mapped[str] = mapped_column(primary_key=True)
    brin: Mapped[str]
    name: Mapped[str]
    core_municipality: Mapped[str]
    locations: Mapped[list[str]]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class AgreementRow(_Edited, Base):
    """What a core municipality may do for residents of a home municipality; null lists mean all."""

    __tablename__ = "agreement"

    id: Mapped[str] = mapped_column(primary_key=True)
    home_municipality: Mapped[str]
    core_municipality: Mapped[str]
    mandate: Mapped[str]
    payer: Mapped[str]
    schools: Mapped[list[str] | None]
    support_variants: Mapped[list[str] | None]
    provisions: Mapped[list[str] | None]
    note: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    __table_args__ = (
        CheckConstraint(one_of("mandate", "consult", "provide", "decide"), "mandate"),
        CheckConstraint(one_of("payer", "home", "core", "shared"), "payer"),
    )
