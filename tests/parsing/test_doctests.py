import doctest
import importlib
import pkgutil

import pytest

from cacnp_archive import parsing

MODULES = [module.name for module in pkgutil.iter_modules(parsing.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    module = importlib.import_module(f"cacnp_archive.parsing.{name}")
    assert doctest.testmod(module).failed == 0
