"""What the database holds, against what the clients were told."""

from dataclasses import dataclass

import asyncpg

from tests.faults.load import Ledger

# One row for each referral; the parts that the same statement writes must be there with it.
REFERRALS = """
SELECT r.id::text AS id,
       EXISTS (SELECT FROM decision d WHERE d.referral_id = r.id)
   AND EXISTS (SELECT FROM handover h WHERE h.referral_id = r.id)
   AND EXISTS (SELECT FROM event e WHERE e.referral_id = r.id) AS whole
  FROM referral r
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Acknowledged referrals that are not there, rows beyond one for each, rows without their parts."""

    lost: int
    doubled: int
    torn: int

    def in_words(self) -> str:
        """The counts."""
        return f"{self.lost} lost, {self.doubled} doubled, {self.torn} torn"


async def verdict(owner: asyncpg.Connection, *ledgers: Ledger) -> Verdict:
    """Compares; every client has finished, so each referral is acknowledged and there exactly once."""
    rows = await owner.fetch(REFERRALS)
    acknowledged = {identifier for ledger in ledgers for identifier in ledger.acknowledged.values()}
    assert acknowledged, "nothing was acknowledged: void"
    stored = {row["id"] for row in rows}
    torn = sum(not row["whole"] for row in rows)
    return Verdict(len(acknowledged - stored), len(stored - acknowledged), torn)
