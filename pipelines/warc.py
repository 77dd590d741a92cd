"""Make captures safe: the first thing that happens to one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from scrapy.crawler import Crawler

from cacnp_archive.capture import Capture
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.errors import StorageError
from cacnp_archive.warc.writer import WarcWriter


class WarcPipeline:
    """Writes captures to WARC files in a thread; each goes on when it has been fsynced.

    Captures that arrive while the thread writes wait and share the next fsync.
    """

    def __init__(self, writer: WarcWriter) -> None:
        self._writer = writer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warc")
        self._waiting: list[tuple[Capture, asyncio.Future[Capture]]] = []
        self._flush: asyncio.Task[None] | None = None
        self._failure: StorageError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WarcPipeline":
        """Write into the crawl's archive."""
        crawl = current_crawl(crawler)
        max_bytes = crawler.settings.getint("CACNP_WARC_MAX_BYTES")
        return cls(
            WarcWriter(crawl.archive.warc_folder, crawl.warc_prefix, crawl.warcinfo, max_bytes)
        )

    async def process_item(self, item: Capture) -> Capture:
        """Return the capture with its record's place; raises StorageError once a write failed."""
        if self._failure is not None:
            raise self._failure
        safe: asyncio.Future[Capture] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, safe))
        if self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._write_waiting())
        return await safe

    async def _write_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            captures = [capture for capture, _ in batch]
            try:
                written = await loop.run_in_executor(self._thread, self._writer.write, captures)
            except StorageError as error:
                self._failure = error
                batch, self._waiting = batch + self._waiting, []
                for _, safe in batch:
                    if not safe.done():
                        safe.set_exception(error)
                return
            for (_, safe), capture in zip(batch, written, strict=True):
                if not safe.done():
                    safe.set_result(capture)

    async def close_spider(self) -> None:
        """Complete the last file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.close)
        self._thread.shutdown()
