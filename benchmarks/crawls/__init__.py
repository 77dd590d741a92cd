"""Parts of the crawl benchmarks: a static site, servers, crawlers, measurements, tables."""
