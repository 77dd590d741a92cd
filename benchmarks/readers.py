"""The tools that `benchmarks/reading.py` compares, each with its best settings.

Each reader is created by a function that imports its tool, since most are no dependencies of the
project. Tools that can fetch are configured not to; each only gets a page's HTML and URL.
"""

import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from lxml import html

from benchmarks.reading_scores import Facts
from benchmarks.selectors_by_hand import lines_of


@dataclass(frozen=True, slots=True)
class Page:
    """A page as sent by a server, and what a perfect reader would return."""

    url: str
    text: str
    truth: Facts
    site_name: str
    """The site name, which some tools leave at the end of titles."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A tool that is ready to use."""

    name: str
    version: str
    read: Callable[[Any], Facts]
    """Reads a prepared page."""
    prepare: Callable[[Page], Any] = lambda page: page
    """Converts a page to the tool's input; not timed."""


NOTHING = Facts("", "", frozenset(), frozenset(), frozenset(), "")
"""The result of a tool that failed."""


def ours() -> Reader:
    """Read as a crawl does: from bytes, including links, page requisites and mentions."""
    from cacnp_archive import __version__
    from cacnp_archive.model.capture import Capture
    from cacnp_archive.model.http_message import ResponseMessage
    from cacnp_archive.model.records import Credit
    from cacnp_archive.model.site import Site
    from cacnp_archive.model.spool import Spool
    from cacnp_archive.parsing.read_capture import read_capture

    def prepare(page: Page) -> tuple[Capture, Site]:
        body = page.text.encode()
        head = f"Content-Type: text/html; charset=UTF-8\r\nContent-Length: {len(body)}"
        block = Spool(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body)
        message = ResponseMessage.read(block.chunks())
        capture = Capture(url=page.url, captured_at=datetime.now(UTC), block=block, message=message)
        return capture, Site.at("/".join(page.url.split("/")[:3]) + "/")

    def read(prepared: tuple[Capture, Site]) -> Facts:
        article = read_capture(*prepared).article
        if article is None:
            return NOTHING
        authors = (item.name for item in article.authors if item.credit is Credit.AUTHOR)
        return Facts(
            title=article.title or "",
            date=article.published_on or "",
            authors=frozenset(authors),
            categories=frozenset(category.name for category in article.categories),
            tags=frozenset(tag.name for tag in article.tags),
            body=article.body_text,
        )

    return Reader("cacnp-archive", __version__, read, prepare)


def trafilatura() -> Reader:
    """Read with trafilatura's defaults; dates come from htmldate."""
    return _trafilatura("trafilatura")


def trafilatura_fast() -> Reader:
    """Read without trafilatura's fallbacks, and with dates from markup only."""
    return _trafilatura("trafilatura, fast", fast=True, date_extraction_params=_MARKED_DATES)


def trafilatura_precision() -> Reader:
    """Read in favour of precision: less text rather than text from around the article."""
    return _trafilatura("trafilatura, precision", favor_precision=True)


def trafilatura_tuned() -> Reader:
    """Read fast, accept short articles, and remove what this site's theme adds.

    Of all settings that were tried, these find most bodies in the least time.
    """
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    around = [
        "//div[@class='breadcrumb']",
        "//div[starts-with(@class, 'sharedaddy')]",
        "//aside",
        "//header",
        "//footer",
        "//div[@id='genesis-footer-widgets']",
    ]
    return _trafilatura(
        "trafilatura, tuned to the site",
        fast=True,
        config=config,
        date_extraction_params=_MARKED_DATES,
        prune_xpath=around,
    )


_MARKED_DATES = {"original_date": True, "extensive_search": False}


def _trafilatura(name: str, **settings: Any) -> Reader:
    from trafilatura import bare_extraction

    def read(page: Page) -> Facts:
        found = bare_extraction(
            page.text, url=page.url, with_metadata=True, include_comments=False, **settings
        )
        if found is None:
            return NOTHING
        return Facts(
            title=found.title or "",
            date=found.date or "",
            authors=frozenset((found.author or "").split("; ")),
            categories=frozenset(found.categories or ()),
            tags=frozenset(found.tags or ()),
            body=found.text or "",
        )

    return Reader(name, version("trafilatura"), read)


