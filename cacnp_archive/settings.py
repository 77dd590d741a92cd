"""Scrapy settings, in the order in which they act. Each says Scrapy's default and why not."""

import os

from cacnp_archive import __version__
from cacnp_archive.model.archive import default_data_dir

# --- Who we are -------------------------------------------------------------------------------

BOT_NAME = "cacnp-archive"  # the product token that robots.txt may name

# Default: Scrapy's own. An operator adds how to be reached, once, in the environment:
# CACNP_USER_AGENT="cacnp-archive/0.2 (+https://example.org/; mailto:me@example.org)"
USER_AGENT = (
    os.environ.get("CACNP_USER_AGENT")
    or f"{BOT_NAME}/{__version__} (web archiving of armscontrolcenter.org)"
)

SPIDER_MODULES = ["spiders"]
COMMANDS_MODULE = "cacnp_archive.crawling.commands"  # `crawl` with clear messages and exit codes

# --- Where it goes ----------------------------------------------------------------------------

CACNP_DATA_DIR = str(default_data_dir())
CACNP_WARC_MAX_BYTES = 1_000_000_000  # a WARC file that has grown to this is closed

# --- What is asked, and how politely ----------------------------------------------------------

ROBOTSTXT_OBEY = True  # default: False. By our own middleware, see below
CONCURRENT_REQUESTS = 2  # default: 16. A small site, and we come every night
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # default: 8
DOWNLOAD_DELAY = 1.0  # default: 0. Seconds between two requests, at least
DOWNLOAD_DELAY_JITTER = 0.0  # default: 0.5, which makes half of the gaps shorter than promised
AUTOTHROTTLE_ENABLED = True  # default: False. Slower still when the server is slow
AUTOTHROTTLE_START_DELAY = 1.0  # default: 5. The delay above is the floor already
DOWNLOAD_TIMEOUT = 120  # default: 180. Seconds for one whole exchange
DOWNLOAD_MAXSIZE = 2_000_000_000  # default: 1 GiB. Bytes; longer bodies are kept, cut off
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip",  # the one coding that every reader of WARC files can undo
}
COOKIES_ENABLED = False  # default: True. An archive keeps what anybody would be shown

# --- The order of asking ----------------------------------------------------------------------

# Default: Scrapy's own, which keeps requests. The ledger in the database is the queue: it knows
# every address once, and the next crawl goes on where this one ends.
SCHEDULER = "cacnp_archive.crawling.scheduler.LedgerScheduler"
CACNP_MAX_REQUESTS = 0  # budgets of one run, 0 for none; the next run goes on
CACNP_MAX_BYTES = 0  # of responses
CACNP_MAX_SECONDS = 0
CACNP_RECHECK_DAYS = 30  # within so many days each known address is looked at again; 0: each time

# --- The wire ---------------------------------------------------------------------------------

# Default: Scrapy's own, which counts captures that wait to be saved among those on the wire.
DOWNLOADER = "cacnp_archive.crawling.downloader.ArchivingDownloader"
TWISTED_REACTOR_ENABLED = False  # default: True. Everything here speaks asyncio
TELNETCONSOLE_ENABLED = False  # default: True. Needs Twisted's reactor, and is a door
DOWNLOAD_HANDLERS = {
    "http": "cacnp_archive.crawling.download_handler.ArchivingDownloadHandler",
    "https": "cacnp_archive.crawling.download_handler.ArchivingDownloadHandler",
    # Only the web is archived: no redirect may read a file or ask another kind of server.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {
    # In place of Scrapy's own at the same position: RFC 9309 where robots.txt cannot be had,
    # Crawl-delay, and redirects of robots.txt itself.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "cacnp_archive.crawling.politeness.robots.RobotsMiddleware": 100,
    # After robots.txt, which may refuse; the wire then sends the conditions.
    "cacnp_archive.crawling.politeness.conditional.ConditionalMiddleware": 200,
    # The spider follows redirects: each is a capture, and its target an address like others.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    # The handler hands over decoded bodies; the coded ones are in the WARC file.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # The IP address in a WARC record must be the server's, not a proxy's.
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    # Scope is the spider's: it must tell why an address was refused.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # Each costs every request some time: nobody logs in, the handler knows DOWNLOAD_TIMEOUT, and
    # the wire counts its own bytes.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
}
SPIDER_MIDDLEWARES = {  # the spider yields nothing: what a page leads to is entered in the ledger
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # a 404 is a capture as well
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

# --- What becomes of a capture ----------------------------------------------------------------

ITEM_PIPELINES = {
    "pipelines.warc.WarcPipeline": 100,  # first, because nothing may read what is not safe
    "pipelines.read.ReadPipeline": 200,  # in a process of its own, which keeps the database
}
CONCURRENT_ITEMS = 1  # default: 100, which makes a hundred tasks for each response

# --- What is told -----------------------------------------------------------------------------

EXTENSIONS = {
    "cacnp_archive.crawling.monitoring.progress.ProgressReporter": 100,
    "cacnp_archive.crawling.monitoring.status_writer.StatusWriter": 200,
    "cacnp_archive.crawling.monitoring.log_file.LogFile": 300,
    "scrapy.extensions.logstats.LogStats": None,  # Progress tells more
    "scrapy.extensions.remote_control.RemoteControl": None,  # a door into the process
}
LOG_LEVEL = "WARNING"  # default: DEBUG. Progress and the last line tell what a person wants
STATS_DUMP = False  # default: True. The row in `crawls` has the counts
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # default: ERROR. The spider tells it once, with the reason
CACNP_STATUS_SECONDS = 15.0  # between two writings of state/status.json and state/metrics.prom
CACNP_LOG_FILES = 10  # state/crawl.log and its forerunners, at INFO and above; 0 for none
CACNP_LOG_MAX_BYTES = 5_000_000  # a log file that has grown to this makes room for a new one
