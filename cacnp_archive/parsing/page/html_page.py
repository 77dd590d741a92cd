"""HtmlPage: a parsed HTML page with everything that its parsers share."""

from collections.abc import Sequence
from dataclasses import dataclass

from cacnp_archive.model.layouts import LearnedLayout
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.layouts.learned import FoundParts, match_layout
from cacnp_archive.parsing.page.metadata import Metadata, select_metadata
from cacnp_archive.parsing.select import Element
from cacnp_archive.parsing.tree import base_url


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page of a site: its tree, its URL, and its metadata."""

    root: Element
    url: str
    """The URL of the capture."""
    base: str
    """The URL against which references are resolved."""
    metadata: Metadata
    site: Site
    look: FoundParts | None = None
    """What a learned layout names in it; None if none fits."""

    @classmethod
    def of(
        cls, root: Element, url: str, site: Site, layouts: Sequence[LearnedLayout] = ()
    ) -> "HtmlPage":
        """Return the page with this tree, captured at `url`."""
        metadata = select_metadata(root)
        return cls(root, url, base_url(root, url), metadata, site, match_layout(root, layouts))
