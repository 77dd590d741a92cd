"""Which IP addresses are public: a fixed table, the same with every version of Python.

Sources: IANA's registries of special-purpose IPv4 and IPv6 addresses (RFC 6890), and for addresses
of cloud platforms that are reachable from inside only, their documentation.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_REFUSED_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # "this network"; Linux takes 0.0.0.0 for itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers, RFC 6598; metadata of Alibaba: 100.100.100.200
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # metadata of Azure, in an otherwise public network
        "169.254.0.0/16",  # link-local; metadata of most clouds: 169.254.169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; metadata of Oracle: 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4, RFC 7526
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)

_REFUSED_IPV6 = tuple(
    IPv6Network(network)
    for network in (
        # All global unicast addresses are in 2000::/3; these are the others.
        "::/3",  # unspecified, loopback, discard-only, and what is not assigned
        "4000::/2",  # not assigned; segment routing
        "8000::/1",  # not assigned, and the next four
        "fc00::/7",  # unique local; metadata of AWS: fd00:ec2::254
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local, RFC 3879
        "ff00::/8",  # multicast
        "2001::/23",  # protocol assignments: benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "3ffe::/16",  # the former 6bone, RFC 3701
        "3fff::/20",  # documentation, RFC 9637
    )
)

_IPV4_IN_IPV6 = tuple(
    (IPv6Network(network), shift)
    for network, shift in (
        ("::/96", 0),  # IPv4-compatible, RFC 4291; with :: and ::1, which lead nowhere public
        ("::ffff:0:0/96", 0),  # IPv4-mapped, RFC 4291
        ("::ffff:0:0:0/96", 0),  # IPv4-translated, RFC 2765
        ("64:ff9b::/96", 0),  # NAT64, RFC 6052
        ("2002::/16", 80),  # 6to4, RFC 3056
    )
)
"""Networks of addresses that stand for IPv4 addresses; these end at that bit from the right."""

_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(ip: str) -> bool:
    """Whether an IP address, with or without an IPv6 zone, is on the public internet.

    An IPv6 address that stands for IPv4 addresses is as public as all of them. Raises ValueError
    when it is no IP address.

    >>> is_public("8.8.8.8"), is_public("64:ff9b::8.8.8.8"), is_public("2606:4700::1111")
    (True, True, True)
    >>> is_public("10.0.0.1"), is_public("64:ff9b::10.0.0.1"), is_public("fe80::1%eth0")
    (False, False, False)
    """
    address = ip_address(ip.partition("%")[0])
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_IPV4)
    stands_for = list(_transported(address))
    if not stands_for and any(address in network for network in _REFUSED_IPV6):
        return False
    if _bits(address, 32) in _ISATAP:  # RFC 5214: within any network
        stands_for.append(_bits(address, 0))
    return all(is_public(str(IPv4Address(bits))) for bits in stands_for)


def _transported(address: IPv6Address) -> Iterator[int]:
    """Yield the IPv4 addresses to which transition mechanisms deliver, as numbers."""
    for network, shift in _IPV4_IN_IPV6:
        if address in network:
            yield _bits(address, shift)
    if address in _LOCAL_NAT64 and _bits(address, 32) == 0:
        # RFC 8215 lets each network choose where the IPv4 address is; the other places,
        # which nothing tells apart, are refused with the rest of ::/3.
        yield _bits(address, 0)
    if address in _TEREDO:  # RFC 4380: the server, and the client with its bits inverted
        yield _bits(address, 64)
        yield _bits(address, 0) ^ 0xFFFFFFFF


def _bits(address: IPv6Address, shift: int) -> int:
    return int(address) >> shift & 0xFFFFFFFF
