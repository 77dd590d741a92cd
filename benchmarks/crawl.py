"""Compare our crawl with other crawlers: same site and server, 16 connections, several rounds.

    python -m benchmarks.crawl [--posts N] [--rounds N] [--latency MS ...] [--only NAME ...]

Prints Markdown. Pages are HTML pages that the server has sent completely; times are those of the
whole command, including its start.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.crawls.crawlers import Crawler, crawlers
from benchmarks.crawls.servers import BenchSite, make_site
from benchmarks.crawls.tables import Run, crawl_table, goals_table, machine

YARDSTICK = "wget"


def crawl_in_turn(
    site: BenchSite, chosen: Sequence[Crawler], *, rounds: int, latency_ms: int
) -> list[Run]:
    """Run each crawler on a site, one after the other, in each round."""
    runs = []
    for number in range(1, rounds + 1):
        for crawler in chosen:
            with tempfile.TemporaryDirectory() as folder:
                with site.serve(latency_ms) as served:
                    used = crawler.crawl(served.base_url, Path(folder))
                pages, requests = served.page_count, served.request_count
            runs.append(Run(crawler.name, number, latency_ms, used, pages, requests))
            print(
                f"{latency_ms} ms, round {number}: {crawler.name}: {used.seconds:.1f} s, "
                f"{used.cpu_seconds:.1f} s CPU, {pages} pages, exit code {used.exit_code}",
                file=sys.stderr,
                flush=True,
            )
    return runs


def main() -> None:
    """Build the sites, run the crawlers, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl", description=__doc__)
    parser.add_argument("--posts", type=int, default=2000, help="size of the site")
    parser.add_argument("--slow-posts", type=int, default=300, help="its size with latency")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency", type=int, nargs="+", default=[0, 50], help="milliseconds")
    parser.add_argument("--light", action="store_true", help="pages without styles and scripts")
    parser.add_argument("--only", nargs="+", help="names of crawlers")
    options = parser.parse_args()
    found = [item for item in crawlers() if not options.only or item.name in options.only]
    installed = [item for item in found if item.version is not None]
    setting = machine()
    runs: list[Run] = []
    notes = []
    for latency_ms in options.latency:
        with tempfile.TemporaryDirectory() as folder:
            posts = options.slow_posts if latency_ms else options.posts
            site = make_site(Path(folder), posts, is_light=options.light)
            notes.append(f"{latency_ms} ms: {posts} posts, {site.page_count} pages")
            runs += crawl_in_turn(site, installed, rounds=options.rounds, latency_ms=latency_ms)
    print(f"{setting}; server: {site.name}; {options.rounds} rounds; {'; '.join(notes)}.\n")
    print("\n".join(f"- {item.name} {item.version}: {item.what}" for item in installed))
    for item in found:
        if item.version is None:
            print(f"- {item.name} is not installed here")
    names = [item.name for item in installed]
    over = YARDSTICK if YARDSTICK in names else names[0]
    for latency_ms in options.latency:
        print(f"\n{crawl_table(runs, latency_ms, over)}")
    print(f"\n{goals_table(runs)}")


if __name__ == "__main__":
    main()
