"""Metrics at the end of a crawl, and alerts about those that are worse than before."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

from sqlite_utils import Database

from cacnp_archive.model.crawl import FINISHED, Crawl
from cacnp_archive.model.problem_codes import UNREAD_LISTS
from cacnp_archive.model.records import ListName
from cacnp_archive.model.site import Site
from cacnp_archive.storage.queries.changes import change_counts

CrawlMetrics = dict[str, dict[str, float]]
"""Topic -> name -> value, as in the table `crawl_metrics`."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Metrics and alerts at the end of a crawl."""

    metrics: CrawlMetrics
    alerts: list[str]
    """What is worse than in the last crawl, one sentence each."""


FIELDS = {
    "title": "coalesce(title, '') != ''",
    "date": "day IS NOT NULL",
    "modified": "modified_at IS NOT NULL",
    "language": "language IS NOT NULL",
    "body": "body_text != ''",
    "authors": "EXISTS (SELECT 1 FROM article_authors WHERE article_id = articles.id)",
    "categories": "EXISTS (SELECT 1 FROM article_categories WHERE article_id = articles.id)",
    "tags": "EXISTS (SELECT 1 FROM article_tags WHERE article_id = articles.id)",
    "links": "EXISTS (SELECT 1 FROM links WHERE article_id = articles.id)",
    "wordpress_id": "wordpress_id IS NOT NULL",
}
"""Fields of articles whose fill rate is measured, and when they count as filled."""

CHANCE = 0.001
"""A drop raises an alert if it would happen by chance less often than this."""


MANY_DEPARTURES = 10
"""Departures raise an alert if they are this many, and more than half of what was checked."""

MANY_IN_A_NEW_LOOK = 10
"""At least this many articles that look otherwise raise an alert; fewer are a new template."""


