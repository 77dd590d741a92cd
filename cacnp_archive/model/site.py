"""Facts about the site: its hosts, what is in scope, and the canonical form of an address."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from cacnp_archive.model import urls
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.records import ListName

HOME = "https://armscontrolcenter.org/"

CLUTTER = re.compile(
    r"emci|emdi|ceid|utm_\w+|fbclid|gclid|mc_cid|mc_eid|replytocom|share|nb"
    r"|phpsessid|jsessionid|session_?id"
)
"""Query parameters that do not change the page: mailing, advertising, reply, share, session."""

SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/]*", re.IGNORECASE)
"""Session ids that some servers put into the path."""

OUT_OF_BOUNDS = re.compile(
    r"/(wp-admin(/|$)|wp-login\.php|wp-signup\.php|xmlrpc\.php|wp-cron\.php"
    r"|wp-comments-post\.php|wp-trackback\.php|cgi-bin/)"
)
SEARCH_PATH = re.compile(r"^/search(/|$)")
SEARCH_PARAMETERS = {"s", "q"}
COMMENT_PAGE = re.compile(r"/comment-page-\d+(/|$)")
TWIN_PATH = re.compile(r"/(embed|amp|trackback)/?$|^/wp-json/oembed/")
TWIN_PARAMETERS = {"amp", "oembed", "print", "ical", "outlook-ical"}

LIST_PATH = re.compile(r"^/robots\.txt$|\.xml(\.gz)?$|^/wp-json/")
FEED_PATH = re.compile(r"(?:^|/)(?:feed(?:/(?:atom|rss2?|rdf|json))?/?|(?:feed|rss|atom)\.xml)$")
SITEMAP_PATH = re.compile(r"(?:^|/)[^/]*sitemap[^/]*\.(?:xml|txt)(?:\.gz)?$", re.IGNORECASE)
REST_PATH = re.compile(r"^/wp-json/wp/v2/")

ENCODED = re.compile(r"%[0-9A-F]{2}")
FILE_NAME = re.compile(r"\.[A-Za-z0-9]{1,8}$")
UNSLASHED_PATH = re.compile(r"^/wp-json/")

_REST_FIELDS = "id,link,name,slug,title,date,date_gmt,modified,modified_gmt,categories,parent"
_BY_CHANGE = f"per_page=100&orderby=modified&order=desc&_fields={_REST_FIELDS}"
_BY_NUMBER = f"per_page=100&orderby=id&order=desc&_fields={_REST_FIELDS}"

SEEDS = (
    "robots.txt",
    "",
    "sitemap_index.xml",
    "wp-sitemap.xml",
    "feed/",
    f"wp-json/wp/v2/posts?{_BY_CHANGE}",
    f"wp-json/wp/v2/pages?{_BY_CHANGE}",
    f"wp-json/wp/v2/media?{_BY_CHANGE},source_url,media_details",
    f"wp-json/wp/v2/categories?{_BY_NUMBER}",
    f"wp-json/wp/v2/tags?{_BY_NUMBER}",
    f"wp-json/wp/v2/users?{_BY_NUMBER}",
    "favicon.ico",
)
"""What every crawl fetches. REST lists what changed last first; browsers request favicon.ico."""

PROBES = (
    "about/board",
    "about/staff/kreif/",
    "issues/nuclearweapons/resources/information_on_the_nuclear_triad/",
    "issues/recent/",
    "issues/securityspending/",
    "press/hits/",
    "press/pr/",
    "publications/op-eds/",
    "top_topics_new_start/",
    "top_topics_sequestration/",
)
"""Addresses of the site before WordPress (until 2015) that other sites still cite."""

DOCUMENT_FILE = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|csv|txt|epub|zip|ppsx?)$", re.IGNORECASE
)
MEDIA_FILE = re.compile(
    r"\.(jpe?g|png|gif|webp|avif|svg|bmp|tiff?|ico|mp3|m4a|ogg|oga|wav|mp4|m4v|webm|mov|avi|wmv)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an address may be fetched, and by which rule."""

    in_scope: bool
    rule: str
    """`page`, `requisite`, or the reason why the address is excluded.

    other-scheme    not http or https
    other-host      a page on another host: a row in `links`, never a request
    other-network   a public file that a page on a private test copy needs, or the reverse
    too-long        longer than servers accept
    not-content     administration and technical endpoints: wp-admin, wp-login, xmlrpc, ...
    search          search results: endless, and not documents
    comment-page    the same article with other comments
    twin            the same article in another form: embed, amp, print
    repeating-path  a path that repeats itself, as broken relative links do
    """


