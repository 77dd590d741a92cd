"""Serve the site on loopback with aiohttp, in a separate thread."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ssl import SSLContext
from types import TracebackType
from typing import Any

from aiohttp import web

from cacnp_archive.replica.assets.other_host import other_host
from cacnp_archive.replica.responses.routing import Response, other_host_response, respond
from cacnp_archive.replica.responses.trouble import Troublemaker
from cacnp_archive.replica.responses.trouble_replies import Raw, Stream
from cacnp_archive.replica.server.transfer import send_raw, send_response, send_stream
from cacnp_archive.replica.state.replica_site import ReplicaSite
from cacnp_archive.replica.truth import truth_of

_STOP_SECONDS = 5.0
_GRACE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request; `at` is monotonic seconds, `active` the number of requests in progress.

    `host` is the Host header; `sent_bytes` is the size of the body as transferred. For raw
    responses it includes the head, and `status` is 0.
    """

    at: float
    method: str
    host: str
    path: str
    headers: tuple[tuple[str, str], ...]
    status: int
    sent_bytes: int
    active: int


class RequestLog:
    """The requests in the order in which they finished; thread-safe."""

    def __init__(self) -> None:
        self._entries: list[LogEntry] = []
        self._lock = threading.Lock()

    def add(self, entry: LogEntry) -> None:
        """Add a request."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        """Remove all requests."""
        with self._lock:
            self._entries.clear()

    def __iter__(self) -> Iterator[LogEntry]:
        with self._lock:
            return iter(list(self._entries))

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)


class ReplicaServer:
    """A running server, used as a context manager; under the name `localhost` it is the other host.

    `port` 0 means any free port; `latency` is a delay in seconds before each response.
    `__enter__` raises OSError when the port is taken.
    """

    def __init__(
        self,
        site: ReplicaSite,
        port: int = 0,
        latency: float = 0.0,
        host: str = "127.0.0.1",
        ssl_context: SSLContext | None = None,
    ) -> None:
        self.site = site
        self.latency = latency
        self.log = RequestLog()
        self.base_url = ""
        self._host = host
        self._port = port
        self._ssl_context = ssl_context
        self._active = 0
        self._trouble = Troublemaker()
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="replica", daemon=True)

    @property
    def truth(self) -> dict[str, Any]:
        """What a perfect archiver would report about the site."""
        return truth_of(self.site, self.base_url)

    def __enter__(self) -> "ReplicaServer":
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            raise RuntimeError("the replica did not stop")

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        runner = web.ServerRunner(
            web.Server(self._handle, access_log=None), shutdown_timeout=_GRACE_SECONDS
        )
        await runner.setup()
        site = web.TCPSite(
            runner,
            self._host,
            self._port,
            ssl_context=self._ssl_context,
            reuse_address=True,
            backlog=512,
        )
        try:
            await site.start()
            port = runner.addresses[0][1]
            scheme = "https" if self._ssl_context else "http"
            self.base_url = f"{scheme}://{self._host}:{port}/"
            self._ready.set()
            await self._stop.wait()
        finally:
            await runner.shutdown()
            await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self._active += 1
        at, active = time.monotonic(), self._active
        status = sent = 0
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            reply = self._reply(request)
            if isinstance(reply, Raw):
                sent = await send_raw(request, reply)
                return web.Response()
            if isinstance(reply, Stream):
                status = 200
                response, sent = await send_stream(request, reply)
                return response
            base_url = None if self._is_other(request) else self.base_url
            response, sent = await send_response(request, base_url, reply)
            status = response.status
            return response
        finally:
            self._active -= 1
            headers = tuple((name, value) for name, value in request.headers.items())
            method, host, path = request.method, request.host, request.raw_path
            self.log.add(LogEntry(at, method, host, path, headers, status, sent, active))

    def _is_other(self, request: web.BaseRequest) -> bool:
        return request.host == other_host(self.base_url)

    def _reply(self, request: web.BaseRequest) -> Response | Raw | Stream:
        raw_path = request.raw_path.partition("?")[0]
        query = dict(request.rel_url.query)
        if request.method not in ("GET", "HEAD", "POST"):
            return Response(405, b"", headers={"Allow": "GET, HEAD, POST"})
        if self._is_other(request):
            return other_host_response(raw_path)
        if self.site.misbehave and raw_path.startswith("/trouble"):
            return self._trouble.reply(self.site, self.base_url, raw_path, query)
        return respond(self.site, self.base_url, raw_path, query)
