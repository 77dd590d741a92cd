import json

from cacnp_archive.parsing.lists import read_gzipped_list, read_rest, read_xml_list
from cacnp_archive.records import RequisiteKind, Tag
from cacnp_archive.site import HOME
from tests.parsing.pages import SITE

SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="//armscontrolcenter.org/main-sitemap.xsl"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://armscontrolcenter.org/a/</loc><lastmod>2024-01-02</lastmod>
<image:image><image:loc>https://armscontrolcenter.org/a.jpg</image:loc></image:image></url>
<url><loc> https://armscontrolcenter.org/b/?x=1&amp;y=2 </loc></url></urlset>"""


def test_sitemap_names_pages_and_their_images() -> None:
    reading = read_xml_list(SITEMAP, f"{HOME}post-sitemap.xml")
    assert reading.links == (f"{HOME}a/", f"{HOME}b/?x=1&y=2")
    assert [(item.url, item.kind) for item in reading.requisites] == [
        (f"{HOME}a.jpg", RequisiteKind.IMAGE)
    ]


def test_sitemap_index_names_sitemaps() -> None:
    index = b"<sitemapindex><sitemap><loc>/post-sitemap.xml</loc></sitemap></sitemapindex>"
    assert read_xml_list(index, f"{HOME}sitemap_index.xml").links == (f"{HOME}post-sitemap.xml",)


def test_feeds_name_their_items_and_sounds() -> None:
    rss = b"""<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://a.example/</link>
    <atom:link href="https://a.example/feed/" rel="self"/><item><title>T</title>
    <link>https://armscontrolcenter.org/a/</link><comments>https://a.example/#c</comments>
    <enclosure url="https://cdn.example/a.mp3" length="1"/></item></channel></rss>"""
    reading = read_xml_list(rss, f"{HOME}feed/")
    assert reading.links == (f"{HOME}a/",)
    assert [item.url for item in reading.requisites] == ["https://cdn.example/a.mp3"]
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="/"/><entry><link href="/a/"/>
    <link rel="replies" href="/a/#c"/></entry></feed>"""
    assert read_xml_list(atom, f"{HOME}feed/atom/").links == (f"{HOME}a/",)


def test_broken_sitemap_gives_what_can_be_read() -> None:
    reading = read_xml_list(SITEMAP[:-60] + b"<url><loc>&bogus;", f"{HOME}s.xml")
    assert reading.links[0] == f"{HOME}a/"


def test_entities_are_not_expanded() -> None:
    bomb = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY f SYSTEM "file:///etc/passwd">]>
    <urlset><url><loc>https://armscontrolcenter.org/&b;&f;</loc></url></urlset>"""
    assert all(
        "aaaa" not in link and "root" not in link for link in read_xml_list(bomb, HOME).links
    )


def test_xml_of_other_kinds_is_passed_over() -> None:
    assert read_xml_list(b"<svg><link>https://a.example/</link></svg>", HOME).links == ()


def test_bytes_that_are_no_xml_and_no_gzip_are_problems() -> None:
    assert [item.code for item in read_xml_list(b"", HOME).problems] == ["unreadable"]
    assert [item.code for item in read_gzipped_list(b"\x1f\x8bxx", HOME).problems] == ["unreadable"]


def test_rest_names_pages_and_files() -> None:
    answer = [
        {"link": f"{HOME}a/", "content": {"rendered": '<a href="/no/">'}},
        {"link": f"{HOME}?attachment_id=4", "source_url": f"{HOME}wp-content/uploads/a.png"},
        {"link": 3},
        "text",
    ]
    reading = read_rest(json.dumps(answer), f"{HOME}wp-json/wp/v2/posts", "", SITE)
    assert reading.links == (f"{HOME}a/",)
    assert [item.url for item in reading.requisites] == [f"{HOME}wp-content/uploads/a.png"]
    assert [item.code for item in read_rest("[" * 100_000, HOME, "", SITE).problems] == [
        "unreadable"
    ]


def test_rest_leads_to_its_next_answer() -> None:
    following = f"{HOME}wp-json/wp/v2/posts?per_page=100&page=2"
    header = f'<{HOME}wp-json/wp/v2/posts?page=0>; rel="prev", <{following}>; rel="next"'
    assert read_rest("[]", f"{HOME}wp-json/wp/v2/posts", header, SITE).links == (following,)


def test_rest_tells_the_names_of_tags() -> None:
    answer = [{"name": "R&amp;D", "slug": "rd", "link": f"{HOME}tag/rd/"}, {"name": 7}]
    reading = read_rest(json.dumps(answer), f"{HOME}wp-json/wp/v2/tags?page=1", "", SITE)
    assert reading.tags == (Tag(name="R&D", slug="rd", url=f"{HOME}tag/rd/"),)
