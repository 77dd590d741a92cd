"""What the test copy of the site offers to machines: robots.txt, feeds, sitemaps, REST."""
