"""The command line: look into the archive, check it, try it out."""

import importlib
from pathlib import Path
from typing import Any

import click

from cacnp_archive import __version__
from cacnp_archive.model.archive import DATA_DIR_VARIABLE
from cacnp_archive.model.errors import ArchiveError

COMMANDS = {
    "changes": "changes",
    "cite": "cite",
    "demo": "demo",
    "desk": "desk",
    "diff": "diff.command",
    "explore": "explore",
    "export": "export",
    "import": "import_files",
    "plot": "plot",
    "rebuild": "rebuild",
    "repair": "repair",
    "replay": "replay",
    "report": "report.command",
    "search": "search",
    "show": "show",
    "status": "status",
    "verify": "verify",
    "wacz": "wacz",
    "why": "why",
}
"""By name: the module in `commands/`. The command is its function of the same name."""


class _Group(click.Group):
    """Imports a command when it is needed, and ends every ArchiveError with its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        wanted = [cmd_name] if cmd_name in COMMANDS else COMMANDS  # all, to say which was meant
        for name in wanted:
            place = COMMANDS[name]
            module = importlib.import_module(f"cacnp_archive.commands.{place}")
            self.add_command(getattr(module, place.partition(".")[0]))
        return super().get_command(ctx, cmd_name)

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
