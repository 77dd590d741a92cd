"""`diff`: the command."""

import json
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.diff.article_diff import difference, find_article, history_as_json
from cacnp_archive.commands.diff.diff_terminal import print_diff, print_only_version, print_versions
from cacnp_archive.commands.diff.record import compare_records
from cacnp_archive.commands.options import archive_at
from cacnp_archive.model.errors import UsageError


@click.command()
@click.argument("url")
@click.argument("old", metavar="[A", required=False)
@click.argument("new", metavar="B]", required=False)
@click.option("--list", "as_list", is_flag=True, help="List the versions.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--html",
    "html_path",
    is_flag=False,
    flag_value="-",
    metavar="[FILE]",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Write one self-contained HTML file; without FILE, print it. Must follow URL.",
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

    A version is a number, or a day like 2024-01-31 for the version that was current then. The
    default is the last two versions; without B, it is A and the last.
    """
    archive = archive_at(data_dir)
    article, site = find_article(archive, url)
    found = None if as_list else difference(article, old, new)
    if found is not None:
        found = replace(found, fields=compare_records(archive, site, found.old, found.new))
    if as_json:
        click.echo(json.dumps(found.as_json() if found else history_as_json(article)))
    elif found is None:
        show_versions = print_versions if as_list else print_only_version
        show_versions(article, Console())
    elif html_path is None:
        print_diff(found, Console())
    else:
        from cacnp_archive.commands.diff.diff_html import page  # imports Jinja2, which is slow

        try:
            with click.open_file(html_path, "w", "utf-8") as stream:
                stream.write(page(found))
        except OSError as error:
            raise UsageError(f"--html: cannot write {html_path}: {error.strerror}") from error
