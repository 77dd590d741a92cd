"""Write captures to WARC files, before anything reads them."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from scrapy.crawler import Crawler

from cacnp_archive.crawling.session import CrawlSession, session_of
from cacnp_archive.maintenance.finalize import register
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.errors import StorageError
from cacnp_archive.storage.frontier import FrontierReader
from cacnp_archive.warc.writer import WarcWriter

logger = logging.getLogger(__name__)

Item = Capture | FailedExchange


class WarcPipeline:
    """Writes captures and failures to WARC files; each goes on when it has been fsynced.

    It writes in a thread; items that arrive meanwhile wait and share the next fsync.
    """

    def __init__(
        self, writer: WarcWriter, originals: FrontierReader, session: CrawlSession
    ) -> None:
        self._writer = writer
        self._session = session
        self._originals = originals
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warc")
        self._waiting: list[tuple[Item, asyncio.Future[Item]]] = []
        self._flush: asyncio.Task[None] | None = None
        self._failure: StorageError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WarcPipeline":
        """Write to the archive of the crawl."""
        session = session_of(crawler)
        crawl = session.crawl
        originals = FrontierReader(crawl.archive.database_path, crawl.site)
        writer = WarcWriter(
            crawl.archive.warc_folder,
            crawl.warc_prefix,
            crawl.warcinfo,
            crawler.settings.getint("CACNP_WARC_MAX_BYTES"),
            find_original=partial(originals.original_with_payload, files=session.files),
            on_complete=partial(register, crawl.archive),
        )
        return cls(writer, originals, session)

    async def process_item(self, item: Item) -> Item:
        """Return the item with its record; raises StorageError once a write has failed."""
        if self._failure is not None:
            raise self._failure
        safe: asyncio.Future[Item] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, safe))
        if self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._write_waiting())
        return await safe

    async def _write_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            items = [item for item, _ in batch]
            try:
                written = await loop.run_in_executor(self._thread, self._writer.write, items)
            except Exception as error:  # whatever it is, these captures are not safe
                self._failure = _as_storage_error(error)
                batch, self._waiting = batch + self._waiting, []
                for _, safe in batch:
                    if not safe.done():
                        safe.set_exception(self._failure)
                return
            for (_, safe), item in zip(batch, written, strict=True):
                if not safe.done():
                    safe.set_result(item)

    async def close_spider(self) -> None:
        """Complete the last file; the last lines of the crawl report a write that fails."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        except Exception as error:  # the captures are safe, but the file is not complete
            self._session.note_write_error(_as_storage_error(error))
        self._thread.shutdown()

    def _close(self) -> None:
        self._originals.close()
        self._writer.close()


def _as_storage_error(error: Exception) -> StorageError:
    if isinstance(error, StorageError):
        return error
    logger.error("cannot write a WARC file", exc_info=error)
    return StorageError(f"a WARC file cannot be written: {error!r}")
