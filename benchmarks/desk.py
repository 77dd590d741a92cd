"""What the desk's pages and questions cost on an archive: time, and whether tables are scanned.

    python benchmarks/desk.py DATA_DIR

Prints tables in Markdown; a time is the median of five answers of a desk that has just answered
once. A scan is a table that the query's plan reads from end to end.
"""

import asyncio
import sqlite3
import statistics
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cacnp_archive.desk.sample_queries import SAMPLE_QUERIES
from cacnp_archive.desk.search_functions import add_search_functions
from cacnp_archive.desk.serve import application
from cacnp_archive.model.archive import Archive

TRIALS = 5
PAGES = (
    "/",
    "/search",
    "/search?words=nuclear",
    "/search?words=missile+defense&kind=op-ed",
    "/article/20",
    "/article/2000",
    "/archive",
    "/archive/bibliography",
    "/archive/bibliography?kind=op-ed&year=2015",
    "/archive/bibliography?_search=treaty",
    "/archive/articles",
    "/archive/links",
    "/archive/captures",
    "/archive/addresses",
    "/archive/posts",
    "/charts/kinds.svg",
    "/charts/topics.svg",
    "/charts/authors.svg",
    "/charts/hosts.svg",
    "/charts/links.svg",
)


async def timed(datasette: Any, address: str) -> float:
    """Return the milliseconds of an answer."""
    await datasette.client.get(address)
    times = []
    for _ in range(TRIALS):
        start = time.perf_counter()
        answer = await datasette.client.get(address)
        times.append(1000 * (time.perf_counter() - start))
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code} {answer.text[:500]}")
    return statistics.median(times)


def scans(connection: sqlite3.Connection, sql: str, parameters: dict[str, str]) -> str:
    """Return which tables a query reads from end to end."""
    plan = connection.execute("EXPLAIN QUERY PLAN " + sql, parameters)
    found = [
        detail.removeprefix("SCAN ")
        for *_, detail in plan
        if detail.startswith("SCAN") and "VIRTUAL" not in detail and "CONSTANT" not in detail
    ]
    return ", ".join(found) or "–"


async def measure(archive: Archive) -> None:
    """Print both tables."""
    datasette = application(archive, "http://localhost:1/")
    connection = sqlite3.connect(f"{archive.database_path.absolute().as_uri()}?mode=ro", uri=True)
    add_search_functions(connection)
    print("| page | ms |\n|---|---|")
    for page in PAGES:
        print(f"| `{page}` | {await timed(datasette, page):.0f} |")
    print("\n| question | ms | without parameters, ms | reads from end to end |\n|---|---|---|---|")
    for question in SAMPLE_QUERIES:
        path = f"/archive/{question.name}?"
        empty = [(name, "") for name, _ in question.example]
        full = await timed(datasette, path + urlencode(question.example))
        bare = await timed(datasette, path + urlencode(empty))
        read = scans(connection, question.sql, dict(question.example))
        print(f"| {question.name} | {full:.0f} | {bare:.0f} | {read} |")
    connection.close()


if __name__ == "__main__":
    asyncio.run(measure(Archive(Path(sys.argv[1]))))
