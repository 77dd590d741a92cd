"""`cite` names the authors as reference managers want them, and nobody who is not an author."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cacnp_archive.commands.cli import main
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.records import Article, Author, Kind, Reading
from cacnp_archive.model.site import HOME
from tests.support.archive_of import archive_of
from tests.support.crawling import Crawling

NAMES = [
    ("Osama bin Laden", "bin Laden, Osama", {"given": "Osama", "family": "bin Laden"}),
    ("Willem van der Meer", "van der Meer, Willem", {"given": "Willem", "family": "van der Meer"}),
    ("Ana del Rio", "del Rio, Ana", {"given": "Ana", "family": "del Rio"}),
    ("Jane St. Clair", "St. Clair, Jane", {"given": "Jane", "family": "St. Clair"}),
    ("Ann B. Roe", "Roe, Ann B.", {"given": "Ann B.", "family": "Roe"}),
    ("Union of Concerned Scientists", None, None),
    ("Physicians for Social Responsibility", None, None),
    ("Arms Control Association", None, None),
    ("Center Staff", None, None),
    ("The Editors", None, None),
]


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    made.begin(1)
    yield made
    made.database.close()


def save(crawling: Crawling, *authors: Author) -> None:
    article = Article(
        url=f"{HOME}a/",
        kind=Kind.POST,
        title="A treaty",
        published_at="2014-01-01T03:30:00+00:00",
        published_on="2013-12-31",
        body_text="x",
        authors=authors,
    )
    crawling.save("a/", Reading(article=article))


def author(name: str, credit: str = "author") -> Author:
    return Author(name=name, person=name, printed=name, credit=credit)


def cite(archive: Archive, form: str) -> str:
    words = ["--data-dir", str(archive.folder), "cite", f"{HOME}a/", "--format", form]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize(("name", "ordered", "parts"), NAMES)
def test_name_is_divided_into_its_parts_unless_it_is_an_organisation(
    name: str,
    ordered: str | None,
    parts: dict[str, str] | None,
    crawling: Crawling,
    tmp_path: Path,
) -> None:
    save(crawling, author(name))
    archive = archive_of(crawling.database, tmp_path / "data")
    assert f"  author = {{{ordered or f'{{{name}}}'}}},\n" in cite(archive, "bibtex")
    assert f"AU  - {ordered or name}\n" in cite(archive, "ris").replace("\r\n", "\n")
    (item,) = json.loads(cite(archive, "csl"))
    assert item["author"] == [parts or {"literal": name}]


@pytest.mark.parametrize("credit", ["edited", "compiled", "prepared", "updated"])
def test_who_only_edited_or_compiled_is_not_cited_as_author(
    credit: str, crawling: Crawling, tmp_path: Path
) -> None:
    save(crawling, author("Ann Roe"), author("Joe Doe", credit))
    archive = archive_of(crawling.database, tmp_path / "data")
    for form in ("text", "bibtex", "csl", "ris"):
        text = cite(archive, form)
        assert "Roe" in text
        assert "Doe" not in text


def test_date_is_the_day_of_publication_in_every_format(crawling: Crawling, tmp_path: Path) -> None:
    save(crawling, author("Ann Roe"))
    archive = archive_of(crawling.database, tmp_path / "data")
    assert re.search(r"Non-Proliferation, 2013-12-31, ", cite(archive, "text"))
    assert "  date = {2013-12-31},\n  year = {2013},\n" in cite(archive, "bibtex")
    assert json.loads(cite(archive, "csl"))[0]["issued"] == {"date-parts": [[2013, 12, 31]]}
    assert "PY  - 2013\nDA  - 2013/12/31\n" in cite(archive, "ris").replace("\r\n", "\n")
