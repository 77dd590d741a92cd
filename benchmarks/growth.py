"""Measure how our crawl scales with the site: time, CPU, memory, database and WARC bytes.

    python -m benchmarks.growth [--sizes N ...] [--chart FILE.svg]

Prints Markdown and draws a chart. Each size is crawled once with 16 connections; pages are as light
as those of the replica.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import altair

from benchmarks.crawls.crawlers import ours
from benchmarks.crawls.measuring import Used
from benchmarks.crawls.servers import make_site
from benchmarks.crawls.tables import machine

SIZES = (500, 1000, 2000, 5000)
"""Larger sizes only on request: 50,000 posts take ten minutes and gigabytes of disk."""


@dataclass(frozen=True, slots=True)
class Growth:
    """The cost of crawling a site of a given size."""

    posts: int
    pages: int
    used: Used
    database_bytes: int
    warc_bytes: int

    def metrics(self) -> dict[str, float]:
        """Return the metrics of the chart by name and unit."""
        return {
            "seconds": self.used.seconds,
            "CPU seconds": self.used.cpu_seconds,
            "peak memory, MB": self.used.peak_bytes / 1e6,
            "database, MB": self.database_bytes / 1e6,
            "WARC files, MB": self.warc_bytes / 1e6,
        }


def measure(posts: int) -> Growth:
    """Crawl a site of a given size."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        site = make_site(Path(folder) / "site", posts, is_light=True)
        with site.serve() as served:
            used = ours(served.base_url, data)
        return Growth(
            posts,
            served.page_count,
            used,
            sum(path.stat().st_size for path in data.glob("archive.db*")),
            sum(path.stat().st_size for path in data.glob("warc/*.warc.gz")),
        )


def growth_table(grown: list[Growth]) -> str:
    """Return the table; ratios are per page and relative to the first size."""
    lines = [
        "| posts | pages | pages/s, of the first | CPU a page, of the first | peak MB "
        "| database kB a page | WARC kB a page |",
        "|---|---|---|---|---|---|---|",
    ]
    first = grown[0]
    for item in grown:
        speed = (item.pages / item.used.seconds) / (first.pages / first.used.seconds)
        cpu = (item.used.cpu_seconds / item.pages) / (first.used.cpu_seconds / first.pages)
        lines.append(
            f"| {item.posts:,} | {item.pages:,} | {speed:.2f} | {cpu:.2f} "
            f"| {item.used.peak_bytes / 1e6:.0f} | {item.database_bytes / item.pages / 1e3:.1f} "
            f"| {item.warc_bytes / item.pages / 1e3:.1f} |"
        )
    return "\n".join(lines)


def chart(grown: list[Growth]) -> altair.FacetChart:
    """Return a chart of all metrics against the number of posts, on logarithmic axes."""
    rows = [
        {"posts": item.posts, "figure": name, "value": value}
        for item in grown
        for name, value in item.metrics().items()
    ]
    lines = (
        altair.Chart(altair.Data(values=rows))
        .mark_line(point=True)
        .encode(
            x=altair.X("posts:Q", scale=altair.Scale(type="log"), title="posts"),
            y=altair.Y("value:Q", scale=altair.Scale(type="log"), title=None),
        )
        .properties(width=220, height=160)
    )
    return lines.facet(facet=altair.Facet("figure:N", title=None), columns=3).resolve_scale(
        y="independent"
    )


def main() -> None:
    """Measure each size, print the table and draw the chart."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of posts")
    parser.add_argument("--chart", type=Path, default=Path("docs/crawl-growth.svg"))
    options = parser.parse_args()
    setting = machine()
    grown = [measure(posts) for posts in options.sizes]
    print(f"{setting}.\n\n{growth_table(grown)}")
    options.chart.parent.mkdir(parents=True, exist_ok=True)
    chart(grown).save(options.chart)


if __name__ == "__main__":
    main()
