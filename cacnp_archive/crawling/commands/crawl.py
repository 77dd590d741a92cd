"""`scrapy crawl`: one crawl of the archive, with a clear message and exit code at its end."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from scrapy import signals
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler

from cacnp_archive.crawling.ingest_client import IngestClient
from cacnp_archive.crawling.monitoring.counting import progress_counts
from cacnp_archive.crawling.monitoring.status_writer import record_refusal, record_verdict
from cacnp_archive.crawling.monitoring.summary import summarize
from cacnp_archive.crawling.start import begin_crawl, open_session
from cacnp_archive.model.archive import DATA_DIR_VARIABLE, Archive
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.model.exit_codes import ExitCode


class Command(ScrapyCrawl):
    """Scrapy's own command, with the archive checked and locked before anything starts."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one spider; an error is one line on standard error."""
        try:
            self.exitcode = self._crawl(args, opts)
        except ArchiveError as error:
            print(f"cacnp-archive: {error}", file=sys.stderr)
            self.exitcode = error.exit_code
            record_refusal(self._archive(), error.exit_code, str(error))
        except KeyboardInterrupt:  # once the crawl runs, Scrapy stops it in order
            print("cacnp-archive: stopped before the crawl had begun", file=sys.stderr)
            self.exitcode = ExitCode.STOPPED

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
            with closing(IngestClient(crawl)) as ingest:
                crawler = self._create_crawler(args[0])
                session = open_session(crawler, crawl, ingest)
                stop_if_interrupted_early(crawler)
                repaired = ingest.repaired()
                session.is_damaged = repaired.is_damaged
                for line in repaired.lines:
                    print(f"repair: {line}", file=sys.stderr)
                process.crawl(crawler)
                process.start()
            if process.bootstrap_failed:
                raise ArchiveError("the crawl could not start: see the log")
            summary = summarize(session, progress_counts(crawler.stats.get_stats()))
            record_verdict(crawl, session.finish_reason, summary.verdict)
        for line in summary.lines:
            print(line, file=sys.stderr)
        return summary.verdict.exit_code


def stop_if_interrupted_early(crawler: Crawler) -> None:
    """Stop a crawl that was interrupted after its spider opened and before its engine started.

    Scrapy 2.19 loses such an interrupt (`Crawler.stop_async` finds no running engine), crawls to
    the end, and never returns.
    """

    async def engine_started() -> None:
        if not crawler.crawling:
            await crawler.engine.stop_async()

    crawler.signals.connect(engine_started, signals.engine_started, weak=False)
