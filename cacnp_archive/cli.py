"""The command line: look into the archive, check it, try it out.

What reads pages again is imported by the commands that do: the parsers' libraries take longer to
load than many a command takes to run.
"""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress

from cacnp_archive import __version__
from cacnp_archive.archive import DATA_DIR_VARIABLE, Archive, default_data_dir
from cacnp_archive.citation import FORMS
from cacnp_archive.demo import DEMO_PORT, run_demo
from cacnp_archive.desk.serve import DEFAULT_PORT as DESK_PORT
from cacnp_archive.desk.serve import LOOPBACK, explore_with_replay
from cacnp_archive.desk.serve import explore as serve_desk
from cacnp_archive.diff.article import difference, find_article, told
from cacnp_archive.diff.record import compare_records
from cacnp_archive.diff.terminal import print_diff, print_only_version, print_versions
from cacnp_archive.errors import ArchiveError, UsageError
from cacnp_archive.found import MARKS, print_found
from cacnp_archive.noticed import CHANGE_KINDS, print_changes
from cacnp_archive.package import Packaged, package
from cacnp_archive.records import Kind
from cacnp_archive.replay import DEFAULT_PORT, serve
from cacnp_archive.report.gather import gather
from cacnp_archive.report.terminal import print_report
from cacnp_archive.report.words import verdict
from cacnp_archive.show import show_page
from cacnp_archive.site import Site
from cacnp_archive.status import gather_status, print_status
from cacnp_archive.storage import search as ask
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.review import Review
from cacnp_archive.storage.versions import changes_since
from cacnp_archive.taking_out import citation_of, export_rows, snapshot
from cacnp_archive.taking_out import plot as draw
from cacnp_archive.verify import verify as verify_archive
from cacnp_archive.verify import verify_files
from cacnp_archive.why import explain

if TYPE_CHECKING:
    from cacnp_archive.imports import Imported

MAX_WARNINGS = 10
"""So many warnings of a file are told when it is imported."""

_ANY_FILE = click.Path(exists=True, readable=False, path_type=Path)


