"""Find the authors of a post: in the byline, the title, or the theme's author box.

The site's theme prints no byline. Authors are named in the text, in some thirty forms, next to many
sentences that look similar. A wrong author is worse than none, so a byline is accepted only before
the text itself begins, and bylines of pieces from the press are ignored.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from cacnp_archive.model.person_names import is_organisation
from cacnp_archive.model.records import Author, Credit
from cacnp_archive.parsing.people.byline_end import MAX_LINES, parse_end
from cacnp_archive.parsing.people.byline_grammar import (
    MAX_PREFACE_WORDS,
    UPDATE_MARK,
    opens_byline,
    parse_byline,
)
from cacnp_archive.parsing.people.byline_publication import (
    CONTACT,
    MAX_LINE_CHARS,
    OUTLET,
    is_date,
    is_outlet_name,
    iso_date,
    parse_publication,
)
from cacnp_archive.parsing.people.byline_roles import is_own_role, is_role, parse_bare_byline
from cacnp_archive.parsing.people.byline_title import parse_title, person_in_title
from cacnp_archive.parsing.people.byline_words import ELSEWHERE, LABEL
from cacnp_archive.parsing.people.mention import is_mention
from cacnp_archive.parsing.people.mention_title import reports_in_title
from cacnp_archive.parsing.people.names import MAX_NAME_CHARS, is_known, person_of, plain
from cacnp_archive.parsing.text.body import Block

MAX_BLOCKS = 6
"""A byline is within this many blocks from the start."""

_MAX_LABEL_CHARS = 60
_LONE_LABEL = re.compile(
    rf"\W*(?:(?:written |authored )?by\s*:?|{LABEL.pattern})\s*$", re.IGNORECASE
)
_PLACE = re.compile(
    r"(?:cape|fort|hong|las|los|mount|new|north|port|rio|saint|san|santa|south|st\.|tel|the|west)\s",
    re.IGNORECASE,
)
"""Matches first words of places, which stand below names as dateline or address."""

_SKIPPED_TAGS = frozenset({"table", "pre", "li"})
_DOWNLOAD_OFFER = re.compile(
    r"\W*(?:click here|download|print|view|read)\b.*|\W*(?:pdf version|pdf)\W*$", re.IGNORECASE
)
_CAPTION = re.compile(
    r"\W*(?:[\w.]+ ){0,4}(?:photo|image|illustration|graphic|picture)s?"
    r"(?: (?:by|credit|courtesy)\b|:| \().*\w",
    re.IGNORECASE,
)
_ACCOUNTS = frozenset({
    *("admin", "administrator", "anonymous", "author", "communications", "contributor", "editor"),
    *("editorial", "guest", "intern", "newsroom", "no author", "press", "redacción", "redaktion"),
    *("rédaction", "site admin", "staff", "unknown", "web admin", "webadmin", "webmaster"),
    *("wordpress", "wp-admin", "wpadmin"),
})  # fmt: skip
"""Names of accounts that are nobody's."""

_PRESS_CATEGORIES = frozenset({"center in the news", "press hits"})
_IN_THE_NEWS = re.compile(r"press\b.*\bnews\b", re.IGNORECASE)
_NEWSLETTER = re.compile(r"(?:Council )?Front (?:and|&) Center\b", re.IGNORECASE)
_QUOTES_THE_CENTER = re.compile(
    r"\b(?:said|says|told|added|according to|notes|noted|argue[sd])\b[^.]{0,160}\bthe Center\b"
    r"|\bthe Center\b[^.]{0,120}[,”\"] (?:said|says|told|added|noted|argue[sd])\b",
    re.IGNORECASE,
)
_MAX_QUOTE_BLOCKS = 12
_REPORTER_ROLE = re.compile(
    r"\b(?:bureau|correspondents?|journalist|reporters?|(?<!guest )writers?|columnist)\b",
    re.IGNORECASE,
)
_SPECIAL_TO = re.compile(r"special (?:to|for) ", re.IGNORECASE)


