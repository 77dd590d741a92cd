"""Run `cacnp-archive` in the process of the test: it has loaded everything, and starts at once."""

from pathlib import Path
from subprocess import CompletedProcess

from click.testing import CliRunner

from cacnp_archive.commands.cli import main


def command(*words: str | Path) -> "CompletedProcess[str]":
    """Return what a command printed, and its exit code."""
    result = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    return CompletedProcess(words, result.exit_code, result.stdout, result.stderr)
