"""People: bylines, mentions, and the spellings of names that belong to one person."""
