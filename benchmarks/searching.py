"""What the desk's sample queries and searches cost, beside the fastest SELECT of the same rows.

    python -m benchmarks.searching [--articles N] [--data FOLDER]

Makes an archive of the replica with so many articles (kept in FOLDER, when one is named), asks
each question, and then has SQLite read the very rows of the answer out of a table that holds
nothing else: no query can be faster. What counts or ranks reads more than it answers: these rows
are measured likewise, and the cutting of snippets out of the texts that are shown. Then full-text
search beside LIKE. Prints Markdown.
"""

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crawls.tables import machine
from benchmarks.filled import fill
from benchmarks.prose import Prose
from cacnp_archive.desk.sample_queries import SAMPLE_QUERIES
from cacnp_archive.desk.search_functions import add_search_functions
from cacnp_archive.desk.search_page import PAGE_SIZE, SearchPage
from cacnp_archive.model.archive import Archive
from cacnp_archive.storage.database import borrowed
from cacnp_archive.storage.queries.search import run_search

ROUNDS = 5
LEAST_SECONDS = 0.02
"""A measurement repeats what it measures for so long."""

GOAL = 10
SHARES = {"rare": 0.002, "middling": 0.05, "frequent": 0.5}
"""Which share of the articles holds a word that is called so."""

MATCHING = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH search_query(:words)"

COUNTED = {
    "subject-by-year": "SELECT id, published_at FROM articles WHERE id IN (matching)",
    "subject-by-author-and-year": """SELECT article_id, author_id, published_at
        FROM article_authors JOIN articles ON articles.id = article_id
        WHERE article_id IN (matching)""",
    "kinds-by-year": "SELECT id, kind, published_at FROM articles",
    "category-by-year": """SELECT article_id, category_id, published_at FROM article_categories
        JOIN articles ON articles.id = article_id JOIN categories ON categories.id = category_id
        WHERE :category IN ('', categories.name)""",
    "authors": """SELECT article_id, authors.name, person, published_at FROM article_authors
        JOIN articles ON articles.id = article_id JOIN authors ON authors.id = author_id""",
    "co-authors": "SELECT article_id, author_id, position FROM article_authors",
    "outlets": """SELECT outlet, article_id, person, published_at FROM mentions
        JOIN articles ON articles.id = article_id WHERE outlet IS NOT NULL""",
    "cited-hosts": """SELECT host, article_id, published_at FROM links
        JOIN articles ON articles.id = article_id WHERE links.kind = 'outbound'""",
    "most-linked-documents": "SELECT article_id, url FROM article_documents",
    "most-cited-articles": """SELECT article_id, target_url FROM links
        WHERE links.kind = 'internal'""",
    "growth": "SELECT * FROM crawl_metrics WHERE topic = 'size'",
    "missing-files": "SELECT page_id, requisite_id, kind FROM page_requisites",
}
"""Of questions that count: the rows that must be read for that."""

SNIPPETS = {
    "articles-on-a-subject": """SELECT snippet(articles_fts, 1, '[', ']', '…', 20)
        FROM articles_fts WHERE articles_fts MATCH search_query(:words)""",
    "documents-holding": """SELECT snippet(document_pages_fts, 0, '[', ']', '…', 24)
        FROM document_pages_fts WHERE document_pages_fts MATCH page_query(:words)""",
}
"""Of questions that show where words stand: the snippets alone, in no order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query beside the fastest SELECT of its rows, in seconds."""

    name: str
    seconds: float
    row_count: int
    fastest: float
    needed: str = ""
    """What it must read beside its rows."""
    least: float = 0
    """The seconds of reading that."""

    @property
    def times_its_rows(self) -> float:
        """How many times as long as the SELECT of its rows it takes."""
        return self.seconds / self.fastest

    @property
    def times_all_it_needs(self) -> float:
        """Likewise, with what it must read beside them."""
        return self.seconds / (self.fastest + self.least)

    def line(self) -> str:
        """Return it as a line of the table."""
        reached = "yes" if self.times_its_rows <= GOAL else "no"
        if reached == "no" and self.times_all_it_needs <= GOAL:
            reached = "with these"
        return (
            f"| {self.name} | {self.seconds * 1000:.2f} | {self.row_count:,} "
            f"| {self.times_its_rows:.1f} | {self.needed or '-'} | {self.times_all_it_needs:.1f} "
            f"| {reached} |"
        )


