"""Build the body of an entry while its elements are walked."""

from collections.abc import Iterable
from itertools import chain

from cacnp_archive.parsing.furniture import is_emoji
from cacnp_archive.parsing.select import Element, fold, tag_of, tokens
from cacnp_archive.parsing.text.body import Block, Body, Reference
from cacnp_archive.parsing.text.embeds import embed_address, is_placeholder, quoted_post_url
from cacnp_archive.parsing.text.mail_protection import reveal, reveal_link
from cacnp_archive.parsing.text.sentences import Sentences
from cacnp_archive.parsing.text.tables import is_data_table

_CELLS = frozenset({"td", "th"})
_QUOTE_OR_CAPTION = frozenset({"blockquote", "figcaption", "caption"})
_BLOCKS = _CELLS | tokens(
    "address article aside blockquote caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p "
    "pre section summary table tbody tfoot thead tr ul"
)
_MENUS = frozenset({"aside", "footer", "menu", "nav"})
_TABLE_PARTS = _CELLS | {"caption", "tbody", "tfoot", "thead", "tr"}

MAX_CONTEXT_CHARS = 300
"""Length limit of the sentence that is kept around a link."""

MAX_LABEL_CHARS = 2000
"""Length limit of the text of a link."""


class BodyBuilder:
    """Builds blocks with exact offsets: white space is folded while text is added, not later."""

    def __init__(self) -> None:
        self._blocks: dict[int, Block] = {}
        self._references: list[Reference] = []
        self._embeds: list[Reference] = []
        self._media: list[Element] = []
        self._open_links: list[tuple[Element, Reference, int]] = []  # with their first part
        self._parts: list[str] = []  # the text of the current block
        self._size = 0
        self._block = 0
        self._tags: list[str] = ["div"]  # open blocks
        self._pre = 0  # open `pre` elements
        self._menus = 0  # open menus and side notes
        self._tables: list[bool] = []  # one per open table: whether it is a data table
        self._row_start: tuple[int, int] = (0, 0)
        self._cells = 0

    def enter(self, element: Element, tag: str) -> None:
        """Add the start of an element, and its text up to the first child."""
        if tag == "br":
            self._break(" " if self._in_data_table else "\n")
        elif self._is_block(tag):
            self._enter_block(element, tag)
        elif tag == "a" and element.get("href") is not None:
            reference = Reference(reveal_link(element.get("href", "")), is_embed=False)
            reference.block, reference.start = self._block, self._size
            reference.is_in_menu = self._menus > 0
            self._references.append(reference)
            self._open_links.append((element, reference, len(self._parts)))
        elif tag == "img":
            self._add_image(element)
        text = element.text
        if element.keys():
            if is_placeholder(element, tag):
                self.add_embed(element, tag)
            elif tag in ("blockquote", "div") and (address := quoted_post_url(element)):
                self._embeds.append(Reference(address, is_embed=True))
            elif "url(" in element.get("style", ""):
                self._media.append(element)
            encoded_email = element.get("data-cfemail")
            text = (reveal(encoded_email) if encoded_email else "") or text
        if text:
            self.add_text(text)

    def leave(self, element: Element) -> None:
        """Add the end of an element."""
        tag = tag_of(element)
        if self._open_links and self._open_links[-1][0] is element:
            self._close_link(*self._open_links.pop()[1:])
        elif self._is_block(tag):
            self._leave_block(tag)

    def add_embed(self, element: Element, tag: str) -> None:
        """Add an embed, if the element has a URL."""
        address = embed_address(element, tag)
        if address is not None:
            reference = Reference(address, is_embed=True, label=fold(element.get("title", "")))
            reference.block, reference.start, reference.end = self._block, self._size, self._size
            self._references.append(reference)
            self._embeds.append(reference)

    def _add_image(self, image: Element) -> None:
        if is_emoji(image):
            self.add_text(image.get("alt", ""))
            return
        self._media.append(image)
        if self._open_links:
            self._open_links[-1][1].label += f" {image.get('alt', '')}"

    def add_player(self, player: Element) -> None:
        """Add a player and its fallback links, whose text browsers do not show."""
        self._media.append(player)
        for link in player.iter("a"):
            if link.get("href") is not None:
                label = fold("".join(map(str, link.itertext())))
                reference = Reference(link.get("href", ""), is_embed=False, label=label)
                reference.block = self._block
                self._references.append(reference)

    def add_text(self, text: str) -> None:
        """Add text; only in `pre` its line breaks are kept."""
        if self._pre and not self._in_data_table:
            first, *others = text.split("\n")
            self._append(first)
            for line in others:
                self._break("\n")
                self._append(line)
        else:
            self._append(text)

    def finish(self) -> Body:
        """Return the body, with the context of each reference."""
        self._flush()
        sentences: dict[int, Sentences] = {}
        for reference in self._references:
            block = self._blocks.get(reference.block)
            if block is None:
                continue
            if reference.block not in sentences:
                sentences[reference.block] = Sentences(block.text)
            start, end = sentences[reference.block].around(reference.start, reference.end)
            reference.context = excerpt(
                block.text[start:end], reference.start - start, reference.end - start
            )
        blocks = tuple(self._blocks.values())
        return Body(
            blocks,
            tuple(self._references),
            "\n\n".join(block.text for block in blocks),
            tuple(self._embeds),
            tuple(self._media),
        )

    def _is_block(self, tag: str) -> bool:
        """Whether a tag starts a block; parts of a table do so only within a table."""
        return tag in _BLOCKS and (bool(self._tables) or tag not in _TABLE_PARTS)

    @property
    def _in_data_table(self) -> bool:
        return bool(self._tables) and self._tables[-1]

    def _enter_block(self, element: Element, tag: str) -> None:
        if tag == "table":
            self._flush()
            self._tables.append(is_data_table(element))
        elif not self._in_data_table:
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
        self._menus += tag in _MENUS

    def _leave_block(self, tag: str) -> None:
        self._pre -= tag == "pre"
        self._menus -= tag in _MENUS
        if tag == "table" or not self._in_data_table:
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
        if reference.block == self._block:
            since = range(first_part, len(self._parts))
            label = _join_label(map(self._parts.__getitem__, since), "")
            reference.end = self._size
        else:
            block = self._blocks.get(reference.block)
            label = "" if block is None else block.text[reference.start :]
            reference.end = reference.start + len(label)
            between = (
                self._blocks[number].text
                for number in range(reference.block + 1, self._block)
                if number in self._blocks
            )
            label = _join_label(chain([label], between, ["".join(self._parts)]), " ")
        reference.label = fold(label) or fold(reference.label)

    def _append(self, text: str) -> None:
        text = _fold_spaces(text)
        if not self._size or self._parts[-1][-1] in " \n\t":
            text = text.removeprefix(" ")
        if text:
            self._parts.append(text)
            self._size += len(text)

    def _break(self, separator: str) -> None:
        """End a line, a cell or (by a space) a word; a block never starts with a separator."""
        if separator == " ":
            self._append(separator)
            return
        self._trim()
        if separator == "\n" and (not self._size or self._parts[-2:] == ["\n", "\n"]):
            return
        self._parts.append(separator)
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
            is_quote_or_caption = not _QUOTE_OR_CAPTION.isdisjoint(self._tags)
            self._blocks[self._block] = Block(text, self._tags[-1], is_quote_or_caption)
        self._parts.clear()
        self._size = 0
        self._block += 1


def excerpt(text: str, start: int, end: int, limit: int = MAX_CONTEXT_CHARS) -> str:
    """Return at most `limit` characters of a text around a span, in whole words if possible.

    >>> excerpt("one two three four five", 8, 13, limit=14)
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


def _join_label(texts: Iterable[str], separator: str) -> str:
    """Join texts up to MAX_LABEL_CHARS: a link may contain a whole page."""
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


def _fold_spaces(text: str) -> str:
    """Return a text with each run of white space as one space, also at the ends."""
    words = " ".join(text.split())
    if not words:
        return text and " "
    return f"{' ' * text[0].isspace()}{words}{' ' * text[-1].isspace()}"
