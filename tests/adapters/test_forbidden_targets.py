"""Nothing inside is ever connected to, whatever address a subscription names (G19)."""

import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpcore
import httpx
import pytest

from app.adapters.denied_networks import is_denied
from app.adapters.lookup import Lookup
from app.adapters.outgoing import Answer, Denied, Outgoing
from app.adapters.targets import Refused, Target, parse_target
from tests.adapters.listeners import Heard, answering, listening

# Each is somewhere inside, or nowhere: as text of an address, and as what a name may lead to.
HOSTS = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0", "0.0.0.0", "0x7f000001", "0x7f.0.0.1",  # noqa: S104
    "0177.0.0.1", "017700000001", "2130706433", "localhost", "localhost.", "LOCALHOST", "foo.localhost",
    "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "168.63.129.16", "169.254.169.254",
    "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]", "[64:ff9b:1::7f00:1]", "[100::1]", "[2001::1]", "[2001:2::1]",
    "[2001:db8::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[3fff::1]", "[5f00::1]", "[fc00::1]",
    "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]", "[2620:4f:8000::1]",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "intranet", "metadata", "user@127.0.0.1", "good.example:x@127.0.0.1",
)  # fmt: skip
ADDRESSES = [host.strip("[]").replace("%25", "%") for host in HOSTS if host[0] == "[" or host.count(".") == 3]
PUBLIC = ("93.184.215.14", "1.1.1.1", "145.100.0.1", "2a02:898::1", "2606:4700::1111", "2001:610::1")


@pytest.fixture
async def inside() -> AsyncIterator[Heard]:
    async with listening() as heard:
        yield heard


def addresses_of(port: int) -> list[str]:
    """Every host by both schemes, on the port that listens and on the usual one."""
    return [
        f"{scheme}://{host}{place}/hook"
        for host in HOSTS
        for scheme in ("http", "https")
        for place in ("", f":{port}")
    ]


def test_the_matrix_is_as_large_as_promised() -> None:
    assert len(HOSTS) >= 40
    assert len(ADDRESSES) >= 40


async def test_no_address_inside_is_connected_to(inside: Heard) -> None:
    outgoing = Outgoing()
    for url in addresses_of(inside.port):
        answer = await outgoing.post(url, {}, b"{}")
        assert (answer.status, answer.failure in {"address", "lookup"}) == (None, True), url
    assert inside.connections == 0


async def test_no_address_inside_is_connected_to_though_its_text_is_let_through(inside: Heard) -> None:
    """Past the text: the guard at the connection is a wall of its own."""
    for host in HOSTS:
        for scheme in ("http", "https"):
            bare = host.rpartition("@")[2].strip("[]").replace("%25", "%")
            with pytest.raises((httpcore.ConnectError, TypeError)):
                await Outgoing().post_to(Target(scheme, bare, inside.port, "/"), {}, b"{}")
    assert inside.connections == 0


