"""The names of outlets and organisations: their spellings belong to one canonical name."""

import tomllib
from functools import lru_cache
from importlib.resources import files

MAX_CHARS = 120
"""A longer text is not the name of an outlet."""


def outlet_of(name: str) -> str:
    """Return the canonical spelling of an outlet or organisation; of others, the name unchanged.

    >>> outlet_of("NYT"), outlet_of("the New York Times"), outlet_of("www.nytimes.com")
    ('The New York Times', 'The New York Times', 'The New York Times')
    >>> outlet_of("The Daily Lantern")
    'The Daily Lantern'
    """
    return _spellings().get(_key(name), name) if len(name) <= MAX_CHARS else name


@lru_cache(maxsize=1)
def outlet_names() -> frozenset[str]:
    """Return all spellings of the listed outlets, in lower case without "the" and "www."."""
    return frozenset(
        _key(spelling)
        for row in _rows()["outlet"]
        for spelling in (row["name"], *row.get("spellings", ()))
    )


def _key(name: str) -> str:
    return name.casefold().replace("’", "'").removeprefix("the ").removeprefix("www.")


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    return {
        _key(spelling): row["name"]
        for rows in _rows().values()
        for row in rows
        for spelling in (row["name"], *row.get("spellings", ()))
    }


def _rows() -> dict[str, list[dict[str, str]]]:
    text = files("cacnp_archive.model").joinpath("outlets.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
