"""Tables of data and tables for layout."""

from cacnp_archive.parsing.select import Element, tag_of

_SECTIONS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote"})
_MAX_LAYOUT_ROWS = 2


def is_data_table(table: Element) -> bool:
    """Whether the rows and cells of a table mean something.

    They don't in a table that calls itself presentation or holds other tables, nor in a small one
    without headings whose cells are whole sections of text: old pages set their columns so.
    """
    if table.get("role") in ("presentation", "none"):
        return False
    if next(table.iterdescendants("table"), None) is not None:
        return False
    if next(table.iterdescendants("th", "caption"), None) is not None:
        return True
    rows = list(table.iterdescendants("tr"))
    is_column = all(len(row) <= 1 for row in rows)
    if len(rows) > _MAX_LAYOUT_ROWS and not is_column:
        return True
    return not any(_is_section(cell) for cell in table.iterdescendants("td"))


def _is_section(cell: Element) -> bool:
    tags = [tag_of(child) for child in cell.iterchildren()]
    return tags.count("p") > 1 or not _SECTIONS.isdisjoint(tags)
