"""`verwijsroute audit export`: what each activity is in the audit."""

from app.services.access_export import EVENTS
from app.services.activities import PURPOSES


def test_every_activity_of_the_register_is_an_event_of_the_audit() -> None:
    assert EVENTS.keys() == PURPOSES.keys()
    made = {activity for activity, event in EVENTS.items() if event == "create"}
    gone = {activity for activity, event in EVENTS.items() if event == "delete"}
    assert (made, gone) == ({"submit_referral", "import_referrals"}, {"erase"})
