import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import canonicalize_url, safe_url_string

from cacnp_archive.model import urls
from cacnp_archive.model.site import HOME, Site


@given(st.from_regex(urls.PLAIN, fullmatch=True))
def test_plain_address_is_as_it_stands_what_the_long_way_makes_of_it(url: str) -> None:
    assert ada_url.join_url("https://a.example/x/y", url) == url
    assert safe_url_string(url) == url
    assert canonicalize_url(url) == url
    assert urls.netloc(url) == url.split("/")[2]


PRIVATE = (
    "localhost", "localhost:8000", "LOCALHOST", "localhost.", "www.localhost",
    "printer.local", "nas.local.", "intranet.internal", "cdn.internal:8080",
    "router.home.arpa", "home.arpa", "a.b.home.arpa:80", "site.test", "a.example", "no.invalid",
    "intranet", "cdn:80",
    "127.0.0.1", "10.1.2.3:80", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
    "[::1]", "[::1]:80", "[fe80::1]", "[fd00::1]", "168.63.129.16", "[64:ff9b::7f00:1]:80",
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


BASE = "https://site.example/one/two.html?q#f"

RESOLVED = {
    # The URL standard, section 4.4: what a reference means in a page at BASE.
    "\\\\cdn.example\\a.png": "https://cdn.example/a.png",
    "\\up\\a.png": "https://site.example/up/a.png",
    "..\\b": "https://site.example/b",
    "?a\\b": "https://site.example/one/two.html?a\\b",
    "http:\\\\h.example\\x": "http://h.example/x",
    "https:///h.example//x": "https://h.example//x",
    "https:/h": "https://site.example/h",
    "https:h": "https://site.example/one/h",
    "http:/h.example": "http://h.example/",
    "ht\ntps://h.example/\ta b\r": "https://h.example/a%20b",
    "\x01 \x1f/x \x00": "https://site.example/x",
    "\xa0/x": "https://site.example/one/%C2%A0/x",
    "/a/./%2E%2e/%2e/b": "https://site.example/b",
    "../../../c": "https://site.example/c",
    "a/..": "https://site.example/one/",
    "": "https://site.example/one/two.html?q",
    "#": "https://site.example/one/two.html?q#",
    "?": "https://site.example/one/two.html?",
    "//u:p@h.example:443/": "https://u:p@h.example/",
    "http://h.example:80": "http://h.example/",
    "http://h.example:": "http://h.example/",
    "http://h.example:0080/": "http://h.example/",
    "//0x7f.1/": "https://127.0.0.1/",
    "//2130706433": "https://127.0.0.1/",
    "//[0:0::1]/": "https://[::1]/",
    "//H\u00c9.Example/": "https://xn--h-bga.example/",
    "//a%2eexample/": "https://a.example/",
    "//\uff41.example\u3002/": "https://a.example./",
    "/\u00e9?\u00e9#\u00e9": "https://site.example/%C3%A9?%C3%A9#%C3%A9",
    "/a|b[c]'^{}": "https://site.example/a|b[c]'%5E%7B%7D",
    "/%zz%e9": "https://site.example/%zz%e9",
    "?'\"<>": "https://site.example/one/two.html?%27%22%3C%3E",
    "mailto:x@h.example": "mailto:x@h.example",
}

NOT_RESOLVED = (
    "javascript:void(0)", "JAVA\nSCRIPT:x", "data:text/html,x", "tel:+1", "ftp://h.example/",
    "//h.example:99999/", "//h.example:x/", "//h.example:0/", "//a b/", "//[::1/", "//1.2.3.400/",
    "http://", "//a%00b/", "about:blank", "blob:https://site.example/1",
)  # fmt: skip


@pytest.mark.parametrize(("reference", "url"), RESOLVED.items())
def test_reference_means_what_it_means_in_a_browser(reference: str, url: str) -> None:
    assert urls.resolve(BASE, reference) == url


@pytest.mark.parametrize("reference", NOT_RESOLVED)
def test_reference_to_nothing_on_the_web_has_no_url(reference: str) -> None:
    assert urls.resolve(BASE, reference) is None


REFERENCES = st.text(
    st.sampled_from("abz09.-_~%2eE/\\?#:@[]|&=+;'\"<>{}^` \t\n\x00\x7f\xa0é中\u3002\ud800"),
    max_size=30,
) | st.from_regex(r"(https?:)?[/\\]{0,4}[a-z0-9.\[\]:@%é-]{0,12}([/\\?#].{0,12})?", fullmatch=True)


@given(REFERENCES)
def test_every_url_resolves_to_itself_and_has_one_canonical_form(reference: str) -> None:
    url = urls.resolve(BASE, reference)
    if url is not None and url.startswith("http"):
        assert url.isascii()
        assert urls.resolve("", url) == url
        site = Site.at(HOME)
        canonical = site.canonical(url)
        assert site.canonical(canonical) == canonical
        sent = urls.resolve("", site.address(url))
        assert sent is not None
        assert site.canonical(sent) == canonical


@pytest.mark.parametrize(
    ("reference", "encoding", "encoded"),
    [
        ("/é?é#é", "cp1252", "/é?%E9#é"),
        ("?q=жа&r=1", "koi8-r", "?q=%D6%C1&r=1"),
        ("?q=日", "shift_jis", "?q=%93%FA"),
        ("?q=€", "iso8859-1", "?q=%26%238364%3B"),
        ("/é#a?é", "cp1252", "/é#a?é"),
    ],
)
def test_query_is_encoded_like_its_page(reference: str, encoding: str, encoded: str) -> None:
    assert urls.with_encoded_query(reference, encoding) == encoded
