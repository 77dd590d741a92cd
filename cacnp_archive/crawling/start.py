"""Start a crawl: check its settings and arguments, and open its session."""

from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from cacnp_archive.crawling.ingest_client import IngestClient
from cacnp_archive.crawling.politeness.budget import Budget
from cacnp_archive.crawling.politeness.networks import Networks
from cacnp_archive.crawling.politeness.rate_limits import HostRateLimits
from cacnp_archive.crawling.session import CrawlSession, give_session
from cacnp_archive.model.archive import DATA_DIR_VARIABLE, Archive
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.warc.complete_files import CompleteFiles

ARGUMENTS = {"base_url"}

LEAST_VALUES: dict[str, int | float] = {
    "AUTOTHROTTLE_MAX_DELAY": 0.0,
    "AUTOTHROTTLE_START_DELAY": 0.0,
    "AUTOTHROTTLE_TARGET_CONCURRENCY": 0.001,
    "CACNP_LOG_FILES": 0,
    "CACNP_LOG_MAX_BYTES": 1024,
    "CACNP_MAX_BYTES": 0,
    "CACNP_MAX_CRAWL_DELAY": 0.0,
    "CACNP_MAX_EXCHANGE_SECONDS": 0.001,
    "CACNP_MAX_REQUESTS": 0,
    "CACNP_MAX_RETRY_AFTER": 0.0,
    "CACNP_MAX_SECONDS": 0.0,
    "CACNP_MIN_BYTES_PER_SECOND": 0,
    "CACNP_RECHECK_DAYS": 0.0,
    "CACNP_STATUS_SECONDS": 0.1,
    "CACNP_WARC_MAX_BYTES": 1024,
    "CLOSESPIDER_ERRORCOUNT": 0,
    "CLOSESPIDER_ITEMCOUNT": 0,
    "CLOSESPIDER_PAGECOUNT": 0,
    "CLOSESPIDER_TIMEOUT": 0.0,
    "CONCURRENT_ITEMS": 1,
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0.0,
    "DOWNLOAD_DELAY_JITTER": 0.0,
    "DOWNLOAD_MAXSIZE": 0,
    "DOWNLOAD_TIMEOUT": 0.001,
    "RETRY_TIMES": 0,
}
"""The minimum of each numeric setting; an int means that the setting must be a whole number."""

RECORDED = ("AUTOTHROTTLE_ENABLED", "ROBOTSTXT_OBEY", *LEAST_VALUES)
"""Settings that are saved with the crawl: its limits, and how polite it was."""


def begin_crawl(settings: BaseSettings, arguments: dict[str, str]) -> Crawl:
    """Return a new crawl; raises UsageError that names the setting or argument that is wrong."""
    if unknown := sorted(set(arguments) - ARGUMENTS):
        raise UsageError(
            f"unknown argument -a {unknown[0]}=...; known: {', '.join(sorted(ARGUMENTS))}"
        )
    for name, least in LEAST_VALUES.items():
        _check_number(name, settings.get(name), least)
    _check_user_agent(settings["USER_AGENT"])
    return Crawl.begin(
        Site.at(arguments.get("base_url", HOME)),
        Archive(Path(settings[DATA_DIR_VARIABLE])),
        user_agent=settings["USER_AGENT"],
        obeys_robots=settings.getbool("ROBOTSTXT_OBEY"),
        settings={name: settings.get(name) for name in RECORDED},
        recheck_days=settings.getfloat("CACNP_RECHECK_DAYS"),
    )


def open_session(crawler: Crawler, crawl: Crawl, ingest: IngestClient) -> CrawlSession:
    """Give a crawler the session of a crawl that is about to start, and return it."""
    settings = crawler.settings
    session = CrawlSession(
        crawl=crawl,
        ingest=ingest,
        rate_limits=HostRateLimits(
            settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
            settings.getfloat("DOWNLOAD_DELAY"),
            lambda: _is_ending(crawler),
            settings.getint("CONCURRENT_REQUESTS"),
            settings.getfloat("CACNP_MAX_CRAWL_DELAY"),
            settings.getfloat("CACNP_MAX_RETRY_AFTER"),
        ),
        budget=Budget(
            crawler,
            settings.getint("CACNP_MAX_REQUESTS"),
            settings.getint("CACNP_MAX_BYTES"),
            settings.getfloat("CACNP_MAX_SECONDS"),
        ),
        networks=Networks(crawl.site),
        files=CompleteFiles(
            crawl.archive.manifest_path, crawl.archive.warc_folder, crawl.warc_prefix
        ),
    )
    crawler.signals.connect(session.budget.start_clock, signals.spider_opened)
    give_session(crawler, session)
    return session


def _is_ending(crawler: Crawler) -> bool:
    slot = crawler.engine._slot  # noqa: SLF001 - Scrapy reports it nowhere else
    return slot is None or slot.closing is not None


def _check_number(name: str, value: object, least: float) -> None:
    kind = type(least)
    try:
        number = kind(str(value))
    except ValueError:
        number = float("nan")
    if not number >= least:
        what = "a whole number" if kind is int else "a number"
        raise UsageError(f"{name} must be {what} of at least {least:g}, not {value!r}")


def _check_user_agent(user_agent: object) -> None:
    """Refuse what is not a valid header value (RFC 9110 section 5.5), such as two lines."""
    text = str(user_agent)
    if not (text.strip() and text.isascii() and text.isprintable()):
        raise UsageError(
            f"USER_AGENT (or $CACNP_USER_AGENT) must be one line of ASCII, not {user_agent!r}"
        )
