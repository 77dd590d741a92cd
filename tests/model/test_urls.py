from urllib.parse import urljoin

from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import canonicalize_url, safe_url_string

from cacnp_archive.model import urls


@given(st.from_regex(urls.PLAIN, fullmatch=True))
def test_plain_address_is_as_it_stands_what_the_long_way_makes_of_it(url: str) -> None:
    assert safe_url_string(urljoin("https://a.example/x/y", url)) == url
    assert canonicalize_url(url) == url
    assert urls.netloc(url) == url.split("/")[2]
