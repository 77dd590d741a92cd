"""The crawl: the wire, politeness, monitoring. No other room of the package uses Scrapy."""
