"""What the desk adds to Datasette: pages for reading, links from rows to captures, strict headers.

Whatever stands in the archive is shown as text: templates escape it, links are made of http and
https addresses alone, and a Content-Security-Policy forbids every script that is not ours.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from markupsafe import Markup, escape

from cacnp_archive.desk.datasette_metadata import TITLE
from cacnp_archive.desk.questions import GROUPS, QUESTIONS
from cacnp_archive.display.printable import printable
from cacnp_archive.model.citation import FORMS, MEDIA_TYPES
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.site import Site
from cacnp_archive.model.timestamps import timestamp_of
from cacnp_archive.storage.database import borrowed
from cacnp_archive.storage.queries.article_view import find_capture, good_capture, load_article_view
from cacnp_archive.storage.queries.citing import cite
from cacnp_archive.storage.queries.finding import MARKS, Wanted, find
from cacnp_archive.storage.queries.related import related
from cacnp_archive.storage.queries.search import base_urls
from cacnp_archive.storage.queries.statistics import Statistics

PAGE = 20
"""So many articles stand on a page of a search."""

RELATED = 5
_OF_ADDRESSES = ("posts", "post_links", "ledger", "requisites", "list_entries", "addresses")
"""Tables and views whose rows name no capture, but an address that has some."""

_FIELDS = ("words", "year", "kind", "author", "category")

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Desk:
    """The plugin, for one archive."""

    def __init__(self, database_name: str, replay_address: str | None) -> None:
        """Take the database's name in Datasette, and where the archive is replayed, if it is."""
        self.__name__ = __name__  # Datasette takes plugins for modules
        self._name = database_name
        self._replay = replay_address

    @hookimpl
    def register_routes(self) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
        """Return the desk's own pages."""
        return [
            (r"^/$", self._home),
            (r"^/search$", self._search),
            (r"^/article/(?P<id>\d{1,15})$", self._article),
            (r"^/article/(?P<id>\d{1,15})/cite/(?P<form>\w+)$", self._cite),
            (r"^/capture/(?P<id>\d{1,15})$", self._capture),
            (r"^/archived$", self._archived),
            (r"^/pictures$", self._pictures),
            (r"^/pictures/(?P<name>\w+)\.svg$", self._picture),
        ]

    @hookimpl
    def extra_css_urls(self) -> list[str]:
        """Return the style of the house."""
        return ["/desk-static/desk.css"]

    @hookimpl
    def extra_js_urls(self) -> list[str]:
        """Return the script that does what Datasette's own scripts in pages did."""
        return ["/desk-static/desk.js"]

    @hookimpl
    def extra_template_vars(self) -> dict[str, Any]:
        """Return what all templates can use."""
        return {"desk_database": self._name, "replayed": self._replay is not None}

    @hookimpl
    def prepare_jinja2_environment(self, env: Any) -> None:
        """Add the filters of the desk's templates."""
        env.filters |= {"marked": marked, "printable": printable, "is_web": is_web, "day": day}

    @hookimpl
    def render_cell(self, row: Any, value: object, column: str, table: str | None) -> Markup | None:
        """Link titles to articles, captures to their replay, and addresses; None: as it is."""
        names = row.keys()
        if isinstance(value, dict):  # Datasette adds a label to what leads to another table
            value = value["value"]
            if column != "capture_id":
                return None
        if column == "title" and isinstance(value, str):
            number = row["article_id"] if "article_id" in names else None
            if number is None and table in ("articles", "bibliography") and "id" in names:
                number = row["id"]
            if isinstance(number, int):
                return _link(f"/article/{number}", value or "(no title)")
        if column == "capture_id" and isinstance(value, int):
            words = f"replay {value}" if self._replay else f"capture {value}"
            return _link(f"/capture/{value}", words)
        if column == "captured_at" and table == "captures" and isinstance(value, str):
            return _link(f"/capture/{row['id']}", value)
        if isinstance(value, str) and is_web(value) and not value.split()[1:]:
            outward = Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(
                value, printable(value)
            )
            if column in ("url", "page_url") and table in _OF_ADDRESSES:
                archived = _link(f"/archived?{urlencode({'url': value})}", "as archived")
                return outward + Markup(" · ") + archived
            return outward
        return None

    @hookimpl
    def asgi_wrapper(self) -> Callable[[Any], Any]:
        """Return what gives every answer the strict headers."""

        def wrap(application: Any) -> Any:
            async def wrapped(scope: Scope, receive: Any, send: Send) -> None:
                async def send_strictly(event: dict[str, Any]) -> None:
                    if event["type"] == "http.response.start":
                        kept = [
                            (name, value)
                            for name, value in event.get("headers", ())
                            if name.decode("latin-1").lower() not in HEADERS
                        ]
                        ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                        event = event | {"headers": kept + ours}
                    await send(event)

                await application(scope, receive, send_strictly)

            return wrapped

        return wrap

    async def _home(self, datasette: Any, request: Any) -> Response:
        def gathered(connection: Any) -> dict[str, Any]:
            rows = borrowed(connection).execute(
                """SELECT count(*), min(day), max(day),
                    (SELECT count(*) FROM documents), (SELECT count(*) FROM captures),
                    (SELECT max(started_at) FROM crawls) FROM articles"""
            )
            names = ("articles", "first", "last", "documents", "captures", "crawled_at")
            return dict(zip(names, rows.fetchone(), strict=True))

        groups = [
            (group, [(question, _asked(self._name, question.name, question.example))
                     for question in QUESTIONS if question.group == group])
            for group in GROUPS
        ]  # fmt: skip
        return await self._page(
            datasette, request, "desk_home.html",
            {"title": TITLE, "facts": await self._ask(datasette, gathered), "groups": groups},
        )  # fmt: skip

    async def _search(self, datasette: Any, request: Any) -> Response:
        given = {name: (request.args.get(name) or "").strip() for name in _FIELDS}
        asked = request.args.get("page") or "1"
        number = max(1, min(int(asked), 10_000)) if asked.isdecimal() else 1
        wanted = Wanted(**given)
        try:
            result = await self._ask(
                datasette,
                lambda connection: find(borrowed(connection), wanted, PAGE, (number - 1) * PAGE),
            )
        except UsageError as error:
            result, trouble = None, str(error)
        else:
            trouble = ""

        def address(**changed: object) -> str:
            fields = {**given, **changed}
            return f"/search?{urlencode({name: value for name, value in fields.items() if value})}"

        return await self._page(
            datasette, request, "desk_search.html",
            {
                "given": given, "result": result, "trouble": trouble, "number": number,
                "has_more": result is not None and result.count > number * PAGE,
                "address": address,
            },
        )  # fmt: skip

    async def _article(self, datasette: Any, request: Any) -> Response:
        number = int(request.url_vars["id"])

        def gathered(connection: Any) -> dict[str, Any] | None:
            database = borrowed(connection)
            dossier = load_article_view(database, number)
            if dossier is None:
                return None
            return {
                "dossier": dossier,
                "article": dossier.article,
                "related": related(database, number, RELATED),
                "citation": cite(database, dossier.article["url"]),
            }

        found = await self._ask(datasette, gathered)
        if found is None:
            return await self._missing(datasette, request, f"There is no article {number}.")
        blocks = [block for block in found["article"]["body_text"].split("\n\n") if block.strip()]
        text = FORMS["text"](found["citation"]) if found["citation"] else None
        return await self._page(
            datasette, request, "desk_article.html", {**found, "blocks": blocks, "footnote": text}
        )

    async def _cite(self, datasette: Any, request: Any) -> Response:
        number, form = int(request.url_vars["id"]), request.url_vars["form"]

        def gathered(connection: Any) -> Any:
            database = borrowed(connection)
            dossier = load_article_view(database, number)
            return dossier and cite(database, dossier.article["url"])

        citation = await self._ask(datasette, gathered)
        if citation is None or form not in FORMS:
            return await self._missing(datasette, request, "There is nothing to cite.")
        return Response(FORMS[form](citation), content_type=f"{MEDIA_TYPES[form]}; charset=utf-8")

    async def _capture(self, datasette: Any, request: Any) -> Response:
        number = int(request.url_vars["id"])
        row = await self._ask(datasette, lambda found: find_capture(borrowed(found), number))
        if row is None:
            return await self._missing(datasette, request, f"There is no capture {number}.")
        return self._to_replay(row)

    async def _archived(self, datasette: Any, request: Any) -> Response:
        """Lead to the latest good capture of an address, as it was printed."""
        url = request.args.get("url") or ""

        def found(connection: Any) -> Any:
            database = borrowed(connection)
            for base_url in base_urls(database):
                row = good_capture(database, Site.at(base_url).canonical(url), None)
                if row is not None:
                    return row
            return None

        row = await self._ask(datasette, found) if is_web(url) else None
        if row is None:
            return await self._missing(datasette, request, f"This is not archived: {url}")
        return self._to_replay(row)

    def _to_replay(self, row: dict[str, Any]) -> Response:
        if self._replay is None:
            return Response.redirect(f"/{self._name}/captures/{row['id']}")
        return Response.redirect(f"{self._replay}{timestamp_of(row['captured_at'])}/{row['url']}")

    async def _pictures(self, datasette: Any, request: Any) -> Response:
        from cacnp_archive.display.charts import DEFAULT_TOPICS, PICTURES

        given = request.args.get("topics") or ", ".join(DEFAULT_TOPICS)
        query = urlencode({"topics": given})
        return await self._page(
            datasette, request, "desk_pictures.html",
            {"pictures": PICTURES, "topics": given, "query": query},
        )  # fmt: skip

    async def _picture(self, datasette: Any, request: Any) -> Response:
        name = request.url_vars["name"]
        words = tuple(filter(None, map(str.strip, (request.args.get("topics") or "").split(","))))

        def drawn(connection: Any) -> str:
            from cacnp_archive.display.charts import svg_of  # the library takes its time

            return svg_of(Statistics(borrowed(connection)), name, words)

        try:
            svg = await self._ask(datasette, drawn)
        except UsageError as error:
            return await self._missing(datasette, request, str(error))
        return Response(svg, content_type="image/svg+xml; charset=utf-8")

    async def _ask(self, datasette: Any, question: Callable[[Any], Any]) -> Any:
        return await datasette.get_database(self._name).execute_fn(question)

    async def _page(
        self, datasette: Any, request: Any, template: str, values: dict[str, Any]
    ) -> Response:
        return Response.html(await datasette.render_template(template, values, request=request))

    async def _missing(self, datasette: Any, request: Any, words: str) -> Response:
        html = await datasette.render_template(
            "desk_missing.html", {"words": words}, request=request
        )
        return Response.html(html, status=404)


def marked(text: str) -> Markup:
    r"""Return a snippet of a search with what was looked for marked, and all else escaped.

    >>> str(marked("a \x02<b>\x03 c"))
    'a <mark>&lt;b&gt;</mark> c'
    """
    opened, closed = MARKS
    safe = str(escape(" ".join(text.split())))
    return Markup(safe.replace(opened, "<mark>").replace(closed, "</mark>"))  # noqa: S704 - escaped


def is_web(url: str) -> bool:
    """Whether an address may become a link: only of http and https, never a script's."""
    return url.startswith(("http://", "https://"))


def day(moment: str | None) -> str:
    """Return the day of a time of the database; a dash where there is none."""
    return moment[:10] if moment else "–"


def _asked(database_name: str, name: str, example: tuple[tuple[str, str], ...]) -> str:
    return f"/{database_name}/{name}" + (f"?{urlencode(example)}" if example else "")


def _link(address: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, printable(words))
