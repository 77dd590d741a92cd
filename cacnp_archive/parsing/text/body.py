"""The text of an entry, the links in it with the text around them, and its media, in one walk."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from cacnp_archive.parsing.page.furniture import (
    is_emoji,
    is_entry,
    is_form,
    is_furniture,
    is_list_of_posts,
)
from cacnp_archive.parsing.select import Element, fold, tag_of, tokens
from cacnp_archive.parsing.text.embeds import embed_address, is_placeholder, quoted_post_url
from cacnp_archive.parsing.text.mail_protection import reveal, reveal_link
from cacnp_archive.parsing.text.references import Reference
from cacnp_archive.parsing.text.sentences import Sentences
from cacnp_archive.parsing.text.tables import is_data_table

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
_APART = frozenset({"blockquote", "figcaption", "caption"})
_BLOCKS = (
    _HEADINGS
    | _CELLS
    | tokens(
        "address article aside blockquote caption center dd details dialog dir div dl dt fieldset "
        "figcaption figure footer form header hgroup hr legend li main menu nav ol p pre section "
        "summary table tbody tfoot thead tr ul"
    )
)
_TABLE_PARTS = _CELLS | {"caption", "tbody", "tfoot", "thead", "tr"}
_FRAMES = frozenset({"iframe", "embed", "object"})
_PLAYERS = frozenset({"audio", "video"})
_UNREAD = tokens(
    "applet base button canvas datalist frame frameset head input link map meta noembed "
    "noframes noscript script select style svg template textarea title"
) | {""}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, caption or table of the text; lines end in a line feed."""

    text: str
    tag: str
    """The element that holds it: `p`, `h2`, `figcaption`..."""
    is_quote_or_caption: bool = False
    """Whether it stands in a quotation or caption."""

    @property
    def is_heading(self) -> bool:
        """Whether the markup calls it a heading."""
        return self.tag in _HEADINGS


@dataclass(frozen=True, slots=True)
class Body:
    """What an entry says."""

    blocks: tuple[Block, ...] = ()
    references: tuple[Reference, ...] = ()
    text: str = ""
    embeds: tuple[Reference, ...] = ()
    """Frames, as in `references`, and the posts of other sites that it quotes, as `embeds`."""
    media: tuple[Element, ...] = ()
    """The elements that show an image or play a file."""


MAX_CONTEXT_CHARS = 300
MAX_LABEL_CHARS = 2000


