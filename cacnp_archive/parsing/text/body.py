"""The body of an entry: its text in blocks, and its links, embeds and media."""

from dataclasses import dataclass

from cacnp_archive.parsing.select import Element

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, caption or table; lines are separated by line feeds."""

    text: str
    tag: str
    """Tag of its element: `p`, `h2`, `figcaption`..."""
    is_quote_or_caption: bool = False
    """Whether it is part of a quotation or caption."""

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading element."""
        return self.tag in _HEADINGS


@dataclass(slots=True)
class Reference:
    """A link or embed, with its position in the text."""

    address: str
    """As printed in the markup."""
    is_embed: bool
    label: str = ""
    """Text of the link, alternative text of its image, or title of the embed."""
    context: str = ""
    """The sentence around it."""
    block: int = 0
    """Number of its block, in the order of the blocks; empty blocks also count."""
    start: int = 0
    """Offset in the text of the block."""
    end: int = 0
    is_in_menu: bool = False
    """Whether it is in a menu or a side note of the theme within the content."""


@dataclass(frozen=True, slots=True)
class Body:
    """The content of an entry."""

    blocks: tuple[Block, ...] = ()
    references: tuple[Reference, ...] = ()
    text: str = ""
    embeds: tuple[Reference, ...] = ()
    """Embeds, which are also in `references`, and quoted posts of other sites."""
    media: tuple[Element, ...] = ()
    """The elements of images, audio and video."""
