"""One Chromium for all browser tests, and the archive that they look at."""

from collections.abc import Iterator

import pytest

from tests.support.recrawled import Recrawled, recrawled_site
from tests.support.webdriver import Browser, running_browser


@pytest.fixture(scope="session")
def recrawled() -> Recrawled:
    return recrawled_site()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser
