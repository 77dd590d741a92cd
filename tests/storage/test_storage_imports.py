"""Storage must work without the parsers: a reader of the database need not load lxml."""

import pkgutil
import sys

from cacnp_archive import storage
from tests.conftest import run

MODULES = [found.name for found in pkgutil.walk_packages(storage.__path__, f"{storage.__name__}.")]

SCRIPT = f"""
import importlib, sys
for name in {MODULES!r}:
    importlib.import_module(name)
print(*(name for name in sys.modules if name.startswith(
    ("cacnp_archive.parsing", "cacnp_archive.ingest", "lxml", "pypdf", "scrapy"))))
"""


def test_importing_storage_loads_no_parser() -> None:
    assert "cacnp_archive.storage.writing.articles" in MODULES
    result = run(sys.executable, "-c", SCRIPT)
    assert (result.returncode, result.stderr, result.stdout.strip()) == (0, "", "")
