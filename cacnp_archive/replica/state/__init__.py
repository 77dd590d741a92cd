"""The state of the test copy of the site, as WordPress would keep it."""
