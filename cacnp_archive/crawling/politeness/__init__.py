"""What a crawl may request, and how fast: robots.txt, rate limits, budget, networks."""
