"""The response to each URL of the test copy of the site, without network."""
