"""A server that says exactly the bytes it is told to, and remembers exactly the bytes it was sent.

It shares no code with the project or the replica, so that it can bear witness to both.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType

Answer = bytes | tuple[bytes, ...] | Callable[[], bytes]
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nnot found"


class RawServer:
    """Answers each path with raw bytes; a tuple is sent piece by piece, with pauses between.

    An answer that begins with b"CUT" is sent without it, and the connection then closed.
    """

    def __init__(self, answers: Mapping[str, Answer], tls: ssl.SSLContext | None = None) -> None:
        self.answers = dict(answers)
        self.requests: list[bytes] = []
        self.sent: list[tuple[str, bytes]] = []
        self.times: list[float] = []
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        scheme = "https" if tls else "http"
        self.base_url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}/"

    def __enter__(self) -> "RawServer":
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._sockets.append(connection)
            while self._answer(connection):
                pass
        except OSError:
            pass
        finally:
            connection.close()

    def _answer(self, connection: socket.socket) -> bool:
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(65536)
            if not data:
                return False
            request += data
        self.requests.append(request)
        path = request.split(b" ")[1].decode("ascii")
        answer = self.answers.get(path, NOT_FOUND)
        if callable(answer):
            answer = answer()
        pieces = answer if isinstance(answer, tuple) else (answer,)
        cut = pieces[0].startswith(b"CUT")
        pieces = (pieces[0].removeprefix(b"CUT"), *pieces[1:])
        self.times.append(time.monotonic())
        self.sent.append((path, b"".join(pieces)))
        for number, piece in enumerate(pieces):
            if number:
                time.sleep(0.05)
            connection.sendall(piece)
        whole = b"".join(pieces).lower()
        framed = b"content-length:" in whole or b"chunked" in whole or b" 204 " in whole
        return framed and not cut and b"connection: close" not in whole
