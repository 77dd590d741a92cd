"""One of our crawls with a stop-watch at each stage; writes JSON to standard output.

python -m benchmarks.crawls.staged_crawl BASE_URL FOLDER [scrapy's options]
"""

import functools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from scrapy.cmdline import execute

from cacnp_archive.crawling.conditional import ConditionalMiddleware
from cacnp_archive.crawling.scheduler import LedgerScheduler
from cacnp_archive.crawling.wire import _Connection
from cacnp_archive.storage.ledger import Ledger
from cacnp_archive.storage.save import Saver
from cacnp_archive.warc.writer import WarcWriter
from pipelines import parse

_cpu_seconds: Counter[str] = Counter()
_wall_seconds: Counter[str] = Counter()


def _watch(owner: Any, name: str, stage: str) -> None:
    call: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(call)
    def watched(*args: Any, **named: Any) -> Any:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return call(*args, **named)
        finally:
            _cpu_seconds[stage] += time.thread_time() - cpu
            _wall_seconds[stage] += time.perf_counter() - wall

    setattr(owner, name, watched)


def main() -> None:
    """Crawl, and print what each stage took, in seconds."""
    base_url, folder, *options = sys.argv[1:]
    _watch(_Connection, "data_received", "wire")
    _watch(WarcWriter, "write", "warc")
    _watch(parse, "read_capture", "parse")
    _watch(Saver, "_save", "save")
    _watch(Saver, "save", "transaction")
    _watch(Ledger, "enter", "ledger")
    _watch(LedgerScheduler, "next_request", "schedule")
    _watch(ConditionalMiddleware, "process_request", "validators")
    begun_cpu = time.process_time()
    try:
        words = ["scrapy", "crawl", "cacnp", "-a", f"base_url={base_url}", *options]
        execute([*words, "-s", f"CACNP_DATA_DIR={folder}"])
    except SystemExit as end:
        exit_code = end.code
    whole = {"start": begun_cpu, "all": time.process_time()}
    told = {"exit_code": exit_code, "cpu": _cpu_seconds | whole, "wall": _wall_seconds}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
