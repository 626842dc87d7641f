"""Where to report a vulnerability stands where RFC 9116 says."""

from datetime import date, datetime

from app.web.security_txt import security_page


def fields(page: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in page.splitlines())


def test_the_file_names_a_contact_and_the_moment_it_expires() -> None:
    told = fields(security_page("mailto:team@verwijsroute.example", date(2026, 12, 31)))
    assert told["Contact"] == "mailto:team@verwijsroute.example"
    assert datetime.fromisoformat(told["Expires"]).tzinfo is not None
    assert told["Preferred-Languages"] == "nl, en"
