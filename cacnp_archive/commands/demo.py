"""`demo`: archive a test copy of the site, as an operator would archive the site, and check it."""

import os
import shlex
import shutil
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import click

from cacnp_archive.commands.options import demo_data_dir
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import DATA_DIR_VARIABLE, Archive
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.extras import are_installed
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.statistics import row_counts

DEMO_PORT = 8873
"""Always the same, so that a second demo finds the pages of the first."""

EXAMPLE_PAGE = "what-is-to-be-done-the-russian-reset-and-missile-defense-cooperation-2/"

EXAMPLE_QUERY = "select title, authors, published_at from posts where kind = 'op-ed' limit 5"

WITHOUT_POLITENESS = (
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=False",
    "CONCURRENT_REQUESTS=8",
    "CONCURRENT_REQUESTS_PER_DOMAIN=8",
)
"""Settings for a server on this machine, which nobody else uses."""


@click.command()
@click.option(
    "--port",
    default=DEMO_PORT,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port of the test copy.",
)
@click.pass_obj
def demo(data_dir: Path | None, port: int) -> None:
    """Archive a small test copy of the site and verify the result.

    This machine serves the copy; no other is contacted. Takes less than a minute. The archive is
    in demo/ beside scrapy.cfg.
    """
    archive = Archive(data_dir or demo_data_dir())
    archive.prepare()
    with ExitStack() as stack:
        try:
            server = stack.enter_context(ReplicaServer(build_site(), port=port))
        except OSError as error:
            raise UsageError(
                f"port {port} is used by another program: choose another with --port"
            ) from error
        base_url = server.base_url
        click.echo("1. A test copy of armscontrolcenter.org is served on this machine.")
        click.echo(f"2. scrapy crawl cacnp -a base_url={base_url}")
        exit_code = _crawl(archive, base_url)
    if exit_code:
        sys.exit(exit_code)
    click.echo("3. Every record is compared with its row in the database.")
    verification = verify_archive(archive)
    for finding in verification.findings:
        click.echo(str(finding))
    verdict = "FAULTS FOUND" if verification.findings else "all good"
    click.echo(f"   verify: {verdict} ({verification.record_count} records)")
    for line in _suggestions(archive):
        click.echo(line)
    sys.exit(1 if verification.findings else 0)


def _crawl(archive: Archive, base_url: str) -> int:
    settings = (*WITHOUT_POLITENESS, f"{DATA_DIR_VARIABLE}={archive.folder}")
    command = [sys.executable, "-m", "scrapy", "crawl", "cacnp", "-a", f"base_url={base_url}"]
    for setting in settings:
        command += ["-s", setting]
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "cacnp_archive.settings"}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - constant


def _suggestions(archive: Archive) -> list[str]:
    """Return what is in the archive, and commands to try; only those that are installed."""
    with closing(read_database(archive.database_path)) as database:
        numbers = ", ".join(f"{count} {name}" for name, count in row_counts(database).items())
    folder = Path(os.path.relpath(archive.folder))
    command = f"cacnp-archive --data-dir {shlex.quote(str(folder))}"
    lines = [
        "",
        f"In the archive: {numbers}",
        "",
        f"  {folder}/warc/        HTTP requests and responses, byte for byte, for archivists",
        f"  {folder}/archive.db   titles, dates, authors, text, links, for researchers",
        "",
        "Try next:",
        *_activation(),
        f"  {command} search missile defense",
        f"  {command} show /{EXAMPLE_PAGE}",
        f"  {command} status",
        f"  {command} verify",
        f"  sqlite-utils {folder}/archive.db \\",
        f'      "{EXAMPLE_QUERY}" --table',
    ]
    if are_installed("altair", "vl_convert"):
        lines.append(f"  {command} report --html {folder}/report.html")
    lines.append("To archive the real site, politely and over some hours: scrapy crawl cacnp")
    if are_installed("datasette", "uvicorn"):
        lines.append(f"To search and read the demo's archive in a browser: {command} desk")
    return lines


def _activation() -> list[str]:
    """Return the command that puts this environment on the PATH; none when it is there."""
    script = Path(sys.executable).parent / "activate"
    if shutil.which("cacnp-archive") or not script.exists():
        return []
    return [f"  . {os.path.relpath(script)}"]