def newspaper() -> Reader:
    """Read with newspaper4k, without downloads and unused HTML output."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about NLTK, which only summaries need
        from newspaper import Article, Config

    def read(page: Page) -> Facts:
        config = Config()
        config.fetch_images = False
        config.memorize_articles = False
        config.clean_article_html = False
        config.max_text = config.max_title = len(page.text)
        found = Article(page.url, config=config).download(input_html=page.text).parse()
        return Facts(
            title=found.title or "",
            date=day_of(found.publish_date),
            authors=frozenset(found.authors),
            tags=frozenset(found.tags or ()),
            body=found.text,
        )

    return Reader("newspaper4k", version("newspaper4k"), read)


def readability() -> Reader:
    """Read with readability-lxml, configured for short texts and this site's classes."""
    from readability import Document

    def read(page: Page) -> Facts:
        document = Document(
            page.text,
            url=page.url,
            min_text_length=1,
            retry_length=1,
            positive_keywords=["entry-content"],
            negative_keywords=["breadcrumb", "sharedaddy"],
        )
        author = document.author()
        summary = document.summary(html_partial=True)
        return Facts(
            title=document.short_title(),
            authors=frozenset() if author == "[no-author]" else frozenset({author}),
            body=lines_of(html.fragment_fromstring(summary, create_parent=True)),
        )

    return Reader("readability-lxml", version("readability-lxml"), read)


def news_please() -> Reader:
    """Read with news-please, which compares newspaper4k, readability and others."""
    from newsplease import NewsPlease

    def read(page: Page) -> Facts:
        found = NewsPlease.from_html(page.text, url=page.url, fetch_images=False)
        return Facts(
            title=found.title or "",
            date=day_of(found.date_publish),
            authors=frozenset(found.authors or ()),
            body=found.maintext or "",
        )

    return Reader("news-please", version("news-please"), read)


def fundus() -> Reader:
    """Read with Fundus and a parser for this site, written like its own."""
    from benchmarks.fundus_parser import CenterParser

    parser = CenterParser()

    def read(page: Page) -> Facts:
        found = parser().parse(page.text)
        body = found["body"]
        texts = [*body.summary]
        for section in body.sections:
            texts += [*section.headline, *section.paragraphs]
        return Facts(
            title=found["title"] or "",
            date=day_of(found["publishing_date"]),
            authors=frozenset(found["authors"]),
            categories=frozenset(found["topics"]),
            tags=frozenset(found["tags"]),
            body="\n".join(texts),
        )

    return Reader("Fundus, a parser by hand", version("fundus"), read)


def selectors_in_lxml() -> Reader:
    """Read with hand-written selectors in lxml."""
    from benchmarks.selectors_by_hand import read_with_lxml

    return Reader(
        "lxml, selectors by hand", version("lxml"), lambda page: read_with_lxml(page.text)
    )


def selectors_in_beautiful_soup() -> Reader:
    """Read with the same selectors in BeautifulSoup, on lxml's parser."""
    import bs4

    from benchmarks.selectors_by_hand import read_with_beautiful_soup

    return Reader(
        "BeautifulSoup, selectors by hand",
        bs4.__version__,
        lambda page: read_with_beautiful_soup(page.text),
    )


def selectors_in_selectolax() -> Reader:
    """Read with the same selectors in selectolax, on its Lexbor parser."""
    import selectolax.lexbor  # noqa: F401 - tests whether it is installed

    from benchmarks.selectors_by_hand import read_with_selectolax

    return Reader(
        "selectolax, selectors by hand",
        version("selectolax"),
        lambda page: read_with_selectolax(page.text),
    )


MAKERS: tuple[Callable[[], Reader], ...] = (
    ours,
    trafilatura,
    trafilatura_fast,
    trafilatura_precision,
    trafilatura_tuned,
    newspaper,
    readability,
    news_please,
    fundus,
    selectors_in_lxml,
    selectors_in_beautiful_soup,
    selectors_in_selectolax,
)
"""Ours comes first, since the speed of the others is relative to it."""


def day_of(moment: datetime | str | None) -> str:
    """Return the day of a time in its own UTC offset, or "".

    >>> day_of("2012-01-11 09:30:00")
    '2012-01-11'
    """
    return "" if moment is None else str(moment)[:10]
