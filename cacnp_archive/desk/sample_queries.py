"""The sample queries of the desk: questions that researchers ask first, as SQL with parameters.

An empty parameter does not narrow a query, but an empty `words` finds nothing. The SQL functions
`search_query` and `page_query` translate words to FTS5; the desk adds them to each connection. A
`UNION ALL` of two halves, of which one is empty, lets an index serve the one case and a full scan
the other. In a row with `article_id`, the title links to the article.
"""

from dataclasses import dataclass

from cacnp_archive.storage.queries.search import SCORE
from cacnp_archive.storage.queries.search_filters import CATEGORIES_ABOVE, PERSONS

_ARTICLE = "articles.id AS article_id, articles.title, articles.day"
_PERSON = "coalesce(authors.person, authors.name)"
_OUTLET = "coalesce(canonical_outlet, outlet)"
_PERSONS_NAMED = PERSONS.replace(":author", ":name")
_WRITTEN = "article_authors JOIN authors ON authors.id = author_id"
_MATCHING = """articles_fts JOIN articles ON articles.id = articles_fts.rowid
    WHERE articles_fts MATCH search_query(:words)"""


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """A question, and the SQL that answers it."""

    name: str
    """The last part of its URL."""
    group: str
    title: str
    description: str
    sql: str
    example: tuple[tuple[str, str], ...] = ()
    """The parameters, with values to begin with."""


