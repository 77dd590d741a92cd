"""Judge whether an answer is a wall, by what the database knows of its URL and of other answers.

The parsers recognise known walls, and suspect others by their marks (parsing/wall_marks.py).
Here a suspicion becomes a verdict where a page is known to be, and walls that nobody knows are
found by behaviour: several known pages have one answer in common, or redirects lead in a circle.
"""

from dataclasses import dataclass
from hashlib import blake2b

from sqlite_utils import Database

from cacnp_archive.model.capture import REDIRECTS, Capture
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.hops import MAX_REDIRECTS, redirect_count
from cacnp_archive.model.records import Article, Reading
from cacnp_archive.model.wall import Wall, WallKind
from cacnp_archive.storage.database import timestamp
from cacnp_archive.storage.writing.replaced import take_back

SHARED_BY = 3
"""An answer that this many known pages have in common is a wall."""

_COMPARED = 12
"""At most this many earlier answers are compared with one that they have the signature of."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about one answer."""

    wall: Wall | None = None
    signature: str | None = None
    redirects_to: str | None = None
    """Canonical URL."""
    earlier: tuple[tuple[int, str], ...] = ()
    """Earlier captures of this crawl that are the same wall: ids and canonical URLs."""


class WallJudge:
    """Judges the answers of one crawl or import, in the order of their records."""

    def __init__(self, database: Database, crawl: Crawl, *, is_import: bool = False) -> None:
        self._database = database
        self._site = crawl.site
        self._crawl_id = crawl.crawl_id
        self._started_at = timestamp(crawl.started_at)
        self._is_import = is_import

    def judge(self, capture: Capture, reading: Reading) -> Verdict:
        """Return the verdict on an answer that has no row yet."""
        wall = reading.wall
        if wall is not None and wall.is_certain:
            return Verdict(wall)
        url = self._site.canonical(capture.url)
        if capture.status in REDIRECTS:
            return self._judge_redirect(capture, reading, url)
        if capture.status in (401, 403) and self._was_archived(url) and not self._is_import:
            return Verdict(Wall(WallKind.ACCESS_DENIED, f"HTTP status {capture.status}"))
        signature = _signature(capture, reading)
        if self._is_import and reading.article:  # what it says of the past cannot be taken back
            return Verdict()
        if wall is not None and self._is_known(url) and not _is_empty_robots(wall, url):
            return Verdict(wall, signature)
        if signature is None:
            return Verdict()
        if self._replaces_list(capture, reading, url):
            return Verdict(Wall(WallKind.WRONG_FORMAT, f"{capture.media_type} in place of a list"))
        return self._shared(url, signature) or Verdict(None, signature)

    def mark_earlier(self, verdict: Verdict) -> tuple[tuple[int, str], ...]:
        """Mark the earlier captures that are the same wall, and take back what they changed.

        Returns their ids and canonical URLs.
        """
        wall = verdict.wall
        if wall is None:
            return ()
        for capture_id, _ in verdict.earlier:
            self._database.execute(
                "UPDATE captures SET wall = ?, wall_evidence = ? WHERE id = ?",
                [wall.kind, wall.evidence, capture_id],
            )
            take_back(self._database, capture_id)
        return verdict.earlier

    def _judge_redirect(self, capture: Capture, reading: Reading, url: str) -> Verdict:
        if not reading.links:
            return Verdict()
        target = self._site.canonical(reading.links[0])
        count = redirect_count(capture.hops)
        if target == url:
            is_variant = reading.links[0] != capture.url
            if is_variant and count < MAX_REDIRECTS:
                return Verdict(redirects_to=target)
            cookie = ", and sets a cookie" if capture.message.values(b"set-cookie") else ""
            return Verdict(_loop(f"it redirects to itself{cookie}"), None, target)
        if count >= MAX_REDIRECTS:
            return Verdict(
                _loop(f"{count} redirects led here, and it redirects again"), None, target
            )
        # The captures of an import may be years apart.
        circle = () if self._is_import else self._circle(url, target)
        if circle:
            urls = " and ".join(found for _, found in circle[:3])
            return Verdict(
                _loop(f"it redirects to {urls}, and from there back"), None, target, circle
            )
        if reading.wall is not None and self._is_known(url):
            return Verdict(reading.wall, None, target)
        return Verdict(redirects_to=target)

    def _circle(self, url: str, target: str) -> tuple[tuple[int, str], ...]:
        """Return the redirects of this crawl by which a redirect's target leads back to it."""
        passed: list[tuple[int, str]] = []
        while target != url:
            row = self._database.execute(
                """SELECT id, redirects_to FROM captures
                WHERE canonical_url = ? AND crawl_id = ? ORDER BY id DESC LIMIT 1""",
                [target, self._crawl_id],
            ).fetchone()
            if row is None or row[1] is None or len(passed) > MAX_REDIRECTS:
                return ()
            passed.append((row[0], target))
            target = row[1]
        return tuple(passed)

    def _shared(self, url: str, signature: str) -> Verdict | None:
        """Return the verdict that several known pages have had this answer in this crawl."""
        rows = self._database.execute(
            """SELECT max(id), canonical_url, max(wall IS NOT NULL) FROM captures
            WHERE crawl_id = ? AND signature = ? AND canonical_url != ?
            GROUP BY canonical_url ORDER BY 1 LIMIT ?""",
            [self._crawl_id, signature, url, _COMPARED],
        ).fetchall()
        if len(rows) < SHARED_BY - 1 or not self._may_not_share(url, signature):
            return None
        others = [row for row in rows if self._may_not_share(row[1], signature)]
        if len(others) < SHARED_BY - 1:
            return None
        what = f"HTTP status {signature[1:]}" if signature[0] == "e" else "the same answer"
        evidence = f"{what} as at {others[0][1]} and other known pages"
        unmarked = tuple((id_, found) for id_, found, is_marked in others if not is_marked)
        return Verdict(Wall(WallKind.SAME_ANSWER, evidence), signature, None, unmarked)

    def _may_not_share(self, url: str, signature: str) -> bool:
        """Whether a URL should have an answer of its own, and no earlier crawl had this one."""
        if not (signature[0] == "s" or self._is_known(url)):
            return False
        row = self._database.execute(
            """SELECT 1 FROM captures WHERE canonical_url = ? AND signature = ? AND crawl_id != ?
            AND is_good LIMIT 1""",
            [url, signature, self._crawl_id],
        ).fetchone()
        return row is None

    def _is_known(self, url: str) -> bool:
        """Whether a page is known to be at a URL, by a list of the site or an earlier crawl."""
        if url in (self._site.base_url, f"{self._site.base_url}robots.txt"):
            return True
        (is_known,) = self._database.execute(
            """SELECT EXISTS (SELECT 1 FROM articles WHERE url = :url AND first_seen_at < :start)
                OR EXISTS (SELECT 1 FROM list_entries WHERE url = :url)
                OR EXISTS (SELECT 1 FROM documents WHERE url = :url AND first_seen_at < :start)
                OR EXISTS (
                    SELECT 1 FROM audio_files WHERE url = :url AND first_seen_at < :start)""",
            {"url": url, "start": self._started_at},
        ).fetchone()
        return bool(is_known) or (self._site.is_list(url) and self._was_archived(url))

    def _was_archived(self, url: str) -> bool:
        row = self._database.execute(
            "SELECT 1 FROM addresses WHERE url = ? AND archived_at IS NOT NULL", [url]
        ).fetchone()
        return row is not None or (url == self._site.base_url)

    def _replaces_list(self, capture: Capture, reading: Reading, url: str) -> bool:
        """Whether an HTML page that is not the site's stands where a list was read before."""
        if reading.signature is None or not self._site.is_list(url) or capture.status != 200:
            return False
        row = self._database.execute(
            """SELECT 1 FROM captures WHERE canonical_url = ? AND is_good
            AND media_type NOT IN ('text/html', '') LIMIT 1""",
            [url],
        ).fetchone()
        return row is not None


def _signature(capture: Capture, reading: Reading) -> str | None:
    """Return what identifies the answer; a revisit repeats what was a page of the site."""
    if capture.original is not None:
        return None
    return _article_signature(reading.article) if reading.article else reading.signature


def _article_signature(article: Article) -> str:
    """Return what identifies the page that an article was read from, wherever it is served.

    Two posts have two WordPress ids; a page that is served in place of them has one.
    """
    parts = (str(article.wordpress_id), article.title or "", article.body_text)
    return "a" + blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _loop(evidence: str) -> Wall:
    return Wall(WallKind.REDIRECT_LOOP, evidence)


def _is_empty_robots(wall: Wall, url: str) -> bool:
    """Whether an empty robots.txt was answered: it allows everything."""
    return wall.kind is WallKind.EMPTY and url.endswith("/robots.txt")
