from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import canonicalize_url, safe_url_string

from cacnp_archive.model import urls


@given(st.from_regex(urls.PLAIN, fullmatch=True))
def test_plain_address_is_as_it_stands_what_the_long_way_makes_of_it(url: str) -> None:
    assert safe_url_string(urljoin("https://a.example/x/y", url)) == url
    assert canonicalize_url(url) == url
    assert urls.netloc(url) == url.split("/")[2]


PRIVATE = (
    "localhost", "localhost:8000", "LOCALHOST", "localhost.", "www.localhost",
    "printer.local", "nas.local.", "intranet.internal", "cdn.internal:8080",
    "router.home.arpa", "home.arpa", "a.b.home.arpa:80", "site.test", "a.example", "no.invalid",
    "intranet", "cdn:80",
    "127.0.0.1", "10.1.2.3:80", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
    "[::1]", "[::1]:80", "[fe80::1]", "[fd00::1]",
)  # fmt: skip

PUBLIC = (
    "armscontrolcenter.org", "www.armscontrolcenter.org:443", "armscontrolcenter.org.",
    "localhost.com", "local.org", "mylocal.org", "internal.example.org", "home.arpa.org",
    "test.com", "example.org", "8.8.8.8", "8.8.8.8:80", "[2606:4700::1111]",
    "nas.lan", "site.home",  # private by habit, but no standard reserves them
)  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_host_that_only_a_private_network_can_have_is_private(host: str) -> None:
    assert urls.is_private_name(host)


@pytest.mark.parametrize("host", PUBLIC)
def test_host_that_may_be_public_is_not_private(host: str) -> None:
    assert not urls.is_private_name(host)


@pytest.mark.parametrize("ending", urls._PRIVATE_ENDINGS)
def test_each_private_domain_is_private_as_a_whole_and_only_at_the_end(ending: str) -> None:
    assert urls.is_private_name(f"some.host{ending}")
    assert not urls.is_private_name(f"some.host{ending}.org")
    assert not urls.is_private_name(f"host-{ending.removeprefix('.').replace('.', '-')}.org")
