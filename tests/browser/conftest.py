"""One Chromium for all browser tests, and the archive that they look at."""

from collections.abc import Iterator

import pytest

from tests.support.webdriver import Browser, running_browser


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser
