"""The wire: HTTP/1.1 over asyncio sockets, keeping every byte of each exchange.

HTTP clients change the spelling of headers; an archive needs the bytes as sent. So this module
reads the sockets itself, http_message does the framing, and a connection carries one exchange at a
time, so that it is certain which exchange a byte belongs to.
"""

import asyncio
import contextlib
import math
import socket
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from aiohappyeyeballs import AddrInfoType as AddrInfo
from aiohappyeyeballs import start_connection

from cacnp_archive.model import urls
from cacnp_archive.model.capture import Capture, FailedExchange, FailureReason, Truncation
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.spool import Spool

PAUSE_SECONDS = 2.0
"""Where the end of a response is in doubt, it has ended when nothing has come for so long."""

Headers = Sequence[tuple[bytes, bytes]]

MayReach = Callable[[str, str], bool]
"""Whether a host may be contacted at an IP address."""

IsEnding = Callable[[], bool]
"""Whether the crawl waits for its last exchanges to end."""


@dataclass(frozen=True, kw_only=True)
class WireRequest:
    """One request, as it is to be sent."""

    url: str
    method: str = "GET"
    headers: Headers = ()
    """Names and values, in order; Host, and Content-Length for a body, are added."""
    body: bytes = b""
    timeout: float
    """Seconds: for the connection, and then for each silence of the server."""
    max_seconds: float = math.inf
    """Seconds for the whole exchange, however steady it is."""
    min_rate: float = 0.0
    """Bytes per second; a server that sends less during `timeout` seconds is given up."""
    max_bytes: int
    """After this many bytes of the response the connection is closed."""
    via: str | None = None
    hops: str = ""

    @cached_property
    def request_block(self) -> bytes:
        """The bytes to send."""
        parts = urlsplit(self.url)
        target = parts.path or "/"
        if parts.query:
            target = f"{target}?{parts.query}"
        lines = [
            f"{self.method} {target} HTTP/1.1".encode("ascii"),
            b"Host: " + urls.netloc(self.url).encode("ascii"),
            *(name + b": " + value for name, value in self.headers),
        ]
        if self.body:
            lines.append(b"Content-Length: %d" % len(self.body))
        return b"\r\n".join([*lines, b"", self.body])


class ExchangeError(Exception):
    """Raised when an exchange brings no response; `failed` has everything that is known."""

    def __init__(self, failed: FailedExchange) -> None:
        super().__init__(f"{failed.reason}: {failed.detail}")
        self.failed = failed


