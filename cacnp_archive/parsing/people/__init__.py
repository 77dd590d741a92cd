"""People: bylines, mentions, and names that are one person's."""
