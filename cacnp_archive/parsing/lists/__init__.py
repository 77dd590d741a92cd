"""Parsers of machine-readable lists: sitemaps, feeds, robots.txt and the REST API."""
