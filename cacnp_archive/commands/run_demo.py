"""The demo: archive the replica as an operator would archive the site, and check the result."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from cacnp_archive.maintenance.verify import verify
from cacnp_archive.model.archive import DATA_DIR_VARIABLE, Archive
from cacnp_archive.model.errors import UsageError
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.statistics import row_counts

DEMO_PORT = 8873
"""Always the same, so that a second demo finds the pages of the first."""

SEED_PAGE = "what-is-to-be-done-the-russian-reset-and-missile-defense-cooperation-2/"

EXAMPLE_QUERY = "select title, authors, published_at from posts where kind = 'op-ed' limit 5"

IMPOLITE = (
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=False",
    "CONCURRENT_REQUESTS=8",
    "CONCURRENT_REQUESTS_PER_DOMAIN=8",
)
"""The replica is ours: it needs no manners."""


def run_demo(archive: Archive, port: int) -> int:
    """Crawl, verify, tell; returns the exit code. Raises UsageError when the port is taken."""
    archive.prepare()
    with ExitStack() as stack:
        try:
            server = stack.enter_context(ReplicaServer(build_site(), port=port))
        except OSError as error:
            raise UsageError(
                f"port {port} is taken by another program: choose another with --port"
            ) from error
        base_url = server.base_url
        click.echo("1. A replica of armscontrolcenter.org is served on this machine.")
        click.echo(f"2. scrapy crawl cacnp -a base_url={base_url}")
        exit_code = _crawl(archive, base_url)
    if exit_code:
        return exit_code
    click.echo("3. Every record is compared with its row in the database.")
    verification = verify(archive)
    for finding in verification.findings:
        click.echo(str(finding))
    verdict = "FAULTS FOUND" if verification.findings else "all good"
    click.echo(f"   verify: {verdict} ({verification.record_count} records)")
    _tell(archive, base_url)
    return 1 if verification.findings else 0


def _crawl(archive: Archive, base_url: str) -> int:
    settings = (*IMPOLITE, f"{DATA_DIR_VARIABLE}={archive.folder}")
    command = [sys.executable, "-m", "scrapy", "crawl", "cacnp", "-a", f"base_url={base_url}"]
    for setting in settings:
        command += ["-s", setting]
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "cacnp_archive.settings"}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our words


def _tell(archive: Archive, base_url: str) -> None:
    database = read_database(archive.database_path)
    numbers = ", ".join(f"{count} {name}" for name, count in row_counts(database).items())
    database.close()
    folder = Path(os.path.relpath(archive.folder))
    command = f"cacnp-archive --data-dir {folder}"
    lines = (
        "",
        f"In the archive: {numbers}",
        "",
        f"  {folder}/warc/        what crossed the wire, for archivists",
        f"  {folder}/archive.db   what the pages say, for researchers",
        "",
        "Try next (after `. .venv/bin/activate`):",
        f"  {command} show {base_url}{SEED_PAGE}",
        f"  {command} search missile defense",
        f"  {command} status",
        f"  {command} report --html {folder}/report.html",
        f"  {command} verify",
        f"  sqlite-utils {folder}/archive.db \\",
        f'      "{EXAMPLE_QUERY}" --table',
        "And for the real site, politely and over some hours: scrapy crawl cacnp",
    )
    click.echo("\n".join(lines))
