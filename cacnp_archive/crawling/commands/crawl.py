"""`scrapy crawl`, ending with one clear message and the exit code that the schedule relies on."""

import argparse
import sys
from pathlib import Path

from scrapy import signals
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler

from cacnp_archive.crawling.ingest_client import IngestClient
from cacnp_archive.crawling.monitoring.outcome import STOPPED, judge
from cacnp_archive.crawling.monitoring.status_writer import record_exit, record_refusal
from cacnp_archive.crawling.start import begin_crawl
from cacnp_archive.model.archive import DATA_DIR_VARIABLE, Archive
from cacnp_archive.model.errors import ArchiveError, UsageError


class Command(ScrapyCrawl):
    """Scrapy's own command, with the archive checked and locked before anything starts."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one spider; every trouble is one line on standard error."""
        try:
            self.exitcode = self._crawl(args, opts)
        except ArchiveError as error:
            print(f"cacnp-archive: {error}", file=sys.stderr)
            self.exitcode = error.exit_code
            record_refusal(self._archive(), error.exit_code, str(error))
        except KeyboardInterrupt:  # later, Scrapy ends the crawl in order
            print("cacnp-archive: stopped before the crawl had begun", file=sys.stderr)
            self.exitcode = STOPPED

    def _archive(self) -> Archive:
        assert self.settings is not None  # noqa: S101 - set before run()
        return Archive(Path(self.settings[DATA_DIR_VARIABLE]))

    def _crawl(self, args: list[str], opts: argparse.Namespace) -> int:
        process, settings = self.crawler_process, self.settings
        assert process is not None and settings is not None  # noqa: S101, PT018 - set before run()
        names = process.spider_loader.list()
        if len(args) != 1 or args[0] not in names:
            raise UsageError(f"name one spider to crawl with: {', '.join(names)}")
        crawl = begin_crawl(settings, opts.spargs)
        crawl.archive.prepare()
        with crawl.archive.locked():
            ingest = IngestClient(crawl)
            try:
                crawler = self._create_crawler(args[0])
                stop_if_asked_too_early(crawler)
                repaired = ingest.repaired()
                for line in repaired.lines:
                    print(f"repair: {line}", file=sys.stderr)
                process.crawl(crawler, crawl=crawl, ingest=ingest)
                process.start()
            finally:
                ingest.close()
            if process.bootstrap_failed:
                raise ArchiveError("the crawl could not be started: the log says why")
            outcome = judge(crawler.stats.get_stats())
            damaged = ArchiveError.exit_code if repaired.is_damaged else 0
            exit_code = outcome.exit_code or damaged
            record_exit(crawl.archive, exit_code, crawl_id=crawl.crawl_id)
        for line in outcome.lines:
            print(line, file=sys.stderr)
        return exit_code


def stop_if_asked_too_early(crawler: Crawler) -> None:
    """Have a crawl stopped that was asked to between its opening and the start of its engine.

    Scrapy 2.19 forgets it then (`Crawler.stop_async` finds no running engine), crawls to the end,
    and never returns.
    """

    async def engine_started() -> None:
        if not crawler.crawling:
            await crawler.engine.stop_async()

    crawler.signals.connect(engine_started, signals.engine_started, weak=False)
