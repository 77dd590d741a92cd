"""Learn a layout from pages of one look, and use it for others: the second half of learning."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from cacnp_archive.model.layouts import Layout, LearnedLayout, PageSample, Path, Step
from cacnp_archive.parsing.layouts.selectors import stable_classes
from cacnp_archive.parsing.select import Element, body_of, classes, tag_of

MIN_PAGES = 3
"""Fewer pages that agree may agree by chance."""

_SHARE = 0.9
"""The part of the pages that must have a class or a position for it to belong to the layout."""

_FURNITURE_PAGES = 2
"""What is not part of the text on at least this many pages is furniture."""

_MAX_CANDIDATES = 500


@dataclass(slots=True)
class FoundParts:
    """The elements of a page that a learned layout names."""

    layout: LearnedLayout
    content: Element
    skipped: frozenset[Element]
    parts: dict[str, Element] = field(default_factory=dict)


def learn(samples: Sequence[PageSample], layout: Layout) -> list[tuple[LearnedLayout, PageSample]]:
    """Return the layouts on which enough pages agree, that of most pages first, with an example.

    The order of the samples decides nothing but the example: the first.
    """
    found = []
    for group in _alike(samples):
        if len(group) < MIN_PAGES:
            continue
        content = _agreed([sample.content for sample in group])
        names = sorted({name for sample in group for name in sample.parts})
        parts = {name: [s.parts[name] for s in group if name in s.parts] for name in names}
        furniture = _common(
            [path for sample in group for path in sample.furniture], _FURNITURE_PAGES
        )
        found.append(
            (
                LearnedLayout(
                    layout=layout,
                    content=content,
                    parts={
                        name: path
                        for name, paths in parts.items()
                        for path in _common(paths, len(paths) // 2)[:1]
                    },
                    furniture=tuple(furniture),
                    page_count=len(group),
                ),
                group[0],
            )
        )
    return found


def match_layout(root: Element, layouts: Sequence[LearnedLayout]) -> FoundParts | None:
    """Return what the first layout names that fits a page: it must name exactly one text."""
    body = body_of(root)
    if body is None:
        return None
    for layout in layouts:
        content = _find(body, layout.content)
        if content is None:
            continue
        skipped = {item for path in layout.furniture for item in _follow(content, path)}
        found = FoundParts(layout, content, frozenset(skipped))
        for name, path in layout.parts.items():
            element = _find(body, path)
            if element is not None:
                found.parts[name] = element
        return found
    return None


def _alike(samples: Sequence[PageSample]) -> list[list[PageSample]]:
    groups: dict[tuple[str, ...], list[PageSample]] = {}
    for sample in samples:
        groups.setdefault(_tags(sample.content), []).append(sample)
    return sorted(groups.values(), key=lambda group: (-len(group), _tags(group[0].content)))


def _tags(path: Path) -> tuple[str, ...]:
    return tuple(step.tag for step in path)


def _agreed(paths: Sequence[Path]) -> Path:
    """Return what paths of the same tags have in common, step by step."""
    return tuple(_agreed_step(steps) for steps in zip(*paths, strict=True))


def _agreed_step(steps: Sequence[Step]) -> Step:
    least = _SHARE * len(steps)
    counts = Counter(name for step in steps for name in step.classes)
    names = tuple(sorted(name for name, count in counts.items() if count >= least))
    indexes = Counter(step.index for step in steps)
    index, count = indexes.most_common(1)[0]
    return Step(steps[0].tag, names, index if count >= least else None)


def _common(paths: Sequence[Path], least: int) -> list[Path]:
    """Return the paths that enough pages have, without what differs in them."""
    groups: dict[tuple[object, ...], list[Path]] = {}
    for path in paths:
        key = tuple((step.tag, stable_classes(" ".join(step.classes))) for step in path)
        groups.setdefault(key, []).append(path)
    kept = [group for group in groups.values() if len(group) >= least]
    kept.sort(key=lambda group: (-len(group), _tags(group[0])))
    return [_agreed(group) for group in kept]


def _find(body: Element, path: Path) -> Element | None:
    found = _only(_follow(body, path))
    return _only(_follow(body, _loose(path))) if found is None else found


def _follow(start: Element, path: Path) -> list[Element]:
    found = [start]
    for step in path:
        found = [child for item in found for child in item if _fits(child, step)]
        if len(found) > _MAX_CANDIDATES:
            return []
    return found


def _fits(element: Element, step: Step) -> bool:
    if tag_of(element) != step.tag or not classes(element).issuperset(step.classes):
        return False
    if step.index is None:
        return True
    return sum(1 for _ in element.itersiblings(step.tag, preceding=True)) == step.index


def _loose(path: Path) -> Path:
    """Return a path without positions, where classes suffice."""
    return tuple(Step(step.tag, step.classes) if step.classes else step for step in path)


def _only(elements: list[Element]) -> Element | None:
    return elements[0] if len(elements) == 1 else None
