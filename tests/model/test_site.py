import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model import urls
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.site import HOME, Site

SITE = Site.at(HOME)

ONE_PAGE = (
    "https://armscontrolcenter.org/about/board/",
    "https://armscontrolcenter.org/about/board",
    "http://armscontrolcenter.org/about/board",
    "http://www.armscontrolcenter.org:80/about/board/",
    "https://WWW.ArmsControlCenter.org/about/board/#top",
    "https://armscontrolcenter.org/about/board?utm_source=x&utm_medium=y",
    "https://armscontrolcenter.org/about/board/?emci=1-2&emdi=3&ceid=%7B%7BContactsEmailID%7D%7D",
    "https://armscontrolcenter.org/about/board/?fbclid=abc",
    "https://armscontrolcenter.org/about/board/?replytocom=7#respond",
    "https://armscontrolcenter.org/about/board/?share=twitter&nb=1",
    "https://armscontrolcenter.org/%61bout/board/",
)


@pytest.mark.parametrize("variant", ONE_PAGE)
def test_variants_of_a_page_have_one_canonical_address(variant: str) -> None:
    assert SITE.canonical(variant) == ONE_PAGE[0]


DIFFERENT_PAGES = (
    "https://armscontrolcenter.org/non-proliferation/",
    "https://armscontrolcenter.org/issues/non-proliferation/",
    "https://armscontrolcenter.org/?p=464",
    "https://armscontrolcenter.org/?p=465",
    "https://armscontrolcenter.org/",
    "https://armscontrolcenter.org/page/2/",
    "https://livableworld.org/non-proliferation/",
    "https://armscontrolcenter.org/style.css?ver=1",
    "https://armscontrolcenter.org/style.css?ver=2",
    "https://armscontrolcenter.org/a%2Fb/",
    "https://armscontrolcenter.org/a/b/",
)


def test_different_pages_keep_different_addresses() -> None:
    assert len({SITE.canonical(url) for url in DIFFERENT_PAGES}) == len(DIFFERENT_PAGES)


VERDICTS = {
    "https://armscontrolcenter.org/fact-sheet/": "page",
    "http://www.armscontrolcenter.org/fact-sheet": "page",
    "https://armscontrolcenter.org/wp-json/wp/v2/posts?page=2": "page",
    "https://livableworld.org/fact-sheet/": "other-host",
    "https://armscontrolcenter.org.example.com/": "other-host",
    "https://armscontrolcenter.org@example.com/": "other-host",
    "https://armscontrolcenter.org:8443/": "other-host",
    "mailto:someone@armscontrolcenter.org": "other-scheme",
    "file:///etc/passwd": "other-scheme",
    "https://armscontrolcenter.org/wp-admin/post.php": "not-content",
    "https://armscontrolcenter.org/wp-login.php?redirect_to=x": "not-content",
    "https://armscontrolcenter.org/xmlrpc.php": "not-content",
    "https://armscontrolcenter.org/?s=missile": "search",
    "https://armscontrolcenter.org/search/missile/": "search",
    "https://armscontrolcenter.org/a-post/comment-page-2/": "comment-page",
    "https://armscontrolcenter.org/a-post/embed/": "twin",
    "https://armscontrolcenter.org/a-post/?amp": "twin",
    "https://armscontrolcenter.org/a/b/a/b/a/b/": "repeating-path",
    "https://armscontrolcenter.org/" + "x" * 3000: "too-long",
}


@pytest.mark.parametrize("url", VERDICTS)
def test_scope_says_by_which_rule(url: str) -> None:
    verdict = SITE.verdict(url)
    assert verdict.rule == VERDICTS[url]
    assert verdict.in_scope == (verdict.rule == "page")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "armscontrolcenter.org",
        "ftp://a.example/",
        "http:///",
        "http://a.example/x/",
        "http://a.example/?q",
        "http://a.example:99999/",
    ],
)
def test_what_is_no_front_page_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="base_url must be"):
        Site.at(address)


def test_stand_in_is_a_site_of_its_own() -> None:
    stand_in = Site.at("http://127.0.0.1:8000")
    assert stand_in.owns("http://127.0.0.1:8000/x")
    assert not stand_in.owns("http://127.0.0.1:8001/x")
    assert not stand_in.owns("https://armscontrolcenter.org/x")
    assert stand_in.canonical("http://127.0.0.1:8000/x?utm_source=y") == "http://127.0.0.1:8000/x/"


@given(st.text(min_size=0, max_size=60))
def test_canonical_form_is_its_own_canonical_form(reference: str) -> None:
    url = urls.resolve(HOME, reference)
    if url is not None and url.startswith("http"):
        once = SITE.canonical(url)
        assert SITE.canonical(once) == once


@given(st.from_regex(r"([a-z.]+/|/|wp-json/|a\.pdf/|%2f/){0,5}", fullmatch=True))
def test_address_with_a_fragment_has_the_canonical_form_of_the_one_without(path: str) -> None:
    assert SITE.canonical(f"{HOME}{path}#top") == SITE.canonical(f"{HOME}{path}")


@given(st.text(max_size=80))
def test_any_reference_resolves_or_does_not(reference: str) -> None:
    url = urls.resolve(HOME, reference)
    assert url is None or url.isascii()
