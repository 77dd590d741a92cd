"""Lists as sites serve them: not well-formed, cut off, compressed, or no lists at all."""

import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.records import ListEntry, ListName, Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.read_capture import read_capture
from tests.parsing.pages import SITE, post
from tests.support.captures import make_capture

SITEMAP_URL = f"{HOME}post-sitemap.xml"
FEED_URL = f"{HOME}feed/"
REST_URL = f"{HOME}wp-json/wp/v2/posts?per_page=100"
WARNING = (
    "<br />\n<b>Warning</b>:  Undefined array key 3 in <b>/srv/wp-content/a.php</b> on line"
    " <b>7</b><br />\n"
)
NOTICE = "PHP Notice:  Trying to get property of [non-object] in /srv/a.php on line 3\n"


def read(body: str | bytes, url: str = SITEMAP_URL, media_type: str = "text/xml") -> Reading:
    body = body.encode() if isinstance(body, str) else body
    return read_capture(make_capture(url, body, headers=(("Content-Type", media_type),)), SITE)


def paths(reading: Reading) -> list[str]:
    return [entry.url.removeprefix(HOME) for entry in reading.entries]


def codes(reading: Reading) -> list[str]:
    return [problem.code.value for problem in reading.problems]


def sitemap(*locations: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    entries = "".join(f"<url><loc>{location}</loc></url>\n" for location in locations)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{declaration}\n<urlset xmlns="{namespace}">\n{entries}</urlset>'


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (f"{HOME}?lang=fr&p=9", "?lang=fr&p=9"),
        (f"{HOME}r&d/", "r&d/"),
        (f"{HOME}r&amp;d/", "r&d/"),
        (f"{HOME}?a=1&amp;amp;b=2", "?a=1&b=2"),
        (f"{HOME}?a=1&amp;#038;b=2", "?a=1&b=2"),
        (f"<![CDATA[{HOME}?a=1&b=2]]>", "?a=1&b=2"),
        (f"<![CDATA[{HOME}]]>cdata/", "cdata/"),
        (f"{HOME}na&iuml;ve/", "na%C3%AFve/"),
        (f"{HOME}no&#x308;el/", "no%CC%88el/"),
        (f"{HOME}a<!-- the old slug -->b/", "ab/"),
        (f"\n\t{HOME}c\x0bd/ \n", "cd/"),
        ("/rooted/", "rooted/"),
        ("beside/", "beside/"),
        ("//armscontrolcenter.org/e/", "e/"),
        ("\\back\\slash\\", "back/slash/"),
        (f"{HOME}my file/", "my%20file/"),
        (f"{HOME}f/#part", "f/"),
    ],
)
def test_url_is_read_as_it_was_meant(location: str, path: str) -> None:
    reading = read(sitemap(location, f"{HOME}next/"))
    assert paths(reading) == [path, "next/"]
    assert "broken-list" not in codes(reading)


@pytest.mark.parametrize(
    "location",
    [
        f"{HOME}x&unheardof;y/",
        f"{WARNING}{HOME}a/",
        f"{NOTICE}{HOME}a/",
        f"{HOME}a/ {HOME}b/",
        f"{HOME}a<b>c</b>/",
        "",
        " ",
        "mailto:a@b.example",
        "https://[broken/",
        "Notice: no such post",
    ],
)
def test_url_that_is_not_certain_gives_no_other_but_a_problem(location: str) -> None:
    reading = read(sitemap(location, f"{HOME}next/"))
    assert paths(reading) == ["next/"]
    assert "broken-list" in codes(reading)