class _Group(click.Group):
    """Ends every ArchiveError with its message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            click.echo(f"cacnp-archive: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cacnp-archive")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Folder of the archive.  [default: ${DATA_DIR_VARIABLE}, else data/ beside scrapy.cfg]",
)
@click.pass_context
def main(context: click.Context, data_dir: Path | None) -> None:
    """Look into the archive of armscontrolcenter.org, and check it.

    The crawl itself is `scrapy crawl cacnp`.
    """
    context.obj = data_dir


@main.command()
@click.option(
    "--port",
    default=DEMO_PORT,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where the replica is served.",
)
@click.pass_obj
def demo(data_dir: Path | None, port: int) -> None:
    """Archive a small replica of the site, served by this machine, and verify the result."""
    sys.exit(run_demo(Archive(data_dir or default_data_dir().parent / "demo"), port))


@main.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=_ANY_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print all findings as one JSON document.")
@click.pass_obj
def verify(data_dir: Path | None, files: tuple[Path, ...], as_json: bool) -> None:
    """Check the archive strictly, or any WARC and WACZ FILEs.

    Of the archive, every row is compared with its record and the other way round, and the index
    and the manifest with the files. Exits with 1 when there is an error; warnings and notes are
    no errors.
    """
    with Console(stderr=True).status("verifying") as status:

        def tell(name: str) -> None:
            status.update(f"verifying {name}")

        result = verify_files(files, tell) if files else verify_archive(_archive(data_dir), tell)
    for line in [json.dumps(result.as_json())] if as_json else result.lines():
        click.echo(line)
    sys.exit(1 if result.fault_count else 0)


@main.command()
@click.pass_obj
def repair(data_dir: Path | None) -> None:
    """Bring the archive into order after a crash; each crawl begins with this."""
    from cacnp_archive.repair import repair as repair_archive

    archive = _archive(data_dir)
    archive.require_folder()
    archive.prepare()
    with archive.locked():
        result = repair_archive(archive)
    for line in result.lines or ["nothing to repair"]:
        click.echo(line)
    sys.exit(1 if result.unreadable else 0)


@main.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_ANY_FILE)
@click.option("--site", "base_url", help="What they are captures of: the address of a front page.")
@click.pass_obj
def import_command(data_dir: Path | None, files: tuple[Path, ...], base_url: str | None) -> None:
    """Take WARC, WACZ and ARC FILEs of others into the archive, byte for byte.

    Their captures enter the history of the site by their own dates. Exits with 1 when a file
    can't be imported; the others are.
    """
    from cacnp_archive.imports import import_files
    from cacnp_archive.repair import repair as repair_archive

    archive = _archive(data_dir)
    site = None if base_url is None else Site.at(base_url)
    archive.prepare()
    with archive.locked():
        for line in repair_archive(archive).lines:
            click.echo(line)
        with Progress(console=Console(stderr=True), transient=True) as progress:

            def begin(path: Path) -> Callable[[int, int], None]:
                task = progress.add_task(path.name, total=None)
                return lambda done, count: progress.update(task, completed=done, total=count)

            results = import_files(archive, list(files), site, on_file=begin, tell=_tell_of_import)
    sys.exit(1 if any(result.failure for result in results) else 0)


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say what would differ.")
@click.option("--jobs", type=click.IntRange(1), help="Processes.  [default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Print all differences as one document.")
@click.pass_obj
def rebuild(data_dir: Path | None, dry_run: bool, jobs: int | None, as_json: bool) -> None:
    """Make the database again from the WARC files, and say what differs.

    After a parser has changed, or when the database is lost. The old one stays until the new one
    is whole.
    """
    from cacnp_archive.rebuild import rebuild as rebuild_database
    from cacnp_archive.rebuild import tell_of_rebuilding
    from cacnp_archive.repair import repair as repair_archive

    archive = _archive(data_dir)
    archive.require_folder()
    archive.prepare()
    with archive.locked(), Progress(console=Console(stderr=True), transient=True) as progress:
        repair_archive(archive)
        task = progress.add_task("reading WARC files", total=None)
        result = rebuild_database(
            archive,
            jobs=jobs,
            dry_run=dry_run,
            tell=lambda done, total: progress.update(task, completed=done, total=total),
        )
    tell_of_rebuilding(result, as_json=as_json)
    sys.exit(1 if result.unreadable else 0)


@main.command()
@click.argument("url")
@click.pass_obj
def show(data_dir: Path | None, url: str) -> None:
    """Tell what the archive knows of the page at URL, and where its bytes lie."""
    show_page(_archive(data_dir), url, Console())


@main.command()
@click.argument("url")
@click.pass_obj
def why(data_dir: Path | None, url: str) -> None:
    """Say why URL was or was not fetched: scope, robots.txt, every attempt and its record."""
    for line in explain(_archive(data_dir), url):
        click.echo(line)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON document.")
@click.option(
    "--max-age-days",
    default=3.0,
    show_default=True,
    type=click.FloatRange(0),
    help="How old the last crawl may be.",
)
@click.pass_obj
def status(data_dir: Path | None, as_json: bool, max_age_days: float) -> None:
    """Tell how the archive stands: the last crawls, what it holds, what waits, what to do next.

    For monitoring: exits with 0 when the last crawl was complete, without alarms, and not too old,
    else with 1, and says why in its first line.
    """
    found = gather_status(_archive(data_dir), datetime.now(UTC), timedelta(days=max_age_days))
    if as_json:
        click.echo(json.dumps(found.as_json()))
    else:
        print_status(found, Console())
    sys.exit(0 if found.is_fine else 1)


@main.command()
@click.option("--crawl", "crawl_id", help="Of this crawl: its id.  [default: the last one]")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON document.")
@click.option(
    "--html",
    "html_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it as a page with charts, in one file that needs nothing else.",
)
@click.pass_obj
def report(
    data_dir: Path | None, crawl_id: str | None, as_json: bool, html_path: Path | None
) -> None:
    """Tell everything about one crawl, compared with the one before.

    Exits with 1 when something is alarmingly worse than before.
    """
    archive = _archive(data_dir)
    with Review.of(archive) as review:
        found = gather(archive, review, None if crawl_id == "latest" else crawl_id)
    if html_path is not None:
        from cacnp_archive.report.page import page  # the charts' library takes its time

        try:
            html_path.write_text(page(found), "utf-8")
        except OSError as error:
            raise UsageError(f"--html: cannot write {html_path}: {error.strerror}") from error
    if as_json:
        click.echo(json.dumps(found.as_json()))
    elif html_path is None:
        print_report(found, Console())
    else:
        click.echo(f"{html_path}: {verdict(found)}")
    sys.exit(1 if found.alarms else 0)


@main.command()
@click.argument("url")
@click.argument("old", metavar="[A", required=False)
@click.argument("new", metavar="B]", required=False)
@click.option("--list", "as_list", is_flag=True, help="List the versions instead.")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON document.")
@click.option(
    "--html",
    "html_path",
    is_flag=False,
    flag_value="-",
    metavar="[FILE]",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Write it as a page, in one file that needs nothing else; without FILE, print the page. "
    "Stands behind URL.",
)
@click.pass_obj
def diff(
    data_dir: Path | None,
    url: str,
    old: str | None,
    new: str | None,
    as_list: bool,
    as_json: bool,
    html_path: str | None,
) -> None:
    """Show how the article at URL changed from version A to version B.

    A version is named by its number, or by a day like 2024-01-31 for the one that stood then.
    Without both, the last two are compared; without B, A and the last.
    """
    archive = _archive(data_dir)
    article, site = find_article(archive, url)
    found = None if as_list else difference(article, old, new)
    if found is not None:
        found = replace(found, fields=compare_records(archive, site, found.old, found.new))
    if as_json:
        click.echo(json.dumps(found.as_json() if found else told(article)))
    elif found is None:
        show_versions = print_versions if as_list else print_only_version
        show_versions(article, Console())
    elif html_path is None:
        print_diff(found, Console())
    else:
        from cacnp_archive.diff.page import page  # the templates' library takes its time

        try:
            with click.open_file(html_path, "w", "utf-8") as stream:
                stream.write(page(found))
        except OSError as error:
            raise UsageError(f"--html: cannot write {html_path}: {error.strerror}") from error


@main.command()
@click.option("--since", help="Only what was noticed on this day or later: YYYY-MM-DD.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([*CHANGE_KINDS]),
    help="Only this; `edited` has the silent edits too. May be given several times.",
)
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1),
    help="Print at most so many; the JSON has all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON document.")
@click.pass_obj
def changes(
    data_dir: Path | None, since: str | None, kinds: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """List what crawls noticed of articles, newest first; `diff` shows an edit."""
    day = None if since is None else _a_day("--since", since)
    named = [name for kind in kinds for name in CHANGE_KINDS[kind]]
    database = read_database(_archive(data_dir).require_database())
    found = changes_since(database, day, named)
    database.close()
    if as_json:
        click.echo(json.dumps([asdict(change) for change in found]))
    else:
        print_changes(found, limit, Console())


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="At most so many articles, and so many documents.",
)
@click.option(
    "--kind",
    type=click.Choice([*(known.value for known in Kind), ask.DOCUMENT]),
    help="Only this kind of content.",
)
@click.option("--author", help="Only by this author: a name, or a part of it.")
@click.option("--category", help="Only in this category, or one below it.")
@click.option("--from", "since", help="Published on this day or later: YYYY-MM-DD, YYYY-MM, YYYY.")
@click.option("--to", "until", help="Published on this day or earlier: likewise.")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON document.")
@click.pass_obj
def search(
    data_dir: Path | None,
    words: tuple[str, ...],
    limit: int,
    kind: str | None,
    author: str | None,
    category: str | None,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """Find the articles, and the documents with a page, that hold all WORDS.

    FTS5's syntax works: "quoted phrase", OR, NEAR. A document passes --author, --category, --from
    and --to when an article that links to it does.
    """
    filters = ask.Filters(
        kind=kind,
        author=author,
        category=category,
        since=None if since is None else _a_date("--from", since),
        until=None if until is None else _a_date("--to", until),
    )
    database = read_database(_archive(data_dir).require_database())
    query = " ".join(words)
    marks = ("[", "]") if as_json else MARKS
    found = ask.search(database, query, limit, marks, filters)
    database.close()
    if as_json:
        click.echo(json.dumps({"query": query, **asdict(found)}))
    else:
        print_found(found, Console())
    if not (found.articles or found.documents):
        if not as_json:
            click.echo(f"no article holds {query!r}, and no page of a document", err=True)
        sys.exit(1)


def _a_day(option: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{option} must be a day like 2024-01-31, not {text!r}") from error


def _a_date(option: str, text: str) -> str:
    """Return a year, month or day as it was given; raises UsageError when it is none."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text, re.ASCII):
        raise UsageError(f"{option} must be like 2024, 2024-01 or 2024-01-31, not {text!r}")
    _a_day(option, text + "-01-01"[len(text) - 4 :])
    return text


