"""The crawlers to compare, each with 16 connections and no delays."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crawls.measuring import Program, Used, run
from benchmarks.crawls.servers import free_port, listens, wait_until

PROJECT = Path(__file__).resolve().parents[2]
PEERS = PROJECT / ".venv-bench-crawl" / "bin"
"""Where `make bench` installs the other crawlers that are Python packages."""

CONNECTIONS = 16

IMPOLITE = {
    "CONCURRENT_REQUESTS": str(CONNECTIONS),
    "CONCURRENT_REQUESTS_PER_DOMAIN": str(CONNECTIONS),
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
}
QUIET = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": "False"}

_LINK_SPIDER = Path(__file__).with_name("link_spider.py")
_WIRE_SPIDER = Path(__file__).with_name("wire_spider.py")


_WARCPROX = (
    "from warcprox.warcproxy import WarcProxyHandler; from warcprox.main import main; "
    "WarcProxyHandler.allow_localhost = True; main()"
)
"""It refuses loopback unless configured in code."""


@dataclass(frozen=True, slots=True)
class Crawler:
    """One way to crawl a site."""

    name: str
    what: str
    """A description for the notes below the table."""
    crawl: Callable[[str, Path], Used]
    """Crawls the site at a URL, writing to a folder."""
    version: str | None
    """None when it is not installed."""


def ours(base_url: str, folder: Path, **settings: str) -> Used:
    """Crawl with everything enabled."""
    words = option_words({**IMPOLITE, "CACNP_DATA_DIR": str(folder), **settings})
    command = [sys.executable, "-m", "scrapy", "crawl", "cacnp", "-a", f"base_url={base_url}"]
    return run([*command, *words], PROJECT)


def wire_alone(base_url: str, folder: Path) -> Used:  # noqa: ARG001 - it writes nothing
    """Crawl without recording, parsing and database."""
    command = [sys.executable, "-m", "scrapy", "runspider", str(_WIRE_SPIDER)]
    words = option_words(IMPOLITE)
    return run([*command, "-a", f"base_url={base_url}", *words], PROJECT)


def wget(base_url: str, folder: Path) -> Used:
    """GNU wget, which uses one connection."""
    options = ["-r", "-l", "inf", "-p", "-nv", "--delete-after", "--warc-file=wget"]
    return run(["wget", *options, base_url], folder)


def scrapy(base_url: str, folder: Path) -> Used:
    """Scrapy alone, in our own environment."""
    return _link_spider(sys.executable, base_url, folder, {})


def scrapy_webarchive(base_url: str, folder: Path) -> Used:
    """scrapy-webarchive, with the Scrapy version that it requires."""
    settings = {
        "SW_EXPORT_URI": str(folder / "export") + "/",
        "EXTENSIONS": '{"scrapy_webarchive.extensions.WaczExporter": 543}',
    }
    return _link_spider(str(PEERS / "python"), base_url, folder, settings)


def warcprox(base_url: str, folder: Path) -> Used:
    """Scrapy alone behind warcprox; both are measured."""
    port = free_port()
    options = ["-p", str(port), "-z", "-d", str(folder / "warcs")]
    command = [str(PEERS / "python"), "-c", _WARCPROX, *options]
    proxy = Program(command, folder)
    wait_until(lambda: listens(port), "warcprox does not start")
    environment = {"http_proxy": f"http://127.0.0.1:{port}", "no_proxy": ""}
    used = _link_spider(sys.executable, base_url, folder, {}, environment)
    return used + proxy.end()


def _link_spider(
    python: str,
    base_url: str,
    folder: Path,
    settings: dict[str, str],
    environment: dict[str, str] | None = None,
) -> Used:
    words = option_words({**IMPOLITE, **QUIET, "ROBOTSTXT_OBEY": "False", **settings})
    command = [python, "-m", "scrapy", "runspider", str(_LINK_SPIDER)]
    return run([*command, "-a", f"base_url={base_url}", *words], folder, environment)


def option_words(settings: dict[str, str]) -> list[str]:
    """Return settings as options of the `scrapy` command."""
    return [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]


def crawlers() -> list[Crawler]:
    """Return all crawlers in the order of a round."""
    in_ours, in_peers = str(Path(sys.executable).parent / "python"), str(PEERS / "python")
    return [
        Crawler("cacnp-archive", "everything on", ours, _package(in_ours, "cacnp-archive")),
        Crawler(
            "wire alone",
            "our crawl without WARC, reading and database",
            wire_alone,
            _package(in_ours, "scrapy"),
        ),
        Crawler("wget", "`--warc-file`, `-p`; one connection", wget, _wget_version()),
        Crawler("Scrapy", "LinkExtractor, nothing kept", scrapy, _package(in_ours, "scrapy")),
        Crawler(
            "scrapy-webarchive",
            "WACZ",
            scrapy_webarchive,
            _package(in_peers, "scrapy-webarchive"),
        ),
        Crawler("warcprox", "behind Scrapy", warcprox, _package(in_peers, "warcprox")),
    ]


def _wget_version() -> str | None:
    if not shutil.which("wget"):
        return None
    output = subprocess.run(
        ["wget", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return output.split()[2]


def _package(python: str, name: str) -> str | None:
    if not Path(python).exists():
        return None
    code = f"from importlib.metadata import version; print(version({name!r}))"
    output = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=False, cwd=tempfile.gettempdir()
    )
    return output.stdout.strip() or None