def parse_authors(
    blocks: Sequence[Block],
    *,
    title: str,
    categories: Sequence[str],
    theme_names: Sequence[str],
    stated_names: Collection[str] = (),
    is_page: bool = False,
) -> tuple[Author, ...]:
    """Return the authors named at the start or end of the text, else in the title or by the theme.

    `theme_names` are those that the theme prints in its byline. `stated_names` are those that
    links to authors' pages and the head of the page state: they make nobody an author, since the
    head names the account that published a post, but a byline with one of them is certain.
    """
    certain = frozenset(filter(is_account_of_a_person, (*theme_names, *stated_names)))
    title = title[:MAX_LINE_CHARS]
    found: list[Author] = []
    if not reports_in_title(title) and not any(
        is_for_release(block.text) for block in blocks[:MAX_BLOCKS]
    ):
        found = _authors_in_body(blocks, title, is_page=is_page, certain=certain)
        if found and _is_press_byline(found, blocks, title, categories):
            found = []
        found = found or parse_title(title)
    if not found:
        found = [
            Author(name=name, printed=name, found_in="entry-meta")
            for name in theme_names
            if is_account_of_a_person(name)
        ]
    return _merge_persons(found)


def is_account_of_a_person(name: str) -> bool:
    """Whether a name that the theme prints as the author's is a person's, or a user's.

    >>> is_account_of_a_person("nukewatcher"), is_account_of_a_person("admin")
    (True, False)
    """
    return (
        0 < len(name) <= MAX_NAME_CHARS
        and plain(name) not in _ACCOUNTS
        and any(letter.isalpha() for letter in name)
        and not is_organisation(name)
        and not is_outlet_name(name)
    )


def is_newsletter(title: str) -> bool:
    """Whether a title is that of a newsletter, whose items have their own authors."""
    return _NEWSLETTER.match(title) is not None


def is_for_release(text: str) -> bool:
    """Whether a text contains the mark of press releases, `FOR IMMEDIATE RELEASE`."""
    return "FOR IMMEDIATE RELEASE" in text.upper()


def _merge_persons(found: Sequence[Author]) -> tuple[Author, ...]:
    """Return each person once, with rank and role taken from a later byline if necessary."""
    people: dict[tuple[str, Credit], Author] = {}
    for author in found:
        person = person_of(author.name)
        key = (person.casefold(), author.credit)
        if (first := people.get(key)) is not None:
            rank, role = first.rank or author.rank, first.role or author.role
            people[key] = replace(first, rank=rank, role=role)
        else:
            people[key] = replace(author, person=person)
    return tuple(people.values())


def _is_press_byline(
    authors: Sequence[Author], blocks: Sequence[Block], title: str, categories: Sequence[str]
) -> bool:
    """Whether a byline is that of a reporter, in a piece reprinted from the press."""
    if any(is_known(author.name) or is_own_role(author.role) for author in authors):
        return False
    if any(author.role and _REPORTER_ROLE.search(author.role) for author in authors):
        return True
    if any(name.casefold() in _PRESS_CATEGORIES for name in categories):
        return True
    named = person_in_title(title)
    if named is not None and all(person_of(author.name) != named for author in authors):
        return True
    return any(_IN_THE_NEWS.search(name[:MAX_LINE_CHARS]) for name in categories) and any(
        _QUOTES_THE_CENTER.search(block.text[:2000]) for block in blocks[:_MAX_QUOTE_BLOCKS]
    )


def _authors_in_body(
    blocks: Sequence[Block], title: str, *, is_page: bool, certain: Collection[str]
) -> list[Author]:
    is_in_newsletter = is_newsletter(title)
    lines = list(islice(_lines(blocks[:MAX_BLOCKS]), MAX_LINES))
    publication: tuple[str | None, str | None] | None = None
    for position, (block, line) in enumerate(lines):
        text, count = _with_stacked_names(lines[position:], certain)
        authors = parse_byline(text, certain)
        if position == 0 and not authors and not is_page:
            bare = [item for item in parse_bare_byline(line) if item.name not in title]
            if line in certain:
                bare = [Author(name=line, printed=line)]
            authors = bare if bare and not _has_contact(lines) else []
        if authors:
            is_alone = position == 0 and authors[-1].printed == block.text
            if is_in_newsletter and not is_alone:
                return []
            return _with_following_lines(
                authors, [(block, text), *lines[position + count :]], publication
            )
        if not _is_preface(block, line):
            break
        publication = parse_publication(line) or publication
    return [] if is_in_newsletter or is_page else parse_end(blocks, certain)


