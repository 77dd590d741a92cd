"""`report`: everything about one crawl."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import archive_at
from cacnp_archive.commands.report.gather import gather
from cacnp_archive.commands.report.printing import print_report
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.exit_codes import ExitCode
from cacnp_archive.model.extras import require_libraries
from cacnp_archive.storage.queries.crawl_history import CrawlHistory


@click.command()
@click.option("--crawl", "crawl_id", help="Id of the crawl.  [default: the last one]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
@click.option(
    "--html",
    "html_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report as a self-contained HTML page with charts.",
)
@click.pass_obj
def report(
    data_dir: Path | None, crawl_id: str | None, as_json: bool, html_path: Path | None
) -> None:
    """Report everything about one crawl, compared with the one before.

    The exit code is 1 when there are alerts: something is much worse than before.
    """
    archive = archive_at(data_dir)
    with CrawlHistory.of(archive) as history:
        found = gather(archive, history, None if crawl_id == "latest" else crawl_id)
    if html_path is not None:
        require_libraries("report --html", "altair", "vl_convert")
        from cacnp_archive.commands.report.report_html import (
            page,  # the charts' library takes its time
        )

        try:
            html_path.write_text(page(found), "utf-8")
        except OSError as error:
            raise UsageError(f"--html: cannot write {html_path}: {error.strerror}") from error
    if as_json:
        click.echo(json.dumps(found.as_json()))
    elif html_path is None:
        print_report(found, Console())
    else:
        click.echo(f"{html_path}: {found.verdict.line}")
    sys.exit(ExitCode.FAULTS if found.alerts else ExitCode.OK)
