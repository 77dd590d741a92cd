"""The server for all crawlers: nginx with static files if installed, else the replica.

With latency, a delaying proxy is in front of it. Each run has its own server, and so its own log.
"""

import contextlib
import multiprocessing
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crawls.static_site import write_site
from cacnp_archive.replica import ReplicaServer, build_site

START_SECONDS = 20.0

_NGINX_CONF = """\
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    types {{
        text/html html; text/css css; text/javascript js; text/xml xml; text/plain txt;
        image/png png; image/jpeg jpg; image/svg+xml svg; image/x-icon ico; image/webp webp;
        application/pdf pdf; font/woff woff; font/woff2 woff2; audio/mpeg mp3;
    }}
    default_type application/octet-stream; charset utf-8;
    log_format counted '$status $request_uri'; access_log {folder}/access.log counted buffer=64k;
    sendfile on; tcp_nopush on; keepalive_requests 1000000; keepalive_timeout 600;
    open_file_cache max=1000; absolute_redirect off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=512; root {root};
        location / {{ if ($request_uri ~ "/wp-json/") {{ return 404; }} }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Served:
    """The requests of one run; filled in when the server has stopped."""

    base_url: str
    answers: list[tuple[int, str]]
    """Status and path (with query) of each request."""

    @property
    def request_count(self) -> int:
        """The number of requests of any status."""
        return len(self.answers)

    @property
    def page_count(self) -> int:
        """The number of HTML pages with at least one complete response."""
        return len({path for status, path in self.answers if status == 200 and is_page(path)})


def is_page(path: str) -> bool:
    """Whether a path is that of an HTML page, which on this site ends in a slash.

    >>> is_page("/a-post/"), is_page("/robots.txt"), is_page("/feed/"), is_page("/?p=7")
    (True, False, False, False)
    """
    return path.endswith("/") and not path.endswith("/feed/") and not path.startswith("/wp-json/")


class StaticSite:
    """A static site, written once and served to one crawler after the other."""

    def __init__(self, folder: Path, articles: int, port: int, *, is_light: bool) -> None:
        self.name = server_name()
        self.base_url = f"http://127.0.0.1:{port}/"
        # In another process, since a program's peak memory is at least that of its parent.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
            written = apart.submit(write_site, folder, self.base_url, articles, is_light=is_light)
            self.page_count = written.result()
        self._folder = folder
        self._port = port

    @contextlib.contextmanager
    def serve(self, latency_ms: int = 0) -> Iterator[Served]:
        """Serve until the block ends; the requests are known afterwards."""
        served = Served(self.base_url, [])
        port = free_port() if latency_ms else self._port
        with tempfile.TemporaryDirectory() as folder:
            conf = Path(folder) / "nginx.conf"
            conf.write_text(_NGINX_CONF.format(folder=folder, port=port, root=self._folder))
            with (
                running(["nginx", "-c", str(conf), "-e", f"{folder}/error.log"], port),
                delayed(self._port, port, latency_ms),
            ):
                yield served
            lines = (Path(folder) / "access.log").read_text("utf-8", "replace").splitlines()
        served.answers.extend((int(line[:3]), line[4:]) for line in lines)


class LiveReplica:
    """The replica in this process, for machines without nginx; it renders each page on request."""

    def __init__(self, articles: int, port: int) -> None:
        self.name = server_name()
        self.base_url = f"http://127.0.0.1:{port}/"
        self._site = build_site(articles)
        self._site.rest = False
        self.page_count = len(self._site.articles)
        self._port = port

    @contextlib.contextmanager
    def serve(self, latency_ms: int = 0) -> Iterator[Served]:
        """Serve until the block ends; the requests are known afterwards."""
        with ReplicaServer(self._site, self._port, latency_ms / 1000) as server:
            served = Served(server.base_url, [])
            yield served
            served.answers.extend((entry.status, entry.path) for entry in server.log)


BenchSite = StaticSite | LiveReplica


def make_site(folder: Path, articles: int, *, is_light: bool = False) -> BenchSite:
    """Return a site with this number of articles; static pages are written to `folder`.

    Pages of the replica are always light.
    """
    port = free_port()
    if shutil.which("nginx"):
        return StaticSite(folder, articles, port, is_light=is_light)
    return LiveReplica(articles, port)


def server_name() -> str:
    """Return the name and version of the server."""
    if not shutil.which("nginx"):
        return "the replica"
    output = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    return output.strip().removeprefix("nginx version: ")


def free_port() -> int:
    """Return an unused port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def delayed(port: int, target: int, latency_ms: int) -> contextlib.AbstractContextManager[None]:
    """Run a delaying proxy in front of a port, unless latency is 0."""
    if not latency_ms:
        return contextlib.nullcontext()
    words = [sys.executable, "-m", "benchmarks.crawls.delay", str(port), str(target)]
    return running([*words, str(latency_ms)], port)


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """Run a server until the block ends; raises RuntimeError when it does not listen in time."""
    process = subprocess.Popen(command)
    try:
        wait_until(lambda: listens(port), f"{command[0]} does not listen on {port}")
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def wait_until(is_so: Callable[[], bool], complaint: str) -> None:
    """Wait for a condition; raises RuntimeError with the complaint when it takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether a server listens on a local port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
