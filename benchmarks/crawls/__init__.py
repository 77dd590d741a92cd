"""What the crawl benchmarks are made of: a static site, servers, crawlers, measures, tables."""
