"""Read the comments in a CREATE TABLE statement."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"--(?P<line>[^\n]*)|/\*(?P<block>.*?)\*/|(?P<text>'(?:[^']|'')*'|[A-Za-z_]\w*|.)", re.DOTALL
)
_CONSTRAINTS = {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"}


def table_comment(sql: str) -> str:
    """Return the comment in the first line of a statement: that of the table or view.

    >>> table_comment("CREATE TABLE t (  -- what it holds")
    'what it holds'
    """
    found = re.search(r"--([^\n]*)", sql.partition("\n")[0])
    return found[1].strip() if found else ""


def column_comments(sql: str) -> dict[str, str]:
    """Return the comments of a table's columns by column name, with "likewise" spelt out.

    SQLite inserts an added column in front of the comment of the column that was last before.

    >>> column_comments('''CREATE TABLE t (  -- a table
    ...     a TEXT,  -- the first
    ...     b TEXT, d TEXT /* added */,  -- the second
    ...     PRIMARY KEY (a)
    ... )''')
    {'a': 'the first', 'b': 'the second', 'd': 'added'}
    """
    found: dict[str, str] = {}
    first = ""
    for name, comment in _raw_comments(sql):
        if comment.startswith("likewise"):
            comment = first + comment.removeprefix("likewise")
        else:
            first = comment
        found[name] = comment
    return found


def without_comments(sql: str) -> list[str]:
    """Return the tokens of a statement without comments and white space, for comparison.

    >>> without_comments("a TEXT, -- first") == without_comments("a  TEXT /* one */,")
    True
    """
    texts = (token["text"] for token in _TOKEN.finditer(sql))
    return [text for text in texts if text is not None and not text.isspace()]


def _raw_comments(sql: str) -> Iterator[tuple[str, str]]:
    names: list[str] = []
    comments: dict[str, str] = {}
    depth = 0
    is_first_word = False
    for token in _TOKEN.finditer(sql):
        text = token["text"]
        if text is None:
            comment = " ".join((token["line"] or token["block"]).split())
            # A line comment belongs to the last column that has no comment of its own.
            bare = [name for name in names if name not in comments]
            if bare and token["line"]:
                comments[bare[-1]] = comment
            elif names and token["block"]:
                comments[names[-1]] = comment
        elif text in "()":
            depth += 1 if text == "(" else -1
            is_first_word = is_first_word or (depth == 1 and text == "(")
        elif text == "," and depth == 1:
            is_first_word = True
        elif is_first_word and not text.isspace():
            is_first_word = False
            if text.upper() not in _CONSTRAINTS:
                names.append(text)
    return ((name, comments[name]) for name in names if name in comments)
