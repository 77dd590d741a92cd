"""The HTML pages of the test copy of the site."""
