"""The command line: look into the archive, check it, try it out."""

import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from cacnp_archive import __version__
from cacnp_archive.archive import DATA_DIR_VARIABLE, Archive, default_data_dir
from cacnp_archive.demo import DEMO_PORT, run_demo
from cacnp_archive.errors import ArchiveError
from cacnp_archive.repair import repair as repair_archive
from cacnp_archive.show import show_page
from cacnp_archive.storage import search as ask
from cacnp_archive.storage.database import read_database
from cacnp_archive.verify import verify as verify_archive

SHOWN_FINDINGS = 50


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
@click.option("--port", default=DEMO_PORT, show_default=True, help="Where the replica is served.")
@click.pass_obj
def demo(data_dir: Path | None, port: int) -> None:
    """Archive a small replica of the site, served by this machine, and verify the result."""
    sys.exit(run_demo(Archive(data_dir or default_data_dir().parent / "demo"), port))


@main.command()
@click.pass_obj
def verify(data_dir: Path | None) -> None:
    """Check that every row's record is where it says and has its digest, and the other way round.

    Exits with 1 when something is wrong.
    """
    archive = _archive(data_dir)
    console = Console(stderr=True)
    with console.status("verifying") as status:
        result = verify_archive(archive, lambda name: status.update(f"verifying {name}"))
    for finding in result.findings[:SHOWN_FINDINGS]:
        click.echo(str(finding))
    if len(result.findings) > SHOWN_FINDINGS:
        click.echo(f"... and {len(result.findings) - SHOWN_FINDINGS} more")
    verdict = f"{len(result.findings)} faults" if result.findings else "all good"
    click.echo(
        f"{verdict}: {result.record_count} records in {result.file_count} WARC files, "
        f"{result.row_count} rows"
    )
    sys.exit(1 if result.findings else 0)


@main.command()
@click.pass_obj
def repair(data_dir: Path | None) -> None:
    """Bring the archive into order after a crash; each crawl begins with this."""
    archive = _archive(data_dir)
    archive.require_folder()
    archive.prepare()
    with archive.locked():
        lines = repair_archive(archive).lines
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("nothing to repair")


@main.command()
@click.argument("url")
@click.pass_obj
def show(data_dir: Path | None, url: str) -> None:
    """Tell what the archive knows of the page at URL, and where its bytes lie."""
    show_page(_archive(data_dir), url, Console())


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1))
@click.pass_obj
def search(data_dir: Path | None, words: tuple[str, ...], limit: int) -> None:
    """Find the articles that hold all WORDS; FTS5's syntax works ("quoted phrase", OR, NEAR)."""
    archive = _archive(data_dir)
    database = read_database(archive.require_database())
    hits = ask.search(database, " ".join(words), limit, ("\x02", "\x03"))
    console = Console()
    for hit in hits:
        facts = f"{hit.published_on or 'no date'} · {hit.kind} · {hit.url}"
        console.print(Text(hit.title or "(no title)", "bold"), soft_wrap=True)
        console.print(Text(facts, "dim"), soft_wrap=True)
        console.print(_highlighted(hit.snippet))
        console.print()
    if not hits:
        click.echo(f"no article holds {' '.join(words)!r}", err=True)
        sys.exit(1)


def _archive(data_dir: Path | None) -> Archive:
    return Archive(data_dir or default_data_dir())


def _highlighted(snippet: str) -> Text:
    text = Text()
    for number, part in enumerate(" ".join(snippet.split()).split("\x02")):
        match, _, rest = part.rpartition("\x03") if number else ("", "", part)
        text.append(match, "bold yellow").append(rest)
    return text
