"""The report on one crawl: gathered, then printed, or rendered as a page."""
