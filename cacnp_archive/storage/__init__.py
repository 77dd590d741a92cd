"""The only home of SQLite: the schema, saving, searching."""
