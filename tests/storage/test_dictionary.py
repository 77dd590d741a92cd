"""Every table and column is told of, in the schema or beside it, and the document is current."""

from pathlib import Path

from cacnp_archive.storage.dictionary import markdown
from cacnp_archive.storage.schema.column_descriptions import DESCRIPTIONS, SAME_AS
from cacnp_archive.storage.schema.description import current_schema
from cacnp_archive.storage.schema.sql_comments import column_comments
from tests.conftest import ROOT

DOCUMENT = Path(ROOT / "docs" / "data-dictionary.md")


def test_every_table_view_and_column_is_described() -> None:
    schema = current_schema()
    bare = [table.name for table in schema if not table.description]
    bare += [f"{t.name}.{c.name}" for t in schema for c in t.columns if not c.description]
    assert bare == []
    assert {"posts", "articles", "captures", "document_pages"} <= {table.name for table in schema}


def test_no_description_still_refers_to_the_one_before() -> None:
    texts = [column.description for table in current_schema() for column in table.columns]
    assert [text for text in texts if text.startswith("likewise")] == []


def test_words_beside_the_schema_are_of_columns_that_exist() -> None:
    known = {table.name: {column.name for column in table.columns} for table in current_schema()}
    assert set(SAME_AS) == {table.name for table in current_schema() if table.is_view}
    strays = [
        (name, column)
        for name in DESCRIPTIONS
        for column in DESCRIPTIONS[name]
        if column not in known[name]
    ]
    assert strays == []


def test_document_is_the_schema_as_it_is() -> None:
    assert DOCUMENT.read_text("utf-8") == markdown(current_schema()), "run: make dictionary"


def test_comment_stays_with_its_column_when_others_are_added_behind() -> None:
    columns = {
        c.name: c.description
        for t in current_schema()
        for c in t.columns
        if t.name == "article_authors"
    }
    assert columns["found_in"] == "body, entry-meta, or title"
    assert columns["rank"] == "as printed before the name"


def test_comments_survive_brackets_commas_and_quotes() -> None:
    sql = """CREATE TABLE t (  -- of them, all
        a TEXT DEFAULT 'x, -- y' CHECK (a IN ('b', 'c')),  -- one (of, two)
        b REAL /* two
            lines */
    )"""
    assert column_comments(sql) == {"a": "one (of, two)", "b": "two lines"}
