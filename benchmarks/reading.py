"""How pages are read: our parser beside general tools and selectors by hand, on the same pages.

    python -m benchmarks.reading [--articles N] [--rounds N] [--write]

The pages are the replica's and so is the truth. Prints a table in Markdown; with `--write` it also
replaces the one in docs/reading.md. Rates are ratios within one run, never times of a machine.
A tool that is not installed is a row that says so (`make bench-reading` installs them all).
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
"""Pages that each tool reads before it is timed, and that are not timed."""


@dataclass(slots=True)
class Result:
    """What one tool did."""

    name: str
    version: str = ""
    score: Score = field(default_factory=Score)
    failures: Counter[str] = field(default_factory=Counter)
    """Pages that the tool failed on, by the name of the error."""
    seconds: list[float] = field(default_factory=list)
    """Processor time of the timed pages, one for each round."""
    missing: str = ""
    """Why the tool could not be used at all."""


def replica_pages(articles: int | None = None) -> list[Page]:
    """Return the replica's articles as it prints them, with the truth that they are made from."""
    site = build_site(articles)
    rows = truth_of(site, HOME)["articles"]
    texts = (article_html(site, HOME, article) for article in site.articles.values())
    return [
        Page(row["url"], text, facts_of(row), SITE_NAME)
        for row, text in zip(rows, texts, strict=True)
    ]


def facts_of(row: dict[str, Any]) -> Facts:
    """Return what a row of the replica's truth says."""
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
    """Score each tool on all pages, then time them in turns."""
    results: list[Result] = []
    ready: list[tuple[Reader, Result]] = []
    for make in makers:
        try:
            reader = make()
        except Exception as error:  # not installed, or broken by what else is
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
    """Return a reading without a find, of the fields that a tool gives on other pages."""
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
    """Return the seconds of processor time that a tool takes for the pages, warmed but not sated.

    What any tool remembers of a page that it has read before is forgotten first.
    """
    prepared = [reader.prepare(page) for page in pages]
    for item in gc.get_objects():
        if isinstance(item, functools._lru_cache_wrapper):  # noqa: SLF001 - it has no public name
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
    """Return how many pages a tool reads while another reads one: the median of the rounds."""
    ratios = [one / two for one, two in zip(base.seconds, item.seconds, strict=True)]
    return f"{statistics.median(ratios):.2f}" if ratios else "–"


def write(text: str, path: Path) -> None:
    """Put a table in the place of the one in a page."""
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no place for the table")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


def stay_here() -> None:
    """Let nothing in this process reach the network: some tools fetch lists of domains."""

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
