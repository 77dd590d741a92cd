"""Tell data tables from layout tables."""

from cacnp_archive.parsing.select import Element, tag_of

_SECTION_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote"})
_MAX_LAYOUT_ROWS = 2


def is_data_table(table: Element) -> bool:
    """Whether a table contains data rather than the layout of a page.

    Layout tables have the role `presentation`, contain other tables, or are small, without headings
    and with whole sections of text in their cells, as in the columns of old pages.
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
    return tags.count("p") > 1 or not _SECTION_TAGS.isdisjoint(tags)
