import doctest
import importlib
import pkgutil

import pytest

from cacnp_archive import parsing

MODULES = [
    module.name for module in pkgutil.walk_packages(parsing.__path__, "cacnp_archive.parsing.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