def typical(run: Callable[[], object]) -> float:
    """Return the processor seconds of one run, the median of ROUNDS measurements."""
    run()
    found = []
    for _ in range(ROUNDS):
        count = 0
        begun = time.process_time()
        while (spent := time.process_time() - begun) < LEAST_SECONDS:
            run()
            count += 1
        found.append(spent / count)
    return statistics.median(found)


def fastest(connection: sqlite3.Connection, sql: str, given: dict[str, str]) -> tuple[int, float]:
    """Return how many rows a query gives, and the seconds of reading them from their own table."""
    connection.execute("DROP TABLE IF EXISTS temp.answer")
    connection.execute(f"CREATE TEMP TABLE answer AS {sql}", given)
    rows = len(connection.execute("SELECT * FROM temp.answer").fetchall())
    return rows, typical(lambda: connection.execute("SELECT * FROM temp.answer").fetchall())


def ask(connection: sqlite3.Connection, name: str, sql: str, given: dict[str, str]) -> Asked:
    """Measure a question."""
    seconds = typical(lambda: connection.execute(sql, given).fetchall())
    row_count, least = fastest(connection, sql, given)
    base, _, _ = name.partition(" ")
    if base in COUNTED:
        rows = COUNTED[base].replace("matching", MATCHING)
        counted, least_counted = fastest(connection, rows, given)
        return Asked(name, seconds, row_count, least, f"rows to count: {counted:,}", least_counted)
    if base in SNIPPETS:
        cut = typical(lambda: connection.execute(SNIPPETS[base], given).fetchall())
        return Asked(name, seconds, row_count, least, f"texts for snippets: {row_count:,}", cut)
    return Asked(name, seconds, row_count, least)


def questions(connection: sqlite3.Connection, words: str) -> list[Asked]:
    """Measure all questions of the desk, with their parameters and without."""
    found = []
    for question in SAMPLE_QUERIES:
        given = dict(question.example)
        if "words" in given and question.name != "documents-holding":
            given["words"] = words
        found.append(ask(connection, question.name, question.sql, given))
        empty = dict.fromkeys(given, "")
        if any(given.values()) and "words" not in given and "host" not in given:
            found.append(ask(connection, f"{question.name} (all)", question.sql, empty))
    return found


def searches(connection: sqlite3.Connection, words: dict[str, str]) -> list[Asked]:
    """Measure the search page and the command, beside the titles of all that they rank."""
    database = borrowed(connection)
    found = []
    for name, fields in [
        *((f"/search, a {name} word", {"words": word}) for name, word in words.items()),
        ("/search, nothing asked", {}),
        ("/search, a year", {"year": "2012"}),
        ("/search, a kind", {"kind": "op-ed"}),
        ("/search, an author", {"author": "John Erath"}),
    ]:
        page = SearchPage.from_arguments(fields)
        hits = run_search(database, page.given["words"], page.filters, limit=1_000_000).articles
        seconds = typical(lambda page=page: page.values(database))
        ids = [hit.id for hit in hits]
        found.append(_searched(connection, name, seconds, ids, page.given["words"]))
    for what, word in words.items():
        rows = connection.execute(MATCHING, {"words": word}).fetchall()
        seconds = typical(lambda word=word: run_search(database, word, limit=PAGE_SIZE))
        name = f"`cacnp-archive search`, a {what} word"
        found.append(_searched(connection, name, seconds, [rowid for (rowid,) in rows], word))
    return found


