"""Fold unchanged text: a diff shows the changes and a little context."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cacnp_archive.commands.diff.texts import Change, Paragraph, Run

CONTEXT = 240
"""Characters of unchanged text shown before and after a change: about three lines."""


def folded(paragraphs: Sequence[Paragraph]) -> list[Paragraph | int]:
    """Return the paragraphs to show; each run of hidden ones is replaced by its length."""
    segments = [
        (kept, list(group))
        for kept, group in groupby(paragraphs, lambda p: p.change is Change.KEPT)
    ]
    shown: list[Paragraph | int] = []
    for number, (kept, segment) in enumerate(segments):
        if kept:
            texts = [run.text for paragraph in segment for run in paragraph.runs]
            shown += _fold(texts, number > 0, number < len(segments) - 1)
        else:
            shown += segment
    return shown


def _fold(texts: list[str], follows: bool, precedes: bool) -> Iterator[Paragraph | int]:
    """Fold unchanged paragraphs that follow a change, or precede one, or both."""
    if sum(map(len, texts)) <= CONTEXT * (follows + precedes):
        yield from map(_kept, texts)
        return
    head = _beginning(texts) if follows else []
    tail = [text[::-1] for text in _beginning([t[::-1] for t in reversed(texts)])]
    tail = tail[::-1] if precedes else []
    yield from map(_kept, head)
    if (hidden := len(texts) - len(head) - len(tail)) > 0:
        yield hidden
    yield from map(_kept, tail)


def _beginning(texts: Sequence[str]) -> list[str]:
    """Return as many texts as fit into CONTEXT; if not even one does, its beginning."""
    taken: list[str] = []
    left = CONTEXT
    for text in texts:
        if len(text) > left:
            cut = text[:left].rpartition(" ")[0]
            return [f"{cut} …"] if cut and not taken else taken
        taken.append(text)
        left -= len(text)
    return taken


def _kept(text: str) -> Paragraph:
    return Paragraph(Change.KEPT, (Run(Change.KEPT, text),))
