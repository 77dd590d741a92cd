"""Save the content of articles beside their text, and join articles printed on several pages."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from cacnp_archive.model import urls
from cacnp_archive.model.records import (
    ArticlePart,
    Embed,
    EmbedCard,
    EmbedKind,
    Link,
    LinkKind,
    MediaItem,
    MediaKind,
)
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert_all, update
from cacnp_archive.storage.writing.history import fingerprint_of_rows, save_version
from cacnp_archive.storage.writing.waiting import let_wait

CONTENT_TABLES = ("links", "embeds", "media", "article_documents")


@dataclass(frozen=True, slots=True)
class Content:
    """Links, embeds, media and documents of a text."""

    links: tuple[Link, ...] = ()
    embeds: tuple[Embed, ...] = ()
    media: tuple[MediaItem, ...] = ()
    documents: tuple[str, ...] = ()

    def __add__(self, further: "Content") -> "Content":
        return Content(
            self.links + further.links,
            self.embeds + further.embeds,
            self.media + further.media,
            tuple(dict.fromkeys(self.documents + further.documents)),
        )

    @classmethod
    def from_json(cls, text: str) -> "Content":
        """Return the content that `as_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        return cls(
            tuple(Link(**link | {"kind": LinkKind(link["kind"])}) for link in data["links"]),
            tuple(
                Embed(**embed | {"kind": EmbedKind(embed.get("kind", EmbedKind.FRAME))})
                for embed in data["embeds"]
            ),
            tuple(MediaItem(**item | {"kind": MediaKind(item["kind"])}) for item in data["media"]),
            tuple(data["documents"]),
        )

    def as_json(self) -> str:
        """Return the content as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def save_content(database: Database, site: Site, article_id: int, content: Content) -> None:
    """Save the content of an article that has no rows of it yet."""

    def numbered(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
        return [(article_id, n, *row) for n, row in enumerate(rows, 1)]

    insert_all(
        database,
        "links",
        (
            *("article_id", "position", "target_url", "host", "kind", "anchor_text", "context"),
            "is_furniture",
        ),
        numbered(
            (
                *(link.target_url, link.host, link.kind, link.anchor_text, link.context),
                int(link.is_furniture),
            )
            for link in content.links
        ),
    )
    insert_all(
        database,
        "embeds",
        (
            *("article_id", "position", "url", "provider", "embed_id", "title", "kind", "host"),
            *("is_outbound", "page_url", "oembed_url", "poster_url"),
        ),
        numbered(_embed_row(site, embed) for embed in content.embeds),
    )
    insert_all(
        database,
        "media",
        ("article_id", "position", "url", "kind", "alt", "caption"),
        numbered((item.url, item.kind, item.alt, item.caption) for item in content.media),
    )
    insert_all(
        database,
        "article_documents",
        ("article_id", "position", "url"),
        numbered((site.canonical(url),) for url in content.documents),
    )


def _embed_row(site: Site, embed: Embed) -> tuple[object, ...]:
    described = (
        None if url is None else site.canonical(url) for url in (embed.oembed_url, embed.poster_url)
    )
    return (
        *(embed.url, embed.provider, embed.embed_id, embed.title, embed.kind),
        *(urls.netloc(embed.url), int(not site.owns(embed.url)), embed.page_url, *described),
    )


def save_embed_card(database: Database, site: Site, card: EmbedCard, *, source_id: int) -> None:
    """Save a provider's description of an embed."""
    poster = None if card.poster_url is None else site.canonical(card.poster_url)
    database.execute(
        """INSERT OR REPLACE INTO embed_cards (url, title, author, poster_url, capture_id)
        VALUES (?, ?, ?, ?, ?)""",
        [site.canonical(card.url), card.title, card.author, poster, source_id],
    )


def save_part(
    database: Database, article_url: str, number: int, text: str, content: Content, capture_id: int
) -> bool:
    """Save one page of an article; returns whether it was known."""
    known = database.execute(
        "SELECT 1 FROM article_parts WHERE article_url = ? AND number = ?", [article_url, number]
    ).fetchone()
    database.execute(
        """INSERT OR REPLACE INTO article_parts
        (article_url, number, body_text, content, capture_id) VALUES (?, ?, ?, ?, ?)""",
        [article_url, number, text, content.as_json(), capture_id],
    )
    return known is not None


def save_further_part(
    database: Database,
    site: Site,
    part: ArticlePart,
    *,
    capture_id: int,
    source_id: int,
    seen_at: str,
    is_settled: bool = False,
) -> None:
    """Save a further page of an article, and join it to the rest if the article is known.

    A page that was missing completes the article's latest version; one that differs makes a new
    version. One that looks otherwise than the article's first page waits, unless `is_settled`.
    """
    # On `?p=7&page=2` only the post ID identifies the article.
    article = database.execute(
        """SELECT id, url, body_text, part_count, text_selector FROM articles
        WHERE url = ? OR wordpress_id = ?
        ORDER BY url = ? DESC, gone_at IS NOT NULL LIMIT 1""",
        [part.article_url, part.wordpress_id, part.article_url],
    ).fetchone()
    url = part.article_url if article is None else article[1]
    content = Content(part.links, part.embeds, part.media, part.documents)
    if article is not None and not is_settled and _differs(database, article, part):
        let_wait(database, article[0], source_id, part.layout, part.text_selector)
        return
    was_known = save_part(database, url, part.number, part.body_text, content, source_id)
    if article is None or article[3] < part.number:
        return
    article_id, _, text_before, *_ = article
    join_parts(database, site, url)
    fingerprint = fingerprint_of_rows(database, article_id)
    save_version(
        database,
        article_id,
        fingerprint,
        capture_id,
        seen_at,
        text_before,
        completes=not was_known,
    )


def _differs(database: Database, article: Any, part: ArticlePart) -> bool:
    """Whether a page has another look than the article's first, and not the text it had."""
    _, url, _, _, text_selector = article
    if text_selector in (None, part.text_selector):
        return False
    known = database.execute(
        "SELECT body_text FROM article_parts WHERE article_url = ? AND number = ?",
        [url, part.number],
    ).fetchone()
    return known is not None and known[0] != part.body_text


def join_parts(database: Database, site: Site, article_url: str) -> None:
    """Give an article the text and content of all its pages that are known, in order."""
    article_id, part_count = database.execute(
        "SELECT id, part_count FROM articles WHERE url = ?", [article_url]
    ).fetchone()
    rows = database.execute(
        """SELECT body_text, content FROM article_parts WHERE article_url = ? AND number <= ?
        ORDER BY number""",
        [article_url, part_count],
    ).fetchall()
    text = "\n\n".join(text for text, _ in rows if text)
    content = Content()
    for _, part in rows:
        content += Content.from_json(part)
    for table in CONTENT_TABLES:
        database.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    save_content(database, site, article_id, content)
    words = {"body_text": text, "word_count": len(text.split())}
    update(database, "articles", article_id, words)