class _NoResponseError(Exception):
    def __init__(self, reason: FailureReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Origin:
    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "_Origin":
        parts = urlsplit(url)
        port = parts.port or urls.DEFAULT_PORTS[parts.scheme]
        return cls(parts.scheme, parts.hostname or "", port)


class _Carried(NamedTuple):
    sent_at: datetime
    seconds: float
    truncated: Truncation | None


class _Connection(asyncio.Protocol):
    """One socket, for one exchange at a time; data between two exchanges closes it."""

    transport: asyncio.Transport
    message: ResponseMessage
    ip: str | None
    tls_version: tuple[str, ...] = ()
    cipher: str | None = None

    def __init__(self) -> None:
        self.block = Spool()
        self.interim = b""
        self._early = bytearray()
        self.received_bytes = 0
        """All of the current exchange, interim responses included."""
        self.has_news = False
        """Whether any came since the last look at it."""
        self._limit = 0
        self._ended: asyncio.Future[Truncation | None] | None = None
        self._pause: asyncio.TimerHandle | None = None

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent."""
        return self.message.keep_alive and not self.transport.is_closing()

    async def carry(self, request: WireRequest, is_ending: IsEnding) -> "_Carried":
        """Send a request and wait for its response, which `block` and `message` then hold.

        Raises ConnectionError or TimeoutError when there is no response, OSError when the disk
        for temporary files is full.
        """
        self.block = Spool()
        self.interim = b""
        self._early = bytearray()
        self.received_bytes, self.has_news = 0, False
        self.message = ResponseMessage(request.method)
        self._limit = request.max_bytes
        self._ended = asyncio.get_running_loop().create_future()
        sent_at, started = datetime.now(UTC), time.perf_counter()
        self.transport.write(request.request_block)
        patience = _Patience(self, request, self._ended, is_ending)
        try:
            truncated = await self._ended
        finally:
            patience.end()
            self._ended = None
            if self._pause is not None:
                self._pause.cancel()
            if not self.message.complete:
                self.close()
        if truncated == "time":
            if not self.message.has_head:
                self.block.append(self._early)
                raise TimeoutError(patience.reason)
            truncated = None if self.message.complete else "time"
        return _Carried(sent_at, time.perf_counter() - started, truncated)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")  # None when it has gone already
        self.ip = peer[0] if peer else None
        if tls := transport.get_extra_info("ssl_object"):
            self.tls_version = (tls.version().lower().replace("tlsv", "tls/"),)
            self.cipher = tls.cipher()[0]

    def data_received(self, data: bytes) -> None:
        if self._ended is None or self._ended.done():
            self.close()
            return
        self.received_bytes += len(data)
        self.has_news = True
        try:
            self._take(data)
        except OSError as error:
            self._ended.set_exception(error)
            return
        if self.message.malformed is not None:
            self._ended.set_result("disconnect")
        elif self.message.complete and not self.message.has_doubtful_end:
            self._ended.set_result(None)
        elif self.block.size >= self._limit:
            self._ended.set_result(None if self.message.complete else "length")
        elif self.message.has_doubtful_end:
            self._end_after_pause()

    def _take(self, data: bytes) -> None:
        """Add bytes to the response; interim responses before it (1xx) are kept separately.

        A record that begins with one would be replayed as an empty response, such as a 103.
        """
        if self.message.has_head:
            self.block.append(data)
            self.message.feed(data)
            return
        self._early += data
        self.message.feed(data)
        if self.message.has_head or self.message.malformed is not None:
            self._end_early()

    def _end_early(self) -> None:
        """Move what came before the end of the headers to where it belongs."""
        if not self._early:
            return
        size = self.message.interim_size if self.message.has_head else 0
        self.interim = bytes(self._early[:size])
        self.block.append(self._early[size:])
        self._early = bytearray()

    def _end_after_pause(self) -> None:
        """Keep what still comes, until the connection ends or pauses."""
        if self._pause is not None:
            self._pause.cancel()
        self._pause = asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._end_exchange)

    def _end_exchange(self) -> None:
        if self._ended is not None and not self._ended.done():
            self.message.end()
            self._ended.set_result(None if self.message.complete else "disconnect")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._ended is None or self._ended.done():
            return
        if exc is None:
            self.message.end()
        self._end_early()
        if self.message.complete:
            self._ended.set_result(None)
        elif self.message.has_head or self.message.malformed is not None:
            self._ended.set_result("disconnect")
        else:
            self._ended.set_exception(
                exc
                if isinstance(exc, ConnectionError)
                else ConnectionResetError(f"closed before the headers had ended ({exc})")
            )

    def close(self) -> None:
        """Close the connection at once."""
        self.transport.abort()


class _Patience:
    """Ends an exchange that takes too long, with the truncation `time`.

    The clock is read a few times per `timeout`, not with each piece that comes.
    """

    _LOOKS = 8
    """Looks per timeout: a silence ends an exchange at most an eighth too late."""

    def __init__(
        self,
        connection: _Connection,
        request: WireRequest,
        ended: "asyncio.Future[Truncation | None]",
        is_ending: IsEnding,
    ) -> None:
        self._connection = connection
        self._request = request
        self._ended = ended
        self._is_ending = is_ending
        self._loop = asyncio.get_running_loop()
        self._began_at = self._news_at = self._loop.time()
        self._ends_at = math.inf
        self._window = (self._began_at, 0)
        """Since when the rate is measured, and how much had been received by then."""
        self.reason = ""
        """Why the exchange was ended, for people."""
        self._schedule()

    def end(self) -> None:
        """Look no more."""
        self._handle.cancel()

    def _schedule(self) -> None:
        seconds = min(self._request.timeout / self._LOOKS, self._request.max_seconds)
        self._handle = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        now, connection = self._loop.time(), self._connection
        if connection.has_news:
            connection.has_news, self._news_at = False, now
        self.reason = self._why_to_end(now)
        if not self.reason:
            self._schedule()
        elif not self._ended.done():
            self._ended.set_result("time")

    def _why_to_end(self, now: float) -> str:
        request = self._request
        if now - self._news_at >= request.timeout:
            return f"no response within {request.timeout:g} seconds"
        if now - self._began_at >= request.max_seconds:
            return f"not finished within {request.max_seconds:g} seconds"
        if self._is_ending():
            self._ends_at = min(self._ends_at, now + request.timeout)
        if now >= self._ends_at:
            return f"not finished within {request.timeout:g} seconds after the end of the crawl"
        since, received_before = self._window
        if now - since < request.timeout:
            return ""
        received = self._connection.received_bytes
        if received - received_before < request.min_rate * (now - since):
            return f"less than {request.min_rate:g} bytes per second"
        self._window = (now, received)
        return ""


class Wire:
    """Carries out exchanges, returns each as a Capture, and keeps idle connections for reuse."""

    def __init__(
        self,
        ssl_context: ssl.SSLContext,
        bind_address: str | None = None,
        may_reach: MayReach = lambda host, ip: True,  # noqa: ARG005
        is_ending: IsEnding = lambda: False,
    ) -> None:
        self._is_ending = is_ending
        self._ssl = ssl_context
        self._bind_address = bind_address
        self._may_reach = may_reach
        self._idle: defaultdict[_Origin, list[_Connection]] = defaultdict(list)

    async def exchange(self, request: WireRequest) -> Capture:
        """Send one request and return the response, complete or marked as truncated.

        Raises ExchangeError when there is no response, OSError when the disk for temporary files
        is full.
        """
        origin = _Origin.of(request.url)
        begun_at = datetime.now(UTC)
        connection = None
        try:
            connection, reused = await self._connect(origin, request.timeout)
            try:
                carried = await connection.carry(request, self._is_ending)
            except ConnectionError:
                if not reused or connection.block.size:
                    raise
                # The server had closed the idle connection: try once more with a new one.
                connection, _ = await self._connect(origin, request.timeout, fresh=True)
                carried = await connection.carry(request, self._is_ending)
            if not connection.message.has_head:
                why = f"{connection.message.malformed}: {connection.block.head(80)!r}"
                raise _NoResponseError(FailureReason.MALFORMED, why)
        except (_NoResponseError, ConnectionError, TimeoutError) as error:
            raise ExchangeError(_failed(request, begun_at, connection, error)) from error
        if connection.reusable:
            self._idle[origin].append(connection)
        else:
            connection.close()
        return _capture(request, connection, carried)

    async def _connect(
        self, origin: _Origin, timeout: float, *, fresh: bool = False
    ) -> tuple[_Connection, bool]:
        idle = self._idle[origin]
        while idle and not fresh:
            connection = idle.pop()
            if connection.reusable:
                return connection, True
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                opened = await start_connection(
                    await self._resolve(origin),
                    local_addr_infos=await self._local_addresses(),
                    happy_eyeballs_delay=0.25,
                )
                _, connection = await loop.create_connection(
                    _Connection,
                    sock=opened,
                    ssl=self._ssl if origin.scheme == "https" else None,
                    server_hostname=origin.host if origin.scheme == "https" else None,
                )
        except TimeoutError as error:
            raise TimeoutError(f"no connection to {origin.host} in time") from error
        except socket.gaierror as error:
            raise _NoResponseError(FailureReason.DNS, f"{origin.host}: {error.strerror}") from error
        except ssl.SSLError as error:
            raise _NoResponseError(FailureReason.TLS, f"{origin.host}: {error}") from error
        except (OSError, UnicodeError) as error:
            raise _NoResponseError(_connect_failure(error), f"{origin.host}: {error}") from error
        return connection, False

    async def _resolve(self, origin: _Origin) -> list[AddrInfo]:
        """Return the addresses of a host; raises when one of them may not be contacted."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
        for *_, address in found:
            if not self._may_reach(origin.host, str(address[0])):
                raise _NoResponseError(
                    FailureReason.FORBIDDEN_ADDRESS,
                    f"{origin.host} is at {address[0]}, on another network than the site",
                )
        return cast("list[AddrInfo]", found)

    async def _local_addresses(self) -> list[AddrInfo] | None:
        if self._bind_address is None:
            return None
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._bind_address, 0, type=socket.SOCK_STREAM)
        return cast("list[AddrInfo]", found)

    async def close(self) -> None:
        """Close all idle connections."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)  # the transports close their sockets in the next iteration


def _capture(request: WireRequest, connection: _Connection, carried: _Carried) -> Capture:
    return Capture(
        url=urls.without_fragment(request.url),
        captured_at=carried.sent_at,
        block=connection.block,
        message=connection.message,
        method=request.method,
        request_block=request.request_block,
        ip=connection.ip,
        protocols=(f"http/{connection.message.version}", *connection.tls_version),
        cipher=connection.cipher,
        interim=connection.interim,
        fetch_seconds=carried.seconds,
        truncated=carried.truncated,
        via=request.via,
        hops=request.hops,
    )


def _failed(
    request: WireRequest, begun_at: datetime, connection: _Connection | None, error: Exception
) -> FailedExchange:
    return FailedExchange(
        url=urls.without_fragment(request.url),
        failed_at=begun_at,
        reason=_reason(error),
        detail=str(error) or f"no response within {request.timeout:g} seconds",
        request_block=request.request_block if connection else None,
        received=connection.block if connection and connection.block.size else None,
        via=request.via,
        hops=request.hops,
    )


def _reason(error: Exception) -> FailureReason:
    if isinstance(error, _NoResponseError):
        return error.reason
    return FailureReason.TIMEOUT if isinstance(error, TimeoutError) else FailureReason.RESET


def _connect_failure(error: OSError | UnicodeError) -> FailureReason:
    if isinstance(error, UnicodeError):  # a host name that IDNA refuses
        return FailureReason.DNS
    if isinstance(error, ConnectionRefusedError) or "refused" in str(error):
        return FailureReason.REFUSED  # asyncio joins the errors of several addresses into one text
    if isinstance(error, ConnectionError):
        return FailureReason.RESET
    return FailureReason.UNREACHABLE
