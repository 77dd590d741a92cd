"""The teasers in lists: automatic, hand-written, imported, or none."""

from functools import lru_cache

from cacnp_archive.replica.source import block_facts
from cacnp_archive.replica.source.inline import folded
from cacnp_archive.replica.source.markup import parse_body
from cacnp_archive.replica.source.posts import Article

_WORDS = 55
_IMPORTED_CHARACTERS = 255


def automatic_teaser(article: Article) -> str:
    """Return the first 55 words of the body, with WordPress's ellipsis."""
    words = _running_text(article).split(" ")
    if len(words) <= _WORDS:
        return " ".join(words)
    return " ".join(words[:_WORDS]) + " […]"


def teaser(article: Article) -> str:
    """Return the teaser as plain text; `article.teaser` is "none", "imported" or the text."""
    match article.teaser:
        case None:
            return automatic_teaser(article)
        case "none":
            return ""
        case "imported":
            text = _running_text(article)
            return text[:_IMPORTED_CHARACTERS] + "…" if len(text) > _IMPORTED_CHARACTERS else text
    return article.teaser


def _running_text(article: Article) -> str:
    return _text_of(article.body())


@lru_cache(maxsize=8192)
def _text_of(source: str) -> str:
    runs = [run.text() for block in parse_body(source) for run in block_facts.inlines(block)]
    return folded(" ".join(runs))
