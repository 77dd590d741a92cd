"""Strict checks of anybody's WARC, WACZ and index files."""
