"""Warm transfers: who still helps while another is asked to take over, and whom it now lies with."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.services.lifecycle.table import ENDED, RUNNING

Row = dict[str, Any]
Rows = Mapping[UUID, Row]


def giver_of(rows: Rows, row: Row) -> Row | None:
    """The handover that `row` is to take over from, through all that only sent it on; None for none."""
    follower, giver = row, rows.get(row["preceded_by"])
    while giver is not None and giver["succeeded_by"] == follower["id"]:
        if "transfer_pending" in giver["flags"]:
            return giver
        follower, giver = giver, rows.get(giver["preceded_by"])
    return None


def taker_of(rows: Rows, giver: Row) -> Row:
    """The handover that is asked now to take over from `giver`: the last of those that follow it."""
    taker = rows[giver["succeeded_by"]]
    while taker["succeeded_by"] is not None:
        taker = rows[taker["succeeded_by"]]
    return taker


def ended_transfers(rows: Rows) -> list[tuple[UUID, Row]]:
    """What becomes of givers whose transfer has ended: gone where the other accepted, else as before."""
    found: list[tuple[UUID, Row]] = []
    for giver in [row for row in rows.values() if "transfer_pending" in row["flags"]]:
        flags = [flag for flag in giver["flags"] if flag != "transfer_pending"]
        status = taker_of(rows, giver)["status"]
        if status in RUNNING:
            found.append((giver["id"], {"status": "redirected", "flags": flags, "reason": None}))
        elif status in ENDED:
            found.append((giver["id"], {"flags": flags, "succeeded_by": None}))
    return found
