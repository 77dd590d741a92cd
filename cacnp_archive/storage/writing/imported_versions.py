"""Save imported articles: the latest capture gives the article's row, earlier ones versions."""

from dataclasses import dataclass
from itertools import pairwise

from sqlite_utils import Database

from cacnp_archive.model.records import Article
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert
from cacnp_archive.storage.writing.articles import save_article
from cacnp_archive.storage.writing.history import digest_of


@dataclass(frozen=True, slots=True)
class _Version:
    number: int
    digest: str
    first_seen_at: str
    last_seen_at: str


@dataclass(frozen=True, slots=True)
class _Sighting:
    """An imported capture of an article, older than its latest reading."""

    article_id: int
    article: Article
    capture_id: int
    at: str


def save_imported_article(
    database: Database,
    site: Site,
    article: Article,
    *,
    capture_id: int,
    source_id: int,
    seen_at: str,
) -> bool:
    """Save an article as an imported capture shows it; returns whether it is the latest reading.

    One that is older than the latest reading changes only when the article was first seen, and
    its versions, which are numbered in order of time.
    """
    known = database.execute(
        "SELECT id, last_seen_at FROM articles WHERE url = ?", [article.url]
    ).fetchone()
    if known is None or seen_at > known[1]:
        save_article(
            database,
            site,
            article,
            capture_id=capture_id,
            source_id=source_id,
            seen_at=seen_at,
            is_import=True,
        )
        return True
    article_id = int(known[0])
    database.execute(
        "UPDATE articles SET first_seen_at = min(first_seen_at, ?) WHERE id = ?",
        [seen_at, article_id],
    )
    if article.part_count == 1:  # otherwise the other pages of that time are not at hand
        _enter(database, _Sighting(article_id, article, capture_id, seen_at))
    return False


def _enter(database: Database, sighting: _Sighting) -> None:
    """Extend the version of that time to the capture, or add a version."""
    digest = digest_of(sighting.article)
    versions = _versions(database, sighting.article_id)
    before = next((one for one in reversed(versions) if one.first_seen_at <= sighting.at), None)
    after = next((one for one in versions if one.first_seen_at > sighting.at), None)
    if before is not None and before.digest == digest:
        database.execute(
            """UPDATE versions SET last_seen_at = max(last_seen_at, ?)
            WHERE article_id = ? AND number = ?""",
            [sighting.at, sighting.article_id, before.number],
        )
        return
    if before is not None and before.last_seen_at >= sighting.at:
        if before.first_seen_at < sighting.at < before.last_seen_at:
            _split(database, sighting, before)
        else:
            return  # two captures of one moment differ: the one saved first is kept
    elif after is not None and after.digest == digest:
        database.execute(
            """UPDATE versions SET first_seen_at = ?, capture_id = ?
            WHERE article_id = ? AND number = ?""",
            [sighting.at, sighting.capture_id, sighting.article_id, after.number],
        )
        _renumber(database, sighting.article_id)
        return
    _insert(database, sighting, digest)
    _renumber(database, sighting.article_id)


def _versions(database: Database, article_id: int) -> list[_Version]:
    rows = database.execute(
        """SELECT number, content_sha256, first_seen_at, last_seen_at FROM versions
        WHERE article_id = ? ORDER BY first_seen_at, number""",
        [article_id],
    )
    return [_Version(*row) for row in rows]


def _insert(database: Database, sighting: _Sighting, digest: str) -> None:
    """Insert a version with the highest number; `_renumber` moves it into its place."""
    article = sighting.article
    insert(
        database,
        "versions",
        article_id=sighting.article_id,
        number=_next_number(database, sighting.article_id),
        content_sha256=digest,
        capture_id=sighting.capture_id,
        first_seen_at=sighting.at,
        last_seen_at=sighting.at,
        modified_at=article.modified_at,
        is_silent=0,
        title=article.title,
        body_text=article.body_text,
    )


def _split(database: Database, sighting: _Sighting, around: _Version) -> None:
    """Split a version in two, if between two captures of it one shows other content."""
    captures = database.execute(
        """SELECT captures.id, captured_at FROM captures
        JOIN articles ON articles.url = canonical_url
        WHERE articles.id = ? AND captures.id != ? AND is_good
            AND captured_at BETWEEN ? AND ? ORDER BY captured_at""",
        [sighting.article_id, sighting.capture_id, around.first_seen_at, around.last_seen_at],
    ).fetchall()
    last = max((at for _, at in captures if at < sighting.at), default=around.first_seen_at)
    further = next(((one, at) for one, at in captures if at > sighting.at), None)
    if further is None:
        further = (sighting.capture_id, around.last_seen_at)
    key = [sighting.article_id, around.number]
    database.execute(
        """INSERT INTO versions SELECT article_id, ?, content_sha256, ?, ?, last_seen_at,
            modified_at, is_silent, title, body_text
        FROM versions WHERE article_id = ? AND number = ?""",
        [_next_number(database, sighting.article_id), *further, *key],
    )
    database.execute(
        """UPDATE versions SET last_seen_at = ?, body_text = coalesce(body_text,
            (SELECT body_text FROM articles WHERE id = article_id))
        WHERE article_id = ? AND number = ?""",
        [last, *key],
    )


def _next_number(database: Database, article_id: int) -> int:
    (last,) = database.execute(
        "SELECT max(number) FROM versions WHERE article_id = ?", [article_id]
    ).fetchone()
    return int(last or 0) + 1


def _renumber(database: Database, article_id: int) -> None:
    """Renumber versions in order of time, and update silent edits and the details of changes."""
    rows = database.execute(
        """SELECT number, modified_at FROM versions WHERE article_id = ?
        ORDER BY first_seen_at, last_seen_at, number""",
        [article_id],
    ).fetchall()
    database.conn.executemany(  # numbers are unique: all must be out of the way first
        "UPDATE versions SET number = ? WHERE article_id = ? AND number = ?",
        [(-place, article_id, number) for place, (number, _) in enumerate(rows, 1)],
    )
    silent = [False, *(one[1] == other[1] for one, other in pairwise(rows))]
    database.conn.executemany(
        "UPDATE versions SET number = ?, is_silent = ? WHERE article_id = ? AND number = ?",
        [(place, int(is_silent), article_id, -place) for place, is_silent in enumerate(silent, 1)],
    )
    database.execute(
        """UPDATE changes SET detail = 'version ' || (
            SELECT number FROM versions WHERE versions.article_id = changes.article_id
                AND versions.capture_id = changes.capture_id)
        WHERE article_id = ? AND kind IN ('edited', 'edited silently') AND EXISTS (
            SELECT 1 FROM versions WHERE versions.article_id = changes.article_id
                AND versions.capture_id = changes.capture_id)""",
        [article_id],
    )
