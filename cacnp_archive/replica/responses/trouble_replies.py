"""The responses of the misbehaving URLs."""

import gzip
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from cacnp_archive.replica.assets.made_pdf import pdf_of
from cacnp_archive.replica.pages.page_frame import TITLE_SUFFIX, Head, page_html
from cacnp_archive.replica.responses.routing import HTML, Response, not_found, redirect
from cacnp_archive.replica.state.replica_site import ReplicaSite

BOMB_BYTES = 20_000_000
ENDLESS_BYTES = 64_000_000
MANY_LINKS = 3000


@dataclass(frozen=True, slots=True)
class Raw:
    """Raw bytes, written `pause` seconds apart before the connection is closed."""

    pieces: Iterable[bytes]
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Stream:
    """A long body in pieces, `pause` seconds apart."""

    pieces: Iterable[bytes]
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0


Reply = Response | Raw | Stream


@dataclass(frozen=True, slots=True)
class TroubleRequest:
    """A request under /trouble/: `name` is the path after it, `visit` counts from 1."""

    site: ReplicaSite
    base_url: str
    name: str
    visit: int
    query: Mapping[str, str]

    def page(self, title: str, body: str) -> bytes:
        """Return a page of the site with a body of HTML."""
        main = (
            f'<article class="post-9 page entry"><header class="entry-header">'
            f'<h1 class="entry-title">{title}</h1></header>'
            f'<div class="entry-content">{body}</div></article>'
        )
        canonical = f"trouble/{self.name}/" if self.name else "trouble/"
        shown = Head(title + TITLE_SUFFIX, canonical)
        name = "page-template-default page page-id-9"
        return page_html(self.site, self.base_url, shown, name, main).encode()

    def url(self, name: str) -> str:
        """Return the URL of another trouble."""
        return f"{self.base_url}trouble/{name}"


def status_page(status: int, body: str = "<p>No.</p>") -> Callable[[TroubleRequest], Reply]:
    """Respond with a status and a minimal page."""
    return lambda request: Response(status, request.page(f"Status {status}", body))


def healing(
    status: int, failures: int, with_date: bool = False
) -> Callable[[TroubleRequest], Reply]:
    """Fail `failures` times with Retry-After of one second, then succeed."""

    def reply(request: TroubleRequest) -> Reply:
        if request.visit > failures:
            return Response(
                200, request.page("Healed", f"<p>Well again on visit {request.visit}.</p>")
            )
        after = "1"
        if with_date:
            moment = datetime.now(UTC) + timedelta(seconds=2)
            after = format_datetime(moment, usegmt=True)
        return Response(status, b"<p>Later.</p>", headers={"Retry-After": after})

    return reply


def redirecting(url: str, status: int = 301) -> Callable[[TroubleRequest], Reply]:
    """Redirect to `url`, in which BASE/ is replaced by the base URL."""
    return lambda request: redirect(url.replace("BASE/", request.base_url), status)


def typed(body: Callable[[], bytes], content_type: str) -> Callable[[TroubleRequest], Reply]:
    """Respond with a body and a content type that may not match."""
    return lambda _: Response(200, body(), content_type)


def wire(*pieces: bytes, pause: float = 0.0) -> Callable[[TroubleRequest], Reply]:
    """Write raw bytes, `pause` seconds apart, and close the connection."""
    return lambda _: Raw(pieces, pause)


def head_of(*lines: str) -> bytes:
    """Return a response head as bytes."""
    return "\r\n".join(("HTTP/1.1 200 OK", *lines, "", "")).encode("latin-1")


