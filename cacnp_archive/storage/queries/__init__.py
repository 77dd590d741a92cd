"""Read rows: what commands, reports and the desk ask the database."""
