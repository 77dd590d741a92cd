"""The machine-readable side of the site: robots.txt, feeds, sitemaps and the REST API."""
