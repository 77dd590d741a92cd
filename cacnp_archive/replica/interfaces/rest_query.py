"""Parse and check the parameters of a REST request as WordPress does."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

Row = dict[str, Any]

_MAX_PER_PAGE = 100
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d(:\d\d)?)?", re.ASCII
)
_DATES = {
    "after": ("date", True),
    "before": ("date", False),
    "modified_after": ("modified", True),
    "modified_before": ("modified", False),
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that `_fields` selects, as a tree; None selects all."""

    tree: Mapping[str, Any] | None = None

    def wants(self, name: str) -> bool:
        """Whether a top-level field is selected."""
        return self.tree is None or name in self.tree

    def cut(self, row: Row) -> Row:
        """Return a row with the selected fields only, in the order of the row."""
        return row if self.tree is None else _cut(row, self.tree)


def _cut(row: Row, tree: Mapping[str, Any]) -> Row:
    return {
        key: _cut(value, tree[key]) if tree[key] and isinstance(value, dict) else value
        for key, value in row.items()
        if key in tree
    }


def fields_of(text: str | None) -> Fields:
    """Parse `_fields`: names separated by commas or spaces, with dots for nested fields.

    >>> fields_of("id, title.rendered").cut({"id": 7, "title": {"rendered": "A", "raw": "B"}})
    {'id': 7, 'title': {'rendered': 'A'}}
    """
    names = [name for name in re.split(r"[\s,]+", text or "") if name]
    if not names:
        return Fields()
    tree: dict[str, Any] = {}
    for name in sorted(names, key=lambda name: -name.count(".")):
        *outer, last = name.split(".")
        node = tree
        for step in outer:
            node = node.setdefault(step, {})
        node[last] = {}
    return Fields(tree)


@dataclass(frozen=True, slots=True)
class Orders:
    """The sort orders of a collection: values of `orderby` and their sort keys.

    By default, `dated` collections are sorted by date, newest first, and others by name.
    """

    keys: Mapping[str, Callable[[Any], Any]]
    dated: bool


@dataclass(frozen=True, slots=True)
class Question:
    """The checked parameters of a collection request; `wrong` maps invalid ones to messages."""

    page: int
    per_page: int
    order_by: str
    descending: bool
    dates: Mapping[str, datetime]
    wrong: Mapping[str, str] = field(default_factory=dict)

    def select(self, items: Sequence[Any], orders: Orders) -> list[Any]:
        """Return the selected items of all pages, in order."""
        found = list(items)
        for name, bound in self.dates.items():
            attribute, after = _DATES[name]
            key = orders.keys[attribute]
            found = [item for item in found if _lies(key(item), bound, after)]
        found.sort(key=orders.keys["id"])
        found.sort(key=orders.keys[self.order_by], reverse=self.descending)
        return found


def question_of(query: Mapping[str, str], orders: Orders) -> Question:
    """Parse and check the parameters of a collection request."""
    wrong: dict[str, str] = {}
    page = _number(query.get("page", "1"))
    if page is None or page < 1:
        wrong["page"] = "page must be greater than or equal to 1"
    per_page = _number(query.get("per_page", "10"))
    if per_page is None or not 1 <= per_page <= _MAX_PER_PAGE:
        wrong["per_page"] = (
            f"per_page must be between 1 (inclusive) and {_MAX_PER_PAGE} (inclusive)"
        )
    usual = ("date", "desc") if orders.dated else ("name", "asc")
    order_by = query.get("orderby", usual[0])
    if order_by not in orders.keys:
        wrong["orderby"] = f"orderby is not one of {', '.join(orders.keys)}."
    order = query.get("order", usual[1])
    if order not in ("asc", "desc"):
        wrong["order"] = "order is not one of asc and desc."
    dates = {}
    for name in _DATES if orders.dated else ():
        if name in query:
            moment = _moment(query[name])
            if moment is None:
                wrong[name] = "Invalid date."
            else:
                dates[name] = moment
    return Question(page or 1, per_page or 10, order_by, order == "desc", dates, wrong)


def page_links(url: str, query: Mapping[str, str], page: int, pages: int) -> str:
    """Return the Link header: the same query for other pages; empty when there is only one."""
    links = []
    if page > 1:
        links.append(f'<{_with_page(url, query, min(page - 1, pages))}>; rel="prev"')
    if page < pages:
        links.append(f'<{_with_page(url, query, page + 1)}>; rel="next"')
    return ", ".join(links)


def _with_page(url: str, query: Mapping[str, str], page: int) -> str:
    by_query = {**query, "page": str(page)}
    return f"{url}?" + "&".join(f"{quote_plus(n)}={quote_plus(v)}" for n, v in by_query.items())


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _moment(text: str) -> datetime | None:
    """Parse a time as rest_parse_date does; without an offset it is local time of the site."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _lies(moment: datetime, bound: datetime, after: bool) -> bool:
    """Whether a time lies strictly beyond the bound."""
    if bound.tzinfo is None:
        moment = moment.replace(tzinfo=None)
    else:
        moment, bound = moment.astimezone(UTC), bound.astimezone(UTC)
    return moment > bound if after else moment < bound
