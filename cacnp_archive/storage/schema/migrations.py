"""The database schema, as a sequence of migrations; each is applied once, in one transaction.

Every table and column has an SQL comment, which SQLite stores: `.schema` in any SQLite shell
explains the database, and the data dictionary is generated from it. The comments of released
migrations may be improved (`schema/comments.py` brings older databases up to date); their
statements may not.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("cacnp_archive")


@migrations()
def m001_first_light(database: Database) -> None:
    """Create crawls, captures, articles and what belongs to them, full-text search, two views."""
    for statement in _FIRST_LIGHT:
        database.execute(statement)
    database.table("articles").enable_fts(
        ["title", "body_text"],
        fts_version="FTS5",
        tokenize="porter unicode61 remove_diacritics 2",
        create_triggers=True,
    )


@migrations()
def m002_ledger(database: Database) -> None:
    """Add the ledger of URLs, list entries, versions, changes and metrics of crawls."""
    for statement in _LEDGER:
        database.execute(statement)
    # The URLs of earlier captures are known; later crawls check each again when it is due.
    database.execute(
        """INSERT INTO addresses (
            url, asked_as, hops, found_at, checked_at, outcome, reason, archived_at)
        SELECT canonical_url, url, hops, min(captured_at), max(captured_at), 'archived', status,
            max(iif(status IN (200, 304) AND truncated IS NULL, captured_at, NULL))
        FROM captures GROUP BY canonical_url"""
    )


@migrations()
def m003_readings(database: Database) -> None:
    """Add notes, mentions, embeds and media of articles, documents, audio, disagreements."""
    for statement in _READINGS:
        database.execute(statement)
    database.table("document_pages").enable_fts(
        ["text"],
        fts_version="FTS5",
        tokenize="porter unicode61 remove_diacritics 2",
        create_triggers=True,
    )


@migrations()
def m004_imports(database: Database) -> None:
    """Distinguish imports of third-party files from crawls."""
    database.execute(
        """ALTER TABLE crawls ADD COLUMN source TEXT
        /* for an import, JSON: its file, size, SHA-256 and warcinfo fields; null for a crawl */"""
    )


@migrations()
def m005_desk(database: Database) -> None:
    """Add a view to cite from, and indexes for the sample queries of the desk."""
    for statement in _DESK:
        database.execute(statement)


@migrations()
def m006_unchanged_text(database: Database) -> None:
    """Update the full-text index only if the text of an article changes."""
    for statement in _UNCHANGED_TEXT:
        database.execute(statement)


@migrations()
def m007_one_definition_each(database: Database) -> None:
    """Define a failed and a good capture, and an article's date, once; rename columns."""
    for statement in _ONE_DEFINITION_EACH:
        database.execute(statement)


@migrations()
def m008_walls(database: Database) -> None:
    """Tell walls apart, and keep what they replace until the crawl has ended."""
    for statement in _WALLS:
        database.execute(statement)


@migrations()
def m009_embeds(database: Database) -> None:
    """Describe embeds, and tell what of each is archived."""
    for statement in _EMBEDS:
        database.execute(statement)


@migrations()
def m010_outlets_and_furniture(database: Database) -> None:
    """Fold the spellings of outlets, as those of people are; mark links that cite nothing."""
    for statement in _OUTLETS_AND_FURNITURE:
        database.execute(statement)


@migrations()
def m011_layouts(database: Database) -> None:
    """Add how each text was found, layouts that were learned, and readings that wait for one."""
    for statement in _LAYOUTS:
        database.execute(statement)


