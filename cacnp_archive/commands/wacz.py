"""`wacz`: the archive, or one crawl, as a WACZ package."""

from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import NEW_FILE, archive_at
from cacnp_archive.maintenance.packaging import PackageResult, package_archive


@click.command()
@click.option("--crawl", "crawl_id", help="Only this crawl: its id, or `latest`.")
@click.option(
    "--out",
    type=NEW_FILE,
    help="The package to write.  [default: named after the crawl, in wacz/ of the archive]",
)
@click.option("--text", "with_text", is_flag=True, help="Include the articles' text, for search.")
@click.option("--force", is_flag=True, help="Overwrite an existing package.")
@click.pass_obj
def wacz(
    data_dir: Path | None, crawl_id: str | None, out: Path | None, with_text: bool, force: bool
) -> None:
    """Package the archive, or one crawl, as a WACZ file.

    ReplayWeb.page opens it without any server.
    """
    with Console(stderr=True).status("packaging") as status:
        made = package_archive(
            archive_at(data_dir),
            crawl_id=crawl_id,
            out=out,
            with_text=with_text,
            force=force,
            on_file=lambda name: status.update(f"packaging {name}"),
        )
    _print_result(made)


def _print_result(made: PackageResult) -> None:
    choice = made.choice
    for name in choice.unfinished:
        click.echo(
            f"left out: {name} is not complete; when no crawl is writing it, run "
            "`cacnp-archive repair`",
            err=True,
        )
    for name in choice.unpackable:
        click.echo(f"left out: {name} was imported, and is not a WARC file", err=True)
    if choice.for_originals:
        click.echo("included from earlier crawls, because pages have not changed since:")
        for name in choice.for_originals:
            click.echo(f"  {name}")
    click.echo(
        f"{made.path}: {len(choice.files)} WARC files, {made.written.page_count} pages, "
        f"{made.written.size} bytes, read back and checked"
    )
