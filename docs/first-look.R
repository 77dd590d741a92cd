# A first look at the archive in R. Needs the packages DBI and RSQLite, and a snapshot:
#   cacnp-archive export --format sqlite --out snapshot.db
#   Rscript first-look.R snapshot.db

library(DBI)

arguments <- commandArgs(trailingOnly = TRUE)
path <- if (length(arguments)) arguments[1] else "snapshot.db"
database <- dbConnect(RSQLite::SQLite(), path, flags = RSQLite::SQLITE_RO)

print(dbReadTable(database, "snapshot"))

# A topic over the years. Full-text search in SQLite's own syntax (FTS5).
topic <- dbGetQuery(
  database,
  "SELECT year, count(*) AS articles
   FROM articles_fts JOIN bibliography ON id = articles_fts.rowid
   WHERE articles_fts MATCH ? AND year IS NOT NULL GROUP BY year ORDER BY year",
  params = list('"missile defense"')
)
print(topic)

# Authors, with all spellings of a name.
print(dbGetQuery(
  database,
  "SELECT coalesce(person, name) AS person, count(DISTINCT article_id) AS articles
   FROM article_authors JOIN authors ON authors.id = author_id
   WHERE credit = 'author' GROUP BY 1 ORDER BY 2 DESC LIMIT 10"
))

# The record behind a row.
print(dbGetQuery(
  database,
  "SELECT articles.url, captured_at, warc_record_id, entity_sha256
   FROM articles JOIN captures ON captures.id = capture_id ORDER BY articles.id LIMIT 3"
))

dbDisconnect(database)
