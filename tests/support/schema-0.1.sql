-- The schema of a database as version 0.1 of cacnp-archive left it, and the migrations applied.
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TABLE crawls (  -- one row a run of the crawler
        id TEXT PRIMARY KEY,  -- UTC time of the start and a random part; names the WARC files
        base_url TEXT NOT NULL,  -- the site that was asked
        started_at TEXT NOT NULL,  -- ISO 8601, UTC
        finished_at TEXT,  -- ISO 8601, UTC; null while it runs, and for ever if it was killed
        finish_reason TEXT,  -- finished, or what stopped it
        software TEXT NOT NULL,  -- name and version
        user_agent TEXT NOT NULL,  -- as sent
        settings TEXT NOT NULL,  -- JSON: the Scrapy settings that bound the run
        request_count INTEGER,  -- requests sent, robots.txt and retries included
        capture_count INTEGER,  -- responses kept
        failure_count INTEGER,  -- attempts without a response, refusals of robots.txt too
        problem_count INTEGER,  -- things in captures that could not be read
        received_bytes INTEGER,  -- bytes of response blocks
        throttled_count INTEGER,  -- answers 429 and 503
        requests_per_minute REAL  -- the load caused
    , source TEXT
        /* of an import: JSON: file, size, sha256, what it says of itself; null for a crawl */) STRICT;
CREATE TABLE captures (  -- one row a WARC response or revisit record
        id INTEGER PRIMARY KEY,
        crawl_id TEXT NOT NULL REFERENCES crawls(id),
        url TEXT NOT NULL,  -- target URI, as requested
        canonical_url TEXT NOT NULL,  -- the one address of all its variants
        captured_at TEXT NOT NULL,  -- ISO 8601, UTC, when the request was sent: WARC-Date
        method TEXT NOT NULL,  -- GET, HEAD
        status INTEGER NOT NULL,  -- HTTP status code
        media_type TEXT NOT NULL,  -- Content-Type without parameters; empty when none was sent
        record_type TEXT NOT NULL,  -- response, or revisit: then original_id has the entity
        original_id INTEGER REFERENCES captures(id),  -- the capture that a revisit repeats
        block_digest TEXT NOT NULL,  -- WARC-Block-Digest: SHA-1 of the record's block
        payload_digest TEXT,  -- WARC-Payload-Digest; null where the block is chunked
        entity_sha256 TEXT NOT NULL,  -- of the entity: transfer coding removed, content coding kept
        entity_length INTEGER NOT NULL,  -- bytes of the entity
        etag TEXT,  -- the server's validator, to ask with next time
        last_modified TEXT,  -- likewise, as sent
        truncated TEXT,  -- WARC-Truncated: disconnect, length, time; null when whole
        via TEXT,  -- the page on which the address was found
        hops TEXT NOT NULL,  -- steps from a seed: L link, E requisite, R redirect
        ip TEXT,  -- address of the server
        fetch_ms INTEGER,  -- milliseconds from the first byte sent to the last received
        warc_file TEXT NOT NULL,  -- name of the file in warc/
        warc_offset INTEGER NOT NULL,  -- position of the record in the file, bytes
        warc_length INTEGER NOT NULL,  -- length of the record in the file, bytes
        warc_record_id TEXT NOT NULL UNIQUE  -- WARC-Record-ID without its angle brackets
    ) STRICT;
CREATE INDEX captures_by_canonical_url ON captures(canonical_url, captured_at);
CREATE INDEX captures_by_url ON captures(url);
CREATE INDEX captures_by_crawl ON captures(crawl_id);
CREATE INDEX captures_by_payload ON captures(payload_digest);
CREATE INDEX captures_by_original ON captures(original_id);
CREATE TABLE failures (  -- one row an exchange that brought no response, attempts included
        id INTEGER PRIMARY KEY,
        crawl_id TEXT NOT NULL REFERENCES crawls(id),
        url TEXT NOT NULL,  -- target URI, as requested
        canonical_url TEXT NOT NULL,  -- the one address of all its variants
        failed_at TEXT NOT NULL,  -- ISO 8601, UTC, when the attempt began: WARC-Date
        reason TEXT NOT NULL,  -- dns, refused, unreachable, tls, reset, malformed, timeout, ...
        detail TEXT NOT NULL,  -- in words
        via TEXT,  -- the page on which the address was found
        hops TEXT NOT NULL,  -- steps from a seed: L link, E requisite, R redirect
        warc_file TEXT NOT NULL,  -- name of the file in warc/
        warc_offset INTEGER NOT NULL,  -- position of the metadata record in the file, bytes
        warc_length INTEGER NOT NULL,  -- length of the record in the file, bytes
        warc_record_id TEXT NOT NULL UNIQUE  -- WARC-Record-ID without its angle brackets
    ) STRICT;
