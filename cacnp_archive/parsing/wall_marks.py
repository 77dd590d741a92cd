"""Recognise walls: known ones by their headers and bodies, others by the marks of a challenge."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

from cacnp_archive.model import urls
from cacnp_archive.model.capture import NOT_MODIFIED, REDIRECTS, Capture
from cacnp_archive.model.records import Reading
from cacnp_archive.model.wall import Wall, WallKind
from cacnp_archive.parsing.select import Element, tag_of

SEARCHED_BYTES = 100_000
"""The marks of known walls are looked for in this part of a body; challenges are small pages."""

FEW_CHARS = 400
"""A challenge has at most this much visible text; a longer page is one that could not be read."""

FEW_LINKS = 3

NETWORK_AUTHENTICATION_REQUIRED = 511


@dataclass(frozen=True, slots=True)
class _HeaderRule:
    name: bytes
    value: re.Pattern[str]
    statuses: frozenset[int]
    kind: WallKind


@dataclass(frozen=True, slots=True)
class _BodyRule:
    vendor: str
    kind: WallKind
    anywhere: tuple[bytes, ...]
    """Marks that may be in the text."""
    in_markup: tuple[bytes, ...]
    max_bytes: int

    @classmethod
    def of(cls, rule: dict[str, Any]) -> "_BodyRule":
        marks = [mark.lower().encode() for mark in rule["marks"]]
        anywhere = tuple(mark for mark in marks if b"<" in mark or b" " in mark)
        in_markup = tuple(mark for mark in marks if mark not in anywhere)
        limit = rule.get("max_bytes", SEARCHED_BYTES)
        return cls(rule["vendor"], WallKind(rule["kind"]), anywhere, in_markup, limit)

    def wall(self) -> Wall:
        marks = b", ".join(self.anywhere + self.in_markup).decode()
        return Wall(self.kind, f"{self.vendor}: {marks}")


@dataclass(frozen=True, slots=True)
class _Rules:
    headers: dict[bytes, list[_HeaderRule]]
    """By the name in lower case."""
    bodies: tuple[_BodyRule, ...]


@cache
def _rules() -> _Rules:
    data = tomllib.loads((files(__package__) / "wall_marks.toml").read_text(encoding="utf-8"))
    headers: dict[bytes, list[_HeaderRule]] = {}
    for rule in data["headers"]:
        name = rule["name"].encode()
        headers.setdefault(name, []).append(
            _HeaderRule(
                name,
                re.compile(rule["value"], re.IGNORECASE),
                frozenset(rule.get("statuses", ())),
                WallKind(rule["kind"]),
            )
        )
    return _Rules(headers, tuple(map(_BodyRule.of, data["bodies"])))


def wall_in_headers(capture: Capture) -> Wall | None:
    """Return the wall that the status and headers of an answer prove, whatever its body is."""
    if capture.status == NETWORK_AUTHENTICATION_REQUIRED:  # RFC 6585 section 6
        return Wall(WallKind.PORTAL, "HTTP status 511")
    rules = _rules().headers
    for name, value in capture.message.headers:
        for rule in rules.get(name.lower(), ()):
            text = value.decode("latin-1").strip()
            if (not rule.statuses or capture.status in rule.statuses) and rule.value.fullmatch(
                text
            ):
                return Wall(rule.kind, f"{name.decode('latin-1')}: {text[:80]}".strip())
    return _wall_in_location(capture) if capture.status in REDIRECTS else None


def _wall_in_location(capture: Capture) -> Wall | None:
    location = capture.message.location.lower().encode()
    for rule in _rules().bodies:
        if any(b"/" in mark and mark in location for mark in rule.in_markup):
            return rule.wall()
    return None


_TEXT = re.compile(rb"(<(script|style)\b.*?</\2>)|(?<=>)[^<]+", re.DOTALL)


def wall_in_body(capture: Capture) -> Wall | None:
    """Return the known wall that a body is; it must not be asked about a page of the site."""
    body = b" ".join(capture.beginning(SEARCHED_BYTES).lower().split())
    markup = _TEXT.sub(rb"\1", body)
    for rule in _rules().bodies:
        if (
            len(body) <= rule.max_bytes
            and all(mark in body for mark in rule.anywhere)
            and all(mark in markup for mark in rule.in_markup)
        ):
            return rule.wall()
    return None


def with_wall(reading: Reading, capture: Capture) -> Reading:
    """Return a reading with the wall that it may come from, or is; a page of the site has none."""
    status = capture.status
    if capture.truncated is not None or capture.method != "GET":
        return reading
    if status in REDIRECTS:
        gate = gate_of(capture.url, reading.links[0]) if reading.links else None
        return replace(reading, wall=gate) if gate else reading
    if status >= BAD_REQUEST:
        if _may_be_known(capture) and (wall := wall_in_body(capture)):
            return Reading(wall=wall)
        is_refusal = status < SERVER_ERROR and status not in _GONE
        return replace(reading, signature=f"e{status}") if is_refusal else reading
    if capture.message.entity.size == 0:
        if status == NOT_MODIFIED:
            return reading
        empty = _suspected(WallKind.EMPTY, f"HTTP status {status} without a body")
        return replace(reading, wall=empty, signature="s")
    is_unknown = reading.signature is not None or reading == Reading()
    if is_unknown and _may_be_known(capture) and (wall := wall_in_body(capture)):
        return Reading(wall=wall)
    return reading


BAD_REQUEST, SERVER_ERROR = 400, 500

_GONE = frozenset({404, 410})

_MAX_BYTES = 1024 * 1024
"""Larger answers are no walls."""


def _may_be_known(capture: Capture) -> bool:
    is_html = capture.media_type in ("", "text/html", "application/xhtml+xml", "text/plain")
    return is_html and capture.message.entity.size <= _MAX_BYTES


def suspicion_of(root: Element | None, url: str) -> Wall | None:
    """Return the suspicion that an HTML page is a challenge, by marks that all challenges share.

    It must not be asked about a page that WordPress has made. None of the marks is a proof: where
    no page is known to be, such an answer may be an application or an empty file.
    """
    if root is None:
        return _suspected(WallKind.EMPTY, "no element in the page")
    tags = Counter(tag_of(element) for element in root.iter())
    text = " ".join(_visible_words(root))
    if tags["a"] + tags["area"] > FEW_LINKS or len(text) > FEW_CHARS:
        return None
    if _refreshes_itself(root, url):
        return _suspected(WallKind.CHALLENGE, "it refreshes itself")
    scripts = tags["script"]
    if scripts and _sets_cookie_and_reloads(root):
        return _suspected(WallKind.CHALLENGE, "a script sets a cookie and loads the page again")
    if scripts and _asks_for_javascript(root):
        return _suspected(WallKind.CHALLENGE, "it asks for JavaScript")
    if _has_captcha(root):
        return _suspected(WallKind.CHALLENGE, "a captcha")
    if not text and not any(tags[name] for name in _SHOWING):
        what = "a script" if scripts else "nothing"
        kind = WallKind.CHALLENGE if scripts else WallKind.EMPTY
        return _suspected(kind, f"{what} instead of text, links and images")
    return None


def gate_of(url: str, target: str) -> Wall | None:
    """Return the suspicion that a redirect leads to a gate: it says where to return to.

    >>> str(gate_of("https://a.example/b/", "https://a.example/wp-login.php?redirect_to=%2Fb%2F"))
    'login: it redirects to https://a.example/wp-login.php, which is to return to it'
    >>> gate_of("https://a.example/b/", "https://a.example/c/?from=mail")
    """
    parts = urlsplit(target)
    path = urlsplit(url).path
    query = unquote(unquote(parts.query))
    if len(path) < 2 or parts.path == path or path.rstrip("/") not in query:
        return None
    where = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return _suspected(WallKind.LOGIN, f"it redirects to {where}, which is to return to it")


def page_signature(root: Element | None, url: str, *, is_suspect: bool) -> str:
    """Return what identifies a page that is no article, apart from what changes at each request.

    Left out are attributes but the URLs of links, frames and images, scripts, and words like
    `8f3ac01e77aa` or `21:04:33.120`, the requested URL among them.
    """
    kind = "s" if is_suspect else "b"
    if root is None:
        return _signature(kind)
    words = (word for word in _visible_words(root) if not _is_token(word) and "/" not in word)
    return _signature(kind, *(tag_of(item) for item in root.iter()), *words, *_shown(root, url))


def _suspected(kind: WallKind, evidence: str) -> Wall:
    return Wall(kind, evidence, is_certain=False)


def _signature(kind: str, *parts: object) -> str:
    digest = blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), digest_size=8)
    return kind + digest.hexdigest()


_SHOWING = ("a", "area", "img", "iframe", "frame", "object", "embed")
_SILENT = frozenset({"script", "style", "noscript", "template", "head"})


def _visible_words(root: Element) -> list[str]:
    """Return the words that a browser with scripts shows, the title first."""
    words = [word for title in root.iter("title") for word in (title.text or "").split()]
    pending = [root]
    while pending:
        element = pending.pop()
        if tag_of(element) not in _SILENT:
            words += (element.text or "").split() if tag_of(element) else []
            pending += reversed(element)
        if element is not root:
            words += (element.tail or "").split()
    return words


_TOKEN = re.compile(r"(?!\W*(?:\d{1,8}|\d{4}\W\d\d\W\d\d)\W*$)(?=.{6})(?:.*\d){4}")
_PATH_TOKEN = re.compile(r"(?=[^.]{16,}$)(?:.*\d){4}")


def _is_token(word: str) -> bool:
    """Whether a word is likely to differ with every request: long, with many digits, no date.

    >>> [_is_token(word) for word in ("8f3ac01e77aa", "21:04:33", "20140506", "2014-05-06")]
    [True, True, False, False]
    """
    return _TOKEN.match(word) is not None


_SHOWN = {"a": "href", "area": "href", "img": "src", "iframe": "src", "frame": "src"}


def _shown(root: Element, url: str) -> list[str]:
    """Return the paths of what a page links to and shows, without the page itself and tokens."""
    found = []
    for element in root.iter(*_SHOWN):
        target = element.get(_SHOWN[tag_of(element)])
        if target is None:
            continue
        parts = urlsplit(urls.resolve(url, target) or url)
        if parts.path != urlsplit(url).path:
            found += [part for part in parts.path.split("/") if not _PATH_TOKEN.match(part)]
    return found


_REFRESH = re.compile(r"\s*[\d.]+\s*(?:[;,]\s*(?:url\s*=)?\s*['\"]?([^'\"]*))?", re.IGNORECASE)


def _refreshes_itself(root: Element, url: str) -> bool:
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        match = _REFRESH.match(meta.get("content") or "")
        target = (match.group(1) or "").strip() if match else ""
        if _same_page(urls.resolve(url, target) or url, url):
            return True
    return False


def _same_page(target: str, url: str) -> bool:
    """Whether two URLs differ at most in their queries: a challenge may add its token."""
    one, other = urlsplit(urls.without_fragment(target)), urlsplit(url)
    return (one.netloc, one.path or "/") == (other.netloc, other.path or "/")


_RELOADS = re.compile(r"location\s*(?:\.\s*(?:reload|replace|assign|href)|=)|\.submit\s*\(")


def _sets_cookie_and_reloads(root: Element) -> bool:
    scripts = [script.text or "" for script in root.iter("script")]
    return any("document.cookie" in script and _RELOADS.search(script) for script in scripts)


_JAVASCRIPT = re.compile(r"java\s*script|cookies", re.IGNORECASE)


def _asks_for_javascript(root: Element) -> bool:
    return any(
        _JAVASCRIPT.search(" ".join(map(str, noscript.itertext())))
        for noscript in root.iter("noscript")
    )


_CAPTCHA = re.compile(
    r"captcha|challenges\.cloudflare\.com/turnstile|cf-turnstile|friendlychallenge", re.IGNORECASE
)


def _has_captcha(root: Element) -> bool:
    return any(
        _CAPTCHA.search(value)
        for element in root.iter("div", "form", "iframe", "script", "input")
        for name in ("id", "class", "src", "action", "name")
        if (value := element.get(name))
    )
