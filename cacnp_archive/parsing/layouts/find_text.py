"""Find the text of a page whose theme does not name it as WordPress's own themes do."""

from dataclasses import dataclass

from cacnp_archive.parsing.layouts.conventions import conventional_contents
from cacnp_archive.parsing.layouts.prose import (
    MIN_PROSE_CHARS,
    Prose,
    measure_prose,
    select_prose,
    select_strange,
    select_whole,
)
from cacnp_archive.parsing.select import Element, body_of, tag_of

_MOST = 0.6
"""The part of the page's prose that an element must hold for a convention to be believed."""
_SCOPE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class FoundText:
    """Where the text of a page is."""

    content: Element
    skipped: frozenset[Element]
    """Elements inside it that are not part of it."""
    is_convention: bool
    prose: int
    """Characters of running text in it."""


def find_text(root: Element, entry: Element | None, heading: Element | None) -> FoundText | None:
    """Return where the text of a page is; None if it has too little prose.

    `entry` is the page's own entry, if the theme marks it, and `heading` its title.
    """
    body = body_of(root)
    if body is None:
        return None
    prose = measure_prose(body, entry)
    scope = _scope(body, entry, heading, prose)
    best = select_prose(scope, prose)
    if best is None:  # a short text is only found by its name
        named = None if entry is None else next(conventional_contents(entry), None)
        if named is None:
            return None
        return FoundText(named, _skipped(named, heading, prose, set()), True, prose.of(named))
    for element in conventional_contents(scope):
        if prose.of(element) >= max(_MOST * prose.of(best), MIN_PROSE_CHARS) and (
            prose.of(element) <= prose.of(best) / _MOST
        ):
            strange = select_strange(element, prose, is_exact=True)
            skipped = _skipped(element, heading, prose, strange)
            return FoundText(element, skipped, True, _left(element, strange, prose))
    if tag_of(best) in ("p", "li", "blockquote", "ul", "ol"):
        above = best.getparent()
        best = best if above is None or best is scope else above
    content = select_whole(best, prose, scope)
    strange = select_strange(content, prose, is_exact=False)
    return FoundText(
        content, _skipped(content, heading, prose, strange), False, _left(content, strange, prose)
    )


def _scope(body: Element, entry: Element | None, heading: Element | None, prose: Prose) -> Element:
    total = prose.of(body)
    if entry is not None and prose.of(entry) >= max(MIN_PROSE_CHARS, 0.1 * total):
        return entry
    if heading is not None:
        for above in heading.iterancestors():
            if prose.of(above) >= max(MIN_PROSE_CHARS, _SCOPE_SHARE * total):
                return above
    return body


def _left(content: Element, strange: set[Element], prose: Prose) -> int:
    return prose.of(content) - sum(map(prose.of, strange))


def _skipped(
    content: Element, heading: Element | None, prose: Prose, skipped: set[Element]
) -> frozenset[Element]:
    found = skipped | prose.around
    if heading is not None:
        found.add(heading)
    return frozenset(found - {content})