CREATE INDEX failures_by_canonical_url ON failures(canonical_url, failed_at);
CREATE INDEX failures_by_crawl ON failures(crawl_id);
CREATE TABLE articles (  -- one row a piece of content: a post of any kind, or a page
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,  -- canonical address
        wordpress_id INTEGER,  -- stable when the slug changes
        kind TEXT NOT NULL,  -- post, media mention, op-ed, press release, fact sheet, ...
        title TEXT,  -- as printed; empty when printed empty, null when there is no place for one
        published_at TEXT,  -- ISO 8601, with time and offset where the markup has them
        published_on TEXT,  -- the printed date line, YYYY-MM-DD
        modified_at TEXT,  -- ISO 8601, as the page's metadata say
        language TEXT,  -- BCP 47
        body_text TEXT NOT NULL,  -- blocks separated by an empty line
        word_count INTEGER NOT NULL,  -- of body_text, by white space
        first_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: its first capture
        last_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: its last capture
        gone_at TEXT,  -- ISO 8601, UTC: the first capture that showed it gone, else null
        gone_reason TEXT,  -- 404, 410, moved, home (led to the front page), not-found-page
        moved_to TEXT,  -- canonical address that it leads to instead
        capture_id INTEGER NOT NULL REFERENCES captures(id)  -- what this reading comes from
    , updated_note TEXT /* what it says of its last update */, body_language TEXT /* where not the document's; BCP 47 */, part_count INTEGER NOT NULL DEFAULT 1 /* pages it is on */) STRICT;
CREATE INDEX articles_by_wordpress_id ON articles(wordpress_id);
CREATE INDEX articles_by_date ON articles(published_at);
CREATE INDEX articles_by_capture ON articles(capture_id);
CREATE TABLE authors (  -- one row a name that stood in a byline
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE  -- without rank, role, asterisk
    , person TEXT /* one spelling for all names of a person */) STRICT;
