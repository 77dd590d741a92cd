"""Parse a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from typing import Any

from cacnp_archive.model import urls
from cacnp_archive.model.records import ListEntry, ListName, Reading, Requisite, RequisiteKind
from cacnp_archive.parsing.page.wordpress import shortlink_id
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.select import fold

_FILES = {"image": RequisiteKind.IMAGE, "banner_image": RequisiteKind.IMAGE}


def is_json_feed(value: object) -> bool:
    """Whether a JSON value is a feed: it states the address of its version."""
    return (
        isinstance(value, dict)
        and "jsonfeed.org/version/" in str(value.get("version"))
        and isinstance(value.get("items"), list)
    )


def parse_json_feed(feed: dict[str, Any], url: str) -> Reading:
    """Parse a feed: its items and their files."""
    items = [item for item in feed["items"] if isinstance(item, dict)]
    entries: dict[str, ListEntry] = {}
    requisites: dict[Requisite, None] = {}
    for item in items:
        address = _address(item.get("url"), url)
        if address is not None:
            entries.setdefault(address, _entry(item, address))
        files = [(item.get(name), kind) for name, kind in _FILES.items()]
        attachments = item.get("attachments")
        files += [
            (attachment.get("url"), RequisiteKind.MEDIA)
            for attachment in (attachments if isinstance(attachments, list) else ())
            if isinstance(attachment, dict)
        ]
        for value, kind in files:
            if (found := _address(value, url)) is not None:
                requisites[Requisite(url=found, kind=kind)] = None
    return Reading(
        entries=tuple(entries.values()),
        requisites=tuple(requisites),
        next_page=_address(feed.get("next_url"), url),
    )


def _entry(item: dict[str, Any], address: str) -> ListEntry:
    def text(name: str) -> str | None:
        value = item.get(name)
        return fold(value) if isinstance(value, str) and value.strip() else None

    tags = item.get("tags")
    return ListEntry(
        list_name=ListName.FEED,
        url=address,
        wordpress_id=shortlink_id(text("id") or ""),
        title=text("title"),
        published_at=text("date_published"),
        modified_at=text("date_modified"),
        categories=tuple(fold(tag) for tag in tags if isinstance(tag, str))
        if isinstance(tags, list)
        else (),
    )


def _address(value: object, base: str) -> str | None:
    found = resolve(base, value) if isinstance(value, str) and value.strip() else None
    return urls.without_fragment(found) if found and found.startswith("http") else None
