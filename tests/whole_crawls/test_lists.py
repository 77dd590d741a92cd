"""What a site's lists say reaches the crawl, and a list that cannot be read reaches a person."""

from pathlib import Path

from click.testing import CliRunner

from cacnp_archive.commands.cli import main
from cacnp_archive.model.archive import Archive
from cacnp_archive.storage.database import read_database
from tests.conftest import crawl
from tests.support.raw_server import Answer, RawServer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"


def answer(body: str, media_type: str = "text/xml") -> bytes:
    encoded = body.encode()
    return HEAD % (media_type.encode(), len(encoded)) + encoded


def page(text: str = "") -> bytes:
    return answer(f"<!DOCTYPE html><html><body class='home'>{text}</body></html>", "text/html")


def report(folder: Path) -> str:
    return CliRunner().invoke(main, ["--data-dir", str(folder), "report"]).output


def test_lists_that_cannot_be_read_are_alerts_and_their_recall_is_unknown(tmp_path: Path) -> None:
    index = "<sitemapindex><sitemap><loc>/maps/1</loc></sitemap>{}</sitemapindex>"
    gone = "<sitemap><loc>/maps/gone</loc></sitemap>"
    whole = "<rss><channel><item><link>/b/</link></item></channel></rss>"
    answers: dict[str, Answer] = {
        "/": page(),
        "/sitemap_index.xml": answer(index.format(gone)),
        "/maps/1": answer("<urlset><url><loc>/a/</loc></url></urlset>"),
        "/a/": page(),
        "/feed/": answer(whole[:-16]),
        "/b/": page(),
        "/wp-sitemap.xml": page("Please log in."),
    }
    with RawServer(answers) as server:
        ended = crawl(server.base_url, tmp_path)
        assert {"/a/", "/b/"} <= {path for path, _ in server.sent}
        assert ended.returncode == 1
        for path in ("maps/gone", "feed/", "wp-sitemap.xml"):
            assert f"ALERT {server.base_url}{path} could not be read as a list" in ended.stderr
        assert "recall: feed unknown, links 100.0%, sitemap unknown" in ended.stderr
        assert "feed/ could not be read" in " ".join(report(tmp_path).split())

        server.answers["/sitemap_index.xml"] = answer(index.format(""))
        server.answers["/feed/"] = answer(whole)
        del server.answers["/wp-sitemap.xml"]
        healed = crawl(server.base_url, tmp_path)
        assert healed.returncode == 0, healed.stderr
        assert "recall: feed 100.0%, links 100.0%, sitemap 100.0%" in healed.stderr


def test_broken_sitemap_forgets_nothing(tmp_path: Path) -> None:
    entries = [f"<url><loc>/{name}/</loc></url>" for name in "abcde"]
    sitemap = "<urlset>" + "".join(entries) + "</urlset>"
    answers: dict[str, Answer] = {"/": page(), "/sitemap_index.xml": answer(sitemap)}
    with RawServer(answers) as server:
        crawl(server.base_url, tmp_path)
        server.answers["/sitemap_index.xml"] = answer(sitemap[:-30])
        assert crawl(server.base_url, tmp_path).returncode == 1
    database = read_database(Archive(tmp_path).database_path)
    (count,) = database.execute("SELECT count(*) FROM list_entries").fetchone()
    database.close()
    assert count == 5
