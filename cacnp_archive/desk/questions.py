"""The questions that a researcher asks first, as queries with parameters.

A parameter that is left empty does not narrow; without any words nothing is found. Where an index
must serve the one case and a whole table the other, `UNION ALL` joins both: one half is empty.
`escape_fts` is Datasette's: it makes of any words a query of FTS5. A row with `article_id` has its
title linked to the article's page.
"""

from dataclasses import dataclass

_YEAR = "articles.year"
_DAY = "articles.day"
_ARTICLE = f"articles.id AS article_id, articles.title, {_DAY} AS day"
_PERSON = "coalesce(authors.person, authors.name)"
_WORDS = """coalesce(nullif(escape_fts(:words), ''), '""')"""
_WRITTEN = "article_authors JOIN authors ON authors.id = author_id"
_MATCHING = f"""articles_fts JOIN articles ON articles.id = articles_fts.rowid
    WHERE articles_fts MATCH {_WORDS}"""


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """A question, and the SQL that answers it."""

    name: str
    """As in its address."""
    group: str
    title: str
    description: str
    sql: str
    example: tuple[tuple[str, str], ...] = ()
    """Parameters to begin with."""


QUESTIONS = (
    SampleQuery(
        "subject-by-year",
        "Subjects",
        "How much on a subject, year by year?",
        "Articles that hold all the words, by year of publication.",
        f"SELECT {_YEAR} AS year, count(*) AS articles FROM {_MATCHING} GROUP BY 1 ORDER BY 1",
        (("words", "missile defense"),),
    ),
    SampleQuery(
        "subject-by-author-and-year",
        "Subjects",
        "Who wrote on a subject, and when?",
        "Authors of the articles that hold all the words, by year; spellings of a name are folded.",
        f"""SELECT {_PERSON} AS person, {_YEAR} AS year, count(DISTINCT articles.id) AS articles
FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
JOIN article_authors ON article_id = articles.id JOIN authors ON authors.id = author_id
WHERE articles_fts MATCH {_WORDS} AND (:year = '' OR {_YEAR} = :year)
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
        (("words", "missile defense"), ("year", "")),
    ),
    SampleQuery(
        "articles-on-a-subject",
        "Subjects",
        "Which articles are on a subject?",
        "Best first, with the place where the words stand.",
        f"""WITH best AS MATERIALIZED (
    SELECT articles.id, bm25(articles_fts, 5.0, 1.0) AS score
    FROM {_MATCHING} AND (:kind = '' OR kind = :kind) AND (:year = '' OR {_YEAR} = :year)
    ORDER BY score LIMIT 500)
SELECT {_ARTICLE}, kind,
    snippet(articles_fts, 1, '[', ']', '…', 20) AS snippet, articles.capture_id
FROM best CROSS JOIN articles ON articles.id = best.id
CROSS JOIN articles_fts ON articles_fts.rowid = best.id AND articles_fts MATCH {_WORDS}
ORDER BY score""",
        (("words", "missile defense"), ("kind", ""), ("year", "")),
    ),
    SampleQuery(
        "kinds-by-year",
        "Subjects",
        "What was published each year?",
        "Articles by year and kind.",
        f"""SELECT {_YEAR} AS year, kind, count(*) AS articles FROM articles
WHERE :kind = '' OR kind = :kind GROUP BY 1, 2 ORDER BY 1, 2""",
        (("kind", ""),),
    ),
    SampleQuery(
        "category-by-year",
        "Subjects",
        "How did a category grow?",
        "Articles filed under a category, by year; without a name, all categories.",
        f"""SELECT categories.name AS category, {_YEAR} AS year, count(*) AS articles
FROM categories CROSS JOIN article_categories ON category_id = categories.id
CROSS JOIN articles ON articles.id = article_id
WHERE :category = '' OR categories.name = :category GROUP BY 1, 2 ORDER BY 1, 2""",
        (("category", "Missile Defense"),),
    ),
    SampleQuery(
        "press-releases-of-a-year",
        "Subjects",
        "Which press releases came out in a year?",
        "In order of time; another kind can be asked for.",
        f"""SELECT {_ARTICLE}, url, articles.capture_id FROM articles
WHERE kind = coalesce(nullif(:kind, ''), 'press release')
    AND (:year = '' OR {_YEAR} = :year) ORDER BY 3""",
        (("kind", "press release"), ("year", "2013")),
    ),
    SampleQuery(
        "by-an-author",
        "People",
        "What did somebody write?",
        "In any spelling of the name; with the byline as printed.",
        f"""SELECT {_ARTICLE}, kind, printed AS byline, role, credit, outlet, articles.capture_id
FROM {_WRITTEN} JOIN articles ON articles.id = article_id
WHERE authors.id IN (
    SELECT id FROM authors WHERE name = :name OR person = :name
    UNION SELECT same.id FROM authors JOIN authors AS same ON same.person = authors.person
    WHERE authors.name = :name)
ORDER BY 3""",
        (("name", "Robert Gard"),),
    ),
    SampleQuery(
        "authors",
        "People",
        "Who wrote most?",
        "People by how many articles name them as author, with their first and last.",
        f"""SELECT {_PERSON} AS person, count(DISTINCT article_id) AS articles,
    min({_DAY}) AS first, max({_DAY}) AS last,
    group_concat(DISTINCT authors.name) AS spellings
FROM {_WRITTEN} JOIN articles ON articles.id = article_id GROUP BY 1 ORDER BY 2 DESC, 1""",
    ),
    SampleQuery(
        "co-authors",
        "People",
        "Who wrote together?",
        "Pairs of people, by how many articles name both.",
        """SELECT one.person AS person, other.person AS with_person, count(*) AS articles
FROM article_authors AS a JOIN article_authors AS b
    ON a.article_id = b.article_id AND a.position < b.position
JOIN authors AS one ON one.id = a.author_id JOIN authors AS other ON other.id = b.author_id
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
    ),
    SampleQuery(
        "without-author",
        "People",
        "Which articles name no author?",
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
        "Where was somebody quoted or heard?",
        "Outlets, in order of time; without a name, everybody.",
        f"""WITH quoted AS (
    SELECT * FROM mentions WHERE person = :person
    UNION ALL SELECT * FROM mentions WHERE :person = '')
SELECT person, outlet, quoted.kind AS how, {_ARTICLE}, articles.capture_id
FROM quoted CROSS JOIN articles ON articles.id = article_id ORDER BY day""",
        (("person", "John Isaacs"),),
    ),
    SampleQuery(
        "outlets",
        "People",
        "Which outlets quoted the Center?",
        "Newspapers and programmes by how often, with the years and the people.",
        f"""SELECT outlet, count(DISTINCT article_id) AS articles,
    min({_YEAR}) AS first_year, max({_YEAR}) AS last_year,
    group_concat(DISTINCT person) AS people
FROM mentions JOIN articles ON articles.id = article_id
WHERE outlet IS NOT NULL AND (:year = '' OR {_YEAR} = :year) GROUP BY 1 ORDER BY 2 DESC, 1""",
        (("year", ""),),
    ),
    SampleQuery(
        "first-published-in",
        "People",
        "Which op-eds appeared elsewhere first?",
        "By the outlet that the byline names.",
        f"""SELECT outlet, {_ARTICLE}, {_PERSON} AS person, articles.capture_id
FROM {_WRITTEN} JOIN articles ON articles.id = article_id
WHERE outlet IS NOT NULL AND (:outlet = '' OR outlet = :outlet) ORDER BY 1, day""",
        (("outlet", ""),),
    ),
    SampleQuery(
        "silent-edits",
        "Changes",
        "What was changed silently?",
        "The content differed, and the stated time of change did not.",
        """SELECT articles.id AS article_id, articles.title, number AS version,
    versions.first_seen_at AS seen_at, versions.modified_at AS stated, versions.capture_id
FROM versions JOIN articles ON articles.id = article_id
WHERE is_silent = 1 ORDER BY versions.first_seen_at DESC""",
    ),
    SampleQuery(
        "changes",
        "Changes",
        "What changed at all?",
        "Edits, moves, departures and returns that crawls noticed, the latest first.",
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
        "What is gone, and what has moved?",
        "Their last readings are kept.",
        f"""SELECT {_ARTICLE}, gone_at, gone_reason, moved_to, articles.capture_id FROM articles
WHERE gone_at IS NOT NULL ORDER BY gone_at DESC""",
    ),
    SampleQuery(
        "cited-hosts",
        "Links and documents",
        "Which other sites are linked to?",
        "Hosts by how many articles link to them.",
        f"""SELECT host, count(DISTINCT article_id) AS articles, count(*) AS links,
    min({_YEAR}) AS first_year, max({_YEAR}) AS last_year
FROM links JOIN articles ON articles.id = article_id
WHERE links.kind = 'outbound' AND (:year = '' OR {_YEAR} = :year)
GROUP BY 1 ORDER BY 2 DESC, 1""",
        (("year", ""),),
    ),
    SampleQuery(
        "links-to-a-host",
        "Links and documents",
        "Who links to a host, and with which words?",
        "Every link, with the text around it.",
        f"""SELECT {_ARTICLE}, anchor_text, target_url, context, articles.capture_id
FROM links JOIN articles ON articles.id = article_id WHERE host = :host ORDER BY day DESC""",
        (("host", "thebulletin.org"),),
    ),
    SampleQuery(
        "most-linked-documents",
        "Links and documents",
        "Which documents are linked to most?",
        "Reports and letters, by how many articles link to them.",
        """SELECT article_documents.url, documents.title AS document, page_count,
    count(DISTINCT article_id) AS articles, documents.capture_id
FROM article_documents LEFT JOIN documents ON documents.url = article_documents.url
GROUP BY 1 ORDER BY 4 DESC, 1""",
    ),
    SampleQuery(
        "documents-holding",
        "Links and documents",
        "Which documents hold some words?",
        "Page by page, best first.",
        f"""WITH best AS MATERIALIZED (
    SELECT rowid AS id, bm25(document_pages_fts) AS score FROM document_pages_fts
    WHERE document_pages_fts MATCH {_WORDS} ORDER BY score LIMIT 500)
SELECT documents.url, documents.title AS document, number AS page,
    snippet(document_pages_fts, 0, '[', ']', '…', 24) AS snippet, documents.capture_id
FROM best CROSS JOIN document_pages ON document_pages.id = best.id
CROSS JOIN documents ON documents.id = document_id
CROSS JOIN document_pages_fts
    ON document_pages_fts.rowid = best.id AND document_pages_fts MATCH {_WORDS}
ORDER BY score""",
        (("words", "missile"),),
    ),
    SampleQuery(
        "most-cited-articles",
        "Links and documents",
        "Which articles do others of the site link to?",
        "By how many articles link to them.",
        """SELECT target.id AS article_id, target.title,
    count(DISTINCT links.article_id) AS articles, target.url, target.capture_id
FROM links JOIN articles AS target ON target.url = links.target_url
WHERE links.kind = 'internal' AND target.id != links.article_id GROUP BY 1 ORDER BY 3 DESC, 2""",
    ),
    SampleQuery(
        "disagreements",
        "The archive itself",
        "Where do sources disagree?",
        "What the site's own lists and the page's head say otherwise than the page.",
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
        "How did the archive grow?",
        "What each crawl asked for, kept, and left behind.",
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
        "Which files that pages need are missing?",
        "Pictures, styles and documents that could not be had.",
        """SELECT url, page_requisites.kind AS kind,
    CASE WHEN excluded IS NOT NULL THEN 'excluded'
        WHEN outcome IS NULL THEN 'waiting' ELSE 'missing' END AS state,
    coalesce(excluded, reason) AS reason, count(*) AS pages
FROM addresses CROSS JOIN page_requisites ON requisite_id = addresses.id
WHERE archived_at IS NULL GROUP BY addresses.id, 2 ORDER BY 5 DESC, 1""",
    ),
)

GROUPS = tuple(dict.fromkeys(question.group for question in QUESTIONS))
