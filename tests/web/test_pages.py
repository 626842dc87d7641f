"""The pages work without any other host."""

import re
from html.parser import HTMLParser

import pytest

from app.web.pages import STATIC, docs


class _Addresses(HTMLParser):
    """Collects what a page loads or links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.language = dict(attrs).get("lang")
        self.found += [value for name, value in attrs if name in ("src", "href") and value]


@pytest.mark.parametrize("name", ["start.html", "docs.html"])
def test_a_page_is_dutch_and_names_no_other_host(name: str) -> None:
    parser = _Addresses()
    parser.feed((STATIC / name).read_text("utf-8"))
    assert parser.language == "nl"
    assert all(address.startswith("/") or address == "data:," for address in parser.found)


@pytest.mark.parametrize("name", ["start.html", "docs.html"])
def test_no_page_holds_script_or_style_of_its_own(name: str) -> None:
    page = (STATIC / name).read_text("utf-8")
    assert not re.search(r"<style|<script>|style=|\son[a-z]+=", page)


async def test_the_documentation_may_ask_this_server_alone() -> None:
    policy = (await docs()).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "script-src 'self';" in policy


def test_the_viewer_loads_nothing_from_its_makers() -> None:
    viewer = (STATIC / "redoc.standalone.js").read_text("utf-8")
    assert "cdn.redoc" not in viewer
    assert "MIT License" in (STATIC / "redoc.LICENSE.txt").read_text("utf-8")