@pytest.mark.parametrize(
    "before", [WARNING, NOTICE, "\n\n", "\ufeff", "\ufeff\n ", "<p>Hi</p>", "\0"]
)
@pytest.mark.parametrize("media_type", ["text/xml", "text/html", "application/octet-stream", ""])
def test_text_before_a_list_does_not_hide_it(before: str, media_type: str) -> None:
    reading = read(before + sitemap(f"{HOME}a/"), media_type=media_type)
    assert paths(reading) == ["a/"]
    assert set(codes(reading)) <= {"repaired-list"}
    index = f"{before}<sitemapindex><sitemap><loc>/s.xml</loc></sitemap></sitemapindex>{WARNING}"
    assert read(index, media_type=media_type).lists == (f"{HOME}s.xml",)
    feed = f"{before}<rss><channel><item><title>T</title><link>/b/</link></item></channel></rss>"
    assert paths(read(feed, FEED_URL, media_type)) == ["b/"]


def test_message_between_entries_loses_none() -> None:
    text = sitemap(f"{HOME}a/", f"{HOME}b/").replace("</url>", f"</url>{WARNING}{NOTICE}", 1)
    assert paths(read(text)) == ["a/", "b/"]


@pytest.mark.parametrize(
    "body",
    [
        post("<p>Welcome to our site.</p>"),
        "<html><body><form id='loginform' action='/wp-login.php'></form></body></html>",
        "",
        "  \n",
        '{"code":"internal_error","message":"no","data":{"status":200}}',
        WARNING,
        '<?xml version="1.0"?><error>No database</error>',
        "<wml><card/></wml>",
        b"\x89PNG\r\n\x1a\n",
        b"\x1f\x8bno gzip at all",
    ],
)
@pytest.mark.parametrize("url", [SITEMAP_URL, FEED_URL, REST_URL])
@pytest.mark.parametrize("media_type", ["text/html", "text/xml", "application/json"])
def test_what_is_no_list_is_a_problem(body: str | bytes, url: str, media_type: str) -> None:
    reading = read(body, url, media_type)
    assert "not-a-list" in codes(reading)
    assert reading.entries == ()


def test_only_what_should_be_a_list_must_be_one() -> None:
    for url in (f"{HOME}a-post/", f"{HOME}wp-content/data.xml", f"{HOME}wp-json/"):
        assert "not-a-list" not in codes(read("<data><url/></data>", url))
    elsewhere = "https://other.example/sitemap.xml"
    assert read("nothing", elsewhere) == Reading()


def test_list_is_known_by_what_names_it() -> None:
    capture = make_capture(f"{HOME}lists/7", b"<p>Gone</p>")
    assert codes(read_capture(replace(capture, hops="LM"), SITE))[0] == "not-a-list"
    missing = make_capture(f"{HOME}lists/7", b"<p>Gone</p>", status="404 Not Found")
    assert codes(read_capture(missing, SITE)) == []
    assert codes(read_capture(replace(missing, hops="MR"), SITE)) == ["not-a-list"]


def test_list_that_redirects_elsewhere_is_a_problem() -> None:
    def moved(location: str) -> list[str]:
        headers = (("Location", location),)
        return codes(
            read_capture(make_capture(SITEMAP_URL, b"", status="301 M", headers=headers), SITE)
        )

    assert moved("/sitemap_index.xml") == []
    for location in ("/", "/wp-login.php?x", "https://other.example/sitemap.xml", "javascript:1"):
        assert moved(location) == ["not-a-list"]
    landed = make_capture(f"{HOME}welcome/", post("<p>Hello.</p>").encode())
    landed = replace(landed, hops="R", via=SITEMAP_URL)
    assert codes(read_capture(landed, SITE)) == ["not-a-list"]


@given(st.integers(min_value=0, max_value=430))
def test_cut_sitemap_gives_complete_entries_and_a_problem(length: int) -> None:
    names = ["a/", "b/6789/", "c/?x=1&amp;y=2", "d/"]
    whole = sitemap(*(f"{HOME}{name}" for name in names))
    reading = read(whole[:length])
    assert paths(reading) == [
        name.replace("&amp;", "&") for name in names if f"{name}</loc>" in whole[:length]
    ]
    expected = set() if length >= len(whole) else {"broken-list", "not-a-list"}
    assert set(codes(reading)) <= expected
    assert bool(codes(reading)) == bool(expected)