def _searched(
    connection: sqlite3.Connection, name: str, seconds: float, ids: Sequence[int], words: str
) -> Asked:
    """Return a search beside the titles of all that it ranks, and the snippets that it shows."""
    marks, shown = ", ".join(map(str, ids)), ", ".join(map(str, ids[:PAGE_SIZE]))
    titles = "SELECT id, title, kind, published_on FROM articles WHERE id IN ({})"
    ranked, least = fastest(connection, titles.format(marks), {})
    row_count, fastest_page = fastest(connection, titles.format(shown), {})
    needed = f"articles to rank and count: {ranked:,}"
    if words:
        cut = """SELECT snippet(articles_fts, 1, '[', ']', '…', 32) FROM articles_fts
            WHERE articles_fts MATCH search_query(:words) AND rowid = :id"""

        def snippets() -> None:
            for number in ids[:PAGE_SIZE]:
                connection.execute(cut, {"words": words, "id": number}).fetchall()

        least += typical(snippets)
        needed += f"; texts for snippets: {row_count}"
    return Asked(name, seconds, row_count, fastest_page, needed, least)


def words_by_frequency(connection: sqlite3.Connection) -> dict[str, str]:
    """Return a rare, a middling and a frequent word of the articles, and a phrase."""
    count = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    words = Prose(0).words
    held = {word: len(connection.execute(MATCHING, {"words": word}).fetchall()) for word in words}
    chosen = {
        name: min(
            (word for word in words if len(word) > 3),
            key=lambda word: abs(held[word] - share * count),
        )
        for name, share in SHARES.items()
    }
    (text,) = connection.execute("SELECT body_text FROM articles ORDER BY id LIMIT 1").fetchone()
    phrase = " ".join(text.split("\n\n")[-1].split()[10:12])
    return {**chosen, "phrase": phrase}


def beside_like(connection: sqlite3.Connection, words: dict[str, str]) -> str:
    """Return the table of full-text search beside LIKE over the same texts."""
    lines = ["| what | articles that hold it | FTS times as fast as LIKE |", "|---|---|---|"]
    matching = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
    like = "SELECT id FROM articles WHERE title LIKE ? OR body_text LIKE ?"
    for name, word in words.items():
        sought, pattern = f'"{word}"', f"%{word}%"
        found = len(connection.execute(matching, [sought]).fetchall())
        by_index = typical(lambda sought=sought: connection.execute(matching, [sought]).fetchall())
        by_like = typical(
            lambda pattern=pattern: connection.execute(like, [pattern, pattern]).fetchall()
        )
        lines.append(f"| {name} | {found:,} | {by_like / by_index:.0f} |")
    return "\n".join(lines)


def index_share(connection: sqlite3.Connection) -> float:
    """Return the bytes of the articles' full-text index over those of the text that it indexes."""
    (size,) = connection.execute(
        "SELECT sum(length(block)) + (SELECT sum(length(sz)) FROM articles_fts_docsize)"
        " FROM articles_fts_data"
    ).fetchone()
    (text,) = connection.execute(
        "SELECT sum(length(CAST(coalesce(title, '') || body_text AS BLOB))) FROM articles"
    ).fetchone()
    return float(size / text)


def measure(archive: Archive) -> None:
    """Print the tables."""
    connection = sqlite3.connect(f"{archive.database_path.absolute().as_uri()}?mode=ro", uri=True)
    add_search_functions(connection)
    words = words_by_frequency(connection)
    head = (
        "| query | ms | rows | times their SELECT | what it must read beside them "
        f"| times that and its rows | at most {GOAL} |\n|---|---|---|---|---|---|---|"
    )
    print(head)
    for asked in questions(connection, words["middling"]):
        print(asked.line(), flush=True)
    print(f"\n{head}")
    for asked in searches(connection, {name: words[name] for name in SHARES}):
        print(asked.line(), flush=True)
    print(f"\n{beside_like(connection, words)}")
    print(f"\nThe index is {index_share(connection):.2f} of the text that it indexes.")
    connection.close()


def main() -> None:
    """Make the archive, and measure."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.searching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--data", type=Path, help="where the archive is made, or was made before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(options.data or Path(folder))
        if not archive.database_path.exists():
            fill(archive, options.articles)
        print(f"{machine()}; {options.articles:,} articles.\n")
        measure(archive)


if __name__ == "__main__":
    main()
