"""`wacz`: the archive, or one crawl, packaged."""

from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import archive_at
from cacnp_archive.maintenance.packaging import PackageResult, package


@click.command()
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
            archive_at(data_dir),
            crawl_id=crawl_id,
            out=out,
            with_text=with_text,
            force=force,
            on_file=lambda name: status.update(f"packaging {name}"),
        )
    _tell_of_package(made)


def _tell_of_package(made: PackageResult) -> None:
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
