"""Measure the cost of a later crawl: requests and bytes by number of articles.

    python benchmarks/recrawl.py [N ...]

For each size, the replica is crawled completely, then unchanged, then with 5 articles edited, 3
added, 2 deleted and 1 moved. Prints a Markdown table; its counts do not depend on the machine.
"""

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.state.replica_site import ReplicaSite
from cacnp_archive.storage.database import read_database

SIZES = (225, 1_000, 5_000)
SETTINGS = (
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=False",
    "CONCURRENT_REQUESTS=16",
    "CONCURRENT_REQUESTS_PER_DOMAIN=16",
)


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one crawl, and the changes that it recorded."""

    requests: int
    received_bytes: int
    warc_bytes: int
    changes: dict[str, int]


def change(site: ReplicaSite) -> None:
    """Edit five articles, add three, delete two and move one."""
    now = datetime.now(UTC).replace(microsecond=0)
    paths = [post.path for post in site.posts if post.in_lists]
    chosen = [paths[(number * len(paths)) // 9] for number in range(8)]
    for number, path in enumerate(chosen[:5]):
        site.edit(path, text=f"Edited, number {number}.", modified_at=now)
    model = site.articles[chosen[0]]
    for number in range(3):
        site.add(replace(model, path=f"added-{number}", wordpress_id=990_001 + number))
    site.delete(chosen[5])
    site.delete(chosen[6], status=410)
    site.move(chosen[7], "moved-elsewhere")


def crawl(base_url: str, archive: Archive) -> Cost:
    """Crawl and return the cost."""
    before = _warc_bytes(archive)
    words = [word for setting in SETTINGS for word in ("-s", setting)]
    subprocess.run(
        [
            *(sys.executable, "-m", "scrapy", "crawl", "cacnp"),
            *("-a", f"base_url={base_url}"),
            *words,
            *("-s", f"CACNP_DATA_DIR={archive.folder}"),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
        timeout=1800,
    )
    database = read_database(archive.database_path)
    crawl_id, requests, received = database.execute(
        "SELECT id, request_count, received_bytes FROM crawls ORDER BY id DESC LIMIT 1"
    ).fetchone()
    changes = database.execute(
        "SELECT name, value FROM crawl_metrics WHERE crawl_id = ? AND topic = 'changes'",
        [crawl_id],
    ).fetchall()
    database.close()
    return Cost(
        requests,
        received,
        _warc_bytes(archive) - before,
        {name: int(value) for name, value in changes},
    )


def _warc_bytes(archive: Archive) -> int:
    return sum(path.stat().st_size for path in archive.warc_folder.glob("*.warc.gz"))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", metavar="N", type=int, nargs="*", default=SIZES, help="articles")
    sizes = parser.parse_args().sizes
    print("| articles | crawl | requests | MB received | MB of WARC | noticed |")
    print("|---|---|---|---|---|---|")
    for size in sizes:
        site = build_site(articles=size)
        with ReplicaServer(site) as server, tempfile.TemporaryDirectory() as folder:
            archive = Archive(Path(folder))
            for name in ("first", "unchanged", "changed"):
                if name == "changed":
                    change(site)
                cost = crawl(server.base_url, archive)
                noticed = ", ".join(f"{n} {what}" for what, n in cost.changes.items() if n)
                print(
                    f"| {size} | {name} | {cost.requests} | {cost.received_bytes / 1e6:.2f} "
                    f"| {cost.warc_bytes / 1e6:.2f} | {noticed} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
