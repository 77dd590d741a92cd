"""What the pages have in common that are files of their own: their head, colours and escaping."""

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cacnp_archive.display.printable import printable


def templates_of(package: str) -> Environment:
    """Return an environment for the templates in a package's folder, which extend `layout.html`.

    Texts are escaped, and what would steer the display in them is spelt out.
    """
    return Environment(
        autoescape=True,
        loader=ChoiceLoader([PackageLoader(package, "."), PackageLoader(__name__, ".")]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Spell out what would steer the display, in every text that is not markup of ours."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