@dataclass(frozen=True, slots=True)
class Site:
    """The website, or a test copy that is archived as if it were the website."""

    base_url: str
    """Scheme and host of the canonical addresses, ending in a slash."""
    host: str = field(init=False, repr=False, compare=False)
    """Bare host, with the port unless it is the default."""

    def __post_init__(self) -> None:
        """Compute the host once: every link of every page is compared with it."""
        object.__setattr__(self, "host", urls.netloc(self.base_url))

    @classmethod
    def at(cls, base_url: str) -> "Site":
        """Return the site whose front page is at `base_url`; UsageError when it can't be one.

        >>> Site.at("HTTP://127.0.0.1:8000").base_url
        'http://127.0.0.1:8000/'
        """
        resolved = urls.resolve("", base_url) if "://" in base_url else None
        parts = urlsplit(resolved or "")
        is_address = base_url == base_url.strip() and not re.search(r"[\s@#?]", base_url)
        if not is_address or parts.scheme not in urls.DEFAULT_PORTS or parts.path != "/":
            raise UsageError(
                f"base_url must be the address of a front page, like {HOME} or "
                f"http://127.0.0.1:8000/, not {base_url!r}"
            )
        host = urls.netloc(base_url)
        return cls(f"{parts.scheme}://{host.removeprefix('www.')}/")

    @property
    def hostname(self) -> str:
        """Bare host without a port."""
        return urlsplit(self.base_url).hostname or ""

    def seeds(self) -> list[str]:
        """Return the addresses that every crawl starts with."""
        return [self.base_url + seed for seed in SEEDS]

    def probes(self) -> list[str]:
        """Return old addresses that nothing on the site links to any more."""
        return [self.base_url + probe for probe in PROBES]

    def owns(self, url: str) -> bool:
        """Whether an address is on the site: http or https, bare or www.

        >>> Site.at(HOME).owns("http://www.armscontrolcenter.org/about/board")
        True
        """
        if url.startswith(self.base_url):
            return True
        return urls.netloc(url).removeprefix("www.") == self.host

    def address(self, url: str) -> str:
        """Return the form of an address that is requested: canonical host, no clutter.

        The path keeps its spelling: only the server knows whether it ends with a slash.

        >>> Site.at(HOME).address("http://www.armscontrolcenter.org/x?emci=1&p=2#top")
        'https://armscontrolcenter.org/x?p=2'
        """
        return _address(self, url)

    def canonical(self, url: str) -> str:
        """Return the one address that stands for all variants of a page.

        >>> Site.at(HOME).canonical("http://www.armscontrolcenter.org/about/board?utm_source=x")
        'https://armscontrolcenter.org/about/board/'
        >>> Site.at(HOME).canonical("https://armscontrolcenter.org/wp-content/uploads/a.pdf#page=2")
        'https://armscontrolcenter.org/wp-content/uploads/a.pdf'

        Percent-encodings are in lower case, as WordPress writes slugs.

        >>> Site.at(HOME).canonical("https://armscontrolcenter.org/2%C2%BD-lessons")
        'https://armscontrolcenter.org/2%c2%bd-lessons/'
        """
        if url.startswith(self.base_url) and url.endswith("/") and urls.PLAIN.fullmatch(url):
            return url
        return _canonical(self, url)

    def verdict(self, url: str) -> Verdict:
        """Decide whether the address of a page is in scope; the first rule that applies decides."""
        if not url.startswith(("http://", "https://")):
            return Verdict(False, "other-scheme")
        if not self.owns(url):
            return Verdict(False, "other-host")
        if len(url) > urls.MAX_URL_CHARS:
            return Verdict(False, "too-long")
        parts = urlsplit(self.address(url))
        names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        rule = _refusal(parts.path, names)
        return Verdict(rule is None, rule or "page")

    def requisite_verdict(self, url: str) -> Verdict:
        """Decide whether a page requisite may be fetched; other hosts are allowed.

        >>> Site.at(HOME).requisite_verdict("https://fonts.example.net/a.woff2").rule
        'requisite'
        >>> Site.at(HOME).requisite_verdict("http://localhost/secret.png").rule
        'other-network'
        """
        if self.owns(url):
            return self.verdict(url)
        if not url.startswith(("http://", "https://")):
            return Verdict(False, "other-scheme")
        if len(url) > urls.MAX_URL_CHARS:
            return Verdict(False, "too-long")
        if urls.is_private_name(urls.netloc(url)) != urls.is_private_name(self.host):
            return Verdict(False, "other-network")
        return Verdict(True, "requisite")

    def is_list(self, url: str) -> bool:
        """Whether an address may be a machine-readable list: robots.txt, XML, REST."""
        return self.owns(url) and LIST_PATH.search(urlsplit(url).path) is not None

    def list_name(self, url: str) -> ListName | None:
        """Return which list of the site an address must be, by its name; None for other addresses.

        >>> Site.at(HOME).list_name("https://armscontrolcenter.org/post-sitemap2.xml")
        <ListName.SITEMAP: 'sitemap'>
        """
        if not self.owns(url):
            return None
        parts = urlsplit(url)
        names = dict(parse_qsl(parts.query))
        if REST_PATH.search(parts.path) or names.get("rest_route", "").startswith("/wp/v2/"):
            return ListName.REST
        if FEED_PATH.search(parts.path) or "feed" in names:
            return ListName.FEED
        return ListName.SITEMAP if SITEMAP_PATH.search(parts.path) else None


