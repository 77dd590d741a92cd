"""Scrapy settings, in the order in which they act, with Scrapy's defaults and the reasons."""

import os

from cacnp_archive import __version__
from cacnp_archive.model.archive import default_data_dir

# --- Who we are -------------------------------------------------------------------------------

BOT_NAME = "cacnp-archive"  # the product token that robots.txt may name

# Default: Scrapy's own. Operators add how they can be reached, in the environment:
# CACNP_USER_AGENT="cacnp-archive/0.2 (+https://example.org/; mailto:me@example.org)"
USER_AGENT = (
    os.environ.get("CACNP_USER_AGENT")
    or f"{BOT_NAME}/{__version__} (web archiving of armscontrolcenter.org)"
)

SPIDER_MODULES = ["spiders"]
COMMANDS_MODULE = "cacnp_archive.crawling.commands"  # `crawl` with clear messages and exit codes

# --- Where the archive is ---------------------------------------------------------------------

CACNP_DATA_DIR = str(default_data_dir())
CACNP_WARC_MAX_BYTES = 1_000_000_000  # a WARC file that reaches this size is closed

# --- Politeness and limits of requests --------------------------------------------------------

ROBOTSTXT_OBEY = True  # default: False. By a middleware of this project, see below
CONCURRENT_REQUESTS = 2  # default: 16. The site is small, and crawled every night
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # default: 8
DOWNLOAD_DELAY = 1.0  # default: 0. At least this many seconds between two requests
DOWNLOAD_DELAY_JITTER = 0.0  # default: 0.5, which makes half of the delays shorter
AUTOTHROTTLE_ENABLED = True  # default: False. Slows down when the server is slow
AUTOTHROTTLE_START_DELAY = 1.0  # default: 5. The delay above is the minimum anyway
CACNP_MAX_CRAWL_DELAY = 300.0  # seconds; a longer Crawl-delay in robots.txt is reported
CACNP_MAX_RETRY_AFTER = 3600.0  # seconds; a longer Retry-After is reported
DOWNLOAD_TIMEOUT = 120  # default: 180. Seconds of silence after which an exchange is given up
CACNP_MIN_BYTES_PER_SECOND = 1000  # a response that is slower during DOWNLOAD_TIMEOUT is cut off
CACNP_MAX_EXCHANGE_SECONDS = 6 * 3600.0  # for one exchange, however steady it is
DOWNLOAD_MAXSIZE = 2_000_000_000  # default: 1 GiB. Bytes; a longer body is kept, but truncated
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip",  # the one coding that every WARC tool can decode
}
COOKIES_ENABLED = False  # default: True. An archive keeps what every visitor sees

# --- The queue --------------------------------------------------------------------------------

# Default: Scrapy's own, which keeps requests. Here the ledger in the database is the queue: it
# knows every address once, and the next crawl resumes where this one ends.
SCHEDULER = "cacnp_archive.crawling.scheduler.LedgerScheduler"
CACNP_MAX_REQUESTS = 0  # limits of one crawl, 0 for none; the next crawl resumes
CACNP_MAX_BYTES = 0  # of responses
CACNP_MAX_SECONDS = 0
CACNP_RECHECK_DAYS = 30  # each known address is fetched again within this time; 0: every time

# --- The wire ---------------------------------------------------------------------------------

# Default: Scrapy's own, which counts captures that are being saved as requests on the wire.
DOWNLOADER = "cacnp_archive.crawling.downloader.ArchivingDownloader"
TWISTED_REACTOR_ENABLED = False  # default: True. Everything here uses asyncio
TELNETCONSOLE_ENABLED = False  # default: True. It needs Twisted's reactor, and opens a port
DOWNLOAD_HANDLERS = {
    "http": "cacnp_archive.crawling.download_handler.ArchivingDownloadHandler",
    "https": "cacnp_archive.crawling.download_handler.ArchivingDownloadHandler",
    # Only the web is archived: no redirect may read a file or contact another kind of server.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {
    # Replaces Scrapy's own at the same position, which lacks Crawl-delay, redirects of robots.txt,
    # and the rules of RFC 9309 for a robots.txt that cannot be fetched.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "cacnp_archive.crawling.politeness.robots.RobotsMiddleware": 100,
    # After robots.txt, which may forbid the request.
    "cacnp_archive.crawling.politeness.conditional.ConditionalMiddleware": 200,
    # The ledger follows redirects: each is a capture, and its target an address like any other.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    # The download handler returns no bodies: what reads one has the capture, as sent.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # The IP address in a WARC record must be that of the server, not of a proxy.
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    # The ledger decides on scope, and records why an address is excluded.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # These would cost time on every request: there is no login, the handler reads
    # DOWNLOAD_TIMEOUT, and the wire counts its own bytes.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
}
SPIDER_MIDDLEWARES = {  # the spider yields nothing: the links of a page enter the ledger
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # a 404 is a capture, too
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

# --- What happens to a capture ----------------------------------------------------------------

ITEM_PIPELINES = {
    "pipelines.warc.WarcPipeline": 100,  # first, because nothing may read what is not safe
    "pipelines.read.ReadPipeline": 200,  # parses and saves in the ingest process
}
CONCURRENT_ITEMS = 1  # default: 100, which makes a hundred tasks per response

# --- Monitoring -------------------------------------------------------------------------------

EXTENSIONS = {
    "cacnp_archive.crawling.monitoring.progress.ProgressReporter": 100,
    "cacnp_archive.crawling.monitoring.status_writer.StatusWriter": 200,
    "cacnp_archive.crawling.monitoring.log_file.LogFile": 300,
    "scrapy.extensions.logstats.LogStats": None,  # ProgressReporter shows more
    "scrapy.extensions.remote_control.RemoteControl": None,  # it opens a port
}
LOG_LEVEL = "WARNING"  # default: DEBUG. The progress and the last lines are enough
STATS_DUMP = False  # default: True. The row in `crawls` has the counts
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # default: ERROR. The spider logs it once, with the reason
CACNP_STATUS_SECONDS = 15.0  # between two updates of state/status.json and state/metrics.prom
CACNP_LOG_FILES = 10  # state/crawl.log and older ones, at INFO and above; 0 for none
CACNP_LOG_MAX_BYTES = 5_000_000  # a log file that reaches this size is rotated
