"""Serve files as a web server for WACZ must: with Content-Length and byte ranges."""

import mimetypes
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files: Mapping[str, Path | bytes]

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        found = self.files.get(path)
        body = found.read_bytes() if isinstance(found, Path) else found or b""
        status, first, last = 200 if found else 404, 0, len(body) - 1
        if found and (wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers["Range"] or "")):
            status, first = 206, int(wanted[1])
            last = min(int(wanted[2] or last), last)
        self.send_response(status)
        self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "text/html")
        self.send_header("Content-Length", str(last - first + 1))
        self.send_header("Accept-Ranges", "bytes")
        if status == 206:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.end_headers()
        if with_body:
            self.wfile.write(body[first : last + 1])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        pass


@contextmanager
def serving(files: Mapping[str, Path | bytes]) -> Iterator[str]:
    """Serve files and pages by path on loopback; yields the address of the server."""
    handler = type("_FilesHandler", (_Handler,), {"files": files})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
