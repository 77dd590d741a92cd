"""The wire: HTTP/1.1 over asyncio sockets, keeping every byte that crosses them.

A library's client would hand over headers that it has already re-spelled; an archive needs the
bytes. So the socket is ours, the framing is llhttp's (see http_message), and one connection
carries one exchange at a time, which makes it certain to which exchange a byte belongs.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import cast
from urllib.parse import urlsplit

from cacnp_archive import urls
from cacnp_archive.capture import Capture, Truncation
from cacnp_archive.http_message import ResponseMessage
from cacnp_archive.spool import Spool

Headers = list[tuple[bytes, bytes]]


class Failure(StrEnum):
    """Why an exchange brought no response."""

    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    RESET = "reset"
    """The connection ended before the end of the response's headers."""
    MALFORMED = "malformed"
    """What came was not HTTP."""
    TIMEOUT = "timeout"


class ExchangeError(Exception):
    """Raised when an exchange brought no response; says why in the vocabulary of Failure."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(f"{failure}: {detail}")
        self.failure = failure
        self.detail = detail


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


class _Connection(asyncio.Protocol):
    """One socket, for one exchange at a time; what comes between exchanges closes it."""

    transport: asyncio.Transport
    block: Spool
    message: ResponseMessage
    ip: str
    tls_version: tuple[str, ...] = ()
    cipher: str | None = None

    def __init__(self) -> None:
        self._limit = 0
        self._ended: asyncio.Future[Truncation | None] | None = None

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent."""
        return self.message.keep_alive and not self.transport.is_closing()

    async def carry(
        self, request: bytes, method: str, limit: int, deadline: float
    ) -> Truncation | None:
        """Send a request and wait for its response; `block` and `message` then hold it.

        Returns why the body is short, or None. Raises ConnectionError or TimeoutError when there
        is no response, OSError when the disk for temporary files is full.
        """
        self.block = Spool()
        self.message = ResponseMessage(method)
        self._limit = limit
        self._ended = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        truncated: Truncation | None = "time"
        try:
            async with asyncio.timeout_at(deadline):
                truncated = await self._ended
        except TimeoutError:
            if not self.message.has_head:
                raise
        finally:
            self._ended = None
            if not self.message.complete:
                self.close()
        return truncated

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.ip = transport.get_extra_info("peername")[0]
        if tls := transport.get_extra_info("ssl_object"):
            self.tls_version = (tls.version().lower().replace("tlsv", "tls/"),)
            self.cipher = tls.cipher()[0]

    def data_received(self, data: bytes) -> None:
        if self._ended is None or self._ended.done():
            self.close()
            return
        try:
            self.block.append(data)
            self.message.feed(data)
        except OSError as error:
            self._ended.set_exception(error)
            return
        if self.message.complete:
            self._ended.set_result(None)
        elif self.message.malformed is not None:
            self._ended.set_result("disconnect")
        elif self.block.size >= self._limit:
            self._ended.set_result("length")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._ended is None or self._ended.done():
            return
        if exc is None:
            self.message.end()
        if self.message.complete:
            self._ended.set_result(None)
        elif self.message.has_head:
            self._ended.set_result("disconnect")
        else:
            self._ended.set_exception(
                exc
                if isinstance(exc, ConnectionError)
                else ConnectionResetError(f"closed before the headers had ended ({exc})")
            )

    def close(self) -> None:
        """Cut the connection."""
        self.transport.abort()


