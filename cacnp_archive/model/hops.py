"""Hops: the path from a seed to a URL, one letter per step, as in Heritrix's crawl logs."""

LINK, REQUISITE, REDIRECT, MANIFEST = "L", "E", "R", "M"
"""A manifest link leads from a list to another list, which it names."""

IMPORTED = "I"
"""A step that only an import shows: recall is not measured by what existed in the past."""

MAX_HOPS = 50
"""At most this many steps are kept, the last ones."""

MAX_REDIRECTS = 20
"""At most this many redirects in a row are followed, as browsers do."""


def extended(hops: str, step: str) -> str:
    """Return a path with one more step."""
    return (hops + step)[-MAX_HOPS:]


def is_requisite(hops: str) -> bool:
    """Whether a URL is a page requisite: the last step, apart from redirects, is E.

    >>> is_requisite("LLER"), is_requisite("LEL")
    (True, False)
    """
    return hops.rstrip(REDIRECT).endswith(REQUISITE)


def is_list(hops: str) -> bool:
    """Whether a list names a URL as another list: the last step, apart from redirects, is M.

    >>> is_list("MR"), is_list("ML")
    (True, False)
    """
    return hops.rstrip(REDIRECT).endswith(MANIFEST)


def redirect_count(hops: str) -> int:
    """Return how many redirects end a path.

    >>> redirect_count("LRLRR")
    2
    """
    return len(hops) - len(hops.rstrip(REDIRECT))
