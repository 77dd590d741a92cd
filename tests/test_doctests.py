"""The examples in docstrings hold, in every module."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

PACKAGES = ("cacnp_archive", "spiders", "pipelines", "benchmarks")
IN_ANOTHER_ENVIRONMENT = {"benchmarks.fundus_parser"}
"""Modules that import what only `make bench-reading` installs; none has an example."""


def module_names() -> Iterator[str]:
    for name in PACKAGES:
        yield name
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            if module.name not in IN_ANOTHER_ENVIRONMENT:
                yield module.name


@pytest.mark.parametrize("name", list(module_names()))
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_examples_of_every_package_and_folder_are_found() -> None:
    names = set(module_names())
    assert {"cacnp_archive.model.urls", "cacnp_archive.parsing.people.names"} <= names
    assert {"cacnp_archive.__main__", "spiders.cacnp", "pipelines.warc"} <= names
    assert doctest.testmod(importlib.import_module("cacnp_archive.model.timestamps")).attempted > 2
