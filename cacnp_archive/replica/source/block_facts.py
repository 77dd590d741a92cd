"""The text, links and media of a block, never taken from its HTML."""

from dataclasses import dataclass
from typing import assert_never

from cacnp_archive.replica.source.body_blocks import (
    Audio,
    Block,
    Code,
    Embed,
    File,
    Gallery,
    Heading,
    Image,
    ItemList,
    Paragraph,
    Quote,
    Rule,
    Table,
    Video,
)
from cacnp_archive.replica.source.inline import Hyperlink, Inline


@dataclass(frozen=True, slots=True)
class Medium:
    """An image, audio or video; `alt` is None for audio and video."""

    path: str
    alt: str | None
    caption: str | None


def inlines(block: Block) -> list[Inline]:
    """Return the runs of text of a block in document order."""
    match block:
        case Paragraph() | Heading():
            return [block.inline]
        case ItemList():
            found = []
            for item in block.items:
                found += [item.inline, *(inlines(item.nested) if item.nested else [])]
            return found
        case Table():
            return [cell for row in block.rows for cell in row]
        case Quote():
            return list(block.paragraphs)
        case Image():
            return [block.caption] if block.caption else []
        case Gallery():
            return [image.caption for image in block.images if image.caption]
        case Video():
            return [block.caption]
        case File():
            return [Inline(f'<a href="{block.path}">{block.name}</a> Download')]
        case Embed() | Audio() | Code() | Rule():
            return []
    assert_never(block)


def links(block: Block) -> list[Hyperlink]:
    """Return the links and embeds of a block in document order."""
    match block:
        case Embed():
            return [Hyperlink(block.url, block.title, embed=True)]
        case Audio():
            return [Hyperlink(block.path, "OWN-URL")]
        case File():
            return [Hyperlink(block.path, block.name), Hyperlink(block.path, "Download")]
        case Gallery():
            found = []
            for image in block.images:
                found.append(Hyperlink(image.path, image.alt))
                found += image.caption.links() if image.caption else []
            return found
    return [link for run in inlines(block) for link in run.links()]


def media(block: Block) -> list[Medium]:
    """Return the media of a block in document order."""
    match block:
        case Image():
            caption = block.caption.text() if block.caption else None
            return [Medium(block.path, block.alt, caption)]
        case Gallery():
            return [medium for image in block.images for medium in media(image)]
        case Audio():
            return [Medium(block.path, None, None)]
        case Video():
            return [Medium(block.path, None, block.caption.text())]
    return []


def requisites(block: Block) -> list[str]:
    """Return the paths, as written, of the files that a block shows or plays."""
    match block:
        case Image():
            webp = [block.webp_path] if block.variant == "picture" else []
            return [block.path, *(path for path, _ in block.copies), *webp]
        case Gallery():
            return [path for image in block.images for path in requisites(image)]
        case Audio():
            return [block.path]
        case Video():
            return [block.path, block.poster]
    return []