_FIRST_LIGHT = (
    """
    CREATE TABLE crawls (  -- one row per crawl or import
        id TEXT PRIMARY KEY,  -- UTC time of the start and a random suffix; in the WARC files' names
        base_url TEXT NOT NULL,  -- base URL of the site
        started_at TEXT NOT NULL,  -- ISO 8601, UTC
        finished_at TEXT,  -- ISO 8601, UTC; null while it runs, and also if it was killed
        finish_reason TEXT,  -- finished, imported, or what stopped it
        software TEXT NOT NULL,  -- name and version
        user_agent TEXT NOT NULL,  -- as sent
        settings TEXT NOT NULL,  -- JSON: the Scrapy settings that limit the crawl
        request_count INTEGER,  -- requests sent, including robots.txt and retries
        capture_count INTEGER,  -- responses saved
        failure_count INTEGER,  -- attempts without a response, including robots.txt denials
        problem_count INTEGER,  -- parts of captures that could not be parsed
        received_bytes INTEGER,  -- bytes of HTTP responses, headers included
        throttled_count INTEGER,  -- responses with status 429 or 503
        requests_per_minute REAL  -- average over the crawl
    ) STRICT
    """,
    """
    CREATE TABLE captures (  -- one row per WARC response, revisit or resource record
        id INTEGER PRIMARY KEY,
        crawl_id TEXT NOT NULL REFERENCES crawls(id),
        url TEXT NOT NULL,  -- target URI, as requested
        canonical_url TEXT NOT NULL,  -- canonical URL: one for all variants of a URL
        captured_at TEXT NOT NULL,  -- ISO 8601, UTC, when the request was sent (WARC-Date)
        method TEXT NOT NULL,  -- GET, HEAD
        status INTEGER NOT NULL,  -- HTTP status code
        media_type TEXT NOT NULL,  -- Content-Type without parameters; empty if none was sent
        record_type TEXT NOT NULL,  -- response, revisit (of original_id) or resource
        original_id INTEGER REFERENCES captures(id),  -- the capture whose content a revisit repeats
        block_digest TEXT NOT NULL,  -- WARC-Block-Digest: SHA-1 of the record's block
        payload_digest TEXT,  -- WARC-Payload-Digest; null if the block is chunked
        entity_sha256 TEXT NOT NULL,  -- of the body: content coding kept, transfer coding removed
        entity_length INTEGER NOT NULL,  -- bytes of the same
        etag TEXT,  -- validator sent by the server, for the next conditional request
        last_modified TEXT,  -- likewise
        truncated TEXT,  -- WARC-Truncated: disconnect, length, time; null if complete
        via TEXT,  -- URL of the page that led to this URL
        hops TEXT NOT NULL,  -- path from a seed: L link, E page requisite, R redirect
        ip TEXT,  -- IP address of the server
        fetch_ms INTEGER,  -- milliseconds from the first byte sent to the last byte received
        warc_file TEXT NOT NULL,  -- file name in warc/ or imported/
        warc_offset INTEGER NOT NULL,  -- offset of the record in the file, in bytes
        warc_length INTEGER NOT NULL,  -- length of the record in the file, in bytes
        warc_record_id TEXT NOT NULL UNIQUE  -- WARC-Record-ID without angle brackets
    ) STRICT
    """,
    "CREATE INDEX captures_by_canonical_url ON captures(canonical_url, captured_at)",
    "CREATE INDEX captures_by_url ON captures(url)",
    "CREATE INDEX captures_by_crawl ON captures(crawl_id)",
    "CREATE INDEX captures_by_payload ON captures(payload_digest)",
    "CREATE INDEX captures_by_original ON captures(original_id)",
    """
    CREATE TABLE failures (  -- one row per attempt that brought no response
        id INTEGER PRIMARY KEY,
        crawl_id TEXT NOT NULL REFERENCES crawls(id),
        url TEXT NOT NULL,  -- target URI, as requested
        canonical_url TEXT NOT NULL,  -- canonical URL: one for all variants of a URL
        failed_at TEXT NOT NULL,  -- ISO 8601, UTC, when the attempt began (WARC-Date)
        reason TEXT NOT NULL,  -- dns, refused, unreachable, tls, reset, malformed, timeout, ...
        detail TEXT NOT NULL,  -- explanation in words
        via TEXT,  -- URL of the page that led to this URL
        hops TEXT NOT NULL,  -- path from a seed: L link, E page requisite, R redirect
        warc_file TEXT NOT NULL,  -- file name in warc/
        warc_offset INTEGER NOT NULL,  -- offset of the metadata record in the file, in bytes
        warc_length INTEGER NOT NULL,  -- length of the record in the file, in bytes
        warc_record_id TEXT NOT NULL UNIQUE  -- WARC-Record-ID without angle brackets
    ) STRICT
    """,
    "CREATE INDEX failures_by_canonical_url ON failures(canonical_url, failed_at)",
    "CREATE INDEX failures_by_crawl ON failures(crawl_id)",
    """
    CREATE TABLE articles (  -- one row per article: a post of any kind, or a page
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,  -- canonical URL
        wordpress_id INTEGER,  -- post ID in WordPress, stable when the slug changes
        kind TEXT NOT NULL,  -- post, media mention, op-ed, press release, fact sheet, ...
        title TEXT,  -- as printed; empty if printed empty, null if the page has no title
        published_at TEXT,  -- ISO 8601, with time and offset if the markup has them
        published_on TEXT,  -- the printed date, YYYY-MM-DD
        modified_at TEXT,  -- ISO 8601, as the page's metadata state it
        language TEXT,  -- BCP 47 tag
        body_text TEXT NOT NULL,  -- text of the article; an empty line separates blocks
        word_count INTEGER NOT NULL,  -- words in body_text, separated by white space
        first_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: first capture
        last_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: last capture
        gone_at TEXT,  -- ISO 8601, UTC: first capture that showed it gone; null if it is not gone
        gone_reason TEXT,  -- 404, 410, moved, redirected, home (to the front page), not-found-page
        moved_to TEXT,  -- canonical URL of the redirect's target
        capture_id INTEGER NOT NULL REFERENCES captures(id)  -- the capture parsed into this row
    ) STRICT
    """,
    "CREATE INDEX articles_by_wordpress_id ON articles(wordpress_id)",
    "CREATE INDEX articles_by_date ON articles(published_at)",
    "CREATE INDEX articles_by_capture ON articles(capture_id)",
    """
    CREATE TABLE authors (  -- one row per name in a byline
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE  -- without rank, role or asterisk
    ) STRICT
    """,
    """
    CREATE TABLE article_authors (  -- bylines: who is credited on which article, in printed order
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        author_id INTEGER NOT NULL REFERENCES authors(id),
        role TEXT,  -- position or term, as printed
        printed TEXT NOT NULL,  -- the byline as printed
        found_in TEXT NOT NULL,  -- body, entry-meta, or title
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX article_authors_by_author ON article_authors(author_id)",
    """
    CREATE TABLE categories (  -- the site's categories, as a tree
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,  -- as printed
        url TEXT UNIQUE,  -- canonical URL of its archive page; null if only the name is known
        parent_id INTEGER REFERENCES categories(id)  -- parent category, as breadcrumbs nest them
    ) STRICT
    """,
    "CREATE INDEX categories_by_name ON categories(name)",
    "CREATE INDEX categories_by_parent ON categories(parent_id)",
    """
    CREATE TABLE article_categories (  -- which categories an article has, in printed order
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        category_id INTEGER NOT NULL REFERENCES categories(id),
        is_primary INTEGER NOT NULL,  -- 1 for the category in the article's breadcrumb
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX article_categories_by_category ON article_categories(category_id)",
    """
    CREATE TABLE tags (  -- the site's tags
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,  -- as in its URL
        name TEXT NOT NULL,  -- as printed, else derived from the slug
        url TEXT  -- canonical URL of its archive page; null if no page links to it
    ) STRICT
    """,
    """
    CREATE TABLE article_tags (  -- which tags an article has, in printed order
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        tag_id INTEGER NOT NULL REFERENCES tags(id),
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX article_tags_by_tag ON article_tags(tag_id)",
    """
    CREATE TABLE links (  -- one row per link in an article's text
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1, in document order
        target_url TEXT NOT NULL,  -- absolute URL
        host TEXT NOT NULL,  -- of the target, with any port but the default; empty for mail
        kind TEXT NOT NULL,  -- outbound, internal, document, media, embed, mail
        anchor_text TEXT NOT NULL,  -- text of the link, or the alternative text of a linked image
        context TEXT NOT NULL,  -- the sentence, line or table row that contains the link
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX links_by_host ON links(host)",
    "CREATE INDEX links_by_target ON links(target_url)",
    """
    CREATE TABLE problems (  -- what could not be parsed; the captured bytes are safe
        id INTEGER PRIMARY KEY,
        capture_id INTEGER NOT NULL REFERENCES captures(id),
        code TEXT NOT NULL,  -- no-title, no-date, unreadable, ...
        detail TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX problems_by_capture ON problems(capture_id)",
    """
    CREATE VIEW posts AS  -- one row per article, with authors, categories and tags as lists
    SELECT
        url, title, published_at, modified_at, kind,
        (SELECT json_group_array(name) FROM (
            SELECT authors.name FROM article_authors JOIN authors ON authors.id = author_id
            WHERE article_id = articles.id ORDER BY position)) AS authors,
        (SELECT json_group_array(name) FROM (
            SELECT categories.name FROM article_categories
            JOIN categories ON categories.id = category_id
            WHERE article_id = articles.id ORDER BY position)) AS categories,
        (SELECT json_group_array(name) FROM (
            SELECT tags.name FROM article_tags JOIN tags ON tags.id = tag_id
            WHERE article_id = articles.id ORDER BY position)) AS tags,
        body_text
    FROM articles
    """,
    """
    CREATE VIEW post_links AS  -- one row per link, with the URL of its article
    SELECT articles.url AS url, target_url, host, links.kind AS kind, anchor_text
    FROM links JOIN articles ON articles.id = article_id
    ORDER BY article_id, position
    """,
)

_LEDGER = (
    """
    CREATE TABLE addresses (  -- one row per known URL: the crawl's frontier and its record
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,  -- canonical URL
        asked_as TEXT NOT NULL,  -- the variant that is requested
        via_id INTEGER REFERENCES addresses(id),  -- the page that first led to it; null for a seed
        hops TEXT NOT NULL,  -- path from a seed: L link, E page requisite, R redirect
        found_at TEXT NOT NULL,  -- ISO 8601, UTC: the capture that first led to it
        excluded TEXT,  -- why it is not requested: trap, search, robots, ...; else null
        waiting INTEGER,  -- position in the queue, lowest first; null if it is not queued
        checked_at TEXT,  -- ISO 8601, UTC: last attempt; null if there was none
        outcome TEXT,  -- result of the last attempt: archived or failed
        reason TEXT,  -- HTTP status, or a reason as in captures.failure or failures.reason
        archived_at TEXT  -- ISO 8601, UTC: last good capture
    ) STRICT
    """,
    "CREATE INDEX addresses_waiting ON addresses(waiting) WHERE waiting IS NOT NULL",
    "CREATE INDEX addresses_by_check ON addresses(checked_at)",
    """
    CREATE TABLE list_entries (  -- what the site's own lists last said about a URL
        list TEXT NOT NULL,  -- sitemap, rest, feed
        url TEXT NOT NULL,  -- canonical URL
        wordpress_id INTEGER,  -- post ID; null if the list does not state it
        title TEXT,  -- as text
        published_at TEXT,  -- ISO 8601
        modified_at TEXT,  -- as the list states it: a date or a time
        categories TEXT,  -- JSON: names (feed) or WordPress ids (rest)
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- the last list that names it
        PRIMARY KEY (list, url)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX list_entries_by_capture ON list_entries(capture_id)",
    """
    CREATE TABLE page_requisites (  -- page requisites: the images, styles, scripts a page needs
        page_id INTEGER NOT NULL REFERENCES addresses(id),
        requisite_id INTEGER NOT NULL REFERENCES addresses(id),
        kind TEXT NOT NULL,  -- image, style, script, font, media, document
        PRIMARY KEY (page_id, requisite_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX page_requisites_by_requisite ON page_requisites(requisite_id)",
    """
    CREATE TABLE versions (  -- one row per version of an article's content, without page furniture
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,  -- from 1, in order of time
        content_sha256 TEXT NOT NULL,  -- SHA-256 of title, text, byline, date and link targets
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- the first capture that showed it
        first_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: first capture
        last_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: last capture
        modified_at TEXT,  -- date of modification, as the page stated it
        is_silent INTEGER NOT NULL,  -- 1 if the content changed and modified_at did not
        title TEXT,
        body_text TEXT,  -- null for the latest version: its text is in articles
        PRIMARY KEY (article_id, number)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX versions_by_capture ON versions(capture_id)",
    """
    CREATE TABLE changes (  -- one row per change of an article that a crawl detected
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- the capture that showed it
        kind TEXT NOT NULL,  -- edited, edited silently, moved, gone, returned
        detail TEXT NOT NULL  -- number of the version, new URL, or reason; empty if there is none
    ) STRICT
    """,
    "CREATE INDEX changes_by_article ON changes(article_id)",
    "CREATE INDEX changes_by_capture ON changes(capture_id)",
    """
    CREATE TABLE crawl_figures (  -- metrics of each crawl; the next crawl is compared with them
        crawl_id TEXT NOT NULL REFERENCES crawls(id),
        topic TEXT NOT NULL,  -- ledger, excluded, failed, status, known, recall, filled, size, ...
        name TEXT NOT NULL,  -- archived; trap; 404; sitemap; title; ...
        value REAL NOT NULL,  -- a count, a share from 0 to 1, bytes or seconds
        PRIMARY KEY (crawl_id, topic, name)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE categories ADD COLUMN wordpress_id INTEGER",
    "ALTER TABLE tags ADD COLUMN wordpress_id INTEGER",
    """
    CREATE VIEW requisites AS  -- one row per page requisite of a page, with its state
    SELECT page.url AS page_url, file.url AS url, page_requisites.kind AS kind,
        CASE
            WHEN file.archived_at IS NOT NULL THEN 'archived'
            WHEN file.excluded IS NOT NULL THEN 'excluded'
            WHEN file.outcome IS NULL THEN 'waiting'
            ELSE 'missing'
        END AS state,
        iif(file.archived_at IS NULL, coalesce(file.excluded, file.reason), NULL) AS reason
    FROM page_requisites
    JOIN addresses AS page ON page.id = page_id
    JOIN addresses AS file ON file.id = requisite_id
    """,
    """
    CREATE VIEW ledger AS  -- one row per known URL, with its state
    SELECT url,
        CASE
            WHEN excluded IS NOT NULL THEN 'excluded'
            WHEN waiting IS NOT NULL OR outcome IS NULL THEN 'waiting'
            ELSE outcome
        END AS state,
        coalesce(excluded, reason) AS reason, found_at, checked_at, archived_at
    FROM addresses
    """,
)

_READINGS = (
    """ALTER TABLE articles ADD COLUMN updated_note TEXT
        /* the page's own note on its last update */""",
    """ALTER TABLE articles ADD COLUMN body_language TEXT
        /* BCP 47 tag of the text, if it differs from the document's */""",
    """ALTER TABLE articles ADD COLUMN part_count INTEGER NOT NULL DEFAULT 1
        /* number of pages it is printed on */""",
    "ALTER TABLE authors ADD COLUMN person TEXT /* one spelling for all names of a person */",
    "ALTER TABLE article_authors ADD COLUMN rank TEXT /* as printed before the name */",
    """ALTER TABLE article_authors ADD COLUMN credit TEXT NOT NULL DEFAULT 'author'
        /* author, prepared, updated, compiled, edited */""",
    """ALTER TABLE article_authors ADD COLUMN has_asterisk INTEGER NOT NULL DEFAULT 0
        /* 1 if an asterisk marks a guest author */""",
    "ALTER TABLE article_authors ADD COLUMN outlet TEXT /* where the piece first appeared */",
    """ALTER TABLE article_authors ADD COLUMN printed_date TEXT
        /* the date in the byline: ISO 8601, YYYY-MM if it has no day */""",
    "CREATE INDEX authors_by_person ON authors(person)",
    """
    CREATE TABLE mentions (  -- people whom an article reports as quoted or heard elsewhere
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        name TEXT NOT NULL,  -- as printed, without rank and role
        person TEXT NOT NULL,  -- one spelling for all names of a person
        kind TEXT NOT NULL,  -- quoted, spoke, interviewed, guest, host, wrote, signed, named, ...
        rank TEXT,  -- as printed before the name
        role TEXT,  -- position, as printed
        outlet TEXT,  -- newspaper, program or podcast, as printed
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX mentions_by_person ON mentions(person)",
    """
    CREATE TABLE people (  -- terms of the site's own taxonomy of people
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,  -- as in its URL
        name TEXT NOT NULL,  -- as printed, else derived from the slug
        url TEXT  -- canonical URL of its archive page; null if no page links to it
    ) STRICT
    """,
    """
    CREATE TABLE article_people (  -- which people an article is filed under, in printed order
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        person_id INTEGER NOT NULL REFERENCES people(id),
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX article_people_by_person ON article_people(person_id)",
    """
    CREATE TABLE embeds (  -- players, posts and forms of other sites in articles
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1, in document order
        url TEXT NOT NULL,  -- URL of the frame, or of the quoted post
        provider TEXT NOT NULL,  -- youtube, soundcloud, twitter, ...; else the host
        embed_id TEXT,  -- the provider's ID
        title TEXT NOT NULL,  -- title of the frame; empty if it has none
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE media (  -- images, audio and video in articles
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1, in document order
        url TEXT NOT NULL,  -- URL of the file, in the size that the page shows
        kind TEXT NOT NULL,  -- image, audio, video
        alt TEXT,  -- alternative text; empty if printed empty, null if there is none
        caption TEXT,  -- caption, as printed
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE article_documents (  -- which documents an article links to
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1, in document order
        url TEXT NOT NULL,  -- canonical URL, as in documents.url
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX article_documents_by_url ON article_documents(url)",
    """
    CREATE TABLE documents (  -- one row per PDF
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,  -- canonical URL
        title TEXT,  -- from the file's metadata: often a file name
        author TEXT,  -- from the file's metadata: often the owner of the word processor
        page_count INTEGER NOT NULL,  -- as the file states it; long documents are parsed in part
        created_at TEXT,  -- ISO 8601, as precise as the file's metadata
        modified_at TEXT,  -- likewise
        language TEXT,  -- BCP 47 tag of the whole document
        first_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: first capture
        last_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: last capture
        capture_id INTEGER NOT NULL REFERENCES captures(id)  -- the capture parsed into this row
    ) STRICT
    """,
    "CREATE INDEX documents_by_capture ON documents(capture_id)",
    """
    CREATE TABLE document_pages (  -- text of documents, one row per page
        id INTEGER PRIMARY KEY,
        document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,  -- from 1
        text TEXT NOT NULL,  -- lines as printed; empty for a page without text
        UNIQUE (document_id, number)
    ) STRICT
    """,
    """
    CREATE TABLE sounds (  -- one row per audio file
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,  -- canonical URL
        seconds REAL,  -- playing time
        title TEXT,  -- from the file's metadata
        artist TEXT,  -- likewise
        first_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: first capture
        last_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: last capture
        capture_id INTEGER NOT NULL REFERENCES captures(id)  -- the capture parsed into this row
    ) STRICT
    """,
    "CREATE INDEX sounds_by_capture ON sounds(capture_id)",
    """
    CREATE TABLE article_parts (  -- the pages of articles that are printed on several pages
        article_url TEXT NOT NULL,  -- canonical URL of the first page
        number INTEGER NOT NULL,  -- from 1
        body_text TEXT NOT NULL,
        content TEXT NOT NULL,  -- JSON: links, embeds, media and documents of the page
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- the capture parsed into this row
        PRIMARY KEY (article_url, number)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX article_parts_by_capture ON article_parts(capture_id)",
    """
    CREATE TABLE disagreements (  -- where another source reports a different value than the page
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        field TEXT NOT NULL,  -- title, published_at, modified_at, categories, ...
        source TEXT NOT NULL,  -- json-ld, open-graph, meta, rest, feed, sitemap
        ours TEXT,  -- value extracted from the page; null if there is none
        theirs TEXT NOT NULL,
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX disagreements_by_field ON disagreements(field)",
    "CREATE INDEX list_entries_by_url ON list_entries(url)",
    "CREATE INDEX articles_by_target ON articles(moved_to) WHERE moved_to IS NOT NULL",
)

_DESK = (
    """
    CREATE VIEW bibliography AS  -- one row per article, to search by and to cite
    SELECT
        id, title,
        (SELECT json_group_array(name) FROM (
            SELECT authors.name FROM article_authors JOIN authors ON authors.id = author_id
            WHERE article_id = articles.id ORDER BY position)) AS authors,
        substr(coalesce(published_at, published_on), 1, 4) AS year,
        coalesce(published_on, substr(published_at, 1, 10)) AS day,
        kind,
        (SELECT json_group_array(name) FROM (
            SELECT categories.name FROM article_categories
            JOIN categories ON categories.id = category_id
            WHERE article_id = articles.id ORDER BY position)) AS categories,
        word_count, url, gone_at, gone_reason, moved_to, last_seen_at, capture_id
    FROM articles
    """,
    "CREATE INDEX articles_by_kind ON articles(kind, published_at, published_on)",
    "CREATE INDEX articles_gone ON articles(gone_at) WHERE gone_at IS NOT NULL",
    "CREATE INDEX links_by_kind ON links(kind, host)",
    "CREATE INDEX versions_silent ON versions(first_seen_at) WHERE is_silent = 1",
)

_UNCHANGED_TEXT = (
    "DROP TRIGGER articles_au",
    """
    CREATE TRIGGER articles_au AFTER UPDATE OF title, body_text ON articles
    WHEN new.title IS NOT old.title OR new.body_text IS NOT old.body_text BEGIN
        INSERT INTO articles_fts (articles_fts, rowid, title, body_text)
        VALUES ('delete', old.rowid, old.title, old.body_text);
        INSERT INTO articles_fts (rowid, title, body_text)
        VALUES (new.rowid, new.title, new.body_text);
    END
    """,
)

_ONE_DEFINITION_EACH = (
    """ALTER TABLE captures ADD COLUMN wall TEXT
        /* kind of wall that answered in place of the page, else null: challenge, block, cdn-error,
        maintenance, hosting, portal, login, access-denied, empty, redirect-loop, wrong-format,
        same-answer */""",
    """ALTER TABLE captures ADD COLUMN failure TEXT GENERATED ALWAYS AS (CASE
        WHEN truncated IN ('disconnect', 'time') THEN 'truncated'
        WHEN wall IS NOT NULL OR status >= 500 OR status = 429
            OR (original_id IS NULL AND (status = 304 OR record_type = 'revisit'))
            THEN CAST(status AS TEXT)
        END) VIRTUAL
        /* why this is not what was requested, so that the next crawl tries again: truncated, or
        the HTTP status of an error, of a wall, or of a revisit without original; else null */""",
    """ALTER TABLE captures ADD COLUMN is_good INTEGER NOT NULL GENERATED ALWAYS AS (
        method = 'GET' AND failure IS NULL AND status IN (200, 203, 304)) VIRTUAL
        /* 1 if it shows what was requested: status 200 or 203, or 304 with its original; complete,
        or cut at the size limit */""",
    """UPDATE captures SET wall = 'access-denied'
    WHERE status IN (401, 403)
        AND EXISTS (SELECT 1 FROM crawls WHERE crawls.id = crawl_id AND source IS NULL)
        AND EXISTS (
            SELECT 1 FROM captures AS earlier WHERE earlier.canonical_url = captures.canonical_url
                AND earlier.id < captures.id AND earlier.is_good)""",
    """ALTER TABLE articles ADD COLUMN day TEXT GENERATED ALWAYS AS (
        coalesce(published_on, substr(published_at, 1, 10))) VIRTUAL
        /* date of publication, YYYY-MM-DD: as printed, else from the markup */""",
    """ALTER TABLE articles ADD COLUMN year TEXT GENERATED ALWAYS AS (
        substr(coalesce(published_on, published_at), 1, 4)) VIRTUAL
        /* year of publication, YYYY: the year of day */""",
    "DROP INDEX articles_by_date",
    "CREATE INDEX articles_by_day ON articles(day)",
    "CREATE INDEX articles_by_year ON articles(year, kind)",
    "DROP INDEX articles_by_kind",
    "CREATE INDEX articles_by_kind ON articles(kind, day)",
    "ALTER TABLE addresses RENAME COLUMN asked_as TO request_url",
    "DROP INDEX addresses_waiting",
    "ALTER TABLE addresses RENAME COLUMN waiting TO queue_position",
    """CREATE INDEX addresses_queued ON addresses(queue_position)
    WHERE queue_position IS NOT NULL""",
    "ALTER TABLE disagreements RENAME COLUMN ours TO extracted_value",
    "ALTER TABLE disagreements RENAME COLUMN theirs TO reported_value",
    "ALTER TABLE crawl_figures RENAME TO crawl_metrics",
    "ALTER TABLE sounds RENAME TO audio_files",
    "DROP INDEX sounds_by_capture",
    "CREATE INDEX audio_files_by_capture ON audio_files(capture_id)",
    "UPDATE problems SET code = 'broken-audio' WHERE code = 'broken-sound'",
    """UPDATE problems SET detail = replace(detail,
        ' addresses are said to have changed: they have their turn by age',
        ' URLs are said to have changed: they are checked when they are due')
    WHERE code = 'incredible-times'""",
    "DROP VIEW bibliography",
    """
    CREATE VIEW bibliography AS  -- one row per article, to search by and to cite
    SELECT
        id, title,
        (SELECT json_group_array(name) FROM (
            SELECT authors.name FROM article_authors JOIN authors ON authors.id = author_id
            WHERE article_id = articles.id ORDER BY position)) AS authors,
        year, day, kind,
        (SELECT json_group_array(name) FROM (
            SELECT categories.name FROM article_categories
            JOIN categories ON categories.id = category_id
            WHERE article_id = articles.id ORDER BY position)) AS categories,
        word_count, url, gone_at, gone_reason, moved_to, last_seen_at, capture_id
    FROM articles
    """,
)

_WALLS = (
    # A generated column cannot be altered.
    "ALTER TABLE captures DROP COLUMN is_good",
    "ALTER TABLE captures DROP COLUMN failure",
    """ALTER TABLE captures ADD COLUMN wall_evidence TEXT
        /* what in the answer shows that it is a wall; null if it is none, or if an older version
        saved it */""",
    """ALTER TABLE captures ADD COLUMN signature TEXT
        /* what identifies an article, or an answer that is no page of the site, wherever it is
        served: known pages that have it in common are walls; null for other answers */""",
    """ALTER TABLE captures ADD COLUMN redirects_to TEXT
        /* canonical URL of the target of a redirect; null for other answers */""",
    """ALTER TABLE captures ADD COLUMN failure TEXT GENERATED ALWAYS AS (CASE
        WHEN truncated IN ('disconnect', 'time') THEN 'truncated'
        WHEN wall IS NOT NULL THEN wall
        WHEN status >= 500 OR status = 429
            OR (original_id IS NULL AND (status = 304 OR record_type = 'revisit'))
            THEN CAST(status AS TEXT)
        END) VIRTUAL
        /* why this is not what was requested, so that the next crawl tries again: truncated, the
        kind of a wall, or the HTTP status of an error or of a revisit without original; else
        null */""",
    """ALTER TABLE captures ADD COLUMN is_good INTEGER NOT NULL GENERATED ALWAYS AS (
        method = 'GET' AND failure IS NULL AND status IN (200, 203, 304)) VIRTUAL
        /* 1 if it shows what was requested: status 200 or 203, or 304 with its original; complete,
        or cut at the size limit */""",
    """CREATE INDEX captures_by_signature ON captures(crawl_id, signature)
    WHERE signature IS NOT NULL""",
    """CREATE INDEX captures_of_walls ON captures(crawl_id, wall) WHERE wall IS NOT NULL""",
    """UPDATE addresses SET reason = 'access-denied'
    WHERE outcome = 'failed' AND reason IN ('401', '403')""",
    """
    CREATE TABLE replaced_articles (  -- articles before a capture of the current crawl changed them
        capture_id INTEGER PRIMARY KEY REFERENCES captures(id),  -- the capture that changed it
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        rows TEXT NOT NULL  -- JSON: the rows by table; restored if the capture proves to be a wall
    ) STRICT
    """,
)

_OUTLETS_AND_FURNITURE = (
    """ALTER TABLE mentions ADD COLUMN canonical_outlet TEXT
        /* the outlet under the one name that its spellings share: NYT is The New York Times */""",
    """ALTER TABLE article_authors ADD COLUMN canonical_outlet TEXT
        /* the outlet under the one name that its spellings share */""",
    """ALTER TABLE links ADD COLUMN is_furniture INTEGER NOT NULL DEFAULT 0
        /* 1 if it cites nothing: a share button, or a link in a menu or in a list of podcast
        directories */""",
    "DROP INDEX links_by_kind",
    "CREATE INDEX links_by_kind ON links(kind, is_furniture, host)",
)

_EMBEDS = (
    """ALTER TABLE embeds ADD COLUMN kind TEXT NOT NULL DEFAULT 'frame'
        /* player, post, document, widget, form; frame if the provider is unknown */""",
    """ALTER TABLE embeds ADD COLUMN host TEXT NOT NULL DEFAULT ''
        /* host of the URL in lower case */""",
    """ALTER TABLE embeds ADD COLUMN is_outbound INTEGER NOT NULL DEFAULT 1
        /* 1 if it is on another host, 0 if it is on the site */""",
    """ALTER TABLE embeds ADD COLUMN page_url TEXT
        /* page at the provider that shows the same; null if unknown */""",
    """ALTER TABLE embeds ADD COLUMN oembed_url TEXT
        /* canonical URL of the provider's description; null if unknown */""",
    """ALTER TABLE embeds ADD COLUMN poster_url TEXT
        /* canonical URL of its still picture, where it has a fixed address */""",
    """
    CREATE TABLE embed_cards (  -- what providers say of embeds in their oEmbed replies
        url TEXT PRIMARY KEY,  -- canonical URL of the reply, as in embeds.oembed_url
        title TEXT,  -- as the provider states it
        author TEXT,  -- likewise: usually the name of a channel
        poster_url TEXT,  -- canonical URL of the thumbnail
        capture_id INTEGER NOT NULL REFERENCES captures(id)  -- the capture parsed into this row
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX embed_cards_by_capture ON embed_cards(capture_id)",
    """
    CREATE VIEW embed_states AS  -- one row per embed of another host, with what is archived of it
    SELECT articles.url AS article_url, embeds.position, embeds.kind, embeds.provider, embeds.host,
        embeds.url, coalesce(embed_cards.title, embeds.title) AS title, embeds.page_url,
        iif(card_poster.archived_at IS NOT NULL, embed_cards.poster_url,
            iif(poster.archived_at IS NOT NULL, embeds.poster_url, NULL)) AS poster_url,
        CASE
            WHEN EXISTS (SELECT 1 FROM captures WHERE captures.url = embeds.url AND is_good)
                THEN 'archived'
            WHEN embed_cards.url IS NOT NULL OR poster.archived_at IS NOT NULL THEN 'described'
            ELSE 'missing'
        END AS state
    FROM embeds
    JOIN articles ON articles.id = article_id
    LEFT JOIN embed_cards ON embed_cards.url = embeds.oembed_url
    LEFT JOIN addresses AS card_poster ON card_poster.url = embed_cards.poster_url
    LEFT JOIN addresses AS poster ON poster.url = embeds.poster_url
    WHERE is_outbound
    """,
)

_LAYOUTS = (
    """ALTER TABLE articles ADD COLUMN layout TEXT NOT NULL DEFAULT 'known'
        /* how the text was found: known (class names of a theme), learned (from pages whose text
        was known), compared (with pages of the same look), general (a guess from one page) */""",
    """ALTER TABLE articles ADD COLUMN text_selector TEXT
        /* where it was found: element and parent, without what differs between pages; null if the
        page has no text */""",
    "CREATE INDEX articles_by_layout ON articles(layout, text_selector)",
    """
    CREATE TABLE layouts (  -- where pages of one look have their text, as learned at a crawl's end
        id INTEGER PRIMARY KEY,
        base_url TEXT NOT NULL,  -- base URL of the site
        layout TEXT NOT NULL,  -- learned or compared
        source TEXT NOT NULL,  -- what told the text: earlier readings, rest or comparison
        paths TEXT NOT NULL,  -- JSON: paths from body to the text and what belongs to it
        page_count INTEGER NOT NULL,  -- pages that agreed when it was learned
        first_seen_at TEXT NOT NULL,  -- when the first of them was captured; ISO 8601, UTC
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- an example
        UNIQUE (base_url, paths)
    ) STRICT
    """,
    "CREATE INDEX layouts_by_capture ON layouts(capture_id)",
    """
    CREATE TABLE waiting_readings (  -- captures not read as well as their article before
        capture_id INTEGER PRIMARY KEY REFERENCES captures(id),
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        layout TEXT,  -- how the text was found; null if no article was found
        text_selector TEXT  -- where it was found; null if nowhere
    ) STRICT
    """,
    "CREATE INDEX waiting_readings_by_article ON waiting_readings(article_id)",
)
