"""How an article differs between two of its versions: compared, then as terminal, JSON, page."""
