"""Tells Schemathesis how to make days that occur in referrals; all others come from its negative tests."""

from datetime import date

import schemathesis
from hypothesis import strategies

schemathesis.openapi.format(
    "date", strategies.dates(date(2015, 1, 1), date(2026, 6, 30)).map(lambda day: day.isoformat())
)
