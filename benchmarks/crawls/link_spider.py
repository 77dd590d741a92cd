"""A typical spider: Scrapy's LinkExtractor and nothing else.

Run by `scrapy runspider`, also in other environments, so it imports nothing of this project.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Response, TextResponse
from scrapy.linkextractors import LinkExtractor


class LinkSpider(scrapy.Spider):
    """Follows every link of a site."""

    name = "links"

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.start_urls = [base_url]
        self._links = LinkExtractor(allow_domains=[urlsplit(base_url).netloc])

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        """Request everything that a page links to."""
        if isinstance(response, TextResponse):
            for link in self._links.extract_links(response):
                yield scrapy.Request(link.url)