def measure(database: Database, crawl: Crawl, load: dict[str, float]) -> CrawlMetrics:
    """Return the metrics of a crawl that is about to end; `load` has its own counts."""
    base = {"base": crawl.site.base_url, "crawl": crawl.crawl_id}

    def counted(sql: str) -> dict[str, float]:
        return {str(name): value for name, value in database.execute(sql, base)}

    unread = counted(_UNREAD)
    unknown: dict[str, float] = {**Counter(_list_of(url, crawl.site) for url in unread)}
    on_site = "substr(url, 1, length(:base)) = :base"
    return {
        "ledger": {
            "archived": 0,
            "excluded": 0,
            "failed": 0,
            "waiting": 0,
            **counted(f"SELECT state, count(*) FROM ledger WHERE {_NOT_OF_OTHERS} GROUP BY state"),
        },
        "elsewhere": counted(
            f"SELECT state, count(*) FROM ledger WHERE NOT {on_site} GROUP BY state"
        ),
        "excluded": counted(
            f"""SELECT reason, count(*) FROM ledger
            WHERE state = 'excluded' AND {_NOT_OF_OTHERS} GROUP BY reason"""
        ),
        "failed": counted(
            f"""SELECT reason, count(*) FROM ledger
            WHERE state = 'failed' AND {on_site} GROUP BY reason"""
        ),
        "status": counted(
            f"""SELECT reason, count(*) FROM ledger
            WHERE state = 'archived' AND {on_site} GROUP BY reason"""
        ),
        "listed": counted(
            f"SELECT list, count(*) FROM list_entries WHERE {_NOT_OF_OTHERS} GROUP BY list"
        ),
        "named": counted(
            """SELECT list, count(*) FROM list_entries JOIN captures ON captures.id = capture_id
            WHERE crawl_id = :crawl GROUP BY list"""
        ),
        "recall": {name: share for name, share in counted(_RECALL).items() if name not in unknown},
        "unknown": unknown,
        "unread": unread,
        "requisites": counted("SELECT state, count(DISTINCT url) FROM requisites GROUP BY state"),
        "embeds": counted("SELECT state, count(DISTINCT url) FROM embed_states GROUP BY state"),
        "kind": counted("SELECT kind, count(*) FROM articles WHERE gone_at IS NULL GROUP BY kind"),
        "year": counted(
            """SELECT coalesce(year, 'undated'), count(*) FROM articles WHERE gone_at IS NULL
            GROUP BY year"""
        ),
        "filled": _filled(database, "gone_at IS NULL", {}),
        "read": _filled(database, _READ_NOW, base),
        "filled_by_kind": _filled_by_kind(database),
        "read_kind": counted(
            f"SELECT kind, count(*) FROM articles WHERE {_READ_NOW} GROUP BY kind"
        ),
        "layouts": counted(_LAYOUTS),
        "looks": counted(_LOOKS),
        "changes": {"added": 0, **change_counts(database, crawl.crawl_id)},
        "looked_at": counted(
            """SELECT 'articles', count(DISTINCT articles.id) FROM captures
            JOIN articles ON articles.url = canonical_url WHERE crawl_id = :crawl
            UNION ALL SELECT 'departed', count(DISTINCT article_id) FROM changes
            JOIN captures ON captures.id = capture_id
            WHERE crawl_id = :crawl AND kind IN ('gone', 'moved')"""
        ),
        "walls": counted(
            f"""SELECT wall, count(*) FROM addresses JOIN captures
                ON canonical_url = addresses.url AND captured_at = checked_at
            WHERE crawl_id = :crawl AND wall IS NOT NULL AND {_ON_SITE} GROUP BY wall"""
        ),
        "problems": counted(
            """SELECT code, count(*) FROM problems JOIN captures ON captures.id = capture_id
            WHERE crawl_id = :crawl GROUP BY code"""
        ),
        "size": {
            **counted(
                """SELECT 'captures', count(*) FROM captures
                UNION ALL SELECT 'articles', count(*) FROM articles
                UNION ALL SELECT 'links', count(*) FROM links
                UNION ALL SELECT 'database_bytes', page_count * page_size
                    FROM pragma_page_count, pragma_page_size"""
            ),
            "warc_bytes": sum(
                crawl.archive.warc_path(name).stat().st_size for name in crawl.archive.warc_names()
            ),
        },
        "load": load,
    }


_READ_NOW = """articles.url IN (
        SELECT canonical_url FROM captures WHERE crawl_id = :crawl AND is_good AND status != 304)
    AND EXISTS (SELECT 1 FROM versions WHERE versions.article_id = articles.id)"""

_ON_SITE = "substr(addresses.url, 1, length(:base)) = :base"

_NOT_OF_OTHERS = """NOT EXISTS (
        SELECT 1 FROM (SELECT DISTINCT base_url FROM crawls WHERE base_url != :base)
        WHERE substr(url, 1, length(base_url)) = base_url)"""
"""Condition that a URL is not on another site of the archive, which has its own metrics."""

_LAYOUTS = """
    SELECT 'waiting', count(DISTINCT article_id) FROM waiting_readings
    UNION ALL
    SELECT layout, count(*) FROM articles WHERE gone_at IS NULL GROUP BY layout
"""
"""Articles by how their text was found, and those of which a capture waits to be read."""

_LOOKS = """
    SELECT text_selector, count(*) FROM articles
    WHERE text_selector IS NOT NULL AND layout != 'general' AND gone_at IS NULL
    GROUP BY text_selector
"""

_RECALL = f"""
    SELECT list, avg(state = 'archived') FROM list_entries JOIN ledger USING (url)
    WHERE state != 'excluded' AND {_NOT_OF_OTHERS} GROUP BY list
    UNION ALL
    SELECT 'links', avg(outcome IS 'archived') FROM addresses
    WHERE excluded IS NULL AND hops LIKE '%L' AND {_NOT_OF_OTHERS} HAVING count(*)
    UNION ALL
    SELECT 'requisites', avg(state = 'archived') FROM requisites
    WHERE state != 'excluded' AND {_NOT_OF_OTHERS} HAVING count(*)
"""


