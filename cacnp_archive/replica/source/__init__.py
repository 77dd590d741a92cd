"""The content of the test copy of the site: posts and pages, hand-written or generated."""
