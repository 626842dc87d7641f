"""Which internet addresses are never connected to: explicit, for the standard library misses some."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

# IANA's special-purpose registries, and addresses of cloud providers that only look public.
_DENIED_V4: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network; most systems take 0.0.0.0 for themselves
            "10.0.0.0/8",  # private (RFC 1918)
            "100.64.0.0/10",  # shared by carriers (RFC 6598); metadata of one cloud
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # the platform of one cloud, from every machine in it
            "169.254.0.0/16",  # link-local; metadata of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; metadata of one cloud
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
# Unicast on the internet is 2000::/3. All else goes as a whole: unspecified, loopback, IPv4 inside of IPv6
# (mapped, compatible, NAT64), discard-only, segment routing, unique local, link-local, site-local, multicast.
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_DENIED_V6: Final = tuple(
    map(
        ip_network,
        (
            "2001::/23",  # Teredo, benchmarking, ORCHID and other protocol assignments
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: holds an IPv4 address
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)


def is_denied(address: str, *, allow_loopback: bool = False) -> bool:
    """Whether an address in text may not be connected to; what is no address may not either.

    `allow_loopback` lets 127.0.0.0/8 and ::1 through and nothing else: for development.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if allow_loopback and found.is_loopback:
        return isinstance(found, IPv6Address) and found.ipv4_mapped is not None
    if isinstance(found, IPv4Address):
        return any(found in network for network in _DENIED_V4)
    return found not in _GLOBAL_UNICAST or any(found in network for network in _DENIED_V6)
