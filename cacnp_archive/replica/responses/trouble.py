"""Misbehaving URLs under /trouble/: what the web does to a crawler."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cacnp_archive.replica.assets.made_pdf import pdf_of
from cacnp_archive.replica.responses import trouble_replies
from cacnp_archive.replica.responses.routing import HTML, Response, not_found
from cacnp_archive.replica.responses.trouble_replies import Reply, Stream, TroubleRequest
from cacnp_archive.replica.state.replica_site import ReplicaSite


@dataclass(frozen=True, slots=True)
class Trouble:
    """A misbehaving URL; `group` says what a crawler should make of it (see truth.py)."""

    reply: Callable[[TroubleRequest], Reply]
    group: str
    note: str


_PDF = "application/pdf"
_CUT = b"<!DOCTYPE html><title>Cut</title><p>This sentence stops in the mid"
_ODD = b"<!DOCTYPE html><title>Odd</title><p>Odd headers, and twice at that."
_UNTYPED = b"<!DOCTYPE html><title>No</title><p>Guess."
_UTF8 = "<!DOCTYPE html><title>Charset</title><p>“Quoted” – it’s café.</p>"

TROUBLES: dict[str, Trouble] = {
    "": Trouble(
        lambda request: Response(200, request.page("Trouble", _index(request))), "page", "the index"
    ),
    **{
        f"chain/{n}": Trouble(
            trouble_replies.redirecting(f"BASE/trouble/chain/{n + 1}/"),
            "hop",
            "a redirect in a row",
        )
        for n in range(1, 5)
    },
    "chain/5": Trouble(
        trouble_replies.redirecting("BASE/trouble/chain/end/"), "hop", "the fifth redirect in a row"
    ),
    "chain/end": Trouble(
        trouble_replies.status_page(200, "<p>Arrived.</p>"), "page", "the end of five redirects"
    ),
    "loop/a": Trouble(
        trouble_replies.redirecting("BASE/trouble/loop/b/", 302),
        "trap",
        "two redirects in a circle",
    ),
    "loop/b": Trouble(
        trouble_replies.redirecting("BASE/trouble/loop/a/", 302), "hop", "the other half"
    ),
    "self": Trouble(
        trouble_replies.redirecting("BASE/trouble/self/", 302), "trap", "a redirect to itself"
    ),
    "404": Trouble(trouble_replies.status_page(404), "gone", "not found"),
    "410": Trouble(trouble_replies.status_page(410), "gone", "gone"),
    "500": Trouble(trouble_replies.status_page(500), "failure", "always an error"),
    "503-seconds": Trouble(trouble_replies.healing(503, 2), "healing", "heals on the third visit"),
    "503-date": Trouble(
        trouble_replies.healing(503, 1, with_date=True), "healing", "heals on the second visit"
    ),
    "429-seconds": Trouble(trouble_replies.healing(429, 2), "healing", "heals on the third visit"),
    "429-date": Trouble(
        trouble_replies.healing(429, 1, with_date=True), "healing", "heals on the second visit"
    ),
    "slow": Trouble(trouble_replies.slow, "page", "eight drops in 2.4 seconds"),
    "cut-length": Trouble(
        trouble_replies.wire(
            trouble_replies.head_of(f"Content-Type: {HTML}", "Content-Length: 500") + _CUT
        ),
        "failure",
        "the body ends before its stated length",
    ),
    "cut-chunk": Trouble(
        trouble_replies.wire(
            trouble_replies.head_of(f"Content-Type: {HTML}", "Transfer-Encoding: chunked")
            + b"200\r\n"
            + _CUT
        ),
        "failure",
        "the body ends inside a chunk",
    ),
    "odd-headers": Trouble(
        trouble_replies.wire(
            trouble_replies.head_of(
                "sERVER:  nginx ",
                "CONTENT-type: text/html; charset=UTF-8",
                "X-Cache: MISS",
                "x-cache: HIT",
                "Set-Cookie: a=1",
                "Set-Cookie: b=2",
                "X-Note: caf\xe9",
                f"content-LENGTH: {len(_ODD)}",
            )
            + _ODD
        ),
        "page",
        "odd case, duplicates, spaces, Latin-1",
    ),
    "charset-utf8-lie": Trouble(
        trouble_replies.typed(lambda: _UTF8.encode("cp1252"), "text/html; charset=UTF-8"),
        "page",
        "windows-1252 labelled as UTF-8",
    ),
    "charset-1252-lie": Trouble(
        trouble_replies.typed(_UTF8.encode, "text/html; charset=windows-1252"),
        "page",
        "UTF-8 labelled as windows-1252",
    ),
    "no-content-type": Trouble(
        trouble_replies.wire(
            trouble_replies.head_of(f"Content-Length: {len(_UNTYPED)}") + _UNTYPED
        ),
        "page",
        "no Content-Type",
    ),
    "calendar/2012-01": Trouble(trouble_replies.calendar, "trap", "months without end"),
    "a": Trouble(trouble_replies.repeating, "trap", "a path that repeats itself"),
    "session": Trouble(trouble_replies.session, "trap", "a new session in each link"),
    "off-site": Trouble(
        trouble_replies.redirecting("http://example.invalid/", 302), "off-site", "leaves the site"
    ),
    "to-private": Trouble(
        trouble_replies.redirecting("http://10.0.0.1/", 302),
        "off-site",
        "leads to a private address",
    ),
    "to-file": Trouble(
        trouble_replies.redirecting("file:///etc/hostname", 302),
        "off-site",
        "leads to a local file",
    ),
    "bomb": Trouble(
        lambda _: Stream(
            [trouble_replies.bomb()], {"Content-Type": HTML, "Content-Encoding": "gzip"}
        ),
        "failure",
        "20 MB of zeros in 20 kB",
    ),
    "endless": Trouble(
        lambda _: Stream(trouble_replies.endless(), {"Content-Type": HTML}),
        "failure",
        "64 MB, no length stated",
    ),
    "soft-404": Trouble(
        lambda request: Response(200, not_found(request.site, request.base_url).body),
        "page",
        "404 with a 200",
    ),
    "empty": Trouble(lambda _: Response(200), "page", "200 without a body"),
    "html-as-pdf.pdf": Trouble(
        trouble_replies.typed(_UTF8.encode, _PDF), "page", "HTML labelled as PDF"
    ),
    "broken.pdf": Trouble(
        trouble_replies.typed(lambda: pdf_of("Broken", ["Half a file."])[:300], _PDF),
        "page",
        "a PDF cut short",
    ),
    "encrypted.pdf": Trouble(
        trouble_replies.typed(trouble_replies.encrypted_pdf, _PDF),
        "page",
        "a PDF that claims a password",
    ),
    "scan.pdf": Trouble(
        trouble_replies.typed(lambda: pdf_of("Scan", ["", ""], images_only=True), _PDF),
        "page",
        "pictures only",
    ),
    "204": Trouble(lambda _: Response(204), "page", "no content"),
    "304": Trouble(lambda _: Response(304), "failure", "304 to a request without conditions"),
    "password-protected": Trouble(trouble_replies.password, "page", "a form in place of the text"),
    "multi-page": Trouble(trouble_replies.multi_page, "page", "a post in three parts"),
    "multi-page/2": Trouble(trouble_replies.multi_page, "page", "its second part"),
    "multi-page/3": Trouble(trouble_replies.multi_page, "page", "its third part"),
    "bad-links": Trouble(trouble_replies.bad_links, "page", "malformed addresses"),
    "many-links": Trouble(trouble_replies.many_links, "page", "3,000 links"),
    "tag-soup": Trouble(
        lambda request: Response(200, request.page("Tag soup", trouble_replies.TAG_SOUP)),
        "page",
        "mis-nested tags",
    ),
}

_FAMILIES: dict[str, Callable[[TroubleRequest], Reply]] = {
    "calendar/": trouble_replies.calendar,
    "a/": trouble_replies.repeating,
}


def trouble_path(name: str) -> str:
    """Return the path under which a trouble is linked."""
    if name == "":
        return "trouble/"
    return f"trouble/{name}" if name.endswith(".pdf") else f"trouble/{name}/"


def _index(request: TroubleRequest) -> str:
    """List every URL that no other page under /trouble/ links to."""
    items = "".join(
        f'<li><a href="{request.base_url}{trouble_path(name)}">{name}</a>: {trouble.note}</li>'
        for name, trouble in TROUBLES.items()
        if name and trouble.group != "hop" and not name.startswith(("chain/end", "multi-page/"))
    )
    chain = f'<li><a href="{request.url("chain/1/")}">chain</a>: five redirects</li>'
    return f"<ul>{chain}{items}</ul>"


class Troublemaker:
    """Responds under /trouble/, and counts visits, since some URLs heal."""

    def __init__(self) -> None:
        self._visits: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reply(
        self, site: ReplicaSite, base_url: str, raw_path: str, query: Mapping[str, str]
    ) -> Reply:
        """Respond to a request; unknown URLs get a 404."""
        with self._lock:
            self._visits[raw_path] += 1
            visit = self._visits[raw_path]
        name = raw_path.removeprefix("/trouble").strip("/")
        request = TroubleRequest(site, base_url, name, visit, query)
        if name in TROUBLES:
            return TROUBLES[name].reply(request)
        for prefix, reply in _FAMILIES.items():
            if name.startswith(prefix):
                return reply(request)
        return not_found(site, base_url)