@lru_cache(maxsize=1024)
def _address(site: Site, url: str) -> str:
    bare = urls.without_fragment(url)
    if not site.owns(bare):
        return bare
    parts = urlsplit(urls.without_parameters(bare, CLUTTER))
    home = urlsplit(site.base_url)
    path = SESSION_PATH.sub("", parts.path)
    return urlunsplit(parts._replace(scheme=home.scheme, netloc=home.netloc, path=path))


@lru_cache(maxsize=urls.REMEMBERED)
def _canonical(site: Site, url: str) -> str:
    address = site.address(url)
    if not site.owns(url):
        return urls.fold_spelling(address)
    parts = urlsplit(address)
    is_page = not (FILE_NAME.search(parts.path) or UNSLASHED_PATH.search(parts.path))
    if is_page and not parts.path.endswith("/"):
        address = urlunsplit(parts._replace(path=f"{parts.path}/"))
    return ENCODED.sub(lambda match: match[0].lower(), urls.fold_spelling(address))


def _refusal(path: str, parameters: set[str]) -> str | None:
    if OUT_OF_BOUNDS.search(path):
        return "not-content"
    if SEARCH_PATH.search(path) or parameters & SEARCH_PARAMETERS:
        return "search"
    if COMMENT_PAGE.search(path):
        return "comment-page"
    if TWIN_PATH.search(path) or parameters & TWIN_PARAMETERS:
        return "twin"
    segments = [segment for segment in path.split("/") if segment]
    if any(segments.count(segment) > 2 for segment in segments):
        return "repeating-path"
    return None
