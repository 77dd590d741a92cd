"""`scrapy crawl`, ending with one clear message and the exit code that the schedule relies on."""

import argparse
import sys

from scrapy.commands.crawl import Command as ScrapyCrawl

from cacnp_archive.crawling.outcome import judge
from cacnp_archive.crawling.start import begin_crawl
from cacnp_archive.errors import ArchiveError, UsageError
from cacnp_archive.repair import repair


class Command(ScrapyCrawl):
    """Scrapy's own command, with the archive checked and locked before anything starts."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one spider; every trouble is one line on standard error."""
        try:
            self.exitcode = self._crawl(args, opts)
        except ArchiveError as error:
            print(f"cacnp-archive: {error}", file=sys.stderr)
            self.exitcode = error.exit_code

    def _crawl(self, args: list[str], opts: argparse.Namespace) -> int:
        process, settings = self.crawler_process, self.settings
        assert process is not None and settings is not None  # noqa: S101, PT018 - set before run()
        names = process.spider_loader.list()
        if len(args) != 1 or args[0] not in names:
            raise UsageError(f"name one spider to crawl with: {', '.join(names)}")
        crawl = begin_crawl(settings, opts.spargs)
        crawl.archive.prepare()
        with crawl.archive.locked():
            repaired = repair(crawl.archive)
            for line in repaired.lines:
                print(f"repair: {line}", file=sys.stderr)
            crawler = self._create_crawler(args[0])
            process.crawl(crawler, crawl=crawl)
            process.start()
        if process.bootstrap_failed:
            return ArchiveError.exit_code
        outcome = judge(crawler.stats.get_stats())
        for line in outcome.lines:
            print(line, file=sys.stderr)
        damaged = ArchiveError.exit_code if repaired.unreadable else 0
        return outcome.exit_code or damaged