def _archive(data_dir: Path | None) -> Archive:
    return Archive(data_dir or default_data_dir())


@main.command()
@click.option("--crawl", "crawl_id", help="Only this crawl: its id, or `latest`.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The package.  [default: a name made of the crawl, in wacz/ of the archive]",
)
@click.option("--text", "with_text", is_flag=True, help="With the articles' text, for searching.")
@click.option("--force", is_flag=True, help="Replace a package that is there already.")
@click.pass_obj
def wacz(
    data_dir: Path | None, crawl_id: str | None, out: Path | None, with_text: bool, force: bool
) -> None:
    """Package the archive, or one crawl, as a WACZ file, which opens in ReplayWeb.page."""
    with Console(stderr=True).status("packaging") as status:
        made = package(
            _archive(data_dir),
            crawl_id=crawl_id,
            out=out,
            with_text=with_text,
            force=force,
            on_file=lambda name: status.update(f"packaging {name}"),
        )
    _tell_of_package(made)


@main.command()
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Where it is served; 0 for any free one.",
)
@click.pass_obj
def replay(data_dir: Path | None, port: int) -> None:
    """Serve the archived pages to the browsers of this machine, until Ctrl-C.

    Needs pywb: `make .venv-replay/installed`, or name its program in $CACNP_WAYBACK.
    """
    serve(_archive(data_dir), port, click.echo)


