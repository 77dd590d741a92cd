"""Strict checks of WARC, WACZ and index files, whoever wrote them."""
