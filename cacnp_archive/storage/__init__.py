"""The database: schema, frontier, writing and queries. Only this package uses SQLite."""
