"""A replica on loopback, with and without trouble, and a client that follows nothing."""

import http.client
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from cacnp_archive.replica import ReplicaServer, build_site


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


Fetch = Callable[..., Reply]


@pytest.fixture(scope="session")
def server() -> Iterator[ReplicaServer]:
    with ReplicaServer(build_site(misbehave=True)) as running:
        yield running


@pytest.fixture(scope="session")
def truth(server: ReplicaServer) -> dict[str, Any]:
    return server.truth


@pytest.fixture(scope="session")
def fetch() -> Iterator[Fetch]:
    connections: dict[str, http.client.HTTPConnection] = {}

    def get(url: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Reply:
        parts = urlsplit(url)
        connection = connections.setdefault(parts.netloc, http.client.HTTPConnection(parts.netloc))
        target = quote(parts.path, safe="/%") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers=dict(headers or {}))
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())

    yield get
    for connection in connections.values():
        connection.close()


@pytest.fixture(scope="session")
def raw_request() -> Callable[[str, str], bytes]:
    def get(base_url: str, path: str) -> bytes:
        parts = urlsplit(base_url)
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as sock:
            sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            return b"".join(iter(lambda: sock.recv(65536), b""))

    return get
