"""Each address answers as the truth says."""

import re

from cacnp_archive.replica.assets.theme import STYLESHEET


def test_what_must_be_captured_is_there(truth, fetch):
    assert len(truth["must_capture"]) == len(set(truth["must_capture"]))
    for url in truth["must_capture"]:
        assert fetch(url).status == 200, url


def test_redirects_lead_where_the_truth_says(truth, fetch):
    assert len(truth["redirects"]) > 10
    for url, target in truth["redirects"].items():
        reply = fetch(url)
        assert reply.status in (301, 302), url
        assert reply.headers["Location"] == target


def test_what_is_gone_is_gone(truth, fetch):
    assert {fetch(url).status for url in truth["gone"]} == {404, 410}


def test_ids_slashes_and_first_pages_are_folded(server, fetch):
    base = server.base_url
    article = server.site.articles["duyeon-kim-on-bbc"]
    assert article.wordpress_id == 464
    for path, target in {
        "?p=464": "duyeon-kim-on-bbc/",
        "?page_id=5299": "recent-papers-and-important-archived-documents/",
        "duyeon-kim-on-bbc": "duyeon-kim-on-bbc/",
        "duyeon-kim-on-bbc?utm_source=x": "duyeon-kim-on-bbc/?utm_source=x",
        "page/1/": "",
        "press-room/page/1/": "press-room/",
        "india-pakistan-timeline-scaled/": (
            "wp-content/uploads/2019/11/India-Pakistan-Timeline-scaled.jpg"
        ),
        "post-sitemap1.xml": "post-sitemap.xml",
    }.items():
        reply = fetch(base + path)
        assert (reply.status, reply.headers["Location"]) == (301, base + target), path


def test_an_attachment_id_leads_to_its_file(server, fetch):
    number, attachment = next(iter(server.site.library.attachments.items()))
    reply = fetch(f"{server.base_url}?attachment_id={number}")
    assert reply.headers["Location"] == server.base_url + attachment.path[1:]
    assert fetch(f"{server.base_url}?attachment_id=1").status == 404


def test_pages_beyond_the_end_are_not_found(server, fetch):
    for path in ("page/999/", "press-room/page/0/", "tag/home/page/9/", "?p=1", "nothing-here/"):
        assert fetch(server.base_url + path).status == 404, path


def test_the_other_addresses_of_a_wordpress_site_answer(server, fetch):
    base = server.base_url
    for path in ("author/cacnp/", "2012/", "2012/01/", "?s=iran", "feed/", "comments/feed/"):
        assert fetch(base + path).status == 200, path
    slug = "senate-panel-trims-the-interceptor-account/"
    assert f"{base}{slug}?replytocom=211#respond" in fetch(base + slug).text
    for path in (f"{slug}feed/", f"{slug}embed/", f"{slug}?replytocom=211", "podcast/feed/"):
        assert fetch(base + path).status == 200, path
    assert fetch(f"{base}xmlrpc.php").status == 405


def test_a_page_and_a_category_share_their_last_segment(server, fetch):
    page = fetch(f"{server.base_url}issues/non-proliferation/").text
    category = fetch(f"{server.base_url}non-proliferation/").text
    assert 'class="page-template-default page page-id-' in page
    assert 'class="archive category category-non-proliferation' in category


def test_forbidden_addresses_are_linked_and_would_answer(server, truth, fetch):
    robots = fetch(f"{server.base_url}robots.txt").text
    assert f"Sitemap: {server.base_url}sitemap_index.xml" in robots
    contact = fetch(f"{server.base_url}about/contact-us/").text.replace("&amp;", "&")
    for url in truth["forbidden"]:
        path = "/" + url.removeprefix(server.base_url)
        rules = re.findall("Disallow: (.*)", robots)
        assert any(path.startswith(rule) for rule in rules)
        assert f'href="{url}"' in contact
        assert fetch(url).status == 200


def test_styles_import_styles_that_import_fonts(server, fetch):
    style = fetch(server.base_url + STYLESHEET[1:]).text
    assert '@import url("css/base.css")' in style
    folder = server.base_url + STYLESHEET[1:].rpartition("/")[0]
    assert "@import 'fonts.css'" in fetch(f"{folder}/css/base.css").text
    assert "../fonts/replica.woff" in fetch(f"{folder}/css/fonts.css").text


def test_files_are_what_they_say(truth, fetch):
    marks = {
        "png": b"\x89PNG",
        "jpg": b"\xff\xd8\xff",
        "webp": b"RIFF",
        "mp3": b"ID3",
        "mp4": b"\0\0\0",
        "pdf": b"%PDF-1.4",
        "woff": b"wOFF",
        "ico": b"\0\0\1\0",
    }
    for url in truth["requisites"]:
        mark = marks.get(url.partition("?")[0].rpartition(".")[2], b"")
        assert fetch(url).body.startswith(mark), url


def test_documents_have_their_pages_as_text(truth, fetch):
    for row in truth["documents"]:
        body = fetch(row["url"]).body
        assert body.count(b"/Type /Page ") == len(row["pages"])
        start = int(body.split(b"startxref\n")[1].split(b"\n")[0])
        assert body[start:].startswith(b"xref\n")
