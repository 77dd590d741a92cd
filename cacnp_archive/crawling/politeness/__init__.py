"""What a crawl may send, and how fast: robots.txt, rate limits, budgets, networks."""
