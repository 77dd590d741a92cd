"""What a crawl fetches: one spider per module."""
