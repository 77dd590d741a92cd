"""Load the content files: TOML with one table per post.

A file may start with `[defaults]` for all of its entries. `[[article]]` entries contain their
body; the bodies of `[[mention]]`, `[[podcast]]` and `[[video]]` entries are generated here.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from typing import Any

from cacnp_archive.replica.source.inline import Inline, folded
from cacnp_archive.replica.source.posts import Article, Author, Category, Comment, Mention, slugify

Table = dict[str, Any]

_FIRST_IMPORTED_ID = 601
_FIRST_LATER_ID = 8101
_ID_STEP = 7
_LATER = 2016


@dataclass(slots=True)
class Content:
    """The content of all files."""

    articles: list[Article] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    documents: list[Table] = field(default_factory=list)
    facts: Table = field(default_factory=dict)


def load_content() -> Content:
    """Read every file in `content/`."""
    content = Content()
    entries: list[Table] = []
    folder = files("cacnp_archive.replica").joinpath("content")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        table = tomllib.loads(file.read_text("utf-8"))
        entries += _entries(table)
        content.documents += table.pop("document", [])
        content.facts |= {k: v for k, v in table.items() if k in ("site", "redirect", "gone")}
        for row in table.get("category", []):
            number = len(content.categories) + 3
            content.categories.append(Category(number, row["name"], row["path"]))
    ids = _ids(entries)
    content.articles = [_article(entry, ids[entry["path"]]) for entry in entries]
    return content


def _entries(table: Table) -> Iterator[Table]:
    defaults = table.get("defaults", {})
    for group, body_of in _BODIES.items():
        for row in table.get(group, []):
            entry = defaults | row
            entry["path"] = entry.get("path") or entry.get("slug") or slugify(entry["title"])
            entry["body"] = body_of(entry)
            yield entry


def _ids(entries: list[Table]) -> dict[str, int]:
    """Return WordPress ids: in order of import before 2016, chronological afterwards."""
    taken = {entry["id"] for entry in entries if "id" in entry}
    later = sorted((e for e in entries if e["date"].year >= _LATER), key=lambda e: e["date"])
    imported = [e for e in entries if e["date"].year < _LATER]
    ids: dict[str, int] = {}
    for group, number in ((imported, _FIRST_IMPORTED_ID), (later, _FIRST_LATER_ID)):
        for entry in group:
            if entry["path"] in ids:
                raise ValueError(f"two entries at /{entry['path']}/")
            if "id" in entry:
                ids[entry["path"]] = entry["id"]
                continue
            while number in taken:
                number += _ID_STEP
            ids[entry["path"]] = number
            number += _ID_STEP
    return ids


def _article(entry: Table, wordpress_id: int) -> Article:
    patterns = tuple(entry.get("patterns", ()))
    body: str = entry["body"]
    published: datetime = entry["date"]
    is_page = entry["kind"] == "page"
    return Article(
        wordpress_id=wordpress_id,
        path=entry["path"],
        title=entry["title"],
        kind=entry["kind"],
        published_at=published,
        modified_at=entry.get("modified", published if is_page else None),
        body=lambda: body,
        categories=tuple(sorted(entry.get("categories", ()), key=str.lower)),
        primary=entry.get("primary"),
        tags=tuple(entry.get("tags", ())),
        people=tuple(entry.get("people", ())),
        authors=_authors(entry, patterns),
        mentions=tuple(_mention(row) for row in entry.get("mentions", ())),
        patterns=patterns,
        lookalike=entry.get("lookalike") or None,
        updated_note=entry.get("updated_note"),
        body_language=entry.get("language", "en"),
        teaser=entry.get("teaser"),
        share=entry.get("share", False),
        print_tags=entry.get("print_tags", False),
        in_lists=entry.get("in_lists", True),
        featured_image=entry.get("featured_image"),
        analysis_of=entry.get("analysis_of"),
        comments=tuple(
            Comment(row["id"], row["name"], row["text"]) for row in entry.get("comments", ())
        ),
    )


def _authors(entry: Table, patterns: tuple[int, ...]) -> tuple[Author, ...]:
    """Return the authors; a byline without a list of authors names one, after its "by"."""
    rows = entry.get("authors")
    if rows is None and "byline" in entry:
        rows = [{"name": entry["byline"].partition(" ")[2]}]
    return tuple(_author(row, entry, patterns) for row in rows or ())


def _author(row: Table, entry: Table, patterns: tuple[int, ...]) -> Author:
    name: str = row["name"]
    byline: str = entry.get("byline", "")
    return Author(
        name=name,
        person=row.get("person") or name,
        printed=row.get("printed") or byline,
        role=row.get("role"),
        credit=row.get("credit", "author"),
        pattern=row.get("pattern", patterns[0] if patterns else None),
        found_in=row.get("found_in", "body"),
    )


def _mention(row: Table) -> Mention:
    return Mention(row["person"], row.get("role"), row["outlet"], row["kind"])


def _plain_body(entry: Table) -> str:
    body = entry.get("body", "")
    if not isinstance(body, str):
        raise TypeError(f"the body of {entry['path']} is no text")
    return body


_VERBS = {
    "quoted": "was quoted in",
    "spoke": "spoke with",
    "guest": "was a guest on",
    "wrote": "wrote an op-ed in",
    "co-wrote": "co-authored an op-ed in",
}


def _mention_body(entry: Table) -> str:
    """Return the body of a media mention: person, outlet and topic, a quotation, a link."""
    verb = entry.get("words") or _VERBS[entry["verb"]]
    outlet = f'<a href="{entry["url"]}">{entry["outlet"]}</a>'
    lead = f"{entry['role']} {entry['person']} {verb} {outlet} {entry['about']}."
    entry["mentions"] = [
        {
            "person": entry["person"],
            "role": entry["role"],
            "outlet": folded(Inline(entry["outlet"]).text()),
            "kind": entry["verb"],
        },
        *entry.get("mentions", []),
    ]
    entry.setdefault("patterns", [1])
    entry.setdefault("people", [entry["person"]])
    parts = [lead, *entry.get("quote", [])]
    if "more" in entry:
        parts.append(f'<a href="{entry["url"]}">{entry["more"]}</a>')
    return "\n\n".join(parts)


def _podcast_body(entry: Table) -> str:
    """Return the body of a podcast post: links to directories, the player, a paragraph."""
    links = (
        'Download the podcast on <a href="https://itunes.apple.com/us/podcast/id1164564104">'
        'iTunes</a>, <a href="https://play.google.com/music/listen">Google Play</a>, '
        '<a href="https://www.stitcher.com/podcast/nukes-of-hazard">Stitcher</a> or '
        f'<a href="https://soundcloud.com/nukesofhazard/{entry["track"]}">SoundCloud</a>.'
    )
    player = f"@audio {entry['audio']}" if "audio" in entry else ""
    embed = f"@soundcloud {entry['soundcloud']} | {entry['title']}" if "soundcloud" in entry else ""
    return "\n\n".join(part for part in (links, player, embed, entry["text"]) if part)


def _video_body(entry: Table) -> str:
    """Return the body of a video post: a sentence and the player."""
    return f"{entry['text']}\n\n@youtube {entry['youtube']} | {entry['title']}"


_BODIES = {
    "article": _plain_body,
    "mention": _mention_body,
    "podcast": _podcast_body,
    "video": _video_body,
}