@given(st.integers(min_value=0, max_value=300))
def test_cut_feed_gives_complete_items_and_a_problem(length: int) -> None:
    items = "".join(f"<item><title>T</title><link>{HOME}{n}/</link></item>" for n in (11, 22, 33))
    whole = f"<rss version='2.0'><channel>{items}</channel></rss>"
    reading = read(whole[:length], FEED_URL)
    assert len(reading.entries) == whole[:length].count("</item>")
    assert bool(codes(reading)) == (length < len(whole))


@given(st.integers(min_value=0, max_value=400))
def test_cut_rest_response_gives_complete_items_and_a_problem(length: int) -> None:
    items = [{"id": n, "link": f"{HOME}{n}/", "title": {"rendered": "{T}"}} for n in (11, 22, 33)]
    whole = json.dumps(items)
    reading = read(whole[:length], REST_URL, "application/json")
    assert len(reading.entries) == sum(json.dumps(item) in whole[:length] for item in items)
    assert bool(codes(reading)) == (length < len(whole))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        f"{WARNING}{{}}",
        f"{NOTICE}{{}}\n{NOTICE}",
        "\ufeff\n{}",
        "[17-Mar-2024 10:00:00 UTC] PHP Warning: x in /a.php\n{}",
    ],
)
def test_text_around_json_does_not_hide_it(text: str) -> None:
    items = json.dumps([{"id": 1, "link": f"{HOME}a/"}, {"id": 2, "link": f"{HOME}b/"}])
    for media_type in ("application/json", "text/html"):
        reading = read(text.replace("{}", items), REST_URL, media_type)
        assert paths(reading) == ["a/", "b/"]
        assert "broken-list" not in codes(reading)


def test_rest_items_stand_on_lines_or_in_an_envelope() -> None:
    items = [{"id": 1, "link": f"{HOME}a/"}, {"id": 2, "link": f"{HOME}b/"}]
    lines = "\n".join(map(json.dumps, items))
    assert paths(read(lines, REST_URL, "application/x-ndjson")) == ["a/", "b/"]
    envelope = json.dumps({"body": items, "status": 200, "headers": {}})
    assert paths(read(envelope, REST_URL, "application/json")) == ["a/", "b/"]
    assert read("[]", REST_URL, "application/json") == Reading()


def test_damaged_rest_item_hides_no_other() -> None:
    good = [json.dumps({"id": n, "link": f"{HOME}{n}/"}) for n in (1, 2)]
    broken = '{"id": 3, "title": {"rendered": "x"}, "link": oops}'
    reading = read(f"[{good[0]}, {broken}, {good[1]}]", REST_URL, "application/json")
    assert paths(reading) == ["1/", "2/"]
    assert codes(reading)[0] == "broken-list"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_sitemap_is_read_whatever_it_declares(encoding: str) -> None:
    for declared in ("UTF-8", "ISO-8859-1", "utf-16", "nonsense"):
        text = sitemap(f"{HOME}ŝé/", declaration=f'<?xml version="1.0" encoding="{declared}"?>')
        assert paths(read(text.encode(encoding))) == ["%C5%9D%C3%A9/"]


def test_sitemap_in_another_encoding_is_read_as_declared() -> None:
    text = sitemap(f"{HOME}ж/", declaration='<?xml version="1.0" encoding="koi8-r"?>')
    assert paths(read(text.encode("koi8-r"))) == ["%D0%B6/"]
    text = sitemap(f"{HOME}é/")
    assert paths(read(text.encode("cp1252"))) == ["%C3%A9/"]
    assert paths(read(text.encode("koi8-r", "replace"))) == ["?/"]


