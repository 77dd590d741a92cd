"""The ingest process of a staged crawl, with a timer for each stage."""

import json
import os
import time
from pathlib import Path

from benchmarks.crawls.stop_watch import cpu_seconds, watch
from cacnp_archive.ingest import process
from cacnp_archive.maintenance.repair import repair
from cacnp_archive.parsing import read_capture
from cacnp_archive.storage.frontier import Frontier
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter

TOLD = "STAGED_READING"
"""Environment variable with the file to which the stages are written."""


def main() -> None:
    """Serve as the ingest process does, and write what each stage took, in seconds."""
    watch(read_capture, "read_capture", "parse")
    watch(CrawlWriter, "_save", "save")
    watch(CrawlWriter, "_in_transaction", "transaction")
    watch(Frontier, "enter", "ledger")
    begun = time.process_time()
    process.main(lambda archive: repair(archive).summary)
    whole = {"reading start": begun, "reading": time.process_time()}
    Path(os.environ[TOLD]).write_text(json.dumps(cpu_seconds | whole), "utf-8")
