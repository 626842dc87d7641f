"""How the service's own work goes: the jobs of the worker, and how far the ledger of erasures was done."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class WorkerJob(Base):
    """One job: when any worker last did it, how often it failed since, and when it is due again.

    `failure` is the name of the last error's class; its text may hold values and is not kept.
    """

    __tablename__ = "worker_job"

    name: Mapped[str] = mapped_column(primary_key=True)
    succeeded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failures: Mapped[int]
    failure: Mapped[str | None]
    due_at: Mapped[datetime]


class ErasurePlace(Base):
    """The one row: so many bytes of the ledger are done in this very database, the last line with this `mac`.

    An older backup has an older place.
    """

    __tablename__ = "erasure_place"

    one: Mapped[bool] = mapped_column(primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[str]

    __table_args__ = (CheckConstraint("one", "one"),)
