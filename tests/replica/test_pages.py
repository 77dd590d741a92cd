"""The pages look as WordPress prints them, and the truth says what stands on them."""

import re
from typing import Any
from urllib.parse import urljoin

from lxml import html

from cacnp_archive.replica.assets.theme import LOGO

SEED = "what-is-to-be-done-the-russian-reset-and-missile-defense-cooperation-2/"
HIDDEN = ["script", "style", "noscript", "iframe", "audio", "video"]
RECENT = [
    "Iran Is Backing Out of the Nuclear Deal That U.S. Had Already Reneged On for Years "
    "June 10, 2022",
    "Biden’s mounting nuclear threats from North Korea, Iran June 10, 2022",
    "‘Predictable’ and ‘reinforces’ need for JCPOA: Statement on Iran censure, further "
    "limitations June 9, 2022",
    "Time to Reset the Narrative on Missile Proliferation? June 3, 2022",
    "A World Without Arms Control? June 1, 2022",
]


def folded(text: str) -> str:
    return " ".join(text.split())


def test_the_seed_page_has_its_parts_in_order(server, fetch):
    page = fetch(server.base_url + SEED)
    text = folded(html.fromstring(page.body).find("body").text_content())
    title = "What is to be done? – The Russian Reset and Missile Defense Cooperation"
    parts = [
        "Center for Arms Control and Non-Proliferation",
        "Policy Issues",
        f"You are here: Home / Front and Center / {title}",
        "January 11, 2012",
        title,
        "Ulrika Grufman",
        "You can find the paper here.",
        "Posted in: Front and Center, Nukes of Hazard blog",
        "Tweets by Nukes of Hazard",
        "Recent Posts",
        *RECENT,
        "820 1st Street NE, Suite LL-180",
        "Issues",
        "Countries",
        "Explore",
        "© 2022 Center for Arms Control and Non-Proliferation",
        "Privacy Policy",
    ]
    position = 0
    for part in parts:
        position = text.index(part, position) + len(part)


def test_titles_dates_and_categories_are_where_the_theme_puts_them(truth, fetch):
    for row in truth["articles"]:
        tree = html.fromstring(fetch(row["url"]).body)
        headings = [folded(h.text_content()) for h in tree.xpath("//h1[@class='entry-title']")]
        assert headings == ([row["title"]] if row["title"] else [])
        times = tree.xpath("//time[@class='entry-time']/@datetime")
        assert times == ([row["published_at"]] if row["published_at"] else [])
        names = tree.xpath("//span[@class='entry-categories']/a/text()")
        assert names == row["categories"]
        crumbs = [folded(div.text_content()) for div in tree.xpath("//div[@class='breadcrumb']")]
        if row["kind"] == "page":
            assert crumbs == []
        else:
            trail = crumbs[0].removeprefix("You are here: ")
            assert folded(trail).rstrip(" /") == " / ".join(row["breadcrumb"])
        assert tree.xpath("//link[@rel='canonical']/@href") == [row["url"]]
        assert f"post-{row['wordpress_id']} " in tree.xpath("//main//article/@class")[0]


def test_the_truth_s_text_and_links_are_what_a_browser_would_show(truth, fetch):
    for row in truth["articles"]:
        tree = html.fromstring(fetch(row["url"]).body)
        (entry,) = tree.xpath("//main//div[@class='entry-content']")
        for share in entry.xpath("./div[contains(@class, 'sharedaddy')]"):
            entry.remove(share)
        links = entry.xpath(".//a[not(ancestor::noscript)] | .//iframe")
        targets = [urljoin(row["url"], link.get("href") or link.get("src")) for link in links]
        shown = [re.sub("[ “”]|%[0-9A-F]{2}", "", target).rstrip("/") for target in targets]
        told = [re.sub("%[0-9A-F]{2}", "", link["target_url"]).rstrip("/") for link in row["links"]]
        assert [re.sub("%[0-9A-F]{2}", "", target) for target in shown] == told
        for comment in entry.xpath(".//comment()"):
            comment.drop_tag()
        for element in entry.xpath(" | ".join(f".//{name}" for name in HIDDEN)):
            element.drop_tree()
        assert "".join(entry.text_content().split()) == "".join(row["body_text"].split())


def test_heading_on_the_first_page_of_a_list_only_and_five_posts_a_page(server, fetch):
    first = html.fromstring(fetch(f"{server.base_url}press-room/").body)
    second = html.fromstring(fetch(f"{server.base_url}press-room/page/2/").body)
    assert first.xpath("//h1[@class='archive-title']/text()") == ["Press Room"]
    assert second.xpath("//h1") == []
    assert len(first.xpath("//main/article")) == len(second.xpath("//main/article")) == 5


def test_a_category_lists_the_posts_of_its_children(server, fetch):
    child = "security-spending/pentagon-budget/press-and-in-the-news-on-pentagon-budget"
    post = server.site.post_list(child).posts[0]
    assert post in server.site.post_list("security-spending").posts
    body = html.fromstring(fetch(f"{server.base_url}{child}/").body).find("body")
    assert "category-press-and-in-the-news-on-pentagon-budget" in body.get("class")


def test_teasers_are_of_four_kinds(server, fetch):
    texts = []
    for number in range(1, server.site.post_list("").page_count + 1):
        path = f"page/{number}/" if number > 1 else ""
        tree = html.fromstring(fetch(server.base_url + path).body)
        texts += [folded(div.text_content()) for div in tree.xpath("//main//article/div")]
    assert any(text.endswith(" […]") for text in texts)
    assert any(text.endswith("…") and len(text) == 256 for text in texts)
    assert any(text.startswith("“When I read the figure aloud") for text in texts)
    assert "" in texts


def reached(fetch, base: str, seeds: list[str]) -> set[str]:
    seen, todo = set(seeds), list(seeds)
    while todo:
        reply = fetch(todo.pop())
        if "html" not in (reply.headers["Content-Type"] or "") or reply.status != 200:
            continue
        for href in html.fromstring(reply.body).xpath("//main//a/@href | //nav//a/@href"):
            url = href.partition("#")[0]
            if url.startswith(base) and url not in seen:
                seen.add(url)
                todo.append(url)
    return seen


def test_links_lead_to_every_post_in_the_lists_and_sitemaps_to_the_rest(server, truth, fetch):
    base = server.base_url
    by_links = reached(fetch, base, [base])
    assert {f"{base}{post.path}/" for post in server.site.posts if post.in_lists} <= by_links
    lost = {row["url"] for row in truth["articles"]} - by_links
    assert f"{base}kept-out-of-the-lists/" in lost
    in_sitemap = re.findall("<loc>(.*?)</loc>", fetch(f"{base}page-sitemap.xml").text)
    assert not lost - reached(fetch, base, in_sitemap)


def test_images_come_in_every_variant(server, fetch):
    page = fetch(f"{server.base_url}pictures-in-seven-ways/").text
    for mark in ("srcset=", "data-srcset=", "data-lazy-src=", "<picture>", "background-image:url("):
        assert mark in page
    assert "og:image" in page
    assert LOGO in page


def test_requisites_are_all_named_somewhere(server: Any, truth, fetch):
    pages = "".join(fetch(row["url"]).text for row in truth["articles"])
    pages += "".join(
        fetch(url).text for url in truth["requisites"] if url.partition("?")[0].endswith(".css")
    )
    for url in truth["requisites"]:
        name = url.rpartition("/")[2]
        assert name in pages or name == "favicon.ico", url
    assert server.log
