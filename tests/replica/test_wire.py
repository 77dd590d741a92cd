"""HTTP as it crosses the wire: conditions, compression, starting and stopping."""

import gzip
import http.client
import json
import signal
import ssl
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import trustme

from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.assets.theme import LOGO
from cacnp_archive.replica.source.posts import Article

SLUG = "next-up-its-your-turn/"


@pytest.mark.parametrize("path", [SLUG, LOGO[1:], "feed/", "wp-json/wp/v2/pages"])
def test_a_page_that_has_not_changed_is_not_sent_again(server, fetch, path):
    url = server.base_url + path
    first = fetch(url)
    tag, moment = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": moment}):
        again = fetch(url, headers)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag
    stale = fetch(url, {"If-None-Match": '"other"', "If-Modified-Since": moment})
    assert stale.status == 200
    assert fetch(url, {"If-Modified-Since": "never"}).status == 200


def test_pages_have_weak_and_files_strong_tags(server, fetch):
    assert fetch(server.base_url + SLUG).headers["ETag"].startswith('W/"')
    assert fetch(server.base_url + LOGO[1:]).headers["ETag"].startswith('"')


def test_text_is_compressed_and_chunked_when_asked_for(server, fetch):
    plain = fetch(server.base_url + SLUG)
    packed = fetch(server.base_url + SLUG, {"Accept-Encoding": "gzip"})
    assert plain.headers["Content-Length"] == str(len(plain.body))
    assert packed.headers["Transfer-Encoding"] == "chunked"
    assert packed.headers["Content-Length"] is None
    assert gzip.decompress(packed.body) == plain.body
    assert (
        fetch(server.base_url + LOGO[1:], {"Accept-Encoding": "gzip"}).headers["Content-Encoding"]
        is None
    )


def test_head_has_the_headers_and_no_body(server, fetch):
    full = fetch(server.base_url + SLUG)
    head = fetch(server.base_url + SLUG, method="HEAD")
    assert head.body == b""
    assert head.headers["Content-Length"] == full.headers["Content-Length"]
    packed = fetch(server.base_url + SLUG, {"Accept-Encoding": "gzip"}, method="HEAD")
    assert (packed.status, packed.body) == (200, b"")


def test_pages_carry_wordpress_headers(server, fetch):
    headers = fetch(server.base_url + SLUG).headers
    assert headers["Link"] == f'<{server.base_url}wp-json/>; rel="https://api.w.org/"'
    assert headers["X-Pingback"] == f"{server.base_url}xmlrpc.php"
    assert headers["Server"] == "nginx"
    assert headers["Vary"] == "Accept-Encoding"


def test_requests_are_logged(raw_request):
    with ReplicaServer(build_site(), latency=0.05) as server:
        start = time.monotonic()
        raw_request(server.base_url, "/robots.txt?x=1")
        assert time.monotonic() - start >= 0.05
        (entry,) = server.log
        assert (entry.method, entry.path, entry.status) == ("GET", "/robots.txt?x=1", 200)
        assert entry.sent_bytes > 100
        assert entry.active == 1
        assert ("Host", "x") in entry.headers


def test_a_taken_port_is_an_error():
    with ReplicaServer(build_site()) as server:
        port = urlsplit(server.base_url).port or 0
        with pytest.raises(OSError, match="in use"), ReplicaServer(build_site(), port=port):
            pass
    with ReplicaServer(build_site(), port=port) as again:
        assert urlsplit(again.base_url).port == port


def test_it_speaks_https():
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with ReplicaServer(build_site(), ssl_context=context) as server:
        parts = urlsplit(server.base_url)
        assert parts.scheme == "https"
        connection = http.client.HTTPSConnection(parts.netloc, context=trusting)
        connection.request("GET", f"/{SLUG}")
        assert server.base_url in connection.getresponse().read().decode()
        connection.close()


def test_it_stops_while_a_request_is_under_way():
    site = build_site(misbehave=True)
    with ReplicaServer(site) as server:
        parts = urlsplit(server.base_url)
        connection = http.client.HTTPConnection(parts.netloc)
        connection.request("GET", "/trouble/slow/")
        response = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    connection.close()


def test_changes_show_at_once(fetch):
    site = build_site()
    with ReplicaServer(site) as server:
        url = server.base_url + SLUG
        before = fetch(url)
        site.edit("next-up-its-your-turn", text="Quietly replaced.")
        after = fetch(url, {"If-Modified-Since": before.headers["Last-Modified"]})
        assert "Quietly replaced." in after.text
        assert after.headers["ETag"] != before.headers["ETag"]
        site.move("next-up-its-your-turn", "moved-on")
        assert fetch(url).headers["Location"] == f"{server.base_url}moved-on/"
        site.delete("moved-on", status=410)
        assert fetch(f"{server.base_url}moved-on/").status == 410
        assert f"{server.base_url}moved-on/" in server.truth["gone"]


def test_a_new_post_stands_first_in_every_sidebar(fetch):
    site = build_site()
    newest = site.posts[0]
    site.add(
        Article(
            wordpress_id=90_001,
            path="brand-new",
            title="Brand New",
            kind="post",
            published_at=newest.published_at.replace(year=2023),
            modified_at=None,
            body=lambda: "By John Erath\n\nNew.",
            categories=("Russia",),
            primary="Russia",
        )
    )
    with ReplicaServer(site) as server:
        page = fetch(server.base_url + SLUG).text
        assert f'<a href="{server.base_url}brand-new/">Brand New</a>' in page
        assert fetch(f"{server.base_url}brand-new/").status == 200
        assert fetch(f"{server.base_url}russia/").text.count("brand-new") >= 1


def test_it_runs_from_the_command_line_until_interrupted(tmp_path, fetch):
    truth_path = tmp_path / "truth.json"
    command = [sys.executable, "-m", "cacnp_archive.replica", "--port", "0"]
    with subprocess.Popen(
        [
            *command,
            "--articles",
            "300",
            "--truth",
            str(truth_path),
            "--sitemaps",
            "core",
            "--no-rest",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        assert line.startswith("300 articles at http://127.0.0.1:")
        truth = json.loads(truth_path.read_text("utf-8"))
        assert truth["site"] in line
        assert f"{truth['site']}wp-sitemap.xml" in truth["sitemaps"]
        assert fetch(f"{truth['site']}wp-json/").status == 401
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
