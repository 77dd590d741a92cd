"""Templates of self-contained HTML files: their head, colours and escaping."""

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cacnp_archive.display.printable import printable


def templates_of(package: str) -> Environment:
    """Return an environment for the templates in a package's folder, which extend `layout.html`.

    Texts are escaped, control characters included.
    """
    return Environment(
        autoescape=True,
        loader=ChoiceLoader([PackageLoader(package, "."), PackageLoader(__name__, ".")]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )


def _finalized(value: object) -> object:
    """Escape control characters in every text that is not markup from a template."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
