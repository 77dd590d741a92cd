"""Where the time of a crawl goes: CPU of each stage, by a stop-watch in the process.

    python -m benchmarks.stages [--posts N]

One process does it all here, so that every stage can be seen. Prints Markdown.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.crawls.crawlers import IMPOLITE, PROJECT, option_words
from benchmarks.crawls.servers import make_site
from benchmarks.crawls.tables import machine

STAGES = {
    "start": "starting: imports, most of them Scrapy's and Twisted's",
    "wire": "bytes from the socket, HTTP framing (the waiting and sending is below, in the rest)",
    "warc": "digests, gzip, writing, in a thread of its own",
    "parse": "reading what the pages say",
    "rows": "saving rows: capture, article, full text",
    "ledger": "saving addresses and the queue",
    "commit": "beginning and committing transactions",
    "queue": "the next request out of the ledger, and validators",
    "rest": "Scrapy, asyncio, sockets, robots.txt, everything else",
}


def stages(cpu: Mapping[str, float]) -> dict[str, float]:
    """Return the CPU seconds of each stage, from stop-watches of which some lie in others."""
    found = {
        "start": cpu["start"],
        "wire": cpu["wire"],
        "warc": cpu["warc"],
        "parse": cpu["parse"],
        "rows": cpu["save"] - cpu["ledger"],
        "ledger": cpu["ledger"],
        "commit": cpu["transaction"] - cpu["save"],
        "queue": cpu["schedule"] + cpu["validators"],
    }
    return {**found, "rest": cpu["all"] - sum(found.values())}


def stage_table(cpu: Mapping[str, float], request_count: int) -> str:
    """Return the stages with their shares and the time for each request."""
    lines = ["| stage | share | ms a request | what |", "|---|---|---|---|"]
    for name, seconds in stages(cpu).items():
        share, each = seconds / cpu["all"], seconds / request_count * 1000
        lines.append(f"| {name} | {share:.0%} | {each:.2f} | {STAGES[name]} |")
    return "\n".join(lines)


def main() -> None:
    """Crawl with stop-watches, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    options = parser.parse_args()
    setting = machine()
    with tempfile.TemporaryDirectory() as folder:
        site = make_site(Path(folder) / "site", options.posts)
        with site.serve() as served:
            words = [served.base_url, f"{folder}/data", *option_words(IMPOLITE)]
            told = subprocess.run(
                [sys.executable, "-m", "benchmarks.crawls.staged_crawl", *words],
                cwd=PROJECT,
                check=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
    cpu = json.loads(told.stdout.splitlines()[-1])["cpu"]
    print(f"{setting}; {options.posts} posts, {served.request_count} requests.\n")
    print(stage_table(cpu, served.request_count))


if __name__ == "__main__":
    main()
