"""How the jobs of the worker went, for readiness and metrics in other processes."""

from datetime import datetime

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
