"""Measure the CPU time of each stage of a crawl in both processes.

    python -m benchmarks.stages [--posts N]

Prints Markdown.
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

CRAWL = {
    "start": "starting: imports, most of them Scrapy's and Twisted's",
    "wire": "bytes from the socket, HTTP framing (the waiting and sending is below, in the rest)",
    "warc": "digests, gzip, writing, index, in a thread of its own",
    "handover": "handing captures to the reading process, taking its answers",
    "queue": "the next request out of the ledger, and validators",
    "rest": "Scrapy, asyncio, sockets, robots.txt, everything else",
}
READING = {
    "start": "starting: imports",
    "parse": "reading what the pages say",
    "rows": "saving rows: capture, article, full text",
    "ledger": "saving addresses and the queue",
    "commit": "beginning and committing transactions",
    "rest": "taking captures, answering, repair, the figures at the end",
}


def stages(cpu: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the CPU seconds of each stage of the crawl process and the ingest process.

    Some stages include others.
    """
    crawl = {
        "start": cpu["start"],
        "wire": cpu["wire"],
        "warc": cpu["warc"],
        "handover": cpu["handover"],
        "queue": cpu["schedule"] + cpu["validators"],
    }
    reading = {
        "start": cpu["reading start"],
        "parse": cpu["parse"],
        "rows": cpu["save"] - cpu["ledger"],
        "ledger": cpu["ledger"],
        "commit": cpu["transaction"] - cpu["save"],
    }
    return (
        {**crawl, "rest": cpu["crawl"] - sum(crawl.values())},
        {**reading, "rest": cpu["reading"] - sum(reading.values())},
    )


def stage_table(cpu: Mapping[str, float], request_count: int) -> str:
    """Return the table of stages with shares and time per request."""
    lines = ["| process | stage | share | ms a request | what |", "|---|---|---|---|---|"]
    crawl, reading = stages(cpu)
    rows = [("crawl", name, seconds, CRAWL[name]) for name, seconds in crawl.items()]
    rows += [("reading", name, seconds, READING[name]) for name, seconds in reading.items()]
    for process, name, seconds, what in rows:
        share = seconds / (cpu["crawl"] + cpu["reading"])
        each = seconds / request_count * 1000
        lines.append(f"| {process} | {name} | {share:.0%} | {each:.2f} | {what} |")
    return "\n".join(lines)


def main() -> None:
    """Crawl with timers, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--light", action="store_true", help="pages without styles and scripts")
    options = parser.parse_args()
    setting = machine()
    with tempfile.TemporaryDirectory() as folder:
        site = make_site(Path(folder) / "site", options.posts, is_light=options.light)
        with site.serve() as served:
            words = [served.base_url, f"{folder}/data", *option_words(IMPOLITE)]
            output = subprocess.run(
                [sys.executable, "-m", "benchmarks.crawls.staged_crawl", *words],
                cwd=PROJECT,
                check=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
    cpu = json.loads(output.stdout.splitlines()[-1])["cpu"]
    print(f"{setting}; {options.posts} posts, {served.request_count} requests.\n")
    print(stage_table(cpu, served.request_count))


if __name__ == "__main__":
    main()
