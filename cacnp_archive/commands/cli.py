"""The command line: `cacnp-archive X` is the module X in this package."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from cacnp_archive import __version__
from cacnp_archive.commands.options import demo_data_dir
from cacnp_archive.model.archive import DATA_DIR_VARIABLE, Archive
from cacnp_archive.model.errors import ArchiveError, NoArchiveError

SECTIONS = {
    "Begin": {"demo": "demo"},
    "Find and read": {
        "search": "search",
        "show": "show",
        "diff": "diff.command",
        "changes": "changes",
        "desk": "desk",
        "replay": "replay",
    },
    "Check": {
        "status": "status",
        "report": "report.command",
        "why": "why",
        "layouts": "layouts",
        "verify": "verify",
    },
    "Cite and export": {
        "cite": "cite",
        "export": "export",
        "plot": "plot",
        "wacz": "wacz",
    },
    "Maintain": {
        "import": "import_files",
        "repair": "repair",
        "rebuild": "rebuild",
        "parse": "parse.command",
    },
}
"""As `--help` lists the commands: by name, the module with the function of that name."""

PIPE_CLOSED = 128 + 13
"""The exit code that a shell shows for a program that SIGPIPE ended."""

COMMANDS = {name: module for section in SECTIONS.values() for name, module in section.items()}


class _Group(click.Group):
    """Imports a command when it is needed, and turns every ArchiveError into its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        # All of them for an unknown name, so that click can suggest the nearest.
        wanted = [cmd_name] if cmd_name in COMMANDS else COMMANDS
        for name in wanted:
            place = COMMANDS[name]
            module = importlib.import_module(f"cacnp_archive.commands.{place}")
            self.add_command(getattr(module, place.partition(".")[0]))
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for title, section in SECTIONS.items():
            commands = [(name, self.get_command(ctx, name)) for name in section]
            with formatter.section(title):
                formatter.write_dl(
                    [(f"{n:{width}}", c.get_short_help_str(200)) for n, c in commands if c]
                )

    def invoke(self, ctx: click.Context) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read the output, such as `head`, has enough; Python flushes again at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE_CLOSED)
        except ArchiveError as error:
            hint = _demo_hint(ctx.obj) if isinstance(error, NoArchiveError) else ""
            click.echo(f"cacnp-archive: {error}{hint}", err=True)
            ctx.exit(error.exit_code)
        except Exception as error:
            from cacnp_archive.storage.database import explained  # most commands end well

            known = explained(error)
            if known is None:
                raise
            click.echo(f"cacnp-archive: {known}", err=True)
            ctx.exit(known.exit_code)


def _demo_hint(data_dir: Path | None) -> str:
    """Return how to use the demo's archive; empty when there is none, or it was asked for."""
    for folder in (Path("demo"), demo_data_dir()):
        if folder != data_dir and Archive(folder).database_path.exists():
            return f"; to try it on the demo's archive: --data-dir {os.path.relpath(folder)}"
    return ""


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cacnp-archive")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"The archive's folder.  [default: ${DATA_DIR_VARIABLE}, else data/ beside scrapy.cfg]",
)
@click.pass_context
def main(context: click.Context, data_dir: Path | None) -> None:
    """Search, check, cite and export an archive of armscontrolcenter.org.

    `scrapy crawl cacnp` makes and updates the archive; `cacnp-archive demo` makes a small one of a
    test copy of the site. COMMAND --help explains a command.
    """
    context.obj = data_dir
