"""What the test copy of the site says: posts and pages, read from content files or generated."""
