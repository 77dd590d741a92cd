"""Responses that a re-spelling archiver would get wrong."""

import gzip

HTML = b"<!DOCTYPE html><html><body class='home'><p>plain</p></body></html>"
ZIPPED = gzip.compress(HTML * 20, mtime=0)


def chunked(body: bytes, size: int = 7) -> bytes:
    """Frame a body in chunks, with an extension and a trailer, as RFC 9112 allows."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    framed = b"".join(b"%x;note=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return framed + b"0\r\nX-Trailer: end\r\n\r\n"


ODD_ANSWERS: dict[str, bytes | tuple[bytes, ...]] = {
    "/odd-case": b"HTTP/1.1 200 OK\r\ncOnTeNt-LENGTH: %d\r\nx-LOWER: 1\r\nX-Lower: 2\r\n\r\n%s"
    % (len(HTML), HTML),
    "/duplicates": b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n"
    b"Set-Cookie: b=2\r\nset-cookie: a=1\r\n\r\nok",
    "/spaces": b"HTTP/1.1 200  Quite   OK \r\nX-Spaced:    two  inside   \r\nX-None:tight\r\n"
    b"X-Tab:\tt\t\r\nContent-Length:  2\r\n\r\nok",
    "/latin-1": b"HTTP/1.1 200 Tr\xe8s bien\r\nX-Name: Caf\xe9 \xff\r\n"
    b"Content-Length: 1\r\n\r\n\xe9",
    "/empty-header": b"HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 2\r\n\r\nok",
    "/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(HTML),
    "/gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
    % (len(ZIPPED), ZIPPED),
    "/gzip-chunked": b"HTTP/1.1 200 OK\r\ncontent-encoding: GZIP\r\n"
    b"transfer-encoding: Chunked\r\n\r\n" + chunked(ZIPPED, 31),
    "/in-pieces": (
        b"HTTP/1.1 200 O",
        b"K\r\nContent-Len",
        b"gth: 6\r\n\r",
        b"\nabc",
        b"def",
    ),
    "/no-content": b"HTTP/1.1 204 No Content\r\nX-Reason: nothing to say\r\n\r\n",
    "/moved": b"HTTP/1.1 301 Moved Permanently\r\nLocation: /moved/\r\n"
    b"Content-Length: 5\r\n\r\nmoved",
    "/moved/": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "/missing": b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone",
    "/until-close": b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end",
    "/bare-line-feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "/folded": b"HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\nContent-Length: 2\r\n\r\nok",
    "/empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "/binary": b"HTTP/1.1 200 OK\r\nContent-Length: 512\r\n\r\n" + bytes(range(256)) * 2,
}
"""By path; each is what the server sends, to the byte."""

HEAD_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nX-Head: only\r\n\r\n"
