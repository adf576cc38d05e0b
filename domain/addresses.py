"""Where messages may be sent: never into the city's own network, unless the city allows it."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LONGEST_URL = 2000
_CARRIES_IPV4 = IPv6Network("64:ff9b::/96")
"""How networks without IPv4 write its addresses (RFC 6052)."""
_HANDED_OUT = IPv6Network("2000::/3")
"""The addresses of IPv6 that lie in the open (RFC 4291)."""
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Addresses that lead to others, within what they carry: Teredo and 6to4."""


def may_reach(address: str, *, private: bool) -> bool:
    """Whether messages may go to this address of IPv4 or IPv6; `private`: the city allows its own network.

    Never to what is no single machine, nor to link-local addresses: there clouds keep what only they should know.
    """
    try:
        found = _meant(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if found.is_multicast or found.is_unspecified or found.is_link_local:
        return False
    if isinstance(found, IPv4Address) and found.is_reserved:
        return False
    if isinstance(found, IPv6Address) and any(found in tunnel for tunnel in _TUNNELS):
        return False
    if private and (found.is_loopback or found.is_private):
        return True
    return found.is_global and (isinstance(found, IPv4Address) or found in _HANDED_OUT)


def mistake_in(url: str, *, private: bool) -> str | None:
    """Why messages cannot be sent to this URL, as far as it can be told without asking for the name's address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "malformed"
    if not host or port == 0 or len(url) > LONGEST_URL or not url.isascii() or any(c <= " " for c in url):
        return "malformed"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "malformed"
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "scheme"
    if _is_number(host) and not may_reach(host, private=private):
        return "address"
    return "address" if not private and (host == "localhost" or host.endswith(".localhost")) else None


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address of IPv4 that this one of IPv6 stands for, if so."""
    if isinstance(address, IPv4Address):
        return address
    if address in _CARRIES_IPV4:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _is_number(host: str) -> bool:
    """Written as an address and not as a name: also in the shorter and older forms that systems take for one."""
    last = host.rstrip(".").rpartition(".")[2]
    return ":" in host or last.isdigit() or last.startswith("0x")
