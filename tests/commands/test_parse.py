"""`parse` prints what today's parser reads, beside what the database holds."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cacnp_archive.commands.cli import main
from tests.conftest import BIN, ROOT, SEED_PAGE, CrawledReplica, crawl, run
from tests.parsing.test_golden import pruned
from tests.support.raw_server import RawServer

GOLDEN = ROOT / "tests" / "golden"
DEADLY = {"PYTHONPATH": str(ROOT / "tests" / "crash" / "deadly"), "DEADLY_PAGE": SEED_PAGE}


def call(folder: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["--data-dir", str(folder), "parse", *map(str, words)])


def parse(folder: Path, *words: str | Path) -> Any:
    result = call(folder, *words)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def problems_in(parsed: Any) -> list[str]:
    return [problem["code"] for problem in parsed["reading"].get("problems", ())]


@pytest.fixture
def copy(replica: CrawledReplica, tmp_path: Path) -> Path:
    """Return a copy of the crawled archive, to be changed."""
    return Path(shutil.copytree(replica.archive.folder, tmp_path / "copy"))


def change(folder: Path, sql: str, *parameters: object) -> None:
    with sqlite3.connect(folder / "archive.db") as database:
        assert database.execute(sql, parameters).rowcount > 0
    database.close()


def test_stored_page_is_parsed_beside_its_row(replica: CrawledReplica) -> None:
    url = replica.base_url + SEED_PAGE
    parsed = parse(replica.archive.folder, SEED_PAGE)
    assert (parsed["url"], parsed["canonical_url"]) == (url, url)
    assert parsed["differing"] == []
    article = parsed["reading"]["article"]
    assert article["title"].startswith("What is to be done?")
    compared = parsed["compared"]["article"]
    assert compared["stored_from"]["warc_record_id"] == parsed["source"]["warc_record_id"]
    for name in ("title", "body_text", "links"):
        assert compared["fields"][name]["parsed"] == compared["fields"][name]["stored"] != []
    for name in ("title", "kind", "body_text", "wordpress_id", "published_on"):
        assert compared["fields"][name]["parsed"] == article[name]


@pytest.mark.parametrize(
    ("sql", "differing"),
    [
        ("UPDATE articles SET title = 'Another' WHERE url = ?", ["article.title"]),
        (
            """UPDATE links SET anchor_text = 'there' WHERE article_id =
            (SELECT id FROM articles WHERE url = ?)""",
            ["article.links"],
        ),
        (
            """INSERT INTO problems (capture_id, code, detail)
            SELECT capture_id, 'no-date', '' FROM articles WHERE url = ?""",
            ["problems"],
        ),
    ],
)
def test_what_the_database_holds_otherwise_is_marked(
    sql: str, differing: list[str], replica: CrawledReplica, copy: Path
) -> None:
    change(copy, sql, replica.base_url + SEED_PAGE)
    parsed = parse(copy, SEED_PAGE)
    assert parsed["differing"] == differing


def test_page_without_a_row_differs_in_every_field(replica: CrawledReplica, copy: Path) -> None:
    change(
        copy, "UPDATE articles SET url = 'http://x/' WHERE url = ?", replica.base_url + SEED_PAGE
    )
    parsed = parse(copy, SEED_PAGE)
    compared = parsed["compared"]["article"]
    assert compared["stored_from"] is None
    assert "article.title" in parsed["differing"]
    assert all(field["stored"] is None for field in compared["fields"].values())


def test_documents_sounds_and_lists_are_parsed(replica: CrawledReplica) -> None:
    with sqlite3.connect(replica.archive.database_path) as database:
        (document,) = database.execute("SELECT url FROM documents LIMIT 1").fetchone()
        (sound,) = database.execute("SELECT url FROM audio_files LIMIT 1").fetchone()
    database.close()
    for url, name, field in ((document, "document", "pages"), (sound, "audio_file", "seconds")):
        parsed = parse(replica.archive.folder, url)
        assert parsed["differing"] == []
        assert parsed["compared"][name]["fields"][field]["stored"]
    assert parse(replica.archive.folder, "post-sitemap.xml")["reading"]["entries"]


ARTICLE = b"<body class='single postid-7'><h1 class='entry-title'>A</h1></body>"


def test_capture_is_chosen_by_time_or_by_record(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
    with RawServer({"/": head % len(ARTICLE) + ARTICLE}) as server:
        for _ in range(2):
            crawled = crawl(server.base_url, tmp_path, CACNP_RECHECK_DAYS="0")
            assert crawled.returncode in (0, 1), crawled.stderr
    with sqlite3.connect(tmp_path / "archive.db") as database:
        (first, at, _), (second, _, kind) = database.execute(
            """SELECT warc_record_id, captured_at, record_type FROM captures WHERE url = ?
            ORDER BY captured_at""",
            [server.base_url],
        )
    database.close()
    assert kind == "revisit"
    for words, record_id in (
        (("/",), second),
        (("/", "--at", "2999-01-01"), second),
        (("/", "--at", at), first),
        (("/", "--at", "1999-12-31T23:00+01:00"), first),
        ((f"<{first}>",), first),
        ((second,), second),
    ):
        parsed = parse(tmp_path, *words)
        assert parsed["source"]["warc_record_id"] == record_id, words
        assert parsed["reading"]["article"]["title"] == "A"
        assert parsed["differing"] == []


def test_page_with_no_good_capture_is_parsed_from_another(replica: CrawledReplica) -> None:
    source, target = next(iter(replica.truth["redirects"].items()))
    parsed = parse(replica.archive.folder, source)
    assert parsed["source"]["status"] in (301, 302, 307, 308)
    assert parsed["reading"]["links"] == [target]


@pytest.mark.parametrize("words", [("/no-such-page/",), ("urn:uuid:0",), ("/", "--at", "soon")])
def test_what_is_not_archived_is_a_clear_message(
    words: tuple[str, ...], replica: CrawledReplica
) -> None:
    result = call(replica.archive.folder, *words)
    assert (result.exit_code, result.stdout) == (2 if "--at" in words else 1, "")
    assert result.stderr.count("\n") == 1


CASES = sorted(
    path.parent.relative_to(GOLDEN).as_posix()
    for path in GOLDEN.glob("*/*/meta.json")
    if json.loads(path.read_text("utf-8"))["status"].startswith("200")
)
"""Golden pages that a person could have saved: a saved page is taken for a success."""


@pytest.mark.parametrize("case", CASES[:: len(CASES) // 12])
def test_saved_page_is_parsed_as_a_golden_page(case: str, tmp_path: Path) -> None:
    meta = json.loads((GOLDEN / case / "meta.json").read_text("utf-8"))
    (body,) = (GOLDEN / case).glob("body.*")
    content_type = dict(meta["headers"]).get("Content-Type", "")
    parsed = parse(tmp_path, body, "--url", meta["url"], "--content-type", content_type)
    assert pruned(parsed["reading"]) == json.loads(
        (GOLDEN / case / "expected.json").read_text("utf-8")
    )
    assert (parsed["compared"], parsed["differing"]) == (None, None)


def test_saved_page_is_compared_with_the_row_of_its_address(
    replica: CrawledReplica, tmp_path: Path
) -> None:
    saved = tmp_path / "page.html"
    body = replica.bodies[replica.base_url + SEED_PAGE]
    saved.write_bytes(body.replace(b"What is to be done?", b"What now?"))
    for address in (SEED_PAGE, f"https://www.{replica.base_url[7:]}{SEED_PAGE}?emci=1"):
        parsed = parse(replica.archive.folder, saved, "--url", address)
        assert "article.title" in parsed["differing"]
        assert "article.links" not in parsed["differing"]


def test_address_and_type_of_a_saved_page_are_made_of_its_name(
    replica: CrawledReplica, tmp_path: Path
) -> None:
    saved = tmp_path / "The treaty.HTML"
    saved.write_bytes(replica.bodies[replica.base_url + SEED_PAGE])
    parsed = parse(tmp_path / "nothing", saved)
    assert parsed["url"] == "https://armscontrolcenter.org/The%20treaty/"
    assert parsed["source"]["content_type"] == "text/html"
    assert parsed["reading"]["article"]["title"].startswith("What is to be done?")
    assert parse(replica.archive.folder, saved)["url"] == f"{replica.base_url}The%20treaty/"


@pytest.mark.parametrize(
    ("name", "body", "problem"),
    [
        ("a.html", b"", "empty-page"),
        ("a.html", bytes(range(256)) * 50, "unknown-layout"),
        ("a.html", b"%PDF-1.7 \x00\xff", "mislabelled"),
        ("a.pdf", b"%PDF-1.7\n\x00\xff\xfe" * 9, "broken-pdf"),
    ],
)
def test_bytes_that_cannot_be_read_are_problems(
    name: str, body: bytes, problem: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(body)
    assert problem in problems_in(parse(tmp_path, tmp_path / name))


def test_file_that_is_a_name_of_nothing_readable_is_a_clear_message(tmp_path: Path) -> None:
    for page in ("x" * 5000, "/dev/null", str(tmp_path)):
        result = call(tmp_path / "none", page)
        assert result.exit_code == 1
        assert "no archive in" in result.stderr


def test_damaged_record_is_a_problem(copy: Path) -> None:
    source = parse(copy, SEED_PAGE)["source"]
    path = copy / "warc" / source["warc_file"]
    data = bytearray(path.read_bytes())
    data[source["warc_offset"] + source["warc_length"] // 2] ^= 255
    path.write_bytes(data)
    parsed = parse(copy, SEED_PAGE)
    assert problems_in(parsed) == ["unreadable"]
    assert "article.title" in parsed["differing"]


def test_page_that_kills_its_parser_is_a_problem(replica: CrawledReplica, tmp_path: Path) -> None:
    saved = tmp_path / "page.html"
    saved.write_bytes(replica.bodies[replica.base_url + SEED_PAGE])
    for words in ((SEED_PAGE,), (saved, "--url", SEED_PAGE)):
        command = (BIN / "cacnp-archive", "--data-dir", replica.archive.folder, "parse", *words)
        result = run(*command, environment=DEADLY)
        assert result.returncode == 0, result.stderr
        assert problems_in(json.loads(result.stdout)) == ["parser-died"]


@pytest.mark.parametrize(
    "words",
    [
        ("page.html", "--at", "2024-01-31"),
        ("page.html", "--content-type", "text/html\r\nSet-Cookie: a=b"),
        ("page.html", "--content-type", "text/htmlé"),
        ("page.html", "--url", "http://a:b/"),
        ("page.html", "--url", "ftp://a.example/page/"),
        ("/page/", "--url", "http://a.example/"),
        ("/page/", "--content-type", "text/html"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    words: tuple[str, ...],
    replica: CrawledReplica,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "page.html").write_text("<p>text")
    monkeypatch.chdir(tmp_path)
    result = call(replica.archive.folder, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
