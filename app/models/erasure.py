"""How far the ledger of erasures was done in this very database: an older backup has an older place."""

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ErasurePlace(Base):
    """The one row: so many bytes of the ledger are done, the last line of which has this `mac`."""

    __tablename__ = "erasure_place"

    one: Mapped[bool] = mapped_column(primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[str]

    __table_args__ = (CheckConstraint("one", "one"),)
