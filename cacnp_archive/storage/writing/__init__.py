"""Write rows: captures with what was parsed from them, and crawls."""
