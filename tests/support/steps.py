"""Bound the steps of parsing code, where a time limit would depend on the machine."""

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType, ModuleType

from cacnp_archive import parsing

METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")
WITH_START = METHODS[:5]
WITH_REPLACEMENT = METHODS[6:]


class TooManyStepsError(AssertionError):
    """Raised in the middle of code that takes more steps than it may."""


class Steps:
    """Counts function calls, and characters that regular expressions are applied to."""

    def __init__(self, limit: int, longest: int) -> None:
        self.count = 0
        self._limit = limit
        self._longest = longest

    def add(self, steps: int) -> None:
        """Count steps; raises TooManyStepsError."""
        self.count += steps
        if self.count > self._limit:
            raise TooManyStepsError(f"more than {self._limit} steps")

    def add_call(self, _frame: FrameType, event: str, _argument: object) -> None:
        """Count a call that `sys.setprofile` reports."""
        if event in ("call", "c_call"):
            self.add(1)

    def add_text(self, pattern: str, text: str, start: int) -> None:
        """Count what a regular expression is applied to; raises TooManyStepsError."""
        size = max(0, len(text) - start)
        if size > self._longest:  # matching may take more than linear time
            raise TooManyStepsError(f"{size} characters are matched against {pattern!r}")
        self.add(size)


class CountedPattern:
    """A regular expression that counts what it is applied to."""

    def __init__(self, pattern: re.Pattern[str], steps: Steps) -> None:
        self._pattern = pattern
        self._steps = steps

    def __getattr__(self, name: str) -> object:
        real = getattr(self._pattern, name)
        return self._counted(name, real) if name in METHODS else real

    def _counted(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def method(*arguments: object, **named: object) -> object:
            text = arguments[1] if name in WITH_REPLACEMENT else arguments[0]
            start = arguments[1] if name in WITH_START and len(arguments) > 1 else 0
            assert isinstance(text, str)
            assert isinstance(start, int)
            self._steps.add_text(self._pattern.pattern, text, start)
            return real(*arguments, **named)

        return method


@cache
def parsing_modules() -> list[ModuleType]:
    """Return all modules of the parsing package."""
    found = pkgutil.walk_packages(parsing.__path__, f"{parsing.__name__}.")
    return [importlib.import_module(module.name) for module in found]


@contextmanager
def bounded_steps(limit: int, *, longest: int = sys.maxsize) -> Iterator[Steps]:
    """Raise TooManyStepsError when the block takes more steps than `limit`.

    A step is a function call or a character that a regular expression of the parsing package is
    applied to; none may be applied to more than `longest` characters at a time.
    """
    steps = Steps(limit, longest)
    patterns = [
        (module, name, value)
        for module in parsing_modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    ]
    before = sys.getprofile()
    try:
        for module, name, value in patterns:
            setattr(module, name, CountedPattern(value, steps))
        sys.setprofile(steps.add_call)
        yield steps
    finally:
        sys.setprofile(before)
        for module, name, value in patterns:
            setattr(module, name, value)
