"""The ingest process of a staged crawl, with a timer for each stage."""

import json
import os
import time
from pathlib import Path

from benchmarks.crawls.stop_watch import cpu_seconds, watch
from cacnp_archive.ingest import process as reading_process
from cacnp_archive.ingest import warc_files as reread
from cacnp_archive.storage.frontier.ledger import Ledger
from cacnp_archive.storage.writing.save import Saver

TOLD = "STAGED_READING"
"""Environment variable with the file to which the stages are written."""


def main() -> None:
    """Run the ingest process, and write the seconds of each stage."""
    watch(reread, "read_capture", "parse")
    watch(Saver, "_save", "save")
    watch(Saver, "_in_transaction", "transaction")
    watch(Ledger, "enter", "ledger")
    begun = time.process_time()
    reading_process.main()
    whole = {"reading start": begun, "reading": time.process_time()}
    Path(os.environ[TOLD]).write_text(json.dumps(cpu_seconds | whole), "utf-8")
