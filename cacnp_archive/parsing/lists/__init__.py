"""Lists that a site publishes for machines: sitemaps, feeds, robots.txt, REST."""
