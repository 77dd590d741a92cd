"""Parse the body of a content file: blocks separated by blank lines.

By John Erath                                    a paragraph (wrapped lines are joined)
{#note1} text   {center} text                    a paragraph with an id, a centred one
## Heading                                       also ### and ####
- item   1. item                                 lists; two spaces nest
> quoted                                         a quotation; a lone > separates paragraphs
| a | b |                                        a table; |---| under the first row: header
@image path | alt | caption | variant            see body_blocks.Image.VARIANTS
@gallery  (then one "path | alt | caption" per line)
@youtube id | title      @vimeo id | title       @soundcloud track | title
@audio path   @video path | poster | caption     @file path | name
@script code  @style code  @hr
"""

import re
from functools import lru_cache

from cacnp_archive.replica.source.body_blocks import (
    Audio,
    Block,
    Code,
    Embed,
    File,
    Gallery,
    Heading,
    Image,
    Item,
    ItemList,
    Paragraph,
    Quote,
    Rule,
    Table,
    Video,
)
from cacnp_archive.replica.source.inline import Inline

_ITEM = re.compile(r"^( *)(-|\d+\.) (.*)$")
_PREFIX = re.compile(r"^\{(#[\w-]+|center)\} ")


@lru_cache(maxsize=8192)
def parse_body(source: str) -> tuple[Block, ...]:
    """Return the blocks of a body; raises ValueError for unknown markup."""
    chunks = [chunk.strip("\n") for chunk in re.split(r"\n[ \t]*\n", source.strip("\n"))]
    return tuple(_block(chunk) for chunk in chunks if chunk.strip(" \n"))


def _block(chunk: str) -> Block:
    if chunk.startswith("@"):
        return _directive(chunk)
    if chunk.startswith(("## ", "### ", "#### ")):
        marks, _, text = chunk.partition(" ")
        return Heading(len(marks), _inline(text))
    if _ITEM.match(chunk.partition("\n")[0]):
        return _listing(chunk.split("\n"))
    if chunk.startswith(">"):
        lines = "\n".join(line.removeprefix(">").strip(" ") for line in chunk.split("\n"))
        return Quote(tuple(_inline(part) for part in re.split(r"\n\n+", lines)))
    if chunk.startswith("|"):
        return _table(chunk.split("\n"))
    prefix = _PREFIX.match(chunk)
    if prefix is None:
        return Paragraph(_inline(chunk))
    inline = _inline(chunk[prefix.end() :])
    if prefix[1] == "center":
        return Paragraph(inline, style="text-align: center;")
    return Paragraph(inline, anchor=prefix[1].removeprefix("#"))


def _inline(text: str) -> Inline:
    inline = Inline(" ".join(line.strip(" ") for line in text.split("\n")))
    inline.text()  # an unknown tag fails here, not at the first request
    return inline


def _listing(lines: list[str]) -> ItemList:
    joined: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            joined.append(line)
        else:
            joined[-1] += " " + line.strip(" ")
    return _nest(joined)


def _nest(lines: list[str]) -> ItemList:
    """Turn lines into list items; lines indented deeper than the first are nested."""
    depth = len(lines[0]) - len(lines[0].lstrip(" "))
    items: list[Item] = []
    inner: list[str] = []
    for line in lines:
        match = _ITEM.match(line)
        if match is None:
            raise ValueError(f"no list item: {line!r}")
        if len(match[1]) > depth:
            inner.append(line)
            continue
        _attach(items, inner)
        inner = []
        items.append(Item(_inline(match[3])))
    _attach(items, inner)
    return ItemList(lines[0].lstrip(" ")[0].isdigit(), tuple(items))


def _attach(items: list[Item], inner: list[str]) -> None:
    if inner:
        items[-1] = Item(items[-1].inline, _nest(inner))


def _table(lines: list[str]) -> Table:
    header = len(lines) > 1 and set(lines[1]) <= set("|- ")
    if header:
        del lines[1]
    rows = tuple(
        tuple(_inline(cell) for cell in line.strip(" ").strip("|").split("|")) for line in lines
    )
    return Table(rows, header)


def _directive(chunk: str) -> Block:
    name, _, rest = chunk[1:].partition(" ")
    name, _, more = name.partition("\n")
    fields = _fields(rest)
    match name:
        case "image":
            return _image(fields)
        case "gallery":
            lines = (more + " " + rest).split("\n")
            return Gallery(tuple(_image(_fields(line)) for line in lines))
        case "youtube" | "vimeo" | "soundcloud":
            return Embed(name, _EMBEDS[name].format(fields[0]), fields[1])
        case "audio":
            return Audio(fields[0])
        case "video":
            return Video(fields[0], fields[1], _inline(fields[2]))
        case "file":
            return File(fields[0], fields[1])
        case "script" | "style":
            return Code(name, rest)
        case "hr":
            return Rule()
    raise ValueError(f"unknown block @{name}")


_EMBEDS = {
    "youtube": "https://www.youtube.com/embed/{}?feature=oembed",
    "vimeo": "https://player.vimeo.com/video/{}",
    "soundcloud": "https://w.soundcloud.com/player/"
    "?url=https%3A//api.soundcloud.com/tracks/{}&color=%23ff5500",
}


def _fields(text: str) -> list[str]:
    return [part.strip(" \n") for part in text.split("|")]


def _image(fields: list[str]) -> Image:
    path, alt, caption, variant = (*fields, "", "", "")[:4]
    variant = variant or "classic"
    if variant not in Image.VARIANTS:
        raise ValueError(f"unknown image variant {variant!r}")
    return Image(path, alt, _inline(caption) if caption else None, variant)
