"""The history of an article does not depend on the order in which its captures come."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Digests, RecordPointer
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.storage.database import open_database
from cacnp_archive.storage.writing.imports import Imports, Source
from tests.support.captures import make_capture
from tests.support.foreign_records import URL, page

SITE = Site.at(HOME)
SOURCE = Source(
    file="a.warc", name="a.warc", size=1, sha256="0", software=None, operator=None, description=None
)

Sighting = tuple[int, str]
"""Year and text."""


def history(sightings: list[Sighting]) -> tuple[list[object], list[object]]:
    """Import sightings in the order given; returns the versions and what the article's row says."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        crawl = Crawl.begin(SITE, archive, user_agent="", obeys_robots=False, settings={})
        database = open_database(archive.database_path)
        with Imports(database).begin(crawl, SOURCE, "") as saver:
            for number, (year, text) in enumerate(sightings):
                capture = make_capture(
                    URL, page(text), captured_at=datetime(year, 5, 6, tzinfo=UTC)
                )
                capture = replace(
                    capture,
                    record=RecordPointer("a.warc", number, 1, f"urn:uuid:{number}"),
                    digests=Digests("sha1:A", None, "sha256:0", 1),
                )
                saver.save(capture, "response", read_capture(capture, SITE), is_file=False)
        versions = database.execute(
            """SELECT number, first_seen_at, last_seen_at, content_sha256, is_silent, body_text,
                (SELECT captured_at FROM captures WHERE id = capture_id)
            FROM versions ORDER BY number"""
        ).fetchall()
        row = database.execute(
            "SELECT first_seen_at, last_seen_at, body_text, gone_at FROM articles"
        ).fetchall()
        database.close()
    return versions, row


@pytest.mark.slow
@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(2003, 2025), st.sampled_from(["One.", "Two.", "Three."])),
        min_size=1,
        max_size=7,
        unique_by=lambda sighting: sighting[0],
    )
)
def test_versions_are_those_of_the_order_of_time(sightings: list[Sighting]) -> None:
    assert history(sightings) == history(sorted(sightings))


def test_text_of_every_version_is_kept() -> None:
    versions, (row,) = history([(2020, "One."), (2010, "One."), (2015, "Two."), (2012, "One.")])
    told = [(number, first[:4], last[:4], text) for number, first, last, _, _, text, _ in versions]
    assert told == [
        (1, "2010", "2012", "One."),
        (2, "2015", "2015", "Two."),
        (3, "2020", "2020", None),
    ]
    assert row[2] == "One."
