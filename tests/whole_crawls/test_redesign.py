"""The site gets another theme between two crawls: nothing is lost, nothing counts as edited."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.source.faces import Face
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, crawl

EDITED = "next-up-its-your-turn"
TEXT = "An edit of all that stood here, made while the theme was changed as well."

FIELDS = """SELECT url, kind, title, day, published_on, wordpress_id, language, body_text,
    (SELECT json_group_array(name) FROM (SELECT name FROM article_authors
        JOIN authors ON authors.id = author_id WHERE article_id = articles.id ORDER BY position)),
    (SELECT json_group_array(name) FROM (SELECT name FROM article_categories
        JOIN categories ON categories.id = category_id WHERE article_id = articles.id
        ORDER BY name)),
    (SELECT json_group_array(slug) FROM (SELECT slug FROM article_tags
        JOIN tags ON tags.id = tag_id WHERE article_id = articles.id ORDER BY slug)),
    (SELECT json_group_array(slug) FROM (SELECT slug FROM article_people
        JOIN people ON people.id = person_id WHERE article_id = articles.id ORDER BY slug)),
    (SELECT json_group_array(target_url) FROM (SELECT target_url FROM links
        WHERE article_id = articles.id ORDER BY position))
    FROM articles ORDER BY url"""


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    database = read_database(folder / "archive.db")
    found = database.execute(sql).fetchall()
    database.close()
    return found


@dataclass
class Redesign:
    """Three crawls: of the site in Genesis, and two after its theme was changed."""

    folder: Path
    outputs: list[subprocess.CompletedProcess[str]] = field(default_factory=list)
    readings: list[dict[str, tuple[Any, ...]]] = field(default_factory=list)


@pytest.fixture(scope="module", params=[(Face.BLOCKS, True), (Face.BUILDER, False)], ids=str)
def redesign(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Redesign]:
    face, with_rest = request.param
    found = Redesign(tmp_path_factory.mktemp("redesign"))
    site = build_site()
    site.validators, site.rest = False, with_rest
    with ReplicaServer(site) as server:

        def look() -> None:
            found.outputs.append(crawl(server.base_url, found.folder, CACNP_RECHECK_DAYS="0"))
            found.readings.append({row[0]: row for row in rows(found.folder, FIELDS)})

        look()
        site.face = face
        site.edit(EDITED, text=TEXT)
        look()
        site.shake()
        look()
        yield found


def test_no_article_is_lost_and_none_is_made_up(redesign: Redesign) -> None:
    first, *later = redesign.readings
    assert all(reading.keys() == first.keys() for reading in later)
    assert rows(redesign.folder, "SELECT url FROM articles WHERE body_text = ''") == []


def test_every_field_is_as_exact_as_before(redesign: Redesign) -> None:
    first, *later = redesign.readings
    for reading in later:
        assert [
            (before, after)
            for before, after in zip(first.values(), reading.values(), strict=True)
            if before != after and EDITED not in before[0]
        ] == []


def test_only_the_real_edit_is_an_edit(redesign: Redesign) -> None:
    changes = rows(
        redesign.folder,
        "SELECT url, changes.kind FROM changes JOIN articles ON articles.id = article_id",
    )
    assert [(url.rstrip("/").rpartition("/")[2], kind) for url, kind in changes] == [
        (EDITED, "edited silently")
    ]
    ((text,),) = rows(
        redesign.folder, f"SELECT body_text FROM articles WHERE url LIKE '%/{EDITED}/'"
    )
    assert text == TEXT


def test_one_alert_says_what_happened(redesign: Redesign) -> None:
    alerts = [
        [line for line in output.stderr.splitlines() if line.startswith("ALERT")]
        for output in redesign.outputs
    ]
    assert [len(found) for found in alerts] == [0, 1, 0]
    assert "read by a layout first seen in this crawl" in alerts[1][0]


def test_nothing_waits_and_all_looks_are_listed(redesign: Redesign) -> None:
    assert rows(redesign.folder, "SELECT * FROM waiting_readings") == []
    command = [BIN / "cacnp-archive", "--data-dir", redesign.folder, "layouts", "--json"]
    listed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert sum(look["count"] for look in listed) == len(redesign.readings[0])
    assert {look["layout"] for look in listed} <= {"known", "learned"}
    assert all(look["example"].startswith("http://") for look in listed)


def test_rebuilt_database_is_the_same(redesign: Redesign) -> None:
    command = [BIN / "cacnp-archive", "--data-dir", redesign.folder, "rebuild", "--dry-run"]
    output = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "no row differs" in output.stdout, output.stdout