SAMPLE_QUERIES = (
    SampleQuery(
        "subject-by-year",
        "Topics",
        "Coverage of a topic by year",
        "How many articles match the words, by year of publication.",
        f"""SELECT articles.year, count(*) AS articles FROM {_MATCHING}
GROUP BY 1 ORDER BY 1 NULLS LAST""",
        (("words", "missile defense"),),
    ),
    SampleQuery(
        "subject-by-author-and-year",
        "Topics",
        "Authors on a topic by year",
        "Who wrote the articles that match the words, by year; spellings of a name are folded.",
        f"""SELECT {_PERSON} AS person, articles.year, count(DISTINCT articles.id) AS articles
FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
JOIN article_authors ON article_id = articles.id JOIN authors ON authors.id = author_id
WHERE articles_fts MATCH search_query(:words) AND (:year = '' OR articles.year = :year)
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
        (("words", "missile defense"), ("year", "")),
    ),
    SampleQuery(
        "articles-on-a-subject",
        "Topics",
        "Articles on a topic",
        "The best 500 matches, each with the text around the words.",
        f"""WITH best AS MATERIALIZED (
    SELECT articles.id, {SCORE} AS score
    FROM {_MATCHING} AND (:kind = '' OR kind = :kind) AND (:year = '' OR articles.year = :year)
    ORDER BY score LIMIT 500)
SELECT {_ARTICLE}, kind,
    snippet(articles_fts, 1, '[', ']', '…', 20) AS snippet, articles.capture_id
FROM best CROSS JOIN articles ON articles.id = best.id
CROSS JOIN articles_fts ON articles_fts.rowid = best.id AND articles_fts MATCH search_query(:words)
ORDER BY score""",
        (("words", "missile defense"), ("kind", ""), ("year", "")),
    ),
    SampleQuery(
        "kinds-by-year",
        "Topics",
        "Articles by year and kind",
        "How many articles of each kind were published each year.",
        """WITH of_kind AS (
    SELECT year, kind FROM articles WHERE kind = :kind
    UNION ALL SELECT year, kind FROM articles WHERE :kind = '')
SELECT year, kind, count(*) AS articles FROM of_kind GROUP BY 1, 2 ORDER BY 1, 2""",
        (("kind", ""),),
    ),
    SampleQuery(
        "category-by-year",
        "Topics",
        "Articles of a category by year",
        "Articles in a category or its subcategories; without a name, in each category.",
        f"""WITH RECURSIVE {CATEGORIES_ABOVE}
SELECT (SELECT name FROM categories WHERE id = above_id) AS category, articles.year,
    count(DISTINCT articles.id) AS articles
FROM categories_above CROSS JOIN article_categories ON category_id = categories_above.id
CROSS JOIN articles ON articles.id = article_id
WHERE :category = ''
    OR above_id = (SELECT min(id) FROM categories WHERE lower(name) = lower(:category))
GROUP BY above_id, 2 ORDER BY 1, 2""",
        (("category", "Missile Defense"),),
    ),
    SampleQuery(
        "press-releases-of-a-year",
        "Topics",
        "Press releases of a year",
        "By date; `kind` can be changed.",
        f"""SELECT {_ARTICLE}, url, articles.capture_id FROM articles
WHERE kind = coalesce(nullif(:kind, ''), 'press release')
    AND (:year = '' OR articles.year = :year) ORDER BY 3""",
        (("kind", "press release"), ("year", "2013")),
    ),
    SampleQuery(
        "by-an-author",
        "People",
        "Articles by an author",
        "A name in any spelling, or part of one; with the byline as printed.",
        f"""SELECT {_ARTICLE}, kind, printed AS byline, role, credit, outlet, articles.capture_id
FROM {_WRITTEN} JOIN articles ON articles.id = article_id
WHERE author_id IN (SELECT id FROM authors WHERE coalesce(person, name) IN ({_PERSONS_NAMED}))
ORDER BY 3""",
        (("name", "Robert Gard"),),
    ),
    SampleQuery(
        "authors",
        "People",
        "Most frequent authors",
        "Authors by number of articles, with their first and last article.",
        f"""SELECT {_PERSON} AS person, count(DISTINCT article_id) AS articles,
    min(articles.day) AS first, max(articles.day) AS last,
    group_concat(DISTINCT authors.name) AS spellings
FROM {_WRITTEN} JOIN articles ON articles.id = article_id GROUP BY 1 ORDER BY 2 DESC, 1""",
    ),
    SampleQuery(
        "co-authors",
        "People",
        "Co-authors",
        "Pairs of authors by number of articles.",
        """SELECT one.person AS person, other.person AS with_person, count(*) AS articles
FROM article_authors AS a JOIN article_authors AS b
    ON a.article_id = b.article_id AND a.position < b.position
JOIN authors AS one ON one.id = a.author_id JOIN authors AS other ON other.id = b.author_id
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
    ),
    SampleQuery(
        "without-author",
        "People",
        "Articles without an author",
        "Of one kind, or of all.",
        f"""WITH of_kind AS (
    SELECT id FROM articles WHERE kind = :kind
    UNION ALL SELECT id FROM articles WHERE :kind = '')
SELECT {_ARTICLE}, kind, articles.capture_id FROM of_kind JOIN articles USING (id)
WHERE NOT EXISTS (SELECT 1 FROM article_authors WHERE article_id = of_kind.id)
ORDER BY 3 DESC""",
        (("kind", "post"),),
    ),
    SampleQuery(
        "quoted-in",
        "People",
        "Where somebody was quoted or heard",
        "Outlets, by date; without a name, of everybody.",
        f"""WITH quoted AS (
    SELECT * FROM mentions WHERE person = :person
    UNION ALL SELECT * FROM mentions WHERE :person = '')
SELECT person, {_OUTLET} AS outlet, quoted.kind AS how, {_ARTICLE}, articles.capture_id
FROM quoted CROSS JOIN articles ON articles.id = article_id ORDER BY day""",
        (("person", "John Isaacs"),),
    ),
    SampleQuery(
        "outlets",
        "People",
        "Outlets that quoted the Center",
        "Newspapers and programmes by number of articles, with the years and the people; without "
        "what the Center wrote for them or hosted.",
        f"""SELECT {_OUTLET} AS outlet, count(DISTINCT article_id) AS articles,
    min(articles.year) AS first_year, max(articles.year) AS last_year,
    group_concat(DISTINCT person) AS people
FROM mentions JOIN articles ON articles.id = article_id
WHERE outlet IS NOT NULL
    AND mentions.kind NOT IN ('wrote', 'co-wrote', 'signed', 'host')
    AND (:year = '' OR articles.year = :year)
GROUP BY 1 ORDER BY 2 DESC, 1""",
        (("year", ""),),
    ),
    SampleQuery(
        "first-published-in",
        "People",
        "Op-eds first published elsewhere",
        "By the outlet that the byline names.",
        f"""SELECT {_OUTLET} AS outlet, {_ARTICLE}, {_PERSON} AS person, articles.capture_id
FROM {_WRITTEN} JOIN articles ON articles.id = article_id
WHERE outlet IS NOT NULL AND (:outlet = '' OR :outlet IN (outlet, canonical_outlet))
ORDER BY 1, day""",
        (("outlet", ""),),
    ),
    SampleQuery(
        "silent-edits",
        "Changes",
        "Silent edits",
        "The content changed, but the date of change that the page states did not.",
        """SELECT articles.id AS article_id, articles.title, number AS version,
    versions.first_seen_at AS seen_at, versions.modified_at AS stated, versions.capture_id
FROM versions JOIN articles ON articles.id = article_id
WHERE is_silent = 1 ORDER BY versions.first_seen_at DESC""",
    ),
    SampleQuery(
        "changes",
        "Changes",
        "All changes",
        "Edits, moves, deletions and returns that crawls noticed, the latest first.",
        """SELECT captured_at AS seen_at, changes.kind AS change, articles.id AS article_id,
    articles.title, detail, changes.capture_id
FROM changes JOIN articles ON articles.id = article_id
JOIN captures ON captures.id = changes.capture_id
WHERE changes.kind != 'added' AND (:change = '' OR changes.kind = :change)
ORDER BY changes.id DESC""",
        (("change", ""),),
    ),
    SampleQuery(
        "gone-or-moved",
        "Changes",
        "Deleted and moved articles",
        "What was last archived of them is kept.",
        f"""SELECT {_ARTICLE}, gone_at, gone_reason, moved_to, articles.capture_id FROM articles
WHERE gone_at IS NOT NULL ORDER BY gone_at DESC""",
    ),
    SampleQuery(
        "cited-hosts",
        "Links and documents",
        "Most linked sites",
        "Other hosts by number of articles that link to them; without share buttons, menus and "
        "lists of podcast directories.",
        """SELECT host, count(DISTINCT article_id) AS articles, count(*) AS links,
    min(articles.year) AS first_year, max(articles.year) AS last_year
FROM links JOIN articles ON articles.id = article_id
WHERE links.kind = 'outbound' AND NOT is_furniture AND (:year = '' OR articles.year = :year)
GROUP BY 1 ORDER BY 2 DESC, 1""",
        (("year", ""),),
    ),
    SampleQuery(
        "links-to-a-host",
        "Links and documents",
        "Links to a host",
        "Every link, with the text around it.",
        f"""SELECT {_ARTICLE}, anchor_text, target_url, context, articles.capture_id
FROM links JOIN articles ON articles.id = article_id WHERE host = :host ORDER BY day DESC""",
        (("host", "thebulletin.org"),),
    ),
    SampleQuery(
        "most-linked-documents",
        "Links and documents",
        "Most linked documents",
        "Reports and letters by number of articles that link to them.",
        """SELECT article_documents.url, documents.title AS document, page_count,
    count(DISTINCT article_id) AS articles, documents.capture_id
FROM article_documents LEFT JOIN documents ON documents.url = article_documents.url
GROUP BY 1 ORDER BY 4 DESC, 1""",
    ),
    SampleQuery(
        "documents-holding",
        "Links and documents",
        "Search in documents",
        "Pages of PDFs that match the words, the best first.",
        """WITH best AS MATERIALIZED (
    SELECT rowid AS id, bm25(document_pages_fts) AS score FROM document_pages_fts
    WHERE document_pages_fts MATCH page_query(:words) ORDER BY score LIMIT 500)
SELECT documents.url, documents.title AS document, number AS page,
    snippet(document_pages_fts, 0, '[', ']', '…', 24) AS snippet, documents.capture_id
FROM best CROSS JOIN document_pages ON document_pages.id = best.id
CROSS JOIN documents ON documents.id = document_id
CROSS JOIN document_pages_fts
    ON document_pages_fts.rowid = best.id AND document_pages_fts MATCH page_query(:words)
ORDER BY score""",
        (("words", "missile"),),
    ),
    SampleQuery(
        "most-cited-articles",
        "Links and documents",
        "Most linked articles",
        "By number of the site’s articles that link to them.",
        """SELECT target.id AS article_id, target.title,
    count(DISTINCT links.article_id) AS articles, target.url, target.capture_id
FROM links JOIN articles AS target ON target.url = links.target_url
WHERE links.kind = 'internal' AND target.id != links.article_id GROUP BY 1 ORDER BY 3 DESC, 2""",
    ),
    SampleQuery(
        "disagreements",
        "The archive itself",
        "Disagreements between sources",
        "Where the site’s own lists, or a page’s metadata, differ from the page itself.",
        """SELECT field, source, extracted_value, reported_value,
    articles.id AS article_id, articles.title,
    articles.capture_id
FROM disagreements JOIN articles ON articles.id = article_id
WHERE :field = '' OR field = :field ORDER BY 1, 2""",
        (("field", ""),),
    ),
    SampleQuery(
        "growth",
        "The archive itself",
        "Growth of the archive",
        "What each crawl requested and captured, and the size of the archive after it.",
        """SELECT crawls.id AS crawl, started_at, finish_reason, request_count AS requests,
    capture_count AS captures, failure_count AS failures,
    max(iif(name = 'articles', value, NULL)) AS articles,
    max(iif(name = 'captures', value, NULL)) AS captures_in_all,
    max(iif(name = 'warc_bytes', value, NULL)) AS warc_bytes,
    max(iif(name = 'database_bytes', value, NULL)) AS database_bytes
FROM crawls LEFT JOIN crawl_metrics ON crawl_id = crawls.id AND topic = 'size'
GROUP BY crawls.id ORDER BY started_at""",
    ),
    SampleQuery(
        "missing-files",
        "The archive itself",
        "Missing page requisites",
        "Images, styles and documents that pages require and that could not be archived.",
        """SELECT url, page_requisites.kind AS kind,
    CASE WHEN excluded IS NOT NULL THEN 'excluded'
        WHEN outcome IS NULL THEN 'waiting' ELSE 'missing' END AS state,
    coalesce(excluded, reason) AS reason, count(*) AS pages
FROM addresses CROSS JOIN page_requisites ON requisite_id = addresses.id
WHERE archived_at IS NULL GROUP BY addresses.id, 2 ORDER BY 5 DESC, 1""",
    ),
)

GROUPS = tuple(dict.fromkeys(query.group for query in SAMPLE_QUERIES))