def select_body(content: Element) -> Body:
    r"""Read the element that holds an entry's content.

    `<p>By <b>A B</b></p><p>One<br>two <a href="/x">three</a></p>` gives the blocks "By A B" and
    "One\ntwo three", and a reference to `/x`. Inline markup adds and removes no space; table cells
    are joined by tabs, rows by line feeds; a table around tables is taken for layout.
    """
    writer = _Writer()
    stack: list[tuple[Element, bool]] = [(content, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving:
            writer.leave(element)
        else:
            tag = tag_of(element)
            is_left_out = element is not content and _is_left_out(element, tag)
            if is_left_out:
                if is_placeholder(element, tag):
                    writer.embed(element, tag)
            elif tag in _FRAMES:
                writer.embed(element, tag)
            elif tag in _PLAYERS:
                writer.play(element)
            elif tag not in _UNREAD:
                writer.enter(element, tag)
                stack.append((element, True))
                stack.extend((child, False) for child in element.iterchildren(reversed=True))
                continue
        if element is not content and element.tail:
            writer.write(element.tail)
    return writer.finish()


def around(text: str, start: int, end: int, limit: int = MAX_CONTEXT_CHARS) -> str:
    """Return at most `limit` characters of a text around a part of it, in whole words if possible.

    >>> around("one two three four five", 8, 13, limit=14)
    'two three four'
    """
    if len(text) <= limit:
        return text.strip()
    room = max(limit - (end - start), 0)
    first = max(0, min(start - room // 2, len(text) - limit))
    last = min(len(text), first + limit)
    if first > 0 and not text[first - 1].isspace():
        first = _next_space(text, first, start)
    if last < len(text) and not text[last].isspace():
        last = max(text.rfind(" ", end, last), end) if end < last else last
    return text[first:last].strip()


def _joined(texts: Iterable[str], separator: str) -> str:
    """Join texts until they are long enough for a label: links may hold whole pages."""
    found: list[str] = []
    room = MAX_LABEL_CHARS
    for text in texts:
        found.append(text[:room])
        room -= len(text)
        if room <= 0:
            break
    return separator.join(found)


def _next_space(text: str, first: int, start: int) -> int:
    space = text.find(" ", first, start)
    return first if space < 0 else space + 1


def _without_runs_of_space(text: str) -> str:
    """Return a text with each run of white space as one space, at the ends too."""
    words = " ".join(text.split())
    if not words:
        return text and " "
    return f"{' ' * text[0].isspace()}{words}{' ' * text[-1].isspace()}"


def _is_left_out(element: Element, tag: str) -> bool:
    if not element.keys():
        return tag == "form" and is_form(element)
    return (
        is_furniture(element)
        or is_entry(element)
        or (tag == "form" and is_form(element))
        or (tag == "ul" and is_list_of_posts(element))
    )


class _Writer:
    """Builds blocks with exact offsets: white space is folded as it comes, never afterwards."""

    def __init__(self) -> None:
        self.blocks: dict[int, Block] = {}
        self.references: list[Reference] = []
        self.embeds: list[Reference] = []
        self.media: list[Element] = []
        self._open: list[tuple[Element, Reference, int]] = []
        self._parts: list[str] = []
        self._size = 0
        self._number = 0
        self._tags: list[str] = ["div"]
        self._pre = 0
        self._tables: list[bool] = []  # one a table: whether it is a table of data
        self._row_start: tuple[int, int] = (0, 0)
        self._cells = 0

    def enter(self, element: Element, tag: str) -> None:
        if tag == "br":
            self._break(" " if self._in_data else "\n")
        elif self._is_block(tag):
            self._enter_block(element, tag)
        elif tag == "a" and element.get("href") is not None:
            reference = Reference(reveal_link(element.get("href", "")), is_embed=False)
            reference.block, reference.start = self._number, self._size
            self.references.append(reference)
            self._open.append((element, reference, len(self._parts)))
        elif tag == "img":
            self._show(element)
        text = element.text
        if element.keys():
            if is_placeholder(element, tag):
                self.embed(element, tag)
            elif tag in ("blockquote", "div") and (address := quoted_post_url(element)):
                self.embeds.append(Reference(address, is_embed=True))
            elif "url(" in element.get("style", ""):
                self.media.append(element)
            hidden = element.get("data-cfemail")
            text = (reveal(hidden) if hidden else "") or text
        if text:
            self.write(text)

    def leave(self, element: Element) -> None:
        tag = tag_of(element)
        if self._open and self._open[-1][0] is element:
            self._close_link(*self._open.pop()[1:])
        elif self._is_block(tag):
            self._leave_block(tag)

    def embed(self, element: Element, tag: str) -> None:
        address = embed_address(element, tag)
        if address is not None:
            reference = Reference(address, is_embed=True, label=fold(element.get("title", "")))
            reference.block, reference.start, reference.end = self._number, self._size, self._size
            self.references.append(reference)
            self.embeds.append(reference)

    def _show(self, image: Element) -> None:
        if is_emoji(image):
            self.write(image.get("alt", ""))
            return
        self.media.append(image)
        if self._open:
            self._open[-1][1].label += f" {image.get('alt', '')}"

    def play(self, player: Element) -> None:
        """Take the links that a player offers where it can't play; their text is not shown."""
        self.media.append(player)
        for link in player.iter("a"):
            if link.get("href") is not None:
                label = fold("".join(map(str, link.itertext())))
                reference = Reference(link.get("href", ""), is_embed=False, label=label)
                reference.block = self._number
                self.references.append(reference)

    def write(self, text: str) -> None:
        if self._pre and not self._in_data:
            first, *others = text.split("\n")
            self._append(first)
            for line in others:
                self._break("\n")
                self._append(line)
        else:
            self._append(text)

    def finish(self) -> Body:
        self._flush()
        sentences: dict[int, Sentences] = {}
        for reference in self.references:
            block = self.blocks.get(reference.block)
            if block is None:
                continue
            if reference.block not in sentences:
                sentences[reference.block] = Sentences(block.text)
            start, end = sentences[reference.block].around(reference.start, reference.end)
            reference.context = around(
                block.text[start:end], reference.start - start, reference.end - start
            )
        blocks = tuple(self.blocks.values())
        return Body(
            blocks,
            tuple(self.references),
            "\n\n".join(block.text for block in blocks),
            tuple(self.embeds),
            tuple(self.media),
        )

    def _is_block(self, tag: str) -> bool:
        """Whether a tag begins a block; the parts of a table do so in a table alone."""
        return tag in _BLOCKS and (bool(self._tables) or tag not in _TABLE_PARTS)

    @property
    def _in_data(self) -> bool:
        return bool(self._tables) and self._tables[-1]

    def _enter_block(self, element: Element, tag: str) -> None:
        if tag == "table":
            self._flush()
            self._tables.append(is_data_table(element))
        elif not self._in_data:
            self._flush()
        elif tag == "tr":
            self._start_row()
        elif tag in _CELLS:
            if self._cells:
                self._break("\t")
            self._cells += 1
        else:
            self._break(" ")
        self._tags.append(tag)
        self._pre += tag == "pre"

    def _leave_block(self, tag: str) -> None:
        self._pre -= tag == "pre"
        if tag == "table" or not self._in_data:
            self._flush()
        elif tag == "tr":
            self._drop_empty_row()
        elif tag not in _CELLS:
            self._break(" ")
        self._tags.pop()
        if tag == "table":
            self._tables.pop()

    def _start_row(self) -> None:
        self._trim()
        self._row_start = (len(self._parts), self._size)
        self._break("\n")
        self._cells = 0

    def _drop_empty_row(self) -> None:
        count, size = self._row_start
        if not "".join(self._parts[count:]).strip():
            del self._parts[count:]
            self._size = size

    def _close_link(self, reference: Reference, first_part: int) -> None:
        if reference.block == self._number:
            since = range(first_part, len(self._parts))
            shown = _joined(map(self._parts.__getitem__, since), "")
            reference.end = self._size
        else:
            block = self.blocks.get(reference.block)
            shown = "" if block is None else block.text[reference.start :]
            reference.end = reference.start + len(shown)
            between = (
                self.blocks[number].text
                for number in range(reference.block + 1, self._number)
                if number in self.blocks
            )
            shown = _joined(chain([shown], between, ["".join(self._parts)]), " ")
        reference.label = fold(shown) or fold(reference.label)

    def _append(self, text: str) -> None:
        text = _without_runs_of_space(text)
        if not self._size or self._parts[-1][-1] in " \n\t":
            text = text.removeprefix(" ")
        if text:
            self._parts.append(text)
            self._size += len(text)

    def _break(self, mark: str) -> None:
        """End a line, a cell or, with a space, a word; a mark never stands first in a block."""
        if mark == " ":
            self._append(mark)
            return
        self._trim()
        if mark == "\n" and (not self._size or self._parts[-2:] == ["\n", "\n"]):
            return
        self._parts.append(mark)
        self._size += 1

    def _trim(self) -> None:
        if self._parts and self._parts[-1][-1] == " ":
            self._size -= 1
            self._parts[-1] = self._parts[-1][:-1]
            if not self._parts[-1]:
                self._parts.pop()

    def _flush(self) -> None:
        text = "".join(self._parts).rstrip()
        if text.strip():
            is_quote_or_caption = not _APART.isdisjoint(self._tags)
            self.blocks[self._number] = Block(text, self._tags[-1], is_quote_or_caption)
        self._parts.clear()
        self._size = 0
        self._number += 1
