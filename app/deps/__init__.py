"""What endpoints may ask for, the only `Depends` of the program."""

from app.deps.access import (
    Access,
    ConnectionDep,
    DirectoryAdminDep,
    HandlerDep,
    PartyDep,
    ReferrerDep,
    StatisticsDep,
    public,
    requires,
)
from app.deps.note import LEAVING, NOTE, RequestNote
from app.deps.values import (
    ClockDep,
    DecidingDep,
    DirectoryDep,
    KeyringDep,
    NoteDep,
    OpenReferenceDep,
    ReferenceDep,
    ResourcesDep,
    RulebookDep,
    TodayDep,
)

__all__ = [
    "LEAVING",
    "NOTE",
    "Access",
    "ClockDep",
    "ConnectionDep",
    "DecidingDep",
    "DirectoryAdminDep",
    "DirectoryDep",
    "HandlerDep",
    "KeyringDep",
    "NoteDep",
    "OpenReferenceDep",
    "PartyDep",
    "ReferenceDep",
    "ReferrerDep",
    "RequestNote",
    "ResourcesDep",
    "RulebookDep",
    "StatisticsDep",
    "TodayDep",
    "public",
    "requires",
]
