"""How the text of an article was found in its page, and what was learned of pages of one look."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Layout(StrEnum):
    """What said where the text of an article stands in its page; the surest first."""

    KNOWN = "known"
    """The class names of WordPress, a theme or a page builder."""
    LEARNED = "learned"
    """Pages of the same look whose text was known from elsewhere."""
    COMPARED = "compared"
    """Pages of the same look, by what differs between them."""
    GENERAL = "general"
    """The prose of this page alone: a guess."""

    @property
    def is_sure(self) -> bool:
        """Whether it names the text rather than guesses it."""
        return self in (Layout.KNOWN, Layout.LEARNED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path from an element to one of its children."""

    tag: str
    classes: tuple[str, ...] = ()
    """Classes that the child has, and may have others; sorted."""
    index: int | None = None
    """Its position among the children with its tag, from 0; None if that differs."""


Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class LearnedLayout:
    """Where pages of one look have their text and what belongs to it, as paths from `body`."""

    layout: Layout
    content: Path
    parts: dict[str, Path] = field(default_factory=dict)
    """`title`, `date`, `author`, `categories`, `tags`: elements outside of the text."""
    furniture: tuple[Path, ...] = ()
    """Elements inside the text that are not part of it, from the text's element."""
    page_count: int = 0
    """How many pages agreed."""

    def as_json(self) -> str:
        """Return all but the count as JSON: the same for the same layout."""
        data = asdict(self)
        del data["page_count"]
        return json.dumps(data, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str, page_count: int) -> "LearnedLayout":
        """Return the layout that `as_json` wrote."""
        data = json.loads(text)
        return cls(
            Layout(data["layout"]),
            _path(data["content"]),
            {name: _path(steps) for name, steps in data["parts"].items()},
            tuple(map(_path, data["furniture"])),
            page_count,
        )


@dataclass(frozen=True, slots=True)
class KnownContent:
    """What an article is known to say, from a list or from an earlier reading."""

    title: str | None
    text: str
    """Blocks separated by empty lines."""
    day: str | None = None
    """YYYY-MM-DD."""
    authors: tuple[str, ...] = ()
    """Names that the theme printed, not those in the text."""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageSample:
    """Where one page has what it is known to say."""

    content: Path
    parts: dict[str, Path]
    furniture: tuple[Path, ...]


def _path(steps: list[dict[str, object]]) -> Path:
    return tuple(
        Step(str(step["tag"]), tuple(step["classes"]), step["index"])  # type: ignore[arg-type]
        for step in steps
    )
