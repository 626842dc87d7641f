"""The register of activities: what each operation does with people's data, and for which purpose."""

from collections.abc import Mapping
from typing import Final, Literal

Purpose = Literal["referral", "support", "accountability"]
Activity = Literal[
    "submit_referral", "import_referrals", "list_referrals", "read_referral", "read_receipt",
    "search_referrals", "add_facts", "add_consents", "mark_advice", "list_handovers", "read_handover",
    "read_history", "take_step", "erase", "report_access", "export_access_log", "export_person",
    "list_import_rows",
]  # fmt: skip

# To refer somebody and to see what became of it; to help; to answer for both.
PURPOSES: Final[Mapping[Activity, Purpose]] = {
    "submit_referral": "referral",
    "import_referrals": "referral",
    "list_referrals": "referral",
    "read_referral": "referral",
    "read_receipt": "referral",
    "search_referrals": "referral",
    "list_import_rows": "referral",
    "add_facts": "referral",
    "add_consents": "referral",
    "mark_advice": "referral",
    "list_handovers": "support",
    "read_handover": "support",
    "read_history": "support",
    "take_step": "support",
    "erase": "accountability",
    "report_access": "accountability",
    "export_access_log": "accountability",
    "export_person": "accountability",
}

# Operations that show and change nobody's data: counts, ids and kinds of what happened, the directory.
# A decision that is asked for without storing it has no record to look at.
OF_NOBODY: Final = frozenset(
    {
        *("decide", "decide_batch", "list_events", "read_statistics"),
        *("begin_import", "list_imports", "read_import", "cancel_import"),
        *("create_webhook_subscription", "list_webhook_subscriptions", "read_webhook_subscription"),
        *("change_webhook_subscription", "end_webhook_subscription", "list_webhook_deliveries"),
        *("read_webhook_delivery", "skip_webhook_delivery", "send_test_delivery"),
        *("list_teams", "read_team", "put_team", "end_team"),
        *("list_schools", "read_school", "put_school", "end_school"),
        *("list_agreements", "read_agreement", "put_agreement", "end_agreement"),
    }
)


def activity_of(operation: str) -> Activity | None:
    """The activity that an operation is, None for one of nobody's data.

    Raises LookupError for an operation that is not in the register.
    """
    if operation in OF_NOBODY:
        return None
    for activity in PURPOSES:
        if activity == operation:
            return activity
    raise LookupError(f"{operation} is not in the register of activities")
