"""The database's metadata for Datasette: titles, descriptions, facets, sample queries."""

from typing import Any

from cacnp_archive.desk.sample_queries import SAMPLE_QUERIES
from cacnp_archive.storage.dictionary import sentence
from cacnp_archive.storage.schema.description import Table

TITLE = "The archive of armscontrolcenter.org"

SETTINGS = {
    "allow_download": False,
    "default_page_size": 50,
    "default_facet_size": 12,
    "facet_time_limit_ms": 1_000,
    "max_csv_mb": 100,
    "max_returned_rows": 2_000,
    "num_sql_threads": 3,
    "sql_time_limit_ms": 3_000,
    "suggest_facets": False,
    "truncate_cells_html": 400,
    "default_cache_ttl": 0,
}

_TABLES: dict[str, dict[str, Any]] = {
    "bibliography": {
        "facets": ["year", "kind", {"array": "authors"}, {"array": "categories"}],
        "fts_table": "articles_fts",
        "fts_pk": "id",
        "sort_desc": "day",
    },
    "articles": {"facets": ["kind", "gone_reason"], "label_column": "title", "sort_desc": "id"},
    "authors": {"label_column": "name"},
    "categories": {"label_column": "name"},
    "tags": {"label_column": "name"},
    "people": {"label_column": "name"},
    "captures": {"facets": ["crawl_id", "status", "media_type", "record_type"]},
    "failures": {"facets": ["crawl_id", "reason"]},
    "links": {"facets": ["kind", "host"]},
    "mentions": {"facets": ["kind", "person", "outlet"]},
    "changes": {"facets": ["kind"], "sort_desc": "id"},
    "versions": {"facets": ["is_silent"]},
    "problems": {"facets": ["code"]},
    "disagreements": {"facets": ["field", "source"]},
    "documents": {"facets": ["language"], "label_column": "title"},
    "embeds": {"facets": ["provider"]},
    "media": {"facets": ["kind"]},
    "addresses": {"facets": ["outcome", "excluded"], "label_column": "url"},
    "crawls": {"sort_desc": "started_at"},
}


def metadata(database_name: str, tables: list[Table]) -> dict[str, Any]:
    """Return Datasette's metadata for a database of these tables."""
    return {
        "title": TITLE,
        "databases": {
            database_name: {
                "title": "The database",
                "description": "Made from the WARC files; every row leads to its WARC record.",
                "tables": {table.name: _table(table) for table in tables},
                "queries": {
                    query.name: {
                        "title": query.title,
                        "description": query.description,
                        "sql": query.sql,
                        "params": [name for name, _ in query.example],
                        "hide_sql": True,
                    }
                    for query in SAMPLE_QUERIES
                },
            }
        },
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.name.replace("_", " ").capitalize(),
        "description": sentence(table.description),
        "columns": {column.name: column.description for column in table.columns},
        **_TABLES.get(table.name, {}),
    }
