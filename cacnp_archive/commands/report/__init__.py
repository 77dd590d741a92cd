"""What one crawl came to, told to a person: gathered, then printed or written as a page."""
