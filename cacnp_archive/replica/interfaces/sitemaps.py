"""Sitemaps in the styles of WordPress sites: Yoast's, the core's, compressed, or none."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cacnp_archive.replica.state.replica_site import SITEMAP_SIZES, ReplicaSite

STYLES = ("yoast", "core", "gzip", "none")

XML = "text/xml; charset=UTF-8"
GZIP = "application/x-gzip"

_INDEXES = {"yoast": "sitemap_index.xml", "core": "wp-sitemap.xml", "gzip": "sitemap.xml.gz"}
_CORE_GROUPS = {
    "post": "posts-post",
    "page": "posts-page",
    "category": "taxonomies-category",
    "post_tag": "taxonomies-post_tag",
    "people": "taxonomies-people",
}
_REDIRECTS = {
    "yoast": {
        "sitemap.xml": ("sitemap_index.xml", 301),
        "wp-sitemap.xml": ("sitemap_index.xml", 302),
        "post-sitemap1.xml": ("post-sitemap.xml", 301),
    },
    "core": {"sitemap.xml": ("wp-sitemap.xml", 302)},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A URL of a sitemap: its path and when it was last changed."""

    path: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap document: a list of pages, or an index of other documents."""

    entries: Sequence[Entry]
    is_index: bool = False


def index_path(site: ReplicaSite) -> str | None:
    """Return the path that robots.txt names, or None for a site without sitemaps."""
    return _INDEXES.get(site.sitemap_style)


def redirects(site: ReplicaSite) -> dict[str, tuple[str, int]]:
    """Return the paths that redirect to sitemaps, with targets and statuses."""
    return _REDIRECTS.get(site.sitemap_style, {})


def sitemaps(site: ReplicaSite) -> dict[str, Sitemap]:
    """Return all sitemap documents by path."""
    made: dict[str, Sitemap] = {}
    match site.sitemap_style:
        case "yoast":
            for kind, parts in _parts(site).items():
                for number, part in enumerate(parts, 1):
                    name = f"{kind}-sitemap{number if number > 1 else ''}.xml"
                    made[name] = Sitemap(part)
        case "core":
            for kind, parts in _parts(site).items():
                for number, part in enumerate(parts, 1):
                    made[f"wp-sitemap-{_CORE_GROUPS[kind]}-{number}.xml"] = Sitemap(part)
        case "gzip":
            for kind, parts in _parts(site).items():
                names = [f"sitemaps/{kind}-{number}.xml.gz" for number in range(1, len(parts) + 1)]
                made |= {n: Sitemap(part) for n, part in zip(names, parts, strict=True)}
                made[f"sitemaps/{kind}.xml.gz"] = _index({name: made[name] for name in names})
            nested = {name: made[name] for name in made if made[name].is_index}
            return {_INDEXES["gzip"]: _index(nested), **made}
        case "none":
            return {}
        case unknown:
            raise ValueError(f"unknown style of sitemaps {unknown!r}")
    return {_INDEXES[site.sitemap_style]: _index(made), **made}


def document(site: ReplicaSite, base_url: str, path: str) -> tuple[bytes, str] | None:
    """Return the body and content type of the document at a path, or None."""
    if not path.endswith((".xml", ".xml.gz")):
        return None
    sitemap = sitemaps(site).get(path)
    if sitemap is None:
        return None
    text = _xml(site, base_url, sitemap).encode()
    return (gzip.compress(text, 6, mtime=0), GZIP) if path.endswith(".gz") else (text, XML)


def _parts(site: ReplicaSite) -> dict[str, list[Sequence[Entry]]]:
    """Return the URLs of each kind, split into documents."""
    posts = [Entry(f"{a.path}/", a.changed_at) for a in site.posts if a.in_lists]
    pages = [Entry(f"{a.path}/", a.changed_at) for a in site.pages if a.in_lists]
    found: dict[str, list[Entry]] = {
        "post": posts,
        "page": [Entry("", site.newest_change("")), *pages],
        "category": [],
        "post_tag": [],
        "people": [],
    }
    kinds = {"tag": "post_tag", "people": "people"}
    for path in site.list_paths()[1:]:
        if site.count(path):
            kind = kinds.get(path.partition("/")[0], "category")
            found[kind].append(Entry(f"{path}/", site.newest_change(path)))
    size = SITEMAP_SIZES[len(posts) > SITEMAP_SIZES[1]]
    return {
        kind: [entries[start : start + size] for start in range(0, len(entries), size)]
        for kind, entries in found.items()
    }


def _index(documents: dict[str, Sitemap]) -> Sitemap:
    entries = [
        Entry(name, max(entry.changed_at for entry in sitemap.entries))
        for name, sitemap in documents.items()
        if sitemap.entries
    ]
    return Sitemap(entries, is_index=True)


def _xml(site: ReplicaSite, base_url: str, sitemap: Sitemap) -> str:
    is_core = site.sitemap_style == "core"
    root, item = ("sitemapindex", "sitemap") if sitemap.is_index else ("urlset", "url")
    rows = "".join(
        f"\t<{item}>\n\t\t<loc>{base_url}{entry.path}</loc>\n"
        + ("" if is_core else f"\t\t<lastmod>{_iso(entry.changed_at)}</lastmod>\n")
        + f"\t</{item}>\n"
        for entry in sitemap.entries
    )
    sheet = "wp-sitemap.xsl" if is_core else "main-sitemap.xsl"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<?xml-stylesheet type="text/xsl" href="{base_url}{sheet}"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{root}>\n'
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
