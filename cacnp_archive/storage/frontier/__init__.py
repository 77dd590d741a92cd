"""The frontier: every known URL, which of them are queued, and what was captured before."""