async def test_an_unguarded_client_does_connect(inside: Heard) -> None:
    """The control: the same addresses lead to the listeners, so that the zeros above mean something."""
    plain = [url for url in addresses_of(inside.port) if urlsplit(url).scheme == "http" and "127" in url]
    async with httpx.AsyncClient(timeout=0.5, trust_env=False) as client:
        for url in plain:
            with suppress(httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
                await client.post(url)
    assert inside.connections >= 5


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_name_that_leads_inside_is_refused(inside: Heard, address: str) -> None:
    outgoing = Outgoing(lookup=Lookup(answering([address])))
    assert await outgoing.post("https://hook.example/", {}, b"{}") == Answer(failure="address")
    with pytest.raises(Denied):
        await outgoing.post_to(Target("http", "hook.example", inside.port, "/"), {}, b"{}")
    assert inside.connections == 0


@pytest.mark.parametrize("mixed", [["1.1.1.1", "127.0.0.1"], ["127.0.0.1", "1.1.1.1"], ["2a02::1", "::1"]])
async def test_one_address_inside_among_others_refuses_the_name(inside: Heard, mixed: list[str]) -> None:
    outgoing = Outgoing(lookup=Lookup(answering(mixed)))
    with pytest.raises(Denied):
        await outgoing.post_to(Target("http", "hook.example", inside.port, "/"), {}, b"{}")
    assert inside.connections == 0


async def test_what_was_checked_is_what_is_connected_to(inside: Heard) -> None:
    """The name exists in this look-up alone: whoever asked another would find nothing."""
    outgoing = Outgoing(allow_loopback=True, lookup=Lookup(answering(["127.0.0.1"])))
    answer = await outgoing.post_to(Target("http", "hook.example", inside.port, "/"), {}, b"{}")
    assert (answer.status, inside.connections) == (204, 1)
    assert b"host: hook.example" in inside.requests[0]


async def test_a_name_is_looked_up_once(inside: Heard) -> None:
    """Rebinding: the second look-up would lead inside; there is no second look-up."""
    asked: list[str] = []

    def rebinding(name: str, _port: int) -> list[str]:
        asked.append(name)
        return ["192.0.2.1"] if len(asked) > 1 else ["2001:610::ffff"]

    outgoing = Outgoing(lookup=Lookup(rebinding), deadline=0.3)
    await outgoing.post("https://hook.example/", {}, b"{}")
    assert asked == ["hook.example"]
    assert inside.connections == 0


async def test_a_name_that_leads_inside_the_second_time_is_refused_then(inside: Heard) -> None:
    outgoing = Outgoing(lookup=Lookup(answering(["2001:610::ffff"], ["127.0.0.1"])), deadline=0.3)
    assert (await outgoing.post("https://hook.example/", {}, b"{}")).failure != "address"
    assert (await outgoing.post("https://hook.example/", {}, b"{}")).failure == "address"
    assert inside.connections == 0


async def test_proxies_of_the_environment_are_not_asked(
    inside: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{inside.port}")
    outgoing = Outgoing(lookup=Lookup(answering(["2001:610::ffff"])), deadline=0.3)
    await outgoing.post("https://hook.example/", {}, b"{}")
    assert inside.connections == 0


async def test_a_socket_of_this_machine_is_never_opened() -> None:
    with pytest.raises(Denied):
        await Outgoing()._backend.connect_unix_socket("/var/run/docker.sock")


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_not_denied(address: str) -> None:
    assert not is_denied(address)


def test_development_lets_loopback_through_and_nothing_else() -> None:
    let = {host for host in ADDRESSES if not is_denied(host, allow_loopback=True)}
    assert let == {"127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"}


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/", "https://hook.example:8443/", "https://hook.example:22/", "ftp://hook.example/",
        "https://user:secret@hook.example/", "https://hook.example/?token=secret", "https://hook.example/#a",
        "https://hook.example\\@127.0.0.1/", "https://hook.example/\r\nx: y", "https://hook.example/ ",
        "https://hook.example/%zz", "https://hook_1.example/", "https://-a.example/", "https://a..example/",
        "https://hook.example:/", "https://hook.example:0443/", "//hook.example/", "hook.example", "",
        f"https://hook.example/{'a' * 500}", f"https://{'a' * 64}.example/", f"https://{'a.' * 127}example/",
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        parse_target(url)


def test_an_address_of_the_right_form_is_taken_apart() -> None:
    assert parse_target("https://hook.example") == Target("https", "hook.example", 443, "/")
    assert parse_target("https://a.xn--b-1ga.example:443/x/y%20z") == Target(
        "https", "a.xn--b-1ga.example", 443, "/x/y%20z"
    )


@pytest.mark.parametrize("url", ["http://localhost:8080/", "http://127.0.0.1:1/", "https://[::1]:65535/a"])
def test_development_takes_loopback_on_any_port(url: str) -> None:
    assert parse_target(url, allow_loopback=True).path
    with pytest.raises(Refused):
        parse_target(url)


async def test_a_look_up_that_hangs_takes_one_thread_and_holds_up_no_other_name() -> None:
    hanging = threading.Event()
    asked: list[str] = []

    def stuck(name: str, _port: int) -> list[str]:
        asked.append(name)
        if name == "stuck.example":
            hanging.wait(5)
        return ["127.0.0.1"]

    outgoing = Outgoing(lookup=Lookup(stuck), deadline=0.2)
    answers = [await outgoing.post("https://stuck.example/", {}, b"") for _ in range(3)]
    assert [answer.failure for answer in answers] == ["deadline"] * 3
    assert (await outgoing.post("https://other.example/", {}, b"")).failure == "address"
    assert asked == ["stuck.example", "other.example"]
    hanging.set()
