"""`diff`: two versions of an article compared, and shown as text, JSON or HTML."""
