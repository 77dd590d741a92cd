"""How the text of an article was found in its page."""

from enum import StrEnum


class Layout(StrEnum):
    """What said where the text of an article stands in its page; the surest first."""

    KNOWN = "known"
    """The class names of WordPress, a theme or a page builder."""
    LEARNED = "learned"
    """Pages of the same look whose text was known from elsewhere."""
    COMPARED = "compared"
    """Pages of the same look, by what differs between them."""
    GENERAL = "general"
    """The prose of this page alone: a guess."""

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return list(Layout).index(self)
