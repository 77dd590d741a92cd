"""What the desk adds to Datasette: pages for reading, links from rows to captures, strict headers.

Everything archived is shown as text: templates escape it, only http and https URLs become links,
and a Content-Security-Policy forbids every script but the desk's own.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response, hookimpl
from markupsafe import Markup, escape

from cacnp_archive.desk.datasette_metadata import TITLE
from cacnp_archive.desk.headers import Scope, Send, with_strict_headers
from cacnp_archive.desk.known_hosts import KnownHosts
from cacnp_archive.desk.sample_queries import GROUPS, SAMPLE_QUERIES
from cacnp_archive.desk.search_functions import add_search_functions, search_problem
from cacnp_archive.desk.search_page import SearchPage
from cacnp_archive.display.printable import printable
from cacnp_archive.model.citation import FORMS, MEDIA_TYPES
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.site import Site
from cacnp_archive.model.timestamps import timestamp_of
from cacnp_archive.storage.database import borrowed
from cacnp_archive.storage.queries.article_view import find_capture, good_capture, load_article_view
from cacnp_archive.storage.queries.by_url import base_urls
from cacnp_archive.storage.queries.citing import cite
from cacnp_archive.storage.queries.query_language import EXAMPLES, parse_query, split_queries
from cacnp_archive.storage.queries.related import related
from cacnp_archive.storage.queries.search_selection import MARKS
from cacnp_archive.storage.queries.statistics import Statistics
from cacnp_archive.storage.result_limits import limit_results

if TYPE_CHECKING:
    import sqlite3

RELATED = 5
"""At most this many related articles are shown."""

_OF_ADDRESSES = ("posts", "post_links", "ledger", "requisites", "list_entries", "addresses")
"""Tables and views without a capture in their rows, but with a URL that has captures."""


class Desk:
    """The plugin, for one archive."""

    def __init__(self, database_name: str, replay_address: str | None, hosts: KnownHosts) -> None:
        """Take the database's name in Datasette, and the replay's URL prefix, if there is one."""
        self.__name__ = __name__  # Datasette expects plugins to be modules
        self._name = database_name
        self._replay = replay_address
        self._hosts = hosts

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
            (r"^/charts$", self._charts),
            (r"^/charts/(?P<name>\w+)\.svg$", self._chart),
            (r"^/pictures(?P<rest>/\w+\.svg)?$", self._moved_to_charts),
        ]

    @hookimpl(trylast=True)  # after Datasette's own functions, of which one is replaced
    def prepare_connection(self, conn: "sqlite3.Connection") -> None:
        """Add the functions that sample queries search with, and limit what queries return."""
        add_search_functions(conn)
        limit_results(conn)

    @hookimpl
    def extra_css_urls(self) -> list[str]:
        """Return the desk's style sheet."""
        return ["/desk-static/desk.css"]

    @hookimpl
    def extra_js_urls(self) -> list[str]:
        """Return the script that replaces Datasette's inline scripts."""
        return ["/desk-static/desk.js"]

    @hookimpl
    def extra_template_vars(self) -> dict[str, Any]:
        """Return the variables of all templates."""
        return {"desk_database": self._name, "replayed": self._replay is not None}

    @hookimpl
    def prepare_jinja2_environment(self, env: Any) -> None:
        """Add the filters of the desk's templates."""
        env.filters |= {
            "day": day, "is_web": is_web, "marked": marked, "printable": printable,
            "sentence": sentence,
        }  # fmt: skip

    @hookimpl
    def render_cell(self, row: Any, value: object, column: str, table: str | None) -> Markup | None:
        """Return a link for a title, capture or URL; None leaves a cell to Datasette."""
        names = row.keys()
        if isinstance(value, dict):  # a foreign key, to which Datasette adds a label
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
    def asgi_wrapper(self, datasette: Any) -> Callable[[Any], Any]:
        """Return what checks the Host, sets the strict headers, and explains bad searches."""

        def wrap(application: Any) -> Any:
            async def wrapped(scope: Scope, receive: Any, send: Send) -> None:
                strictly = with_strict_headers(send)
                if scope["type"] == "http":
                    if not self._hosts.include(scope):
                        await self._hosts.refuse(strictly)
                        return
                    arguments = dict(parse_qsl(scope["query_string"].decode("latin-1")))
                    problem = search_problem(scope["path"], arguments, self._name)
                    if problem is not None:
                        response = await self._bad_search(datasette, scope["path"], problem)
                        await response.asgi_send(strictly)
                        return
                await application(scope, receive, strictly)

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
            (group, [(query.title, _address(self._name, query.name, query.example))
                     for query in SAMPLE_QUERIES if query.group == group])
            for group in GROUPS
        ]  # fmt: skip
        return await self._page(
            datasette, request, "desk_home.html",
            {"title": TITLE, "facts": await self._ask(datasette, gathered), "groups": groups},
        )  # fmt: skip

    async def _search(self, datasette: Any, request: Any) -> Response:
        page = SearchPage.from_arguments(request.args)
        values = await self._ask(datasette, lambda found: page.values(borrowed(found)))
        status = 400 if values["problem"] else 200
        return await self._page(datasette, request, "desk_search.html", values, status)

    async def _article(self, datasette: Any, request: Any) -> Response:
        number = int(request.url_vars["id"])

        def gathered(connection: Any) -> dict[str, Any] | None:
            database = borrowed(connection)
            view = load_article_view(database, number)
            if view is None:
                return None
            return {
                "view": view,
                "article": view.article,
                "related": related(database, number, RELATED),
                "citation": cite(database, view.article["url"]),
            }

        found = await self._ask(datasette, gathered)
        if found is None:
            return await self._not_found(datasette, request, f"There is no article {number}.")
        blocks = [block for block in found["article"]["body_text"].split("\n\n") if block.strip()]
        text = FORMS["text"](found["citation"]) if found["citation"] else None
        return await self._page(
            datasette, request, "desk_article.html", {**found, "blocks": blocks, "footnote": text}
        )

    async def _cite(self, datasette: Any, request: Any) -> Response:
        number, form = int(request.url_vars["id"]), request.url_vars["form"]

        def gathered(connection: Any) -> Any:
            database = borrowed(connection)
            view = load_article_view(database, number)
            return view and cite(database, view.article["url"])

        citation = await self._ask(datasette, gathered)
        if citation is None or form not in FORMS:
            return await self._not_found(datasette, request, "There is no such citation.")
        return Response(FORMS[form](citation), content_type=f"{MEDIA_TYPES[form]}; charset=utf-8")

    async def _capture(self, datasette: Any, request: Any) -> Response:
        number = int(request.url_vars["id"])
        row = await self._ask(datasette, lambda found: find_capture(borrowed(found), number))
        if row is None:
            return await self._not_found(datasette, request, f"There is no capture {number}.")
        return self._to_replay(row)

    async def _archived(self, datasette: Any, request: Any) -> Response:
        """Redirect to the latest good capture of a URL."""
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
            return await self._not_found(datasette, request, f"This URL is not archived: {url}")
        return self._to_replay(row)

    def _to_replay(self, row: dict[str, Any]) -> Response:
        if self._replay is None:
            return Response.redirect(f"/{self._name}/captures/{row['id']}")
        return Response.redirect(f"{self._replay}{timestamp_of(row['captured_at'])}/{row['url']}")

    async def _charts(self, datasette: Any, request: Any) -> Response:
        from cacnp_archive.display.charts import CHARTS, DEFAULT_TOPICS

        topics = request.args.get("topics") or ", ".join(DEFAULT_TOPICS)
        try:
            problem = ""
            for topic in split_queries(topics):
                parse_query(topic)
        except UsageError as error:
            problem = str(error)
        values = {
            "charts": CHARTS, "topics": topics, "query": urlencode({"topics": topics}),
            "problem": problem,
        }  # fmt: skip
        status = 400 if problem else 200
        return await self._page(datasette, request, "desk_charts.html", values, status)

    async def _chart(self, datasette: Any, request: Any) -> Response:
        name = request.url_vars["name"]
        topics = tuple(split_queries(request.args.get("topics") or ""))

        def drawn(connection: Any) -> str:
            from cacnp_archive.display.charts import svg_of  # imports Altair, which takes a while

            return svg_of(Statistics(borrowed(connection)), name, topics)

        try:
            svg = await self._ask(datasette, drawn)
        except UsageError as error:
            return await self._not_found(datasette, request, str(error))
        return Response(svg, content_type="image/svg+xml; charset=utf-8")

    async def _moved_to_charts(self, request: Any) -> Response:
        query = f"?{request.query_string}" if request.query_string else ""
        return Response.redirect(f"/charts{request.url_vars['rest'] or ''}{query}", status=301)

    async def _ask(self, datasette: Any, question: Callable[[Any], Any]) -> Any:
        return await datasette.get_database(self._name).execute_fn(question)

    async def _page(
        self,
        datasette: Any,
        request: Any,
        template: str,
        values: dict[str, Any],
        status: int = 200,
    ) -> Response:
        html = await datasette.render_template(template, values, request=request)
        return Response.html(html, status=status)

    async def _not_found(self, datasette: Any, request: Any, message: str) -> Response:
        values = {"message": message}
        return await self._page(datasette, request, "desk_not_found.html", values, 404)

    async def _bad_search(self, datasette: Any, path: str, problem: str) -> Response:
        if path.endswith(".json"):
            return Response.json({"ok": False, "error": problem, "status": 400}, status=400)
        await datasette.invoke_startup()  # this runs before Datasette's own code
        values = {"problem": problem, "examples": EXAMPLES}
        return await self._page(datasette, None, "desk_bad_search.html", values, 400)


def marked(text: str) -> Markup:
    r"""Return a snippet as HTML with its matches marked and everything else escaped.

    >>> str(marked("a \x02<b>\x03 c"))
    'a <mark>&lt;b&gt;</mark> c'
    """
    opened, closed = MARKS
    safe = str(escape(" ".join(text.split())))
    return Markup(safe.replace(opened, "<mark>").replace(closed, "</mark>"))  # noqa: S704 - escaped


def is_web(url: str) -> bool:
    """Whether a URL may become a link: only http and https may."""
    return url.startswith(("http://", "https://"))


def day(moment: str | None) -> str:
    """Return the day of a time in the database, or a dash for None."""
    return moment[:10] if moment else "–"


def sentence(message: str) -> str:
    """Return an error message as a sentence.

    >>> sentence("there is no kind 'x'; did you mean y?"), sentence("not found")
    ("There is no kind 'x'; did you mean y?", 'Not found.')
    """
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "?")) else ".")


def _address(database_name: str, name: str, example: tuple[tuple[str, str], ...]) -> str:
    return f"/{database_name}/{name}" + (f"?{urlencode(example)}" if example else "")


def _link(address: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, printable(words))
