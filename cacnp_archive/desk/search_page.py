"""The search page: its arguments, and the values that its template shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.queries.query_language import EXAMPLES
from cacnp_archive.storage.queries.search import run_search
from cacnp_archive.storage.queries.search_facets import count_facets
from cacnp_archive.storage.queries.search_filters import Filters

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE_SIZE = 20
"""At most this many articles, and this many documents, are on one page of a search."""

MAX_PAGE = 10_000

FIELDS = ("words", "kind", "author", "category", "outlet", "from", "to")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a search, as its URL asks for it."""

    given: dict[str, str]
    """By FIELDS; empty where nothing is given."""
    number: int
    """From 1."""

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str]) -> "SearchPage":
        """Return the page of a query string; `year` stands for both dates."""
        given = {name: (arguments.get(name) or "").strip() for name in FIELDS}
        if (year := (arguments.get("year") or "").strip()) and not (given["from"] or given["to"]):
            given["from"] = given["to"] = year
        number = arguments.get("page") or "1"
        is_number = number.isascii() and number.isdecimal() and len(number) < 9
        return cls(given, max(1, min(int(number), MAX_PAGE)) if is_number else 1)

    @property
    def filters(self) -> Filters:
        """The filters; raises UsageError for one that makes no sense."""
        return Filters(
            kind=self.given["kind"] or None,
            author=self.given["author"] or None,
            category=self.given["category"] or None,
            outlet=self.given["outlet"] or None,
            since=self.given["from"] or None,
            until=self.given["to"] or None,
        )

    def address(self, **changed: object) -> str:
        """Return the address of this search with other fields; `since` and `until` are dates."""
        names = {"since": "from", "until": "to"}
        fields = self.given | {names.get(name, name): value for name, value in changed.items()}
        return f"/search?{urlencode({name: value for name, value in fields.items() if value})}"

    def narrowed(self, facet: str, value: str) -> str:
        """Return the address of this search with a value of a facet."""
        if facet == "year":  # within the dates that are given already
            since, until = self.given["from"], self.given["to"]
            return self.address(
                since=since if since.startswith(value) else value,
                until=until if until.startswith(value) else value,
            )
        return self.address(**{facet: value})

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The filters in words, each with the address of this search without it."""
        since, until = self.given["from"], self.given["to"]
        chosen = [
            (f"{name}: {self.given[name]}", self.address(**{name: ""}))
            for name in ("kind", "author", "category", "outlet")
            if self.given[name]
        ]
        if since and since == until:
            return [*chosen, (f"date: {since}", self.address(since="", until=""))]
        if since:
            chosen.append((f"from: {since}", self.address(since="")))
        if until:
            chosen.append((f"to: {until}", self.address(until="")))
        return chosen

    def values(self, database: "Database") -> dict[str, Any]:
        """Return what the template shows; `problem` says why nothing can be searched for."""
        shown: dict[str, Any] = {
            "page": self, "given": self.given, "examples": EXAMPLES, "problem": "", "result": None,
            "first": (self.number - 1) * PAGE_SIZE + 1,
        }  # fmt: skip
        try:
            filters, words = self.filters, self.given["words"]
            offset = (self.number - 1) * PAGE_SIZE
            result = run_search(database, words, filters, limit=PAGE_SIZE, offset=offset)
            facets = count_facets(database, words, filters)
        except UsageError as error:
            return shown | {"problem": str(error)}
        most = max(result.article_count, result.document_count)
        has_more = most > self.number * PAGE_SIZE
        return shown | {"result": result, "facets": facets, "has_more": has_more}
