"""Fetch with the product's own wire, without a crawl."""

import asyncio
import ssl

from cacnp_archive.crawling.wire import Wire, WireRequest
from cacnp_archive.model.capture import Capture

HEADERS = [(b"User-Agent", b"test"), (b"Accept-Encoding", b"gzip")]


def fetch(
    url: str,
    *,
    method: str = "GET",
    timeout: float = 60,
    max_bytes: int = 1 << 30,
    **limits: float,
) -> Capture:
    return fetch_all([url], method=method, timeout=timeout, max_bytes=max_bytes, **limits)[0]


def fetch_all(
    urls: list[str],
    *,
    method: str = "GET",
    timeout: float = 60,
    max_bytes: int = 1 << 30,
    tls: ssl.SSLContext | None = None,
    **limits: float,
) -> list[Capture]:
    async def run() -> list[Capture]:
        wire = Wire(tls or ssl.create_default_context())
        try:
            return [
                await wire.exchange(
                    WireRequest(
                        url=url,
                        method=method,
                        headers=HEADERS,
                        timeout=timeout,
                        max_bytes=max_bytes,
                        **limits,
                    )
                )
                for url in urls
            ]
        finally:
            await wire.close()

    return asyncio.run(run())
