"""The schema: its migrations, and what its tables and columns mean."""
