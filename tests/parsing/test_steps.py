"""The bound on steps, which other tests rely on, catches what is slow."""

import re

import pytest

from cacnp_archive.parsing import select
from tests.support.steps import TooManyStepsError, bounded_steps


def in_quadratic_time(words: list[str]) -> int:
    return sum(words.count(word) + len(word) for _ in words for word in words)


def in_linear_time(words: list[str]) -> int:
    return sum(len(word) for word in words)


def test_quadratic_code_takes_too_many_steps() -> None:
    words = ["word"] * 1000
    with bounded_steps(10_000) as steps:
        in_linear_time(words)
    assert steps.count >= 1000
    with pytest.raises(TooManyStepsError), bounded_steps(10_000):
        in_quadratic_time(words)


def test_regular_expression_that_is_applied_to_much_text_takes_too_many_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(select, "_PATTERN", re.compile(r"press\b.*\bnews\b"), raising=False)
    text = "press " * 100
    with bounded_steps(1000, longest=100):
        assert select._PATTERN.search(text, 500) is None  # type: ignore[attr-defined]
    with pytest.raises(TooManyStepsError, match="600 characters"), bounded_steps(1000, longest=500):
        select._PATTERN.search(text)  # type: ignore[attr-defined]
    with pytest.raises(TooManyStepsError, match="more than 500 steps"), bounded_steps(500):
        select._PATTERN.sub("", text)  # type: ignore[attr-defined]
