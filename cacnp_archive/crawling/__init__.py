"""Scrapy's plumbing: the wire, politeness, commands. The only part of the archive that knows it."""
