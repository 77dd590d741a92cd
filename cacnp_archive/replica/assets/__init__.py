"""The files that the test copy of the site serves, made by code."""