_UNREAD = f"""
    SELECT url, count(*) FROM problems JOIN captures ON captures.id = capture_id
    WHERE crawl_id = :crawl AND code IN ({", ".join(f"'{code}'" for code in UNREAD_LISTS)})
    GROUP BY url
"""


def _list_of(url: str, site: Site) -> str:
    """Return the name of the list that a URL is part of: what another list names is a sitemap."""
    return site.list_name(url) or ListName.SITEMAP


def _filled(database: Database, which: str, values: dict[str, str]) -> dict[str, float]:
    """Return the number of articles, and the share of them that has each field."""
    columns = ", ".join(f"avg({condition})" for condition in FIELDS.values())
    count, *shares = database.execute(
        f"SELECT count(*), {columns} FROM articles WHERE {which}",
        values,
    ).fetchone()
    return {"articles": count, **(dict(zip(FIELDS, shares, strict=True)) if count else {})}


def _filled_by_kind(database: Database) -> dict[str, float]:
    """Return the share of articles that has each field, by kind and field: `op-ed/title`."""
    columns = ", ".join(f"avg({condition})" for condition in FIELDS.values())
    rows = database.execute(
        f"SELECT kind, {columns} FROM articles WHERE gone_at IS NULL GROUP BY kind"
    )
    return {
        f"{kind}/{field}": share
        for kind, *shares in rows
        for field, share in zip(FIELDS, shares, strict=True)
    }


def save_metrics(database: Database, crawl_id: str, metrics: CrawlMetrics) -> None:
    """Save the metrics of a crawl, in the caller's transaction."""
    database.conn.executemany(
        "INSERT INTO crawl_metrics (crawl_id, topic, name, value) VALUES (?, ?, ?, ?)",
        [
            (crawl_id, topic, name, value)
            for topic, named in metrics.items()
            for name, value in named.items()
        ],
    )


def load_metrics(database: Database, crawl_id: str) -> CrawlMetrics:
    """Return the metrics of a crawl; empty if it was killed or still runs."""
    metrics: CrawlMetrics = {}
    rows = database.execute(
        "SELECT topic, name, value FROM crawl_metrics WHERE crawl_id = ? ORDER BY topic, name",
        [crawl_id],
    )
    for topic, name, value in rows:
        metrics.setdefault(topic, {})[name] = value
    return metrics


def previous_metrics(database: Database, crawl: Crawl) -> CrawlMetrics:
    """Return the metrics of the last crawl of the same site that finished, or none."""
    row = database.execute(
        """SELECT id FROM crawls WHERE base_url = ? AND id < ? AND finish_reason = ?
            AND EXISTS (SELECT 1 FROM crawl_metrics WHERE crawl_id = crawls.id)
        ORDER BY id DESC LIMIT 1""",
        [crawl.site.base_url, crawl.crawl_id, FINISHED],
    ).fetchone()
    return load_metrics(database, row[0]) if row else {}


def alerts(now: CrawlMetrics, before: CrawlMetrics, *, is_whole: bool = True) -> list[str]:
    """Return what is worse than in the last crawl and needs attention, one sentence each.

    A crawl that was stopped (`is_whole` is false) is compared only by the articles it has read.
    """
    found = [
        *_unread_lists(now),
        *_walls(now),
        *_new_layouts(now, before),
        *_lost_fields(now, before),
        *_departed(now),
    ]
    return [*found, *_lost_recall(now, before), *_shrunk_lists(now, before)] if is_whole else found


def _walls(now: CrawlMetrics) -> Iterator[str]:
    """Yield the walls, in the first crawl as well."""
    walls = now.get("walls", {})
    if walls:
        kinds = ", ".join(f"{count:.0f} {kind}" for kind, count in sorted(walls.items()))
        yield (
            f"walls answered in place of pages: {kinds}; `cacnp-archive report` names each, and "
            "what shows it"
        )


