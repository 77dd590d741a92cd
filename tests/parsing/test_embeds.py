"""Players, forms and quoted posts of other sites."""

import pytest

from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.parsing.text.embed_providers import provider_of
from tests.parsing.pages import SITE, article, post, read
from tests.support.captures import make_capture


@pytest.mark.parametrize(
    ("url", "provider", "embed_id"),
    [
        ("https://www.youtube.com/embed/abcDEF12345?feature=oembed", "youtube", "abcDEF12345"),
        ("https://www.youtube-nocookie.com/embed/abcDEF12345", "youtube", "abcDEF12345"),
        ("http://www.youtube.com/v/abcDEF12345&hl=en", "youtube", "abcDEF12345"),
        ("https://www.youtube.com/watch?t=3&v=abcDEF12345", "youtube", "abcDEF12345"),
        ("https://youtu.be/abcDEF12345", "youtube", "abcDEF12345"),
        ("https://www.youtube.com/embed/videoseries?list=PLxyz", "youtube", "PLxyz"),
        ("https://player.vimeo.com/video/987654?h=1", "vimeo", "987654"),
        (
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/42&color=f",
            "soundcloud",
            "42",
        ),
        (
            "https://w.soundcloud.com/player/?url=https://api.soundcloud.com/tracks/"
            "soundcloud%253Atracks%253A42",
            "soundcloud",
            None,
        ),
        ("https://twitter.com/nukes/status/1122?ref=x", "twitter", "1122"),
        ("https://x.com/nukes/status/1122", "twitter", "1122"),
        ("https://open.spotify.com/embed/episode/4rOoJ6Egrf8K2", "spotify", "4rOoJ6Egrf8K2"),
        ("https://embed.podcasts.apple.com/us/podcast/a/id12?i=34567", "apple-podcasts", "34567"),
        ("https://html5-player.libsyn.com/embed/episode/id/55555/", "libsyn", "55555"),
        ("https://www.c-span.org/video/standalone/?c4889", "c-span", "c4889"),
        ("https://www.scribd.com/embeds/777/content", "scribd", "777"),
        ("https://secure.everyaction.com/v1/forms/aB-c", "everyaction", "aB-c"),
        ("https://notyoutube.com/embed/abcDEF12345", "notyoutube.com", None),
        ("https://www.box.com/x", "box.com", None),
    ],
)
def test_provider_and_id_are_found_in_the_url(
    url: str, provider: str, embed_id: str | None
) -> None:
    assert provider_of(url) == (provider, embed_id)


@pytest.mark.parametrize(
    ("content", "url"),
    [
        (
            '<iframe data-src="//player.vimeo.com/video/1" src="about:blank"></iframe>',
            "player.vimeo.com/video/1",
        ),
        (
            '<object><param name="movie" value="http://a.example/v/1"><b>no Flash</b></object>',
            "a.example/v/1",
        ),
        ('<object><embed src="http://a.example/v/1"></object>', "a.example/v/1"),
        (
            '<div class="rll-youtube-player" data-id="abcDEF12345"></div>',
            "www.youtube.com/embed/abcDEF12345",
        ),
        (
            '<lite-youtube videoid="abcDEF12345"></lite-youtube>',
            "www.youtube.com/embed/abcDEF12345",
        ),
        (
            '<div class="ngp-form" data-form-url="https://a.example/v1/Forms/x"></div>',
            "a.example/v1/Forms/x",
        ),
        (
            '<div class="wp-block-embed__wrapper">\nhttps://youtu.be/abcDEF12345\n</div>',
            "youtu.be/abcDEF12345",
        ),
        (
            '<blockquote class="twitter-tweet"><p>Words</p><a href="https://twitter.com/a">a</a>'
            ' <a href="https://twitter.com/a/status/12">May 1</a></blockquote>',
            "twitter.com/a/status/12",
        ),
        (
            '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/x/">'
            "</blockquote>",
            "www.instagram.com/p/x/",
        ),
        (
            '<iframe class="wp-embedded-content" style="position: absolute; visibility: hidden;"'
            ' src="https://a.example/embed/#?secret=1"></iframe>',
            "a.example/embed/#?secret=1",
        ),
        (
            '<iframe class="x" data-cookieblock-src="https://a.example/v/2"></iframe>',
            "a.example/v/2",
        ),
        (
            '<iframe src="about:blank" data-src-cmplz="https://a.example/v/3"></iframe>',
            "a.example/v/3",
        ),
        ('<lite-vimeo videoid="77"></lite-vimeo>', "player.vimeo.com/video/77"),
        (
            '<script src="https://datawrapper.dwcdn.net/abcde/embed.js" defer></script>',
            "datawrapper.dwcdn.net/abcde/embed.js",
        ),
        ('<div class="infogram-embed" data-id="x-1" data-type="i"></div>', "infogram.com/x-1"),
        (
            '<div class="flourish-embed" data-src="visualisation/12"></div>',
            "flo.uri.sh/visualisation/12",
        ),
        (
            '<a class="twitter-timeline" href="https://twitter.com/a">Tweets</a>',
            "twitter.com/a",
        ),
    ],
)
def test_embed_is_found_in_every_form(content: str, url: str) -> None:
    assert [embed.url.partition("://")[2] for embed in article(post(content)).embeds] == [url]


def test_hidden_iframes_and_iframes_without_a_url_are_no_embeds() -> None:
    content = (
        '<iframe style="display:none" src="/track"></iframe><iframe></iframe><object></object>'
    )
    assert article(post(content)).embeds == ()


def test_scripts_that_show_nothing_are_no_embeds() -> None:
    content = '<script src="https://platform.twitter.com/widgets.js"></script><script>x</script>'
    assert article(post(content)).embeds == ()


def test_descriptions_of_embeds_are_requisites() -> None:
    reading = read(
        post(
            '<iframe src="https://www.youtube.com/embed/abcDEF12345"></iframe>'
            '<iframe src="https://maps.example/x"></iframe>'
            '<iframe src="/other-post/embed/"></iframe>'
        )
    )
    assert [(item.url, item.kind) for item in reading.requisites] == [
        (f"{HOME}other-post/embed/", "frame"),
        (
            "https://www.youtube.com/oembed?format=json&url="
            "https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DabcDEF12345",
            "oembed",
        ),
        ("https://i.ytimg.com/vi/abcDEF12345/hqdefault.jpg", "image"),
    ]


JSON = (("Content-Type", "application/json"),)
OEMBED = "https://video.example/oembed?url=x"


@pytest.mark.parametrize(
    ("body", "title", "poster"),
    [
        ('{"type": "video", "title": " A  film", "thumbnail_url": "/a.jpg"}', "A film", "/a.jpg"),
        ('{"type": "photo", "title": "", "url": "/b.jpg"}', None, "/b.jpg"),
        ('{"type": "link", "thumbnail_url": "javascript:x", "title": 3}', None, None),
    ],
)
def test_oembed_reply_is_a_card(body: str, title: str | None, poster: str | None) -> None:
    reading = read_capture(make_capture(OEMBED, body.encode(), headers=JSON), SITE)
    assert reading.embed_card is not None
    assert reading.embed_card.title == title
    urls = [item.url.removeprefix("https://video.example") for item in reading.requisites]
    assert urls == ([poster] if poster else [])


@pytest.mark.parametrize("body", ['{"error": 404}', "[1]", "{"])
def test_other_replies_are_no_cards(body: str) -> None:
    reading = read_capture(make_capture(OEMBED, body.encode(), headers=JSON), SITE)
    assert reading.embed_card is None
    assert [problem.code for problem in reading.problems] == (["unreadable"] if body == "{" else [])
