"""The files of the site, and the media library that lists uploads."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from cacnp_archive.replica.assets import made_files, theme
from cacnp_archive.replica.assets.made_pdf import pdf_of
from cacnp_archive.replica.source.body_blocks import SCALED_SIZE, Gallery, Image, Size, full_size
from cacnp_archive.replica.source.inline import Inline
from cacnp_archive.replica.source.posts import Article, slugify

ORIGINAL_SIZE: Size = (4096, 2731)
"""The size of an upload of more than 2,560 pixels, which WordPress scales down."""

_COPIES: dict[str, Size] = {
    "thumbnail": (150, 150),
    "medium": (300, 200),
    "large": (1024, 683),
    "medium_large": (768, 512),
    "1536x1536": (1536, 1024),
    "2048x2048": (2048, 1365),
}
_COPY = re.compile(r"-\d+x\d+(\.\w+)$")
_FIRST_ID = 50_001
_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file under wp-content or wp-includes; `attachment_id` is 0 without a library entry."""

    path: str
    content_type: str
    make: Callable[[], bytes]
    attachment_id: int = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """A smaller copy of an uploaded image: name, path and size in pixels."""

    name: str
    path: str
    size: Size


@dataclass(frozen=True, slots=True)
class Attachment:
    """An entry of the media library.

    `size` is None unless it is an image; `original` is the path of the upload from which a
    `-scaled` image was made.
    """

    wordpress_id: int
    path: str
    content_type: str
    uploaded_at: datetime
    parent_id: int
    alt: str = ""
    caption: Inline | None = None
    size: Size | None = None
    copies: tuple[Copy, ...] = ()
    original: str | None = None

    @property
    def slug(self) -> str:
        """The slug of its own page: the name of the file."""
        return slugify(self.path.rpartition("/")[2].rpartition(".")[0])

    @property
    def title(self) -> str:
        """The title from the upload: the original file name without its extension."""
        return (self.original or self.path).rpartition("/")[2].rpartition(".")[0]

    @property
    def largest(self) -> str:
        """The path of the largest version on the site."""
        return self.original or self.path


class Library:
    """The files of the theme, and all that articles ever showed or linked to.

    As on the real site, files stay when their article is deleted.
    """

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        self._documents = documents
        self.files = {
            path: Upload(path, kind, make) for path, (kind, make) in theme.THEME_FILES.items()
        }
        self.attachments: dict[int, Attachment] = {}
        self.by_slug: dict[str, Attachment] = {}

    def take(self, articles: Iterable[Article]) -> None:
        """Add the files that articles need, each once."""
        for article in articles:
            shown = {image.path: image for image in _images(article)}
            for path in article.requisites:
                if path not in self.files:
                    self._take(path, article, shown)

    def _take(self, path: str, article: Article, shown: Mapping[str, Image]) -> None:
        """Add a file; for a smaller copy, the upload that it was made from."""
        if _COPY.search(path):
            self._take(_COPY.sub(r"\1", path), article, shown)
            return
        extension = path.rpartition(".")[2].lower()
        kind = _TYPES[extension]
        if extension == "webp":
            self.files[path] = Upload(path, kind, made_files.webp)
            return
        number = _FIRST_ID + len(self.attachments)
        attachment = Attachment(number, path, kind, article.published_at, article.wordpress_id)
        make = partial(_FILES[extension], path) if extension in _FILES else partial(self._pdf, path)
        if kind.startswith("image/"):
            size = full_size(path)
            attachment = _image(attachment, shown.get(path), size)
            make = partial(_PIXELS[extension], path, *size)
            for copy in attachment.copies:
                self.files[copy.path] = _picture(copy.path, extension, copy.size)
            if attachment.original:
                self.files[attachment.original] = _picture(
                    attachment.original, extension, ORIGINAL_SIZE
                )
        self.files[path] = Upload(path, kind, make, number)
        self.attachments[number] = attachment
        self.by_slug[attachment.slug] = attachment

    def _pdf(self, path: str) -> bytes:
        document = self._documents[path]
        return pdf_of(document["title"], document["pages"])


def _images(article: Article) -> Iterable[Image]:
    for block in article.blocks:
        if isinstance(block, Image):
            yield block
        elif isinstance(block, Gallery):
            yield from block.images


def _image(attachment: Attachment, shown: Image | None, size: Size) -> Attachment:
    stem, _, extension = attachment.path.rpartition(".")
    stem = stem.removesuffix("-scaled")
    return Attachment(
        attachment.wordpress_id,
        attachment.path,
        attachment.content_type,
        attachment.uploaded_at,
        attachment.parent_id,
        alt=shown.alt if shown else "",
        caption=shown.caption if shown else None,
        size=size,
        copies=tuple(
            Copy(name, f"{stem}-{width}x{height}.{extension}", (width, height))
            for name, (width, height) in _COPIES.items()
            if width < size[0]
        ),
        original=f"{stem}.{extension}" if size == SCALED_SIZE else None,
    )


def _picture(path: str, extension: str, size: Size) -> Upload:
    return Upload(path, _TYPES[extension], partial(_PIXELS[extension], path, *size))


_PIXELS: dict[str, Callable[[str, int, int], bytes]] = {
    "png": made_files.png,
    "jpg": made_files.jpeg,
}
_FILES: dict[str, Callable[[str], bytes]] = {
    "mp3": lambda path: made_files.mp3(path.rpartition("/")[2]),
    "mp4": lambda _: made_files.mp4(),
}
