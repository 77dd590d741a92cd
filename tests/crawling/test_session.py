"""Only `scrapy crawl` gives a crawler the session that lets it write to the archive."""

import sys
from pathlib import Path

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from cacnp_archive.crawling.session import session_of
from tests.conftest import run

OTHERWISE = """
import sys
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings
settings = get_project_settings()
settings["CACNP_DATA_DIR"] = sys.argv[1]
process = AsyncCrawlerProcess(settings)
process.crawl("cacnp")
process.start()
"""


def test_crawler_of_another_command_has_no_session() -> None:
    with pytest.raises(NotConfigured, match="only `scrapy crawl` writes to the archive"):
        session_of(get_crawler())


def test_spider_that_is_run_without_the_command_writes_nothing(tmp_path: Path) -> None:
    result = run(sys.executable, "-c", OTHERWISE, str(tmp_path))
    assert "only `scrapy crawl` writes to the archive" in result.stderr
    assert list(tmp_path.iterdir()) == []