def _with_stacked_names(
    lines: Sequence[tuple[Block, str]], certain: Collection[str]
) -> tuple[str, int]:
    """Return a line together with those below it that only continue its byline, and their number.

    A line that is only `By:` or `Authors:` may be followed by a paragraph or list of names.
    """
    block, text = lines[0]
    is_open = _is_lone_label(text)
    if not is_open and not _is_whole_byline(text, certain):
        return text, 1
    for count, (after, line) in enumerate(lines[1:], start=1):
        is_near = after is block or after.tag == "li" or (is_open and count == 1)
        is_other = (
            (_PLACE.match(line) is not None and not text.endswith((",", " and")))
            or (line.isupper() and not text.isupper())
            or opens_byline(line)
        )
        longer = f"{text}\n{line}"
        if not is_near or is_other or not _is_whole_byline(longer, certain):
            return text, count
        text = longer
    return text, len(lines)


def _is_lone_label(text: str) -> bool:
    return len(text) <= _MAX_LABEL_CHARS and _LONE_LABEL.match(text) is not None


def _is_whole_byline(text: str, certain: Collection[str]) -> bool:
    authors = parse_byline(text, certain)
    return bool(authors) and text.rstrip(" ,;").endswith(authors[-1].printed)


def _with_following_lines(
    authors: list[Author],
    lines: Sequence[tuple[Block, str]],
    publication: tuple[str | None, str | None] | None,
) -> list[Author]:
    """Parse the lines after a byline that belong to it: more bylines, a role, outlet and date."""
    outlet, date = publication or (None, None)
    found = list(authors)
    first_block, first_line = lines[0]
    can_be_role = found[-1].role is None and first_line.rstrip(" *").endswith(found[-1].printed)
    for block, line in lines[1:]:
        if opens_byline(line):
            if not (more := parse_byline(line)):
                break
            found += more
            can_be_role = False
        elif (parsed := parse_publication(line)) is not None:
            outlet, date = parsed[0] or outlet, parsed[1] or date
        elif is_date(line):
            date = iso_date(line)
        elif is_outlet_name(line) or _SPECIAL_TO.match(line):
            if not any(is_known(author.name) for author in found):
                return []
            outlet = _SPECIAL_TO.sub("", line)
        elif can_be_role and block is first_block and is_role(line):
            printed = f"{found[-1].printed} {line}"
            found = [
                replace(author, role=line, printed=printed)
                if author.printed == found[-1].printed
                else author
                for author in found
            ]
            can_be_role = False
        else:
            break
    return [
        replace(author, outlet=author.outlet or outlet, date=author.date or date)
        if author.credit is Credit.AUTHOR
        else author
        for author in found
    ]


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    is_list_of_authors = False
    for block in blocks:
        is_item = block.tag == "li" and is_list_of_authors
        if block.is_quote_or_caption or (block.tag in _SKIPPED_TAGS and not is_item):
            continue
        is_list_of_authors = is_item or _is_lone_label(block.text)
        for line in block.text.split("\n"):
            if line.strip():
                yield block, line.strip()


def _has_contact(lines: Sequence[tuple[Block, str]]) -> bool:
    return any(CONTACT.search(line[:MAX_LINE_CHARS]) for _, line in lines[:4])


def _is_preface(block: Block, line: str) -> bool:
    """Whether a byline may follow this line, because the text has not begun yet."""
    count = len(line.split())
    if count > 2 * MAX_PREFACE_WORDS:
        return False
    start = line[:MAX_LINE_CHARS]
    if OUTLET.match(start) or _CAPTION.match(start):
        return True
    is_short = count <= MAX_PREFACE_WORDS and not line.rstrip("”’\"'*").endswith(
        (".", "!", ":", ";", "…", ",")
    )
    is_preface = is_short or block.is_heading
    if not (is_preface or UPDATE_MARK.match(start) or _DOWNLOAD_OFFER.match(start)):
        return False
    return not (is_mention(start) or CONTACT.search(start) or ELSEWHERE.search(start))
