"""The folder tells which library is at hand."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("cacnp_archive", "pipelines", "spiders")

HOMES = {
    "scrapy": ("spiders/", "pipelines/", "cacnp_archive/crawling/", "cacnp_archive/settings.py"),
    "twisted": ("spiders/", "cacnp_archive/crawling/"),
    "warcio": ("cacnp_archive/warc/",),
    "sqlite3": ("cacnp_archive/storage/",),
    "sqlite_utils": ("cacnp_archive/storage/",),
    "httptools": ("cacnp_archive/model/http_message.py",),
    "aiohttp": ("cacnp_archive/replica/",),
    "pypdf": ("cacnp_archive/parsing/files/",),
    "tinytag": ("cacnp_archive/parsing/files/audio.py",),
    "altair": ("cacnp_archive/commands/report/", "cacnp_archive/display/"),
    "vl_convert": ("cacnp_archive/commands/report/", "cacnp_archive/display/"),
    "jinja2": ("cacnp_archive/display/html/",),
    "prometheus_client": ("cacnp_archive/crawling/monitoring/metrics.py",),
    "datasette": ("cacnp_archive/desk/",),
    "uvicorn": ("cacnp_archive/desk/",),
    "pyarrow": ("cacnp_archive/storage/queries/parquet.py",),
    "click": (
        "cacnp_archive/commands/",
        "cacnp_archive/maintenance/rebuild.py",
    ),
}

FORBIDDEN = {
    "cacnp_archive/parsing/": ("cacnp_archive.storage", "cacnp_archive.warc", "pathlib", "logging"),
    "cacnp_archive/replica/": (
        "cacnp_archive.parsing",
        "cacnp_archive.model.site",
        "cacnp_archive.model.urls",
    ),
    "cacnp_archive/warc/": ("cacnp_archive.parsing", "cacnp_archive.storage"),
    "cacnp_archive/storage/": ("cacnp_archive.parsing", "cacnp_archive.crawling"),
}
"""What a folder must not lean on: parsers are pure, and the replica cannot share their faults."""


def imports() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    yield from ((place, alias.name) for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield place, node.module


def test_libraries_are_used_in_their_homes_alone() -> None:
    strays = [
        f"{place} imports {module}"
        for place, module in imports()
        for library, homes in HOMES.items()
        if module.split(".")[0] == library and not place.startswith(homes)
    ]
    assert strays == []


def test_folders_lean_on_nothing_that_they_must_not_know() -> None:
    strays = [
        f"{place} imports {module}"
        for place, module in imports()
        for folder, modules in FORBIDDEN.items()
        if place.startswith(folder) and module.startswith(modules)
    ]
    assert strays == []


def test_walk_sees_imports() -> None:
    assert ("spiders/cacnp.py", "scrapy") in set(imports())
