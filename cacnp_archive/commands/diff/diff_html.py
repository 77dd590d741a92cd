"""Write a diff as one self-contained HTML file: no network, no script, no font."""

from markupsafe import Markup, escape

from cacnp_archive.commands.diff.article_diff import ArticleDiff
from cacnp_archive.commands.diff.descriptions import (
    describe_coarseness,
    describe_state,
    describe_unchanged,
    describe_version,
)
from cacnp_archive.commands.diff.folding import folded
from cacnp_archive.display.html import templates_of
from cacnp_archive.display.printable import printable_lines


def page(diff: ArticleDiff) -> str:
    """Return a diff as an HTML document that is also well-formed XML."""
    environment = templates_of("cacnp_archive.commands.diff")
    environment.filters["lines"] = _lines
    return environment.get_template("template.html").render(
        diff=diff,
        article=diff.article,
        is_web=diff.article.url.startswith(("http://", "https://")),
        shown=[] if diff.text.is_same else folded(diff.text.paragraphs),
        remarks=[remark for remark in (diff.remark, describe_coarseness(diff)) if remark],
        facts=describe_version,
        state=describe_state(diff.article),
        unchanged=describe_unchanged,
    )


def _lines(text: str) -> Markup:
    return escape(printable_lines(text))
