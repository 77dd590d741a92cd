"""An HTML page: what kind it is, its article, and everything about it but its text."""
