"""A parser for the site in the style of Fundus: a class per publisher and a method per field."""

from datetime import datetime

from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
from fundus.parser.utility import (
    extract_article_body_with_selector,
    generic_date_parsing,
    generic_nodes_to_text,
)
from lxml.cssselect import CSSSelector
from lxml.etree import XPath

from benchmarks.selectors_by_hand import names_of_byline, names_of_tags


class CenterParser(ParserProxy):
    """Parses posts and pages of the Center."""

    class V1(BaseParser):
        """The only layout there is."""

        _paragraph_selector = XPath(
            "//div[contains(@class, 'entry-content')]"
            "//*[self::p or self::li or self::td or self::th or self::figcaption]"
            "[not(ancestor::li or ancestor::td or ancestor::th or ancestor::figcaption)]"
            "[not(ancestor::*[contains(@class, 'sharedaddy')])]"
        )
        _subheadline_selector = XPath(
            "//div[contains(@class, 'entry-content')]//*[self::h2 or self::h3 or self::h4]"
            "[not(ancestor::*[contains(@class, 'sharedaddy')])]"
        )
        _first_paragraph_selector = XPath("(//div[contains(@class, 'entry-content')]//p)[1]")
        _title_selector = CSSSelector("h1.entry-title")
        _topic_selector = CSSSelector(".entry-categories a")
        _date_selector = XPath("string(//time[contains(@class, 'entry-time')]/@datetime)")
        _class_selector = XPath("string(//article/@class)")

        @attribute
        def title(self) -> str | None:
            """Return the heading."""
            return next(iter(generic_nodes_to_text(self._title_selector(self.precomputed.doc))), "")

        @attribute
        def body(self) -> ArticleBody | None:
            """Return headings and paragraphs."""
            return extract_article_body_with_selector(
                self.precomputed.doc,
                paragraph_selector=self._paragraph_selector,
                subheadline_selector=self._subheadline_selector,
            )

        @attribute
        def authors(self) -> list[str]:
            """Return the names behind "By" in the first paragraph."""
            first = generic_nodes_to_text(self._first_paragraph_selector(self.precomputed.doc))
            return names_of_byline("".join(first))

        @attribute
        def publishing_date(self) -> datetime | None:
            """Return the time in the date line."""
            return generic_date_parsing(self._date_selector(self.precomputed.doc) or None)

        @attribute
        def topics(self) -> list[str]:
            """Return the categories."""
            return generic_nodes_to_text(self._topic_selector(self.precomputed.doc))

        @attribute(validate=False)
        def tags(self) -> list[str]:
            """Return the tags in the classes of the entry."""
            return names_of_tags(self._class_selector(self.precomputed.doc).split())
