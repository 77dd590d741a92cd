"""Fill an archive from the replica without a server, for measurements of queries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from benchmarks.prose import Prose
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.crawl import FINISHED, Crawl, CrawlCounts
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.records import Article, Reading
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.model.spool import Spool
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.replica import build_site
from cacnp_archive.replica.responses.routing import Response, respond
from cacnp_archive.replica.state.replica_site import ReplicaSite
from cacnp_archive.storage.database import open_database, without_safety
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter
from cacnp_archive.storage.writing.crawls import insert_crawl
from cacnp_archive.warc.writer import WarcWriter

FIRST_CRAWL = datetime(2026, 1, 17, 12, 30, 45, tzinfo=UTC)
BATCH = 200
PARAGRAPH_WORDS = 90
PARAGRAPHS = range(3, 12)
"""Paragraphs that are added to articles in turn, since the replica's texts are short."""


def fill(archive: Archive, article_count: int) -> None:
    """Save a site, and a second crawl in which some articles were edited, moved or deleted."""
    archive.prepare()
    replica = build_site(article_count)
    paths = list(replica.articles)
    _crawl(archive, replica, paths, FIRST_CRAWL)
    later = FIRST_CRAWL + timedelta(days=1)
    posts = [post.path for post in replica.posts if post.in_lists]
    moved: list[str] = []
    for number, path in enumerate(posts[::16]):
        if number % 8 == 0:
            replica.delete(path)
        elif number % 8 == 1:
            replica.move(path, f"moved-{number}")
            moved.append(f"moved-{number}")
        else:
            modified_at = later if number % 2 else None
            replica.edit(path, text=f"Edited, number {number}.", modified_at=modified_at)
    _crawl(archive, replica, [*posts[::16], *moved], later)


def _crawl(archive: Archive, replica: ReplicaSite, paths: list[str], begun_at: datetime) -> None:
    crawl = Crawl(
        crawl_id=f"{begun_at:%Y%m%d%H%M%S}-000000",
        started_at=begun_at,
        site=Site.at(HOME),
        archive=archive,
        user_agent="benchmarks.filled",
        obeys_robots=True,
        settings={},
    )
    database = open_database(archive.database_path)
    without_safety(database)
    rows = CrawlWriter(database, crawl)
    insert_crawl(database, crawl)
    writer = WarcWriter(archive.warc_folder, crawl.warc_prefix, crawl.warcinfo, 1 << 62)
    count = 0
    waiting: list[tuple[Capture, Reading]] = []
    for capture, reading in _read(crawl.site, replica, paths, begun_at):
        waiting.append((capture, reading))
        if len(waiting) == BATCH:
            count += _save(rows, writer, waiting)
    count += _save(rows, writer, waiting)
    writer.close()
    rows.end(begun_at + timedelta(hours=6), FINISHED, CrawlCounts(
        request_count=count, capture_count=count, failure_count=0, problem_count=0,
        received_bytes=0, throttled_count=0, held_seconds=0.0,
    ))  # fmt: skip
    rows.close()


def _save(rows: CrawlWriter, writer: WarcWriter, waiting: list[tuple[Capture, Reading]]) -> int:
    """Write and save what waits; returns how much that was."""
    written = writer.write([capture for capture, _ in waiting])
    for capture, (_, reading) in zip(written, waiting, strict=True):
        if isinstance(capture, Capture):
            rows.save(capture, reading)
    waiting.clear()
    return len(written)


def _read(
    site: Site, replica: ReplicaSite, paths: list[str], begun_at: datetime
) -> Iterator[tuple[Capture, Reading]]:
    """Yield the captures of all articles, then those of the documents that they link to."""
    documents: dict[str, None] = {}
    urls = [f"{HOME}{path.strip('/')}/" for path in paths]
    for number, url in enumerate(urls):
        moment = begun_at + timedelta(seconds=number)
        capture = _capture(url, respond(replica, HOME, urlsplit(url).path, {}), moment)
        reading = read_capture(capture, site)
        if reading.article is not None:
            documents |= dict.fromkeys(reading.article.documents)
            reading = replace(reading, article=_lengthened(reading.article, url))
        yield capture, reading
    for number, url in enumerate(url for url in documents if url.startswith(HOME)):
        moment = begun_at + timedelta(hours=3, seconds=number)
        capture = _capture(url, respond(replica, HOME, urlsplit(url).path, {}), moment)
        yield capture, read_capture(capture, site)


def _lengthened(article: Article, url: str) -> Article:
    prose = Prose(sum(url.encode()))
    count = PARAGRAPHS[sum(url.encode()) % len(PARAGRAPHS)]
    added = (prose.paragraph(PARAGRAPH_WORDS) for _ in range(count))
    text = "\n\n".join([article.body_text, *added])
    return replace(article, body_text=text)


def _capture(url: str, found: Response, moment: datetime) -> Capture:
    fields = {"Content-Type": found.content_type, **found.headers}
    fields["Content-Length"] = str(len(found.body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    block = Spool(f"HTTP/1.1 {found.status} OK\r\n{lines}\r\n".encode() + found.body)
    return Capture(
        url=url, captured_at=moment, block=block, message=ResponseMessage.read(block.chunks()),
        ip="192.0.2.7", protocols=("http/1.1",), hops="L",
    )  # fmt: skip
