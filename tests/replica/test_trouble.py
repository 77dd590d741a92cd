"""Every misbehaving address misbehaves in its own way."""

import gzip
import http.client
from urllib.parse import urlsplit

import pytest

from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.responses.trouble_replies import BOMB_BYTES


@pytest.fixture
def trouble(server):
    return f"{server.base_url}trouble/"


def test_it_is_off_unless_switched_on(fetch):
    with ReplicaServer(build_site()) as server:
        assert "trouble" not in fetch(server.base_url).text
        assert fetch(f"{server.base_url}trouble/404/").status == 404
        assert fetch(f"{server.base_url}trouble/").status == 404
        assert server.truth["traps"] == []


def test_its_index_is_linked_and_names_the_troubles(server, trouble, truth, fetch):
    assert f'href="{trouble}"' in fetch(server.base_url).text
    index = fetch(trouble).text
    for group in ("traps", "healing", "failures", "off_site"):
        assert truth[group]
        assert all(f'href="{url}"' in index for url in truth[group])


def test_redirects_run_in_rows_and_circles(trouble, fetch):
    assert fetch(f"{trouble}chain/5/").headers["Location"] == f"{trouble}chain/end/"
    assert fetch(f"{trouble}loop/a/").headers["Location"] == f"{trouble}loop/b/"
    assert fetch(f"{trouble}loop/b/").headers["Location"] == f"{trouble}loop/a/"
    assert fetch(f"{trouble}self/").headers["Location"] == f"{trouble}self/"
    assert fetch(f"{trouble}off-site/").headers["Location"] == "http://example.invalid/"
    assert fetch(f"{trouble}to-private/").headers["Location"] == "http://10.0.0.1/"
    assert fetch(f"{trouble}to-file/").headers["Location"] == "file:///etc/hostname"


def test_the_ill_heal(fetch):
    with ReplicaServer(build_site(misbehave=True)) as server:
        for url in server.truth["healing"]:
            failures = 2 if "seconds" in url else 1
            for _ in range(failures):
                reply = fetch(url)
                assert reply.status in (429, 503)
                after = reply.headers["Retry-After"]
                assert after == "1" if "seconds" in url else after.endswith("GMT")
            assert fetch(url).status == 200


@pytest.mark.parametrize("name", ["cut-length", "cut-chunk"])
def test_bodies_are_cut_off(server, name):
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc)
    connection.request("GET", f"/trouble/{name}/")
    with pytest.raises(http.client.IncompleteRead):
        connection.getresponse().read()
    connection.close()


def test_headers_come_as_written(server, raw_request):
    wire = raw_request(server.base_url, "/trouble/odd-headers/")
    for line in (b"sERVER:  nginx ", b"X-Cache: MISS", b"x-cache: HIT", b"X-Note: caf\xe9"):
        assert line + b"\r\n" in wire
    assert wire.count(b"Set-Cookie") == 2
    assert b"ontent-Type" not in raw_request(server.base_url, "/trouble/no-content-type/")


def test_charsets_lie(trouble, fetch):
    assert "“" in fetch(f"{trouble}charset-utf8-lie/").body.decode("cp1252")
    assert "“" in fetch(f"{trouble}charset-1252-lie/").body.decode("utf-8")


def test_a_small_body_unpacks_to_a_large_one(trouble, fetch):
    reply = fetch(f"{trouble}bomb/")
    assert len(reply.body) < 50_000
    assert len(gzip.decompress(reply.body)) == BOMB_BYTES


def test_an_endless_body_stops_when_the_client_hangs_up(fetch):
    with ReplicaServer(build_site(misbehave=True)) as server:
        connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc)
        connection.request("GET", "/trouble/endless/")
        assert len(connection.getresponse().read(100_000)) == 100_000
        connection.close()
        assert fetch(f"{server.base_url}robots.txt").status == 200


def test_traps_lead_ever_on(trouble, fetch):
    assert f"{trouble}calendar/2012-02/" in fetch(f"{trouble}calendar/2012-01/").text
    assert f"{trouble}calendar/2100-01/" in fetch(f"{trouble}calendar/2099-12/").text
    assert 'href="a/"' in fetch(f"{trouble}a/b/a/b/").text
    one, two = fetch(f"{trouble}session/").text, fetch(f"{trouble}session/").text
    assert "PHPSESSID=" in one
    assert one != two


def test_statuses_and_bodies_without_sense(trouble, fetch):
    for name, status in {"500/": 500, "204/": 204, "304/": 304, "empty/": 200}.items():
        assert fetch(trouble + name).status == status
    assert "Not found" in fetch(f"{trouble}soft-404/").text
    assert fetch(f"{trouble}html-as-pdf.pdf").body.startswith(b"<!DOCTYPE")
    assert b"startxref" not in fetch(f"{trouble}broken.pdf").body
    assert b"/Encrypt" in fetch(f"{trouble}encrypted.pdf").body
    assert fetch(f"{trouble}many-links/").text.count("#link-") == 3000
    assert "password" in fetch(f"{trouble}password-protected/").text
    assert f"{trouble}multi-page/2/" in fetch(f"{trouble}multi-page/").text