def _tell_of_import(result: "Imported") -> None:
    for warning in result.warnings[:MAX_WARNINGS]:
        click.echo(str(warning), err=True)
    hidden = len(result.warnings) - MAX_WARNINGS
    if hidden > 0:
        click.echo(f"... and {hidden} more; `cacnp-archive verify FILE` tells all", err=True)
    if result.failure is not None:
        click.echo(f"cacnp-archive: {result.failure}", err=True)
    elif result.was_known:
        click.echo(f"{result.path}: imported before, nothing was changed")
    else:
        known = f", {result.known_count} known from other files" if result.known_count else ""
        click.echo(
            f"{result.path}: {result.capture_count} captures{known}, "
            f"{result.problem_count} problems in reading, {result.passed_count} other records; "
            f"kept as imported/{result.name}"
        )


_PORT = click.IntRange(0, 65535)


@main.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Where it listens.")
@click.option(
    "--port", default=DESK_PORT, show_default=True, type=_PORT, help="0 for any free one."
)
@click.option("--replay-at", help="Address of a replay that rows are linked to, of another pywb.")
@click.pass_obj
def explore(data_dir: Path | None, host: str, port: int, replay_at: str | None) -> None:
    """Open the research desk: search, read, ask, cite, in a browser; until Ctrl-C.

    Nothing can be changed through it, and it may run while a crawl writes. Needs Datasette:
    `make desk`.
    """
    serve_desk(_archive(data_dir), host, port, click.echo, replay_at)


@main.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Where the desk listens.")
@click.option(
    "--port", default=DESK_PORT, show_default=True, type=_PORT, help="0 for any free one."
)
@click.option(
    "--replay-port", default=DEFAULT_PORT, show_default=True, type=_PORT, help="0 for any free one."
)
@click.pass_obj
def desk(data_dir: Path | None, host: str, port: int, replay_port: int) -> None:
    """Open the research desk together with the replay, so that each row leads to its page.

    Needs Datasette (`make desk`) and pywb (`make .venv-replay/installed`).
    """
    explore_with_replay(_archive(data_dir), host, port, replay_port, click.echo)


@main.command()
@click.argument("url")
@click.argument("date", required=False, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(list(FORMS)))
@click.pass_obj
def cite(data_dir: Path | None, url: str, date: datetime | None, form: str) -> None:
    """Cite the page at URL so that the footnote can be verified: as it was last, or by DATE."""
    click.echo(FORMS[form](citation_of(_archive(data_dir), url, date)), nl=False)


@main.command()
@click.argument("table", metavar="[TABLE]", required=False)
@click.option(
    "--format",
    "form",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "jsonl", "parquet", "sqlite"]),
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file.")
@click.option("--where", multiple=True, help="COLUMN=VALUE, also != < <= > >= and ~ for holds.")
@click.pass_obj
def export(
    data_dir: Path | None, table: str | None, form: str, out: Path | None, where: tuple[str, ...]
) -> None:
    """Take out a TABLE or view, whole or some of its rows; with `sqlite` the whole database.

    The SQLite snapshot is dated, has a data dictionary, and is never written over.
    """
    archive = _archive(data_dir)
    if form == "sqlite":
        if table or where:
            raise UsageError("--format sqlite takes the whole database: name no table, no --where")
        click.echo(str(snapshot(archive, out)))
        return
    if table is None:
        raise UsageError("name a table or view: `posts`, say, or `bibliography`")
    count = export_rows(archive, table, form, out, where)
    if out is not None:
        click.echo(f"{out}: {count} rows")


@main.command()
@click.argument(
    "name", type=click.Choice(["kinds", "topics", "authors", "hosts", "growth", "links"])
)
@click.argument("words", nargs=-1)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="x.svg or x.png"
)
@click.pass_obj
def plot(data_dir: Path | None, name: str, words: tuple[str, ...], out: Path) -> None:
    """Draw a picture of the archive; for `topics`, each of WORDS is a line."""
    draw(_archive(data_dir), name, words, out)
    click.echo(str(out))


def _tell_of_package(made: Packaged) -> None:
    choice = made.choice
    for name in choice.unfinished:
        click.echo(
            f"left out: {name} is not complete; when no crawl is writing it, run "
            "`cacnp-archive repair`",
            err=True,
        )
    for name in choice.unpackable:
        click.echo(f"left out: {name} was imported, and is no WARC file", err=True)
    if choice.for_originals:
        click.echo("of earlier crawls, for what has not changed since:")
        for name in choice.for_originals:
            click.echo(f"  {name}")
    click.echo(
        f"{made.path}: {len(choice.files)} WARC files, {made.written.page_count} pages, "
        f"{made.written.size} bytes, read back and checked"
    )
