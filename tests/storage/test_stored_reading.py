"""What was saved of a page is loaded as the parsers returned it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from cacnp_archive.model.records import AudioFile, Category, Document, Reading, Tag
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.queries.stored_reading import StoredReading, load_stored_reading
from tests.storage.test_readings import ARTICLE, URL, link, part
from tests.support.crawling import Crawling

FULL = replace(
    ARTICLE,
    text_selector="article > div.entry-content",
    published_on="2020-01-02",
    modified_at="2020-02-03",
    language="en-US",
    categories=(Category(name="Asia", url=f"{HOME}asia/", primary=True), Category(name="Europe")),
    tags=(Tag(name="New START", slug="new-start"),),
    links=(link("https://example.org/"),),
)


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    yield made
    made.database.close()


def load(crawling: Crawling, url: str, part_number: int | None = None) -> StoredReading:
    return load_stored_reading(crawling.database, url, article_url=url, part_number=part_number)


def as_saved(parsed: Any, values: dict[str, Any]) -> Any:
    """Return a parsed record as JSON has it, with only what was loaded."""
    return {name: pruned(item, values[name]) for name, item in asdict(parsed).items()
            if name in values}  # fmt: skip


def pruned(parsed: Any, stored: Any) -> Any:
    if isinstance(parsed, tuple) and stored and isinstance(stored[0], dict):
        parsed = [{name: item[name] for name in stored[0]} for item in parsed]
    return json.loads(json.dumps(parsed))


def test_article_is_loaded_as_it_was_parsed(crawling: Crawling) -> None:
    crawling.save("a/", Reading(article=FULL))
    stored = load(crawling, URL).article
    assert stored is not None
    assert stored.values == as_saved(FULL, stored.values)
    missing = {name for name in asdict(FULL) if name not in stored.values}
    assert missing == {"url", "category_steps", "opinions"}
    assert all(stored.values.values())


def test_article_on_several_pages_is_loaded_page_by_page(crawling: Crawling) -> None:
    first = replace(FULL, part_count=3)
    crawling.save("a/", Reading(article=first))
    second = part(2, "Two.", documents=(f"{HOME}b.pdf",))
    crawling.save("a/2/", second)
    stored = load(crawling, URL).article
    assert stored is not None
    assert stored.values == as_saved(first, stored.values)
    page = load(crawling, URL, 2)
    further = page.part
    assert page.article is None
    assert further is not None
    assert further.values == as_saved(second.part, further.values)
    assert further.read_from != stored.read_from
    assert load(crawling, URL, 3).part is None


def test_files_are_loaded_as_they_were_parsed(crawling: Crawling) -> None:
    document = Document(
        url=f"{HOME}a.pdf", page_count=3, pages=("One", ""), title="A", author="B",
        created_at="2020", modified_at="2021-02", language="en",
    )  # fmt: skip
    sound = AudioFile(url=f"{HOME}a.mp3", seconds=12.5, title="A", artist="B")
    crawling.save("a.pdf", Reading(document=document))
    crawling.save("a.mp3", Reading(audio_file=sound))
    for parsed, stored in (
        (document, load(crawling, document.url).document),
        (sound, load(crawling, sound.url).audio_file),
    ):
        assert stored is not None
        assert stored.values == as_saved(parsed, stored.values)
        assert {*asdict(parsed)} - {*stored.values} == {"url"}


def test_what_is_not_there_is_none(crawling: Crawling) -> None:
    assert load(crawling, URL) == StoredReading(None, None, None, None, None)