CREATE TABLE article_authors (  -- who is named as author of what, in the byline's order
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        author_id INTEGER NOT NULL REFERENCES authors(id),
        role TEXT,  -- position or term, as printed
        printed TEXT NOT NULL,  -- the byline as printed
        found_in TEXT NOT NULL, rank TEXT /* as printed before the name */, credit TEXT NOT NULL DEFAULT 'author'
        /* author, prepared, updated, compiled, edited */, has_asterisk INTEGER NOT NULL DEFAULT 0
        /* 1 when an asterisk marks a guest */, outlet TEXT /* where the piece appeared first */, printed_date TEXT
        /* the byline's own date: ISO 8601, YYYY-MM when no day is printed */,  -- body, entry-meta, or title
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX article_authors_by_author ON article_authors(author_id);
CREATE TABLE categories (  -- the site's categories, as a tree
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,  -- as printed
        url TEXT UNIQUE,  -- canonical address of its archive; null when only the name is known
        parent_id INTEGER REFERENCES categories(id)  -- as breadcrumbs nest them
    , wordpress_id INTEGER) STRICT;
CREATE INDEX categories_by_name ON categories(name);
CREATE INDEX categories_by_parent ON categories(parent_id);
CREATE TABLE article_categories (  -- what an article is filed under, in printed order
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        category_id INTEGER NOT NULL REFERENCES categories(id),
        is_primary INTEGER NOT NULL,  -- 1 for the one that the breadcrumb leads through
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX article_categories_by_category ON article_categories(category_id);
CREATE TABLE tags (  -- the site's tags
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,  -- as in its address
        name TEXT NOT NULL,  -- as printed, else made from the slug
        url TEXT  -- canonical address of its archive, where a page links to it
    , wordpress_id INTEGER) STRICT;
CREATE TABLE article_tags (  -- which tags an article has, in printed order
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        tag_id INTEGER NOT NULL REFERENCES tags(id),
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX article_tags_by_tag ON article_tags(tag_id);
CREATE TABLE links (  -- the links in the articles' bodies
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1, in document order
        target_url TEXT NOT NULL,  -- absolute
        host TEXT NOT NULL,  -- of the target, with its port when not the default; empty for mail
        kind TEXT NOT NULL,  -- outbound, internal, document, media, embed, mail
        anchor_text TEXT NOT NULL,  -- text of the link, or the picture's alternative text
        context TEXT NOT NULL,  -- the text around it
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_host ON links(host);
CREATE INDEX links_by_target ON links(target_url);
CREATE TABLE problems (  -- what could not be read; the bytes are safe all the same
        id INTEGER PRIMARY KEY,
        capture_id INTEGER NOT NULL REFERENCES captures(id),
        code TEXT NOT NULL,  -- no-title, no-date, unreadable, ...
        detail TEXT NOT NULL
    ) STRICT;
CREATE INDEX problems_by_capture ON problems(capture_id);
CREATE VIEW posts AS  -- one row an article, with all that a reader of a list wants
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
    FROM articles;
CREATE VIEW post_links AS  -- one row a link, with the address of its article
    SELECT articles.url AS url, target_url, host, links.kind AS kind, anchor_text
    FROM links JOIN articles ON articles.id = article_id
    ORDER BY article_id, position;
CREATE VIRTUAL TABLE "articles_fts" USING FTS5 (
    "title", "body_text",
    tokenize='porter unicode61 remove_diacritics 2',
    content="articles"
);
CREATE TRIGGER "articles_ai" AFTER INSERT ON "articles" BEGIN
  INSERT INTO "articles_fts" (rowid, "title", "body_text") VALUES (new.rowid, new."title", new."body_text");
END;
CREATE TRIGGER "articles_ad" AFTER DELETE ON "articles" BEGIN
  INSERT INTO "articles_fts" ("articles_fts", rowid, "title", "body_text") VALUES('delete', old.rowid, old."title", old."body_text");
END;
CREATE TABLE addresses (  -- the ledger: one row an address that became known
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,  -- canonical address
        asked_as TEXT NOT NULL,  -- the variant that is asked for
        via_id INTEGER REFERENCES addresses(id),  -- where it was first found; null for a seed
        hops TEXT NOT NULL,  -- steps from a seed: L link, E requisite, R redirect
        found_at TEXT NOT NULL,  -- ISO 8601, UTC: the capture in which it was first found
        excluded TEXT,  -- the rule by which it is not asked for: trap, search, robots, ...
        waiting INTEGER,  -- its place in the queue, the lowest first; null when nothing is to do
        checked_at TEXT,  -- ISO 8601, UTC: the last attempt; null when there was none
        outcome TEXT,  -- of the last attempt: archived or failed
        reason TEXT,  -- HTTP status, or a word of failures.reason, or truncated
        archived_at TEXT  -- ISO 8601, UTC: the last whole capture that was no error
    ) STRICT;
CREATE INDEX addresses_waiting ON addresses(waiting) WHERE waiting IS NOT NULL;
CREATE INDEX addresses_by_check ON addresses(checked_at);
CREATE TABLE list_entries (  -- what the site's own lists say of an address, at the latest
        list TEXT NOT NULL,  -- sitemap, rest, feed
        url TEXT NOT NULL,  -- canonical address
        wordpress_id INTEGER,  -- where the list gives it
        title TEXT,  -- likewise, as text
        published_at TEXT,  -- likewise, ISO 8601
        modified_at TEXT,  -- likewise, as the list gives it: a day or an instant
        categories TEXT,  -- likewise, JSON: names (feed) or WordPress ids (rest)
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- the latest that names it
        PRIMARY KEY (list, url)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX list_entries_by_capture ON list_entries(capture_id);
CREATE TABLE page_requisites (  -- which files a page needs, by its latest reading
        page_id INTEGER NOT NULL REFERENCES addresses(id),
        requisite_id INTEGER NOT NULL REFERENCES addresses(id),
        kind TEXT NOT NULL,  -- image, style, script, font, media, document
        PRIMARY KEY (page_id, requisite_id)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX page_requisites_by_requisite ON page_requisites(requisite_id);
CREATE TABLE versions (  -- one row each time an article's content, not its frame, differed
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,  -- from 1
        content_sha256 TEXT NOT NULL,  -- of title, text, byline, date and link targets
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- the first that showed it
        first_seen_at TEXT NOT NULL,  -- ISO 8601, UTC
        last_seen_at TEXT NOT NULL,  -- ISO 8601, UTC
        modified_at TEXT,  -- as the page stated it
        is_silent INTEGER NOT NULL,  -- 1 when the stated time did not change with the content
        title TEXT,
        body_text TEXT,  -- null for the latest version, whose text is the article's
        PRIMARY KEY (article_id, number)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_capture ON versions(capture_id);
CREATE TABLE changes (  -- one row a change of an article that a crawl noticed
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- what showed it
        kind TEXT NOT NULL,  -- added, edited, edited silently, moved, gone, returned
        detail TEXT NOT NULL  -- in words: the reason, the new address; empty when there is none
    ) STRICT;
CREATE INDEX changes_by_article ON changes(article_id);
CREATE INDEX changes_by_capture ON changes(capture_id);
CREATE TABLE crawl_figures (  -- what each crawl ended with, to compare the next one with
        crawl_id TEXT NOT NULL REFERENCES crawls(id),
        topic TEXT NOT NULL,  -- ledger, excluded, failed, status, known, recall, filled, size, ...
        name TEXT NOT NULL,  -- archived; trap; 404; sitemap; title; ...
        value REAL NOT NULL,  -- a count, a share from 0 to 1, or bytes
        PRIMARY KEY (crawl_id, topic, name)
    ) STRICT, WITHOUT ROWID;
CREATE VIEW requisites AS  -- one row a file that a page needs, and whether it is archived
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
    JOIN addresses AS file ON file.id = requisite_id;
CREATE VIEW ledger AS  -- one row a known address, and what became of it
    SELECT url,
        CASE
            WHEN excluded IS NOT NULL THEN 'excluded'
            WHEN waiting IS NOT NULL OR outcome IS NULL THEN 'waiting'
            ELSE outcome
        END AS state,
        coalesce(excluded, reason) AS reason, found_at, checked_at, archived_at
    FROM addresses;
CREATE INDEX authors_by_person ON authors(person);
CREATE TABLE mentions (  -- who is quoted or heard elsewhere, as an article reports: no author
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        name TEXT NOT NULL,  -- as printed, without rank and role
        person TEXT NOT NULL,  -- one spelling for all names of a person
        kind TEXT NOT NULL,  -- quoted, spoke, interviewed, guest, host, wrote, signed, named, ...
        rank TEXT,  -- as printed before the name
        role TEXT,  -- position, as printed
        outlet TEXT,  -- newspaper, programme or podcast, as printed
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_person ON mentions(person);
CREATE TABLE people (  -- the terms of the site's own taxonomy of people
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,  -- as in its address
        name TEXT NOT NULL,  -- as printed, else made from the slug
        url TEXT  -- canonical address of its archive, where a page links to it
    ) STRICT;
CREATE TABLE article_people (  -- which of these an article is filed under
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        person_id INTEGER NOT NULL REFERENCES people(id),
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX article_people_by_person ON article_people(person_id);
CREATE TABLE embeds (  -- players, posts and forms of other sites in articles
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1, in document order
        url TEXT NOT NULL,  -- of the frame, or of the quoted post
        provider TEXT NOT NULL,  -- youtube, soundcloud, twitter, ...; else the host
        embed_id TEXT,  -- what the provider calls it
        title TEXT NOT NULL,  -- of the frame; empty when it has none
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE media (  -- pictures, sounds and films in articles
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1, in document order
        url TEXT NOT NULL,  -- the file, in the size that the page asks for
        kind TEXT NOT NULL,  -- image, audio, video
        alt TEXT,  -- alternative text; empty when printed empty, null when there is none
        caption TEXT,  -- the text under it
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE article_documents (  -- which documents an article links to
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1, in document order
        url TEXT NOT NULL,  -- canonical address, as documents.url
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX article_documents_by_url ON article_documents(url);
CREATE TABLE documents (  -- one row a PDF
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,  -- canonical address
        title TEXT,  -- as its maker says: often the name of a file
        author TEXT,  -- as its maker says: often who owned the word processor
        page_count INTEGER NOT NULL,  -- as the file says; more than were read, when it is too long
        created_at TEXT,  -- ISO 8601, as exact as the file says
        modified_at TEXT,  -- likewise
        language TEXT,  -- BCP 47, of the whole document
        first_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: its first capture
        last_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: its last capture
        capture_id INTEGER NOT NULL REFERENCES captures(id)  -- what this reading comes from
    ) STRICT;
CREATE INDEX documents_by_capture ON documents(capture_id);
CREATE TABLE document_pages (  -- the text of documents, page by page
        id INTEGER PRIMARY KEY,
        document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,  -- from 1
        text TEXT NOT NULL,  -- in lines as printed; empty for a page without text
        UNIQUE (document_id, number)
    ) STRICT;
CREATE TABLE sounds (  -- one row a sound file
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,  -- canonical address
        seconds REAL,  -- how long it plays
        title TEXT,  -- as the file says
        artist TEXT,  -- likewise
        first_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: its first capture
        last_seen_at TEXT NOT NULL,  -- ISO 8601, UTC: its last capture
        capture_id INTEGER NOT NULL REFERENCES captures(id)  -- what this reading comes from
    ) STRICT;
CREATE INDEX sounds_by_capture ON sounds(capture_id);
CREATE TABLE article_parts (  -- the parts of articles that are printed on several pages
        article_url TEXT NOT NULL,  -- canonical address of the first part
        number INTEGER NOT NULL,  -- from 1
        body_text TEXT NOT NULL,
        content TEXT NOT NULL,  -- JSON: its links, embeds, media and documents
        capture_id INTEGER NOT NULL REFERENCES captures(id),  -- what this reading comes from
        PRIMARY KEY (article_url, number)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX article_parts_by_capture ON article_parts(capture_id);
CREATE TABLE disagreements (  -- where another source says something else than our reading
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        field TEXT NOT NULL,  -- title, published_at, modified_at, categories, ...
        source TEXT NOT NULL,  -- json-ld, open-graph, meta, rest, feed, sitemap
        ours TEXT,  -- null when we read nothing
        theirs TEXT NOT NULL,
        PRIMARY KEY (article_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX disagreements_by_field ON disagreements(field);
CREATE INDEX list_entries_by_url ON list_entries(url);
CREATE INDEX articles_by_target ON articles(moved_to) WHERE moved_to IS NOT NULL;
CREATE VIRTUAL TABLE "document_pages_fts" USING FTS5 (
    "text",
    tokenize='porter unicode61 remove_diacritics 2',
    content="document_pages"
);
CREATE TRIGGER "document_pages_ai" AFTER INSERT ON "document_pages" BEGIN
  INSERT INTO "document_pages_fts" (rowid, "text") VALUES (new.rowid, new."text");
END;
CREATE TRIGGER "document_pages_ad" AFTER DELETE ON "document_pages" BEGIN
  INSERT INTO "document_pages_fts" ("document_pages_fts", rowid, "text") VALUES('delete', old.rowid, old."text");
END;
CREATE TRIGGER "document_pages_au" AFTER UPDATE ON "document_pages" BEGIN
  INSERT INTO "document_pages_fts" ("document_pages_fts", rowid, "text") VALUES('delete', old.rowid, old."text");
  INSERT INTO "document_pages_fts" (rowid, "text") VALUES (new.rowid, new."text");
END;
CREATE VIEW bibliography AS  -- one row an article, as one looks for it and cites it
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
    FROM articles;
CREATE INDEX articles_by_kind ON articles(kind, published_at, published_on);
CREATE INDEX articles_gone ON articles(gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX links_by_kind ON links(kind, host);
CREATE INDEX versions_silent ON versions(first_seen_at) WHERE is_silent = 1;
CREATE TRIGGER articles_au AFTER UPDATE OF title, body_text ON articles
    WHEN new.title IS NOT old.title OR new.body_text IS NOT old.body_text BEGIN
        INSERT INTO articles_fts (articles_fts, rowid, title, body_text)
        VALUES ('delete', old.rowid, old.title, old.body_text);
        INSERT INTO articles_fts (rowid, title, body_text)
        VALUES (new.rowid, new.title, new.body_text);
    END;
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('cacnp_archive', 'm001_first_light', '2026-11-30 17:38:04.291392+00:00');
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('cacnp_archive', 'm002_ledger', '2026-11-30 17:38:04.295424+00:00');
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('cacnp_archive', 'm003_readings', '2026-11-30 17:38:04.307916+00:00');
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('cacnp_archive', 'm004_imports', '2026-11-30 17:38:04.309916+00:00');
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('cacnp_archive', 'm005_desk', '2026-11-30 17:38:04.311051+00:00');
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('cacnp_archive', 'm006_unchanged_text', '2026-11-30 17:38:04.311641+00:00');
