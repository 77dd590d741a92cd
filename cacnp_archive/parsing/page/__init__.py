"""An HTML page: its type, its article, and everything about the article except its text."""
