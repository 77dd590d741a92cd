"""Compare our parser with general tools and hand-written selectors on the same pages.

    python -m benchmarks.reading [--articles N] [--rounds N] [--write]

Pages and truth are those of the replica. Prints a Markdown table; with `--write` it also replaces
the one in docs/reading.md. Speeds are ratios within one run, not absolute times. Tools that are not
installed are marked in the table (`make bench-reading` installs all).
"""

import argparse
import contextlib
import functools
import gc
import logging
import platform
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.readers import MAKERS, NOTHING, Page, Reader
from benchmarks.reading_scores import NAMES, Facts, Score, YearCount
from cacnp_archive.replica import build_site
from cacnp_archive.replica.pages.article_page import article_html
from cacnp_archive.replica.pages.page_frame import SITE_NAME
from cacnp_archive.replica.truth import truth_of

HOME = "https://armscontrolcenter.org/"
DOCS = Path(__file__).parent.parent / "docs" / "reading.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"
WARMING = 25
"""Number of pages that each tool reads before timing starts."""


@dataclass(slots=True)
class Result:
    """The result of one tool."""

    name: str
    version: str = ""
    score: Score = field(default_factory=Score)
    failures: Counter[str] = field(default_factory=Counter)
    """Number of failed pages by error name."""
    seconds: list[float] = field(default_factory=list)
    """CPU time of the timed pages, one per round."""
    missing: str = ""
    """Why the tool could not be used."""


def replica_pages(articles: int | None = None) -> list[Page]:
    """Return the pages of all articles of the replica, with their truth."""
    site = build_site(articles)
    rows = truth_of(site, HOME)["articles"]
    texts = (article_html(site, HOME, article) for article in site.articles.values())
    return [
        Page(row["url"], text, facts_of(row), SITE_NAME)
        for row, text in zip(rows, texts, strict=True)
    ]


def facts_of(row: dict[str, Any]) -> Facts:
    """Return the facts in a row of the replica's truth."""
    authors = (author["name"] for author in row["authors"] if author["credit"] == "author")
    return Facts(
        title=row["title"],
        date=row["published_on"] or "",
        authors=frozenset(authors),
        categories=frozenset(row["categories"]),
        tags=frozenset(row["tags"]),
        body=row["body_text"],
    )


def compare(
    pages: Sequence[Page], makers: Iterable[Callable[[], Reader]], rounds: int
) -> list[Result]:
    """Score each tool on all pages, then time them in turn."""
    results: list[Result] = []
    ready: list[tuple[Reader, Result]] = []
    for make in makers:
        try:
            reader = make()
        except Exception as error:  # not installed, or broken by another package
            results.append(Result(make.__name__, missing=f"{type(error).__name__}: {error}"))
            continue
        result = Result(reader.name, reader.version)
        found = [_read(reader, page, result) for page in pages]
        nothing = nothing_of([facts for facts in found if facts is not None])
        for page, facts in zip(pages, found, strict=True):
            result.score.add(facts or nothing, page.truth, page.site_name)
        results.append(result)
        ready.append((reader, result))
    for _ in range(rounds):
        for reader, result in ready:
            result.seconds.append(_timed(reader, pages))
    return results


def nothing_of(found: Sequence[Facts]) -> Facts:
    """Return an empty result with the fields that a tool supports."""
    not_given = (
        name for name in (*NAMES, "body") if all(getattr(facts, name) is None for facts in found)
    )
    return replace(NOTHING, **dict.fromkeys(not_given))


def _read(reader: Reader, page: Page, result: Result) -> Facts | None:
    try:
        return reader.read(reader.prepare(page))
    except Exception as error:
        result.failures[type(error).__name__] += 1
        return None


def _timed(reader: Reader, pages: Sequence[Page]) -> float:
    """Return the CPU seconds that a tool takes for the pages, after a warm-up.

    Caches of pages that were read before are cleared first.
    """
    prepared = [reader.prepare(page) for page in pages]
    for item in gc.get_objects():
        if isinstance(item, functools._lru_cache_wrapper):  # noqa: SLF001 - there is no public name
            item.cache_clear()
    gc.collect()
    for page in prepared[:WARMING]:
        _try(reader, page)
    begun = time.process_time()
    for page in prepared[WARMING:]:
        _try(reader, page)
    return time.process_time() - begun


def _try(reader: Reader, prepared: Any) -> None:
    with contextlib.suppress(Exception):  # counted when it was scored
        reader.read(prepared)


def table(results: Sequence[Result], page_count: int, rounds: int) -> str:
    """Return the results in Markdown."""
    head = ["tool", *NAMES, "body", "words of the body (F1)", "failed", "speed, ours = 1"]
    base = next((item for item in results if item.name == "trafilatura, fast"), None)
    has_base = base is not None and bool(base.seconds)
    head += ["speed, trafilatura fast = 1"] if has_base else []
    lines = [
        f"Python {platform.python_version()}, {page_count} pages, {rounds} rounds.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
    ]
    for item in results:
        name = f"{item.name} {item.version}".strip()
        if item.missing:
            lines.append(f"| {name} | not measured: {item.missing} |{' |' * (len(head) - 2)}")
            continue
        cells = [_share(item.score.fields.get(field_)) for field_ in (*NAMES, "body")]
        f1 = item.score.word_f1
        cells.append(f"{statistics.fmean(f1):.3f}" if f1 else "–")
        failed = ", ".join(f"{count} {error}" for error, count in item.failures.items())
        cells += [failed or "0", _ratio(results[0], item)]
        cells += [_ratio(base, item)] if base is not None and has_base else []
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _share(tally: YearCount | None) -> str:
    if tally is None:
        return "–"
    share = f"{100 * tally.right / tally.asked:.1f}"
    if tally.asked_where_any > 0.9 * tally.asked:
        return share
    return f"{share} ({tally.right_where_any} of {tally.asked_where_any})"


def _ratio(base: Result, item: Result) -> str:
    """Return the median speed of a tool relative to another one."""
    ratios = [one / two for one, two in zip(base.seconds, item.seconds, strict=True)]
    return f"{statistics.median(ratios):.2f}" if ratios else "–"


def write(text: str, path: Path) -> None:
    """Replace the table in a document."""
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no place for the table")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


def stay_here() -> None:
    """Block network access in this process, since some tools fetch lists of domains."""

    def refuse(event: str, _: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
            raise ConnectionRefusedError("a benchmark fetches nothing")

    sys.addaudithook(refuse)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, help="add generated posts up to this number")
    parser.add_argument("--rounds", type=int, default=5, help="how often each tool is timed")
    parser.add_argument("--write", action="store_true", help=f"into {DOCS.name} too")
    options = parser.parse_args()
    stay_here()
    logging.disable(logging.CRITICAL)
    pages = replica_pages(options.articles)
    random.Random(1).shuffle(pages)
    text = table(compare(pages, MAKERS, options.rounds), len(pages), options.rounds)
    print(text, end="")
    if options.write:
        write(text, DOCS)


if __name__ == "__main__":
    main()
