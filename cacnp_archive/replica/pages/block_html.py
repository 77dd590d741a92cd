"""Render body blocks as WordPress and its plug-ins do."""

import html
from typing import assert_never

from cacnp_archive.replica.source.body_blocks import (
    Audio,
    Block,
    Code,
    Embed,
    File,
    Gallery,
    Heading,
    Image,
    ItemList,
    Paragraph,
    Quote,
    Rule,
    Table,
    Video,
    full_size,
)
from cacnp_archive.replica.source.inline import absolute

_BLANK_GIF = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def body_html(blocks: tuple[Block, ...], base_url: str) -> str:
    """Return the HTML inside entry-content; internal links start with `base_url`."""
    return "\n".join(block_html(block, base_url) for block in blocks)


def block_html(block: Block, base_url: str) -> str:
    """Return the HTML of one block."""
    match block:
        case Paragraph():
            anchor = f' id="{block.anchor}"' if block.anchor else ""
            style = f' style="{block.style}"' if block.style else ""
            return f"<p{anchor}{style}>{block.inline.html(base_url)}</p>"
        case Heading():
            return f"<h{block.level}>{block.inline.html(base_url)}</h{block.level}>"
        case ItemList():
            return _list(block, base_url)
        case Table():
            return _table(block, base_url)
        case Quote():
            inner = "\n".join(f"<p>{part.html(base_url)}</p>" for part in block.paragraphs)
            return f"<blockquote>{inner}</blockquote>"
        case Image():
            return image_html(block, base_url)
        case Gallery():
            return _gallery(block, base_url)
        case Embed():
            return _embed(block)
        case Audio():
            return _audio(block, base_url)
        case Video():
            return (
                f'<figure class="wp-block-video"><video controls '
                f'poster="{absolute(block.poster, base_url)}" '
                f'src="{absolute(block.path, base_url)}"></video>'
                f"<figcaption>{block.caption.html(base_url)}</figcaption></figure>"
            )
        case File():
            url = absolute(block.path, base_url)
            return (
                f'<div class="wp-block-file"><a href="{url}">{block.name}</a> '
                f'<a href="{url}" class="wp-block-file__button" download>Download</a></div>'
            )
        case Code():
            return f"<{block.tag}>{block.source}</{block.tag}>"
        case Rule():
            return '<hr class="wp-block-separator" />'
    assert_never(block)


def _list(block: ItemList, base_url: str) -> str:
    tag = "ol" if block.ordered else "ul"
    lines = [f"<{tag}>"]
    for item in block.items:
        inner = "\n" + _list(item.nested, base_url) + "\n" if item.nested else ""
        lines.append(f"<li>{item.inline.html(base_url)}{inner}</li>")
    return "\n".join([*lines, f"</{tag}>"])


def _table(block: Table, base_url: str) -> str:
    lines = ['<figure class="wp-block-table"><table>']
    rows = list(block.rows)
    if block.header:
        cells = "".join(f"<th>{cell.html(base_url)}</th>" for cell in rows.pop(0))
        lines.append(f"<thead><tr>{cells}</tr></thead>")
    lines.append("<tbody>")
    for row in rows:
        cells = "".join(f"<td>{cell.html(base_url)}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join([*lines, "</tbody></table></figure>"])


def _gallery(block: Gallery, base_url: str) -> str:
    lines = ['<div class="gallery galleryid-1 gallery-columns-3 gallery-size-thumbnail">']
    for image in block.images:
        lines.append(
            '<dl class="gallery-item"><dt class="gallery-icon landscape">'
            f'<a href="{absolute(image.path, base_url)}">'
            f'<img class="attachment-thumbnail" {_attributes(image, base_url)} /></a></dt>'
        )
        if image.caption:
            caption = image.caption.html(base_url)
            lines.append(f'<dd class="wp-caption-text gallery-caption">{caption}</dd>')
        lines.append("</dl>")
    return "\n".join([*lines, '<br style="clear: both" />', "</div>"])


def _embed(block: Embed) -> str:
    iframe = (
        f'<iframe title="{html.escape(block.title)}" width="640" height="360" '
        f'src="{html.escape(block.url)}" frameborder="0" allowfullscreen></iframe>'
    )
    if block.provider == "soundcloud":
        return f"<p>{iframe}</p>"
    return (
        f'<figure class="wp-block-embed is-type-video is-provider-{block.provider}">'
        f'<div class="wp-block-embed__wrapper">{iframe}</div></figure>'
    )


def _audio(block: Audio, base_url: str) -> str:
    url = absolute(block.path, base_url)
    return (
        "<!--[if lt IE 9]><script>document.createElement('audio');</script><![endif]-->\n"
        '<audio class="wp-audio-shortcode" id="audio-1-1" preload="none" style="width: 100%;" '
        f'controls="controls"><source type="audio/mpeg" src="{url}?_=1" />'
        f'<a href="{url}">{url}</a></audio>'
    )


def _attributes(image: Image, base_url: str, prefix: str = "") -> str:
    full_width, full_height = full_size(image.path)
    sizes = [*image.copies, (image.path, full_width)]
    srcset = ", ".join(f"{absolute(path, base_url)} {width}w" for path, width in sizes)
    return (
        f'width="{full_width}" height="{full_height}" alt="{html.escape(image.alt)}" '
        f'{prefix}src="{absolute(image.path, base_url)}" {prefix}srcset="{srcset}" '
        f'{prefix}sizes="(max-width: 1024px) 100vw, 1024px"'
    )


def image_html(image: Image, base_url: str) -> str:
    """Return the HTML of an image, as its variant demands."""
    caption = image.caption.html(base_url) if image.caption else ""
    tag = f'<img decoding="async" {_attributes(image, base_url)} />'
    url = absolute(image.path, base_url)
    match image.variant:
        case "classic" if caption:
            return (
                '<div style="width: 1034px" class="wp-caption aligncenter">'
                f'{tag}<p class="wp-caption-text">{caption}</p></div>'
            )
        case "classic":
            return f"<p>{tag}</p>"
        case "plain":
            label = f"<br />\n{caption}" if caption else ""
            return f'<p><img src="{url}" alt="{html.escape(image.alt)}" border="0" />{label}</p>'
        case "background":
            label = f"<p>{caption}</p>" if caption else ""
            return (
                f'<div class="wp-block-cover" role="img" aria-label="{html.escape(image.alt)}" '
                f'style="background-image:url({url})">{label}</div>'
            )
        case "block":
            inner = tag
        case "lazy" | "rocket":
            prefix = "data-" if image.variant == "lazy" else "data-lazy-"
            inner = (
                f'<img class="lazyload" src="{_BLANK_GIF}" '
                f"{_attributes(image, base_url, prefix)} /><noscript>{tag}</noscript>"
            )
        case "picture":
            webp = absolute(image.webp_path, base_url)
            inner = f'<picture><source type="image/webp" srcset="{webp}" />{tag}</picture>'
        case unknown:
            raise ValueError(f"unknown image variant {unknown!r}")
    label = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="wp-block-image size-large">{inner}{label}</figure>'
