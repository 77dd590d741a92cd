"""Send responses: conditional requests, compression, chunks and raw bytes."""

import asyncio
import gzip
import hashlib
from collections.abc import Mapping
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime

from aiohttp import web

from cacnp_archive.replica.responses.routing import Response
from cacnp_archive.replica.responses.trouble_replies import Raw, Stream

_COMPRESSED = ("text/", "application/json", "application/javascript", "application/rss+xml")
_CHUNK_BYTES = 4096


def _validators(reply: Response, compressed: bool) -> dict[str, str]:
    headers = {}
    if reply.etag is not None:
        weak = "W/" if reply.etag == "weak" or compressed else ""
        headers["ETag"] = f'{weak}"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
    if reply.modified_at is not None:
        headers["Last-Modified"] = format_datetime(reply.modified_at.astimezone(UTC), usegmt=True)
    return headers


def _unchanged(request: web.BaseRequest, reply: Response, validators: Mapping[str, str]) -> bool:
    """Whether the client has this version (RFC 9110: section 13.1.2 before 13.1.3)."""
    if reply.status != 200:
        return False
    wanted = request.headers.get("If-None-Match")
    if wanted is not None:
        held = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return "*" in held or validators.get("ETag", "").removeprefix("W/") in held
    since = request.headers.get("If-Modified-Since")
    if since is None or reply.modified_at is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return reply.modified_at.astimezone(UTC) <= moment


def _headers(base_url: str | None, reply: Response) -> dict[str, str]:
    headers = {"Server": "nginx", "Content-Type": reply.content_type}
    if reply.content_type.startswith(_COMPRESSED):
        headers["Vary"] = "Accept-Encoding"
    if base_url is not None and reply.content_type.startswith("text/html"):
        headers["Link"] = f'<{base_url}wp-json/>; rel="https://api.w.org/"'
        headers["X-Pingback"] = f"{base_url}xmlrpc.php"
    headers |= reply.headers
    return headers


async def send_response(
    request: web.BaseRequest, base_url: str | None, reply: Response
) -> tuple[web.StreamResponse, int]:
    """Send a response, or 304 if the client has it; return it with the body bytes sent.

    `base_url` is None for a host that does not run WordPress.
    """
    accepts_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    compressed = accepts_gzip and reply.content_type.startswith(_COMPRESSED) and bool(reply.body)
    validators = _validators(reply, compressed)
    headers = _headers(base_url, reply) | validators
    if _unchanged(request, reply, validators):
        kept = {name: headers[name] for name in ("Server", "Vary", *validators) if name in headers}
        return web.Response(status=304, headers=kept), 0
    if not compressed:
        if reply.status in (204, 304):
            headers.pop("Content-Type")
        response = web.Response(status=reply.status, body=reply.body, headers=headers)
        return response, 0 if request.method == "HEAD" else len(reply.body)
    headers["Content-Encoding"] = "gzip"
    stream = web.StreamResponse(status=reply.status, headers=headers)
    stream.enable_chunked_encoding()
    await stream.prepare(request)
    body = gzip.compress(reply.body, 6, mtime=0)
    sent = 0
    if request.method != "HEAD":
        for start in range(0, len(body), _CHUNK_BYTES):
            await stream.write(body[start : start + _CHUNK_BYTES])
        sent = len(body)
    await stream.write_eof()
    return stream, sent


async def send_raw(request: web.BaseRequest, reply: Raw) -> int:
    """Write bytes to the transport, close it, and return how many were written."""
    transport = request.transport
    sent = 0
    for piece in reply.pieces:
        if transport is None or transport.is_closing():
            break
        transport.write(piece)
        sent += len(piece)
        if reply.pause:
            await asyncio.sleep(reply.pause)
    if transport is not None:
        transport.close()
    return sent


async def send_stream(request: web.BaseRequest, reply: Stream) -> tuple[web.StreamResponse, int]:
    """Stream a long body as fast as the client reads; return also the bytes sent."""
    stream = web.StreamResponse(headers={"Server": "nginx", **reply.headers})
    await stream.prepare(request)
    sent = 0
    try:
        if request.method != "HEAD":
            for piece in reply.pieces:
                await stream.write(piece)
                sent += len(piece)
                if reply.pause:
                    await asyncio.sleep(reply.pause)
        await stream.write_eof()
    except ConnectionError:
        request.protocol.force_close()
    return stream, sent