def test_compression_is_known_by_the_bytes() -> None:
    body = gzip.compress(sitemap(f"{HOME}a/").encode())
    for name in ("sitemap.xml", "sitemap.xml.gz", "sitemap.txt"):
        for media_type in ("text/xml", "application/gzip", "application/octet-stream", ""):
            assert paths(read(body, HOME + name, media_type)) == ["a/"]
            assert paths(read(gzip.compress(body), HOME + name, media_type)) == ["a/"]
            plain = sitemap(f"{HOME}a/").encode()
            assert paths(read(plain, HOME + name, media_type)) == ["a/"]
    half = sitemap(*(f"{HOME}{number}/" for number in range(3000))).encode()
    cut = read(gzip.compress(half)[:4000])
    assert cut.entries
    assert codes(cut) == ["broken-coding", "odd-coding", "broken-list"]
    members = gzip.compress(half[:500]) + gzip.compress(half[500:])
    assert len(read(members).entries) == 3000


def test_several_documents_in_a_row_are_read() -> None:
    text = sitemap(f"{HOME}a/") + "\n" + sitemap(f"{HOME}b/")
    assert paths(read(text)) == ["a/", "b/"]
    assert codes(read(text)) == []


def test_prefixes_and_namespaces_do_not_matter() -> None:
    for names in ("", 'xmlns="https://wrong.example/"', 'xmlns:s="http://www.sitemaps.org/"'):
        for prefix in ("", "s:", "sm-1:"):
            text = (
                f"<{prefix}urlset {names}><{prefix}url><{prefix}loc>/a/</{prefix}loc>"
                f"<image:image><image:loc>/a.png</image:loc></image:image>"
                f"</{prefix}url></{prefix}urlset>"
            )
            reading = read(text)
            assert paths(reading) == ["a/"]
            assert [item.url for item in reading.requisites] == [f"{HOME}a.png"]


def test_extensions_of_sitemaps_name_files_and_pages() -> None:
    text = """<urlset><url><loc>/a/</loc>
    <xhtml:link rel="alternate" hreflang="fr" href="/fr/a/"/>
    <video:video><video:thumbnail_loc>/v.jpg</video:thumbnail_loc>
    <video:content_loc>/v.mp4</video:content_loc><video:player_loc>/play?v=1</video:player_loc>
    </video:video><news:news><news:title>A &amp; B</news:title></news:news></url></urlset>"""
    reading = read(text)
    assert paths(reading) == ["a/"]
    assert reading.links == (f"{HOME}fr/a/",)
    assert [(item.url.removeprefix(HOME), item.kind.value) for item in reading.requisites] == [
        ("v.jpg", "image"),
        ("v.mp4", "media"),
    ]


ENTRY = ListEntry(list_name=ListName.FEED, url=f"{HOME}a/", title="A & B")


@pytest.mark.parametrize(
    ("feed", "entry"),
    [
        (
            """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel/>
            <item rdf:about="/a/"><title>A &amp; B</title><link>/a/</link>
            <dc:date>2003-04-05T06:07:08Z</dc:date></item></rdf:RDF>""",
            replace(ENTRY, published_at="2003-04-05T06:07:08Z"),
        ),
        (
            """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>A &amp; B</title>
            <link rel="alternate" type="text/html" href="/a/"/><issued>2004-01-02</issued>
            <modified>2004-01-03</modified></entry></feed>""",
            replace(ENTRY, published_at="2004-01-02", modified_at="2004-01-03"),
        ),
        (
            """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/deep/"><entry xml:base="../">
            <title>A &amp; B</title><link rel="self" href="/no/"/><link href="a/"/></entry>
            </feed>""",
            ENTRY,
        ),
        (
            """<rss version="0.91"><channel><item><title>A & B</title><link>/a/</link></item>
            </channel></rss>""",
            ENTRY,
        ),
        (
            f"""<rss version="2.0"><channel><item><media:title>no</media:title>
            <title><![CDATA[A & B]]></title><guid>{HOME}a/</guid></item></channel></rss>""",
            ENTRY,
        ),
        (
            f"""<rss><channel><image><url>/logo.png</url></image><item><title>A &amp; B</title>
            <link>
            {HOME}a/
            </link><guid isPermaLink="false">{HOME}?p=9</guid></item></channel></rss>""",
            replace(ENTRY, wordpress_id=9),
        ),
    ],
)
def test_feeds_of_every_version_are_read(feed: str, entry: ListEntry) -> None:
    assert read(feed, FEED_URL).entries == (entry,)


