"""Any text is a query that SQLite takes, or is refused with what is wrong and where."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.queries.query_language import (
    EXAMPLES,
    MAX_CHARS,
    parse_query,
    split_queries,
)
from cacnp_archive.storage.queries.query_parser import MAX_DEPTH
from cacnp_archive.storage.schema.migrations import migrations

TEXTS = {
    "us": (
        "U.S. policy",
        "The U.S. and anti-missile defense; C++; 20.04; what’s new. AT&T flies C-17s.",
    ),
    "iran": (
        "Iran’s plan",
        "Iran’s plan, @nasa said, 50% of it: all inspectors left Iran at once.",
    ),
    "start": (
        "Treaty",
        "New START treaty. Zürich talks of inspectors and, much later, of Israel.",
    ),
    "triad": ("The triad", "Land, sea and air. Start anew."),
}

FOUND = [
    ("U.S.", "us"),
    ("U.S. OR Iran", "iran us"),
    ("U.S. OR Iran’s", "iran us"),
    ('"New START" OR U.S.', "start us"),
    ("“New START”", "start"),
    ("new start", "start"),
    ("start new", "start"),
    ("anti-missile", "us"),
    ("anti-miss*", "us"),
    ("policy NOT anti-missile", ""),
    ("20.04", "us"),
    ("C++", "us"),
    ("C-17s", "us"),
    ("AT&T", "us"),
    ("@nasa", "iran"),
    ("50%", "iran"),
    ("what's", "us"),
    ("Iran's", "iran"),
    ("Zurich", "start"),
    ("inspector", "iran start"),
    ("inspectors -Iran", "start"),
    ("inspectors NOT Iran", "start"),
    ("inspectors AND NOT Iran", "start"),
    ("NOT Iran inspectors", "start"),
    ("inspectors -(Iran OR Israel)", ""),
    ("inspectors -Iran -Zurich", ""),
    ("inspectors Israel OR policy", "start us"),
    ("inspectors (Israel OR plan)", "iran start"),
    ("(inspectors (Israel OR plan)) -said", "start"),
    ("Iran or Israel", ""),  # the word "or", which no text has
    ("title:plan", "iran"),
    ("title: start", ""),
    ("title:(plan OR triad)", "iran triad"),
    ("body:triad", ""),
    ("BODY_TEXT:land", "triad"),
    ("-title:triad start", "start"),
    ('title:"iran s plan"', "iran"),
    ("NEAR(inspectors Iran)", "iran"),
    ("NEAR(inspectors Iran, 1)", "iran"),
    ("NEAR(inspectors Iran, 0)", ""),
    ('NEAR("zurich talks" Israel, 6)', "start"),
    ('NEAR("zurich talks" Israel, 5)', ""),
    ("title:NEAR(Iran plan, 3)", "iran"),
    ("policy – U.S.", "us"),
    ("policy & U.S.", "us"),
    ("https://example.org/U.S.", ""),
    ('"12:30"', ""),
]

REFUSED = [
    ("", "there are no words to search for", 1),
    ("…", "there are no words to search for", 2),
    ('Iran "new', "the quotation mark is not closed", 6),
    ('""', "there are no words between the quotation marks", 1),
    ("Iran OR", "OR must be followed by a word or phrase", 6),
    ("Iran AND OR Israel", "AND must be followed by a word or phrase", 6),
    ("OR Iran", "OR must be between two words", 1),
    ("AND", "AND must be between two words", 1),
    ("NOT Iran", "there are only words to exclude", 1),
    ("treaty OR -Iran", "there are only words to exclude", 11),
    ("treaty NOT", "NOT must be followed by a word or phrase", 8),
    ("treaty --Iran", "the minus sign must be followed by a word or phrase", 8),
    ("(Iran", "this parenthesis is not closed", 1),
    ("(", "there are no words behind this parenthesis", 1),
    ("()", "there are no words behind this parenthesis", 1),
    ("Iran)", "this parenthesis was never opened", 5),
    (")", "this parenthesis was never opened", 1),
    ("author:gard", "there is no column 'author'", 1),
    ("Iran: the plan", 'to search for a word before a colon, write "Iran:"', 1),
    ("title:", "title: must be followed by a word or phrase", 1),
    ("title:(a body:b)", "body: cannot be inside title:", 10),
    ("mis*iles", "* must be the last character of a word", 1),
    ("*", "* must be the last character of a word", 1),
    ("NEAR(Iran)", "NEAR takes two or more words or phrases", 1),
    ("NEAR(Iran, Israel)", "NEAR takes two or more words or phrases", 1),
    ("NEAR(Iran OR Israel)", "NEAR takes two or more words or phrases", 1),
    ("NEAR(Iran Israel", "NEAR takes words and phrases in parentheses", 1),
    ("Iran | Israel", "'|' is neither a word nor an operator", 6),
    ("^Iran", "'^Iran' is neither a word nor an operator", 1),
    ("(" * (MAX_DEPTH + 1) + "x" + ")" * (MAX_DEPTH + 1), "nested more than", MAX_DEPTH + 1),
]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    made = Database(memory=True)
    migrations.apply(made)
    for number, (name, (title, body)) in enumerate(TEXTS.items(), 1):
        made.table("articles").insert(
            {"url": name, "kind": "post", "title": title, "body_text": body, "word_count": 1,
             "first_seen_at": "", "last_seen_at": "", "capture_id": 1}
        )  # fmt: skip
        made.table("document_pages").insert({"document_id": 1, "number": number, "text": body})
    yield made
    made.close()


def articles(database: Database, words: str) -> str:
    rows = database.execute(
        """SELECT url FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
        WHERE articles_fts MATCH ? ORDER BY url""",
        [parse_query(words).for_articles],
    )
    return " ".join(url for (url,) in rows)


def page_count(database: Database, words: str) -> int:
    sql = "SELECT count(*) FROM document_pages_fts WHERE document_pages_fts MATCH ?"
    return int(database.execute(sql, [parse_query(words).for_pages]).fetchone()[0])


@pytest.mark.parametrize(("words", "want"), FOUND)
def test_query_means_what_it_says(words: str, want: str, database: Database) -> None:
    assert articles(database, words) == want


@pytest.mark.parametrize(("words", "problem", "character"), REFUSED)
def test_what_is_not_understood_is_refused_with_the_place(
    words: str, problem: str, character: int
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_query(words)
    assert problem in str(caught.value)
    assert str(caught.value).startswith(f"cannot search for {words!r}: ")
    assert str(caught.value).endswith(f"(at character {character})")


def test_title_is_of_articles_alone_and_body_of_pages_too(database: Database) -> None:
    assert page_count(database, "title:treaty") == 0
    assert page_count(database, "treaty title:treaty") == 0
    assert page_count(database, "treaty OR title:plan") == 1
    assert page_count(database, "treaty -title:treaty") == 1
    assert page_count(database, "body:treaty") == page_count(database, "treaty") == 1


def test_each_example_is_a_query(database: Database) -> None:
    for words, _ in EXAMPLES:
        articles(database, words)


def test_query_has_a_greatest_length(database: Database) -> None:
    articles(database, "a " * (MAX_CHARS // 2))
    with pytest.raises(UsageError, match="may have 1,000 characters; this one has 1,001"):
        parse_query("a" * (MAX_CHARS + 1))


def test_nesting_that_is_allowed_is_understood_by_sqlite(database: Database) -> None:
    deep = "x"
    for number in range(MAX_DEPTH):
        deep = f"(a {deep})" if number % 2 else f"(b OR {deep} -c)"
    assert articles(database, deep) == ""


PARTS = st.sampled_from(
    ["Iran", "U.S.", "what’s", "C-17", "AND", "OR", "NOT", "-", "(", ")", '"', "“", "*", "^", "+",
     "{", ":", "title:", "body:", "author:", "NEAR", "NEAR(", "NEAR(a b, 3)", ",", "5", "&", "|",
     "'", ";", "--", "\x00", "\ud800", "\u200b", "\U0001e900", "ü", "북한", " "]
)  # fmt: skip


@settings(max_examples=500)
@given(st.one_of(st.text(max_size=40), st.lists(PARTS, max_size=12).map(" ".join),
                 st.lists(PARTS, max_size=12).map("".join)))  # fmt: skip
@example('"' * 999)
@example("(" * 1000)
@example("-" * 1000)
@example("a*" * 500)
def test_any_text_is_a_query_for_sqlite_or_is_refused(database: Database, words: str) -> None:
    try:
        articles(database, words)
        page_count(database, words)
    except UsageError as error:
        str(error).encode()


@given(st.lists(st.from_regex(r"[a-z]{1,6}( [a-z]{1,6})?", fullmatch=True), max_size=5))
def test_queries_in_one_line_are_separated_by_commas(queries: list[str]) -> None:
    assert split_queries(", ".join(queries)) == queries
    assert split_queries(",".join(f'"{query}, x"' for query in queries)) == [
        f'"{query}, x"' for query in queries
    ]
