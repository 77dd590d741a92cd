"""Crawl with a timer for each stage; writes JSON to standard output.

python -m benchmarks.crawls.staged_crawl BASE_URL FOLDER [scrapy's options]
"""

import json
import os
import sys
import time
from pathlib import Path

from scrapy.cmdline import execute

from benchmarks.crawls.staged_reading import TOLD
from benchmarks.crawls.stop_watch import cpu_seconds, watch
from cacnp_archive.crawling import ingest_client
from cacnp_archive.crawling.politeness.conditional import ConditionalMiddleware
from cacnp_archive.crawling.scheduler import LedgerScheduler
from cacnp_archive.crawling.wire import _Connection
from cacnp_archive.warc.writer import WarcWriter


def main() -> None:
    """Crawl, and print the seconds of each stage in both processes."""
    base_url, folder, *options = sys.argv[1:]
    stages_path = Path(folder) / "stages.json"
    os.environ[TOLD] = str(stages_path)
    ingest_client.PROGRAM = "from benchmarks.crawls.staged_reading import main; main()"
    watch(_Connection, "data_received", "wire")
    watch(WarcWriter, "write", "warc")
    watch(ingest_client._Process, "_send_one", "handover")  # noqa: SLF001 - it is measured
    watch(ingest_client.IngestClient, "_receive", "handover")
    watch(LedgerScheduler, "next_request", "schedule")
    watch(ConditionalMiddleware, "process_request", "validators")
    begun = time.process_time()
    try:
        words = ["scrapy", "crawl", "cacnp", "-a", f"base_url={base_url}", *options]
        execute([*words, "-s", f"CACNP_DATA_DIR={folder}"])
    except SystemExit as end:
        exit_code = end.code
    whole = {"start": begun, "crawl": time.process_time()}
    of_reading = json.loads(stages_path.read_text("utf-8"))
    print(json.dumps({"exit_code": exit_code, "cpu": cpu_seconds | whole | of_reading}))


if __name__ == "__main__":
    main()