def test_feeds_name_files_and_their_next_page() -> None:
    feed = """<rss><channel><atom:link rel="next" href="/feed/?paged=2"/>
    <itunes:image href="/cover.jpg"/><item><link>/a/</link><enclosure url="/a.mp3"/>
    <media:content url="/a.mp4" medium="video"/><media:content url="/b.jpg" medium="image"/>
    <media:group><media:thumbnail url="/t.jpg"/></media:group></item></channel></rss>"""
    reading = read(feed, FEED_URL)
    assert reading.next_page == f"{FEED_URL}?paged=2"
    assert [(item.url.removeprefix(HOME), item.kind.value) for item in reading.requisites] == [
        ("cover.jpg", "image"),
        ("a.mp3", "media"),
        ("a.mp4", "media"),
        ("b.jpg", "image"),
        ("t.jpg", "image"),
    ]


def test_json_feed_is_read() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "next_url": "/feed/json?paged=2",
        "items": [
            {
                "id": f"{HOME}?p=5",
                "url": "/a/",
                "title": "A & B",
                "date_published": "2024-01-02T03:04:05Z",
                "image": "/a.jpg",
                "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg"}],
                "tags": ["x"],
            },
            {"id": "7", "content_text": "no page"},
            "noise",
        ],
    }
    reading = read(json.dumps(feed), f"{HOME}feed/json", "application/feed+json")
    assert reading.entries == (
        replace(ENTRY, wordpress_id=5, published_at="2024-01-02T03:04:05Z", categories=("x",)),
    )
    assert [item.url for item in reading.requisites] == [f"{HOME}a.jpg", f"{HOME}a.mp3"]
    assert reading.next_page == f"{HOME}feed/json?paged=2"


def test_plain_text_sitemap_is_read() -> None:
    body = f"\ufeff{HOME}a/\r\n\r\n  {HOME}b/?x=1&y=2\r{HOME}c/\n"
    reading = read(body, f"{HOME}sitemap.txt", "text/plain")
    assert paths(reading) == ["a/", "b/?x=1&y=2", "c/"]
    assert codes(reading) == []
    assert codes(read(f"{HOME}a/\noops", f"{HOME}sitemap.txt", "text/plain")) == ["broken-list"]
    assert codes(read("oops", f"{HOME}sitemap.txt", "text/plain")) == ["not-a-list"]


def test_robots_txt_names_sitemaps_in_any_spelling() -> None:
    body = (
        f"\ufeffSITEMAP:{HOME}a.xml\rUser-agent: *\rsitemap : /b.xml # ours\r\n"
        "  Sitemap:\t\\c.xml\n# Sitemap: /no.xml\nSitemap:\nSitemap: mailto:x@y.example\n"
    )
    for media_type in ("text/plain", "text/html", ""):
        reading = read(body, f"{HOME}robots.txt", media_type)
        assert [url.removeprefix(HOME) for url in reading.lists] == ["a.xml", "b.xml", "c.xml"]


def test_entities_are_not_expanded_beyond_a_short_text() -> None:
    bomb = """<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY home "/h"><!ENTITY f SYSTEM "file:///etc/passwd">]><urlset>
    <url><loc>/&b;</loc></url><url><loc>/&f;</loc></url><url><loc>&home;/i/</loc></url></urlset>"""
    reading = read(bomb)
    assert paths(reading) == ["h/i/"]
    assert "broken-list" in codes(reading)


@given(
    st.text(st.sampled_from("<>/&;![]CDATA-urlsetocfm?x '\"=\0\ufeff\ud83d{}[],:1"), max_size=60)
)
def test_no_text_breaks_the_parser_or_invents_a_url(noise: str) -> None:
    body = sitemap(f"{HOME}a/").replace("\n</urlset>", f"{noise}</urlset>")
    reading = read(body.encode("utf-8", "surrogatepass"))
    assert paths(reading)[:1] == ["a/"] or codes(reading)
