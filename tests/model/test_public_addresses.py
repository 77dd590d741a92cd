"""Public and other IP addresses, and those that hide an IPv4 address in an IPv6 one."""

from ipaddress import IPv4Address

import pytest

from cacnp_archive.model.public_addresses import is_public

REFUSED = {
    "this network": ("0.0.0.1", "0.255.255.255"),
    "private": (
        "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
        "192.168.255.255",
    ),
    "shared": ("100.64.0.0", "100.127.255.255"),
    "loopback": ("127.0.0.1", "127.255.255.255", "::1"),
    "unspecified": ("::",),
    "link-local": ("169.254.0.0", "169.254.255.255", "fe80::1", "fe80::1%eth0", "febf::1"),
    "protocol assignments": ("192.0.0.0", "192.0.0.9", "192.0.0.255", "2001:1::1", "2001:1ff::1"),
    "documentation": ("192.0.2.1", "198.51.100.255", "203.0.113.0", "2001:db8::1", "3fff:fff::1"),
    "benchmarking": ("198.18.0.0", "198.19.255.255", "2001:2::1"),
    "relays": ("192.88.99.1",),
    "multicast": ("224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"),
    "reserved": ("240.0.0.0", "255.255.255.255", "100::1", "1fff::1", "4000::1", "5f00::1"),
    "unique local": ("fc00::1", "fdff:ffff::1"),
    "site-local": ("fec0::1", "feff::1"),
    "former 6bone": ("3ffe::1",),
    "metadata": (
        "169.254.169.254", "fd00:ec2::254", "192.0.0.192", "168.63.129.16", "100.100.100.200",
    ),
    "NAT64 with a choice of places": (
        "64:ff9b:1:7f00:0:100:808:808", "64:ff9b:1:a01:2:300:808:808", "64:ff9b:1:0:1::808:808",
    ),
    "beside NAT64": ("64:ff9b::1:808:808", "64:ff9b:2::808:808", "64:ff9c::808:808"),
}  # fmt: skip

PUBLIC = (
    "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255",
    "100.128.0.0", "126.255.255.255", "128.0.0.0", "168.63.129.15", "168.63.129.17",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
    "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
    "2001:200::1", "2001:db7::1", "2001:db9::1", "2001:4860:4860::8888", "2606:4700::1111",
    "2a00:1450:4001:81b::200e", "3fff:1000::1",
)  # fmt: skip

PUBLIC_IPV4, PRIVATE_IPV4 = ("8.8.8.8", "93.184.216.34"), (
    "127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "168.63.129.16", "100.100.100.200",
    "192.0.0.192", "224.0.0.1", "0.0.0.1",
)  # fmt: skip


def _hexed(ipv4: str, *, inverted: bool = False) -> str:
    bits = int(IPv4Address(ipv4)) ^ (0xFFFFFFFF if inverted else 0)
    return f"{bits >> 16:x}:{bits & 0xFFFF:x}"


HIDING = {
    "NAT64": lambda ipv4: f"64:ff9b::{_hexed(ipv4)}",
    "local NAT64": lambda ipv4: f"64:ff9b:1::{_hexed(ipv4)}",
    "local NAT64, part of a network": lambda ipv4: f"64:ff9b:1:7::{_hexed(ipv4)}",
    "6to4": lambda ipv4: f"2002:{_hexed(ipv4)}::1",
    "Teredo client": lambda ipv4: f"2001:0:808:808:0:1:{_hexed(ipv4, inverted=True)}",
    "Teredo server": lambda ipv4: f"2001:0:{_hexed(ipv4)}:0:1:{_hexed('8.8.8.8', inverted=True)}",
    "IPv4-mapped": lambda ipv4: f"::ffff:{ipv4}",
    "IPv4-compatible": lambda ipv4: f"::{ipv4}",
    "IPv4-translated": lambda ipv4: f"::ffff:0:{_hexed(ipv4)}",
    "ISATAP": lambda ipv4: f"2606:4700::5efe:{_hexed(ipv4)}",
    "ISATAP of a unique address": lambda ipv4: f"2606:4700::200:5efe:{_hexed(ipv4)}",
    "ISATAP in 6to4": lambda ipv4: f"2002:808:808::5efe:{_hexed(ipv4)}",
}


@pytest.mark.parametrize("ip", [ip for group in REFUSED.values() for ip in group])
def test_address_of_a_special_network_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_address_beside_the_special_networks_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("form", HIDING)
def test_ipv4_address_in_an_ipv6_address_is_judged(form: str) -> None:
    assert all(is_public(HIDING[form](ipv4)) for ipv4 in PUBLIC_IPV4)
    assert [ipv4 for ipv4 in PRIVATE_IPV4 if is_public(HIDING[form](ipv4))] == []


@pytest.mark.parametrize("network", ["fe80:", "fd00:", "fec0:", "2001:db8:"])
def test_public_ipv4_address_makes_no_private_network_public(network: str) -> None:
    assert not is_public(f"{network}:5efe:{_hexed('8.8.8.8')}")


def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        is_public("cdn.example.org")
