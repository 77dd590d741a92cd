"""The public Python API, on a crawled replica."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import cacnp_archive
from tests.conftest import ROOT, SEED_PAGE, CrawledReplica


def test_exports_are_what_the_package_lists() -> None:
    for name in cacnp_archive.__all__:
        assert getattr(cacnp_archive, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cacnp_archive.nothing


def test_importing_the_package_loads_no_library() -> None:
    script = "import sys, cacnp_archive; print({'lxml', 'sqlite3', 'scrapy'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout == "set()\n", result.stderr


def test_captures_of_one_url_are_those_of_all(replica: CrawledReplica) -> None:
    with cacnp_archive.open_archive(replica.archive.folder) as archive:
        every = list(archive.captures())
        assert len(every) == next(archive.query("SELECT count(*) AS n FROM captures"))["n"]
        assert every == sorted(every, key=lambda capture: (capture.captured_at, capture.id))
        some = list(archive.captures(f"/{SEED_PAGE}"))
        assert some == [one for one in every if one.canonical_url == replica.base_url + SEED_PAGE]
        assert {one.status for one in archive.captures(good_only=True)} <= {200, 203, 304}


def test_body_and_record_are_the_bytes_that_the_server_sent(replica: CrawledReplica) -> None:
    url = replica.base_url + SEED_PAGE
    with cacnp_archive.open_archive(replica.archive.folder) as archive:
        capture = archive.capture(url)
        assert archive.body(capture) == replica.bodies[url]
        record = archive.record_bytes(capture)
    assert record.startswith(b"WARC/1.1\r\n")
    assert f"WARC-Record-ID: <{capture.record.record_id}>".encode() in record
    length = int(re.search(rb"Content-Length: (\d+)", record)[1])  # type: ignore[index]
    block = record.partition(b"\r\n\r\n")[2]
    assert len(block.removesuffix(b"\r\n\r\n")) == length
    assert block.startswith(b"HTTP/1.1 200")


def test_parsing_gives_what_the_database_has(replica: CrawledReplica) -> None:
    with cacnp_archive.open_archive(replica.archive.folder) as archive:
        articles = {article.url: article for article in archive.articles()}
        for url in sorted(articles)[:20]:
            reading = archive.parse(archive.capture(articles[url].capture_id))
            assert reading.article is not None
            assert reading.article.title == articles[url].title
            names = tuple(author.name for author in reading.article.authors)
            assert names == articles[url].authors


def test_articles_are_found_as_by_the_command(replica: CrawledReplica) -> None:
    with cacnp_archive.open_archive(replica.archive.folder) as archive:
        found = list(archive.articles("Iran OR Israel", since="2010"))
        days = [article.day or "" for article in found]
        assert days == sorted(days)
        assert min(days) >= "2010"
        assert {a.kind for a in archive.articles(kind="op-ed")} == {"op-ed"}
        with pytest.raises(cacnp_archive.UsageError):
            list(archive.articles('"unbalanced'))


def test_what_is_not_there_is_an_error_that_says_so(
    replica: CrawledReplica, tmp_path: Path
) -> None:
    with pytest.raises(cacnp_archive.ArchiveError, match="no archive in"):
        cacnp_archive.open_archive(tmp_path)
    with cacnp_archive.open_archive(replica.archive.folder) as archive:
        with pytest.raises(cacnp_archive.ArchiveError, match="no good capture"):
            archive.capture("/nowhere/")
        with pytest.raises(cacnp_archive.ArchiveError, match="no good capture"):
            archive.capture(10_000_000)


def test_database_cannot_be_changed(replica: CrawledReplica) -> None:
    with (
        cacnp_archive.open_archive(replica.archive.folder) as archive,
        pytest.raises(Exception, match="readonly"),
    ):
        list(archive.query("DELETE FROM articles RETURNING id"))


def test_examples_of_the_document_run(
    replica: CrawledReplica,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "data").symlink_to(replica.archive.folder)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "python.md").read_text("utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, object] = {}
    for example in examples:
        exec(example, names)  # noqa: S102 - the project's own document
        assert capsys.readouterr().out
    assert len(examples) == 4
