"""`report`: one crawl told."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import archive_at
from cacnp_archive.commands.report.gather import gather
from cacnp_archive.commands.report.terminal import print_report
from cacnp_archive.display.words import verdict
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.extras import require_libraries
from cacnp_archive.storage.queries.crawl_history import CrawlHistory


@click.command()
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

    Exits with 1 when something is much worse than before.
    """
    archive = archive_at(data_dir)
    with CrawlHistory.of(archive) as review:
        found = gather(archive, review, None if crawl_id == "latest" else crawl_id)
    if html_path is not None:
        require_libraries("report --html", "altair", "vl_convert")
        from cacnp_archive.commands.report.page import page  # the charts' library takes its time

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
    sys.exit(1 if found.alerts else 0)
