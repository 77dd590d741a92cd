"""Write a diff as one HTML file that needs nothing else: no network, no script, no font."""

from markupsafe import Markup, escape

from cacnp_archive.commands.diff import words
from cacnp_archive.commands.diff.article import ArticleDiff
from cacnp_archive.commands.diff.folding import folded
from cacnp_archive.display.html import templates_of
from cacnp_archive.display.printable import printable_lines


def page(diff: ArticleDiff) -> str:
    """Return a diff as an HTML document, which is well-formed XML as well."""
    environment = templates_of("cacnp_archive.commands.diff")
    environment.filters["lines"] = _lines
    return environment.get_template("template.html").render(
        diff=diff,
        article=diff.article,
        is_web=diff.article.url.startswith(("http://", "https://")),
        shown=[] if diff.text.is_same else folded(diff.text.paragraphs),
        remarks=[remark for remark in (diff.remark, words.coarse(diff)) if remark],
        facts=words.facts,
        state=words.state(diff.article),
        unchanged=words.unchanged,
    )


def _lines(text: str) -> Markup:
    return escape(printable_lines(text))
