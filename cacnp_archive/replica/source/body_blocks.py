"""The block types of a body."""

from dataclasses import dataclass

from cacnp_archive.replica.source.inline import Inline

Size = tuple[int, int]
"""Width and height in pixels."""

SCALED_SIZE: Size = (2560, 1707)
_USUAL_SIZE: Size = (1024, 683)


def full_size(path: str) -> Size:
    """Return the size of an uploaded image.

    >>> full_size("/wp-content/uploads/2022/06/treaty-signing-scaled.jpg")
    (2560, 1707)
    """
    return SCALED_SIZE if path.rpartition(".")[0].endswith("-scaled") else _USUAL_SIZE


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its id (`anchor`) and style attribute, which may be empty."""

    inline: Inline
    anchor: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 to 6."""

    level: int
    inline: Inline


@dataclass(frozen=True, slots=True)
class Item:
    """A list item with its nested list, if any."""

    inline: Inline
    nested: "ItemList | None" = None


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list, ordered or not."""

    ordered: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells; `header` says whether the first row is a header row."""

    rows: tuple[tuple[Inline, ...], ...]
    header: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation of paragraphs."""

    paragraphs: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """An image on the site, rendered in one of the ways of WordPress and its plug-ins."""

    path: str
    alt: str
    caption: Inline | None
    variant: str

    VARIANTS = ("classic", "block", "lazy", "rocket", "picture", "background", "plain")

    @property
    def copies(self) -> list[tuple[str, int]]:
        """The smaller copies that WordPress made: path and width in pixels."""
        if self.variant in ("plain", "background"):
            return []
        stem, _, extension = self.path.rpartition(".")
        stem = stem.removesuffix("-scaled")
        return [(f"{stem}-300x200.{extension}", 300), (f"{stem}-768x512.{extension}", 768)]

    @property
    def webp_path(self) -> str:
        """The file that a `<picture>` offers first."""
        return self.path.rpartition(".")[0] + ".webp"


@dataclass(frozen=True, slots=True)
class Gallery:
    """A classic gallery with captions in `dd`; each image links to its file."""

    images: tuple[Image, ...]


@dataclass(frozen=True, slots=True)
class Embed:
    """An iframe of another site; `provider` is youtube, soundcloud or vimeo."""

    provider: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Audio:
    """The player of WordPress's [audio] shortcode, with its fallback link."""

    path: str


@dataclass(frozen=True, slots=True)
class Video:
    """A video on the site with a poster and a caption."""

    path: str
    poster: str
    caption: Inline


@dataclass(frozen=True, slots=True)
class File:
    """Gutenberg's file block: a linked name and a download button."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """A script or style element inside a body."""

    tag: str
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule."""


Block = (
    Paragraph
    | Heading
    | ItemList
    | Table
    | Quote
    | Image
    | Gallery
    | Embed
    | Audio
    | Video
    | File
    | Code
    | Rule
)