def _lost_fields(now: CrawlMetrics, before: CrawlMetrics) -> Iterator[str]:
    """Yield the fields that articles of this crawl lack more often than chance explains."""
    read = now.get("read", {})
    count = int(read.get("articles", 0))
    for field in FIELDS if count else ():
        share = _expected_share(field, now, before)
        if share and _chance(round(count * read[field]), count, share) < CHANCE:
            yield (
                f"{field}: {read[field]:.0%} of the {count} articles read have one, and "
                f"{share:.0%} of such articles had one before: has the layout changed?"
            )


def _new_layouts(now: CrawlMetrics, before: CrawlMetrics) -> Iterator[str]:
    """Yield one sentence if pages look otherwise than before."""
    waiting = now.get("layouts", {}).get("waiting", 0)
    seen = before.get("looks", {})
    new = sum(count for look, count in now.get("looks", {}).items() if seen and look not in seen)
    parts = []
    if new >= MANY_IN_A_NEW_LOOK:
        parts.append(f"{new:.0f} articles are read by a layout first seen in this crawl")
    if waiting:
        parts.append(
            f"{waiting:.0f} articles cannot be read as well as before, and keep their last reading"
        )
    if parts:
        yield f"{'; '.join(parts)}: see `cacnp-archive layouts`"


def _expected_share(field: str, now: CrawlMetrics, before: CrawlMetrics) -> float | None:
    """Return the share of the articles read that should have a field, from the shares before.

    By kind of article: a crawl may happen to read only pages, which have no authors.
    """
    overall = before.get("filled", {}).get(field)
    if overall is None:
        return None
    by_kind = before.get("filled_by_kind", {})
    counts = now.get("read_kind", {})
    expected = (count * by_kind.get(f"{kind}/{field}", overall) for kind, count in counts.items())
    return sum(expected) / sum(counts.values())


def _chance(hits: int, count: int, share: float) -> float:
    """Return the probability of at most `hits` hits out of `count`, each of probability `share`.

    >>> round(_chance(1, 3, 0.5), 3)
    0.5
    """
    count, hits = (count, hits) if count <= 1000 else (1000, round(hits / count * 1000))
    return sum(comb(count, n) * share**n * (1 - share) ** (count - n) for n in range(hits + 1))


def _lost_recall(now: CrawlMetrics, before: CrawlMetrics) -> Iterator[str]:
    for name, share in now.get("recall", {}).items():
        earlier = before.get("recall", {}).get(name, share)
        if share < earlier - 0.001:
            yield f"recall of {name}: {share:.1%}, and {earlier:.1%} before"


def _shrunk_lists(now: CrawlMetrics, before: CrawlMetrics) -> Iterator[str]:
    """Yield the lists that name far fewer URLs than before, or none in this crawl."""
    for name, earlier in before.get("listed", {}).items():
        count = now.get("listed", {}).get(name, 0)
        if count < 0.8 * earlier:
            yield f"{name} names {count:.0f} addresses, and {earlier:.0f} before"
        elif before.get("named", {}).get(name) and not now.get("named", {}).get(name):
            yield f"{name} could not be read: it names nothing now"


def _unread_lists(now: CrawlMetrics) -> Iterator[str]:
    for url in sorted(now.get("unread", {})):
        yield f"{url} could not be read as a list, or not whole: its recall is unknown"


def _departed(now: CrawlMetrics) -> Iterator[str]:
    looked_at = now.get("looked_at", {})
    departed, count = looked_at.get("departed", 0), looked_at.get("articles", 0)
    if departed >= MANY_DEPARTURES and departed > count / 2:
        yield (
            f"{departed:.0f} of the {count:.0f} articles that were looked at are gone or have "
            "moved: was it the site that answered?"
        )
