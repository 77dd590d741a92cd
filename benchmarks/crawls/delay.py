"""A proxy on loopback that adds latency, like a distant server.

    python -m benchmarks.crawls.delay PORT TARGET_PORT MILLISECONDS

Requests are forwarded in order after MILLISECONDS, responses immediately.
"""

import asyncio
import sys
from typing import cast


class _Answers(asyncio.Protocol):
    """Forwards responses to the client immediately."""

    def __init__(self, client: asyncio.Transport) -> None:
        self._client = client

    def data_received(self, data: bytes) -> None:
        self._client.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._client.close()


class _Requests(asyncio.Protocol):
    """Forwards requests to the server after the delay."""

    def __init__(self, target_port: int, seconds: float) -> None:
        self._target_port = target_port
        self._seconds = seconds
        self._server: asyncio.Transport | None = None
        self._early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._client = cast("asyncio.Transport", transport)
        self._opening = asyncio.ensure_future(self._open())

    async def _open(self) -> None:
        server, _ = await asyncio.get_running_loop().create_connection(
            lambda: _Answers(self._client), "127.0.0.1", self._target_port
        )
        self._server = server
        for data in self._early:
            server.write(data)

    def data_received(self, data: bytes) -> None:
        asyncio.get_running_loop().call_later(self._seconds, self._pass_on, data)

    def _pass_on(self, data: bytes) -> None:
        if self._server is None:
            self._early.append(data)
        elif not self._server.is_closing():
            self._server.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._server is not None:
            self._server.close()


async def _serve(port: int, target_port: int, seconds: float) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: _Requests(target_port, seconds), "127.0.0.1", port
    )
    await server.serve_forever()


def main() -> None:
    """Forward until the process is terminated."""
    port, target_port, milliseconds = map(int, sys.argv[1:])
    asyncio.run(_serve(port, target_port, milliseconds / 1000))


if __name__ == "__main__":
    main()
