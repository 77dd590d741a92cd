"""Images, audio and video are found, with their captions."""

import pytest

from cacnp_archive.model.records import MediaItem, MediaKind
from cacnp_archive.model.site import HOME
from tests.parsing.pages import article, post

UPLOADS = f"{HOME}wp-content/uploads"


def media(content: str) -> tuple[MediaItem, ...]:
    return article(post(content)).media


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/wp-content/uploads/a.jpg" alt="A map">',
        '<img src="data:image/gif;base64,AA" data-src="/wp-content/uploads/a.jpg" alt="A map">',
        '<img src="/lazy.gif" data-lazy-src="/wp-content/uploads/a.jpg" alt="A map">',
        '<img srcset="/a-300.jpg 300w, /wp-content/uploads/a.jpg 900w" alt="A map">',
        '<picture><source srcset="/a.webp"><img src="/wp-content/uploads/a.jpg" alt="A map">'
        "</picture>",
        '<a href="/big.jpg"><img src="/wp-content/uploads/a.jpg" alt="A map"></a>',
        '<div class="wp-block-cover" role="img" aria-label="A map"'
        ' style="background-image:url(/wp-content/uploads/a.jpg)"></div>',
    ],
)
def test_image_is_found_in_every_form(image: str) -> None:
    assert media(f"{image}<noscript>{image}</noscript>") == (
        MediaItem(url=f"{UPLOADS}/a.jpg", kind=MediaKind.IMAGE, alt="A map"),
    )


@pytest.mark.parametrize(
    "content",
    [
        "<figure><img src=/a.jpg><figcaption>Under <b>it</b></figcaption></figure>",
        '<div class="wp-caption"><a href=/b.jpg><img src=/a.jpg></a>'
        '<p class="wp-caption-text">Under it</p></div>',
        '<dl class="gallery-item"><dt><img src=/a.jpg></dt>'
        '<dd class="gallery-caption">Under it</dd></dl>',
        "<p><img src=/a.jpg><br>\nUnder<i> i</i>t</p>",
    ],
)
def test_caption_is_the_text_under_the_image(content: str) -> None:
    assert [medium.caption for medium in media(content)] == ["Under it"]


@pytest.mark.parametrize(
    "content",
    [
        "<p>Text <img src=/a.jpg><br>more text</p>",
        "<p><img src=/a.jpg>more text</p>",
        f"<p><img src=/a.jpg><br>{'long text ' * 40}</p>",
        "<figure><figure><img src=/a.jpg></figure><figcaption>Of the gallery</figcaption></figure>",
    ],
)
def test_text_that_is_not_under_an_image_is_no_caption(content: str) -> None:
    assert [medium.caption for medium in media(content)] == [None]


def test_alternative_text_that_is_empty_differs_from_none() -> None:
    assert [medium.alt for medium in media('<img src=/a.jpg alt=""><img src=/b.jpg>')] == ["", None]


def test_player_urls_have_no_cache_buster() -> None:
    content = (
        '<audio><source src="/a.mp3?_=1"><a href="/a.mp3">a</a></audio>'
        '<figure><video src="/b.mp4" poster="/p.jpg"></video>'
        "<figcaption>A film</figcaption></figure>"
    )
    assert media(content) == (
        MediaItem(url=f"{HOME}a.mp3", kind=MediaKind.AUDIO),
        MediaItem(url=f"{HOME}b.mp4", kind=MediaKind.VIDEO, caption="A film"),
    )


def test_tracking_pixels_emoji_and_hidden_images_are_no_media() -> None:
    content = (
        '<p>Hi <img class="emoji" alt="😀" src="/1f600.svg">'
        '<img src="/p.gif" width="1" height="1"><img style="display:none" src="/h.gif"></p>'
    )
    found = article(post(content))
    assert found.media == ()
    assert found.body_text == "Hi 😀"


def test_featured_image_comes_first_and_other_theme_images_are_ignored() -> None:
    page = post("<img src=/b.jpg>").replace(
        "</header>", '<img class="wp-post-image" src="/a.jpg"><img src="/icon.png"></header>'
    )
    assert [medium.url for medium in article(page).media] == [f"{HOME}a.jpg", f"{HOME}b.jpg"]
