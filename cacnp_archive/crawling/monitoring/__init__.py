"""How a crawl reports on itself: progress, log, status file, metrics, and the verdict."""