def slow(request: TroubleRequest) -> Reply:
    """Respond in eight pieces."""
    page = request.page("Slow", "<p>Each drop takes a while.</p>")
    size = -(-len(page) // 8)
    drops = [page[start : start + size] for start in range(0, len(page), size)]
    headers = {"Content-Type": HTML, "Content-Length": str(len(page))}
    return Stream(drops, headers, pause=0.3)


@lru_cache(maxsize=1)
def bomb() -> bytes:
    """Return compressed zeros."""
    return gzip.compress(bytes(BOMB_BYTES), 9, mtime=0)


def endless() -> Iterator[bytes]:
    """Yield lines until `ENDLESS_BYTES` are reached."""
    line = b"<p>And on it goes, without an end in sight.</p>\n" * 1000
    yield b"<!DOCTYPE html><title>Endless</title>"
    for _ in range(ENDLESS_BYTES // len(line)):
        yield line


def calendar(request: TroubleRequest) -> Reply:
    """Respond with a month that links to its neighbours."""
    match = re.fullmatch(r"calendar/(\d{1,4})-(\d\d)", request.name)
    if match is None:
        return not_found(request.site, request.base_url)
    year, month = int(match[1]), int(match[2])
    count = year * 12 + month
    links = " ".join(
        f'<a href="{request.url(f"calendar/{other // 12:04}-{other % 12 + 1:02}/")}">{label}</a>'
        for label, other in (("previous", count - 2), ("next", count))
    )
    return Response(200, request.page(f"Events of {year}-{month:02}", f"<p>None. {links}</p>"))


def repeating(request: TroubleRequest) -> Reply:
    """Respond with a relative link that makes the path longer."""
    next_step = "b/" if request.name.endswith("a") else "a/"
    link = f'<a href="{next_step}">deeper</a>'
    return Response(200, request.page("Deeper", f"<p>A relative link leads {link}.</p>"))


def session(request: TroubleRequest) -> Reply:
    """Respond with a link that carries a new session id each time."""
    number = request.visit * 7919 % 100_003
    link = f'<a href="{request.url("session/")}?PHPSESSID={number:032x}">Go on</a>'
    return Response(200, request.page("Session", f"<p>{link}</p>"))


def multi_page(request: TroubleRequest) -> Reply:
    """Respond with one part of a post in three parts."""
    number = int(request.name.rpartition("/")[2]) if request.name[-1].isdigit() else 1
    links = "".join(
        f' <a href="{request.url("multi-page/" + (f"{n}/" if n > 1 else ""))}" '
        f'class="post-page-numbers">{n}</a>'
        for n in (1, 2, 3)
        if n != number
    )
    text = (
        f"<p>This is part {number} of three.</p><div class='entry-pagination'>Pages:{links}</div>"
    )
    return Response(200, request.page("A post in three parts", text))


def password(request: TroubleRequest) -> Reply:
    """Respond with the password form of a protected post."""
    form = (
        f'<form action="{request.base_url}wp-login.php?action=postpass" class="post-password-form" '
        'method="post"><p>This content is password protected.</p><p><label>Password: '
        '<input name="post_password" type="password" /></label></p></form>'
    )
    return Response(200, request.page("Protected: Notes for the board", form))


def many_links(request: TroubleRequest) -> Reply:
    """Respond with 3,000 links to the posts of the site."""
    paths = [f"{post.path}/" for post in request.site.posts]
    items = "".join(
        f'<li><a href="{request.base_url}{paths[number % len(paths)]}#link-{number}">'
        f"{number}</a></li>"
        for number in range(MANY_LINKS)
    )
    return Response(200, request.page("Three thousand links", f"<ul>{items}</ul>"))


def bad_links(request: TroubleRequest) -> Reply:
    """Respond with links that a crawler must not follow."""
    items = "".join(f'<li><a href="{href}">link</a></li>' for href in _BAD_HREFS)
    return Response(200, request.page("Malformed links", f"<ul>{items}</ul>"))


_BAD_HREFS = (
    *("http://", "http:///x", "http://[::1", "http://exa mple.invalid/ x", "//", "http:/one"),
    *("javascript:void(0)", "javascript:alert('x')", "tel:202.546.0795", "mailto:", "#", ""),
    *("http://127.0.0.1:99999/", "%zz", "http://user:secret@example.invalid/", "?"),
    *("data:text/html,x", "http://example.invalid:port/", "  /factsheets/  ", "\n/about/\n"),
)

TAG_SOUP = (
    "<p>Open <b>bold <i>both</b> italic</i><p>second <table><tr><td>cell<p>in a cell</table>"
    "<ul><li>one<li>two</ul></div></div><blockquote>never closed <a href='/factsheets/'>link"
    "<p>after & < > &nosuch; &#0; \x01 <!-- open comment"
)


def encrypted_pdf() -> bytes:
    """Return a PDF whose trailer claims to be encrypted."""
    plain = pdf_of("Locked", ["No one can read this without the password."])
    extra = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -44 >> " % (
        b"o" * 32,
        b"u" * 32,
    )
    extra += b"/ID [<00> <00>] "
    return plain.replace(b"/Root 1 0 R", extra + b"/Root 1 0 R")