class Wire:
    """Carries out exchanges and returns each as a Capture; holds idle connections for reuse."""

    def __init__(self, ssl_context: ssl.SSLContext, bind_address: str | None = None) -> None:
        self._ssl = ssl_context
        self._local = (bind_address, 0) if bind_address else None
        self._idle: defaultdict[_Origin, list[_Connection]] = defaultdict(list)

    async def exchange(
        self,
        method: str,
        url: str,
        headers: Headers,
        *,
        body: bytes = b"",
        timeout: float,
        max_bytes: int,
        via: str | None = None,
        hops: str = "",
    ) -> Capture:
        """Send one request and return all that came back, whole or marked truncated.

        `timeout` is for the whole exchange, in seconds; after `max_bytes` of response the
        connection is cut. Raises ExchangeError when no response came, OSError when the disk for
        temporary files is full.
        """
        request = _request_bytes(method, url, headers, body)
        origin = _Origin.of(url)
        deadline = asyncio.get_running_loop().time() + timeout
        connection, reused = await self._connect(origin, deadline)
        captured_at = datetime.now(UTC)
        started = time.perf_counter()
        try:
            truncated = await connection.carry(request, method, max_bytes, deadline)
        except ConnectionError as error:
            if reused and connection.block.size == 0:
                # The server had closed the idle connection meanwhile: a new one will do.
                return await self.exchange(
                    method,
                    url,
                    headers,
                    body=body,
                    timeout=timeout,
                    max_bytes=max_bytes,
                    via=via,
                    hops=hops,
                )
            raise ExchangeError(Failure.RESET, str(error)) from error
        except TimeoutError as error:
            raise ExchangeError(Failure.TIMEOUT, f"no answer in {timeout:g} seconds") from error
        fetch_seconds = time.perf_counter() - started
        block, message = connection.block, connection.message
        if not message.has_head:
            connection.close()
            raise ExchangeError(Failure.MALFORMED, f"{message.malformed}: {block.head(80)!r}")
        if connection.reusable:
            self._idle[origin].append(connection)
        else:
            connection.close()
        return Capture(
            url=urls.without_fragment(url),
            captured_at=captured_at,
            block=block,
            message=message,
            method=method,
            request_block=request,
            ip=connection.ip,
            protocols=(f"http/{message.version}", *connection.tls_version),
            cipher=connection.cipher,
            fetch_seconds=fetch_seconds,
            truncated=truncated,
            via=via,
            hops=hops,
        )

    async def _connect(self, origin: _Origin, deadline: float) -> tuple[_Connection, bool]:
        idle = self._idle[origin]
        while idle:
            connection = idle.pop()
            if connection.reusable:
                return connection, True
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(deadline):
                _, connection = await loop.create_connection(
                    _Connection,
                    origin.host,
                    origin.port,
                    ssl=self._ssl if origin.scheme == "https" else None,
                    server_hostname=origin.host if origin.scheme == "https" else None,
                    local_addr=self._local,
                    happy_eyeballs_delay=None if self._local else 0.25,
                )
        except TimeoutError as error:
            raise ExchangeError(
                Failure.TIMEOUT, f"no connection to {origin.host} in time"
            ) from error
        except socket.gaierror as error:
            raise ExchangeError(Failure.DNS, f"{origin.host}: {error.strerror}") from error
        except ssl.SSLError as error:
            raise ExchangeError(Failure.TLS, f"{origin.host}: {error}") from error
        except (OSError, UnicodeError) as error:
            raise ExchangeError(_connect_failure(error), f"{origin.host}: {error}") from error
        return connection, False

    async def close(self) -> None:
        """Close all idle connections."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)  # let the transports say good-bye to their sockets


def _connect_failure(error: OSError | UnicodeError) -> Failure:
    if isinstance(error, UnicodeError):  # a host name that IDNA refuses
        return Failure.DNS
    if isinstance(error, ConnectionRefusedError) or "refused" in str(error):
        return Failure.REFUSED  # asyncio joins the errors of several addresses into one text
    if isinstance(error, ConnectionError):
        return Failure.RESET
    return Failure.UNREACHABLE


def _request_bytes(method: str, url: str, headers: Headers, body: bytes) -> bytes:
    parts = urlsplit(url)
    target = parts.path or "/"
    if parts.query:
        target = f"{target}?{parts.query}"
    lines = [f"{method} {target} HTTP/1.1".encode("ascii"), b"Host: " + urls.netloc(url).encode()]
    lines += [name + b": " + value for name, value in headers]
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])
