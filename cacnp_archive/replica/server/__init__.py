"""The HTTP server of the test copy of the site."""
