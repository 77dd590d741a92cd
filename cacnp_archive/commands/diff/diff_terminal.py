"""Print a diff: in colours in a terminal, else as {+insertions+} and [-deletions-]."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from cacnp_archive.commands.diff.article_diff import ArticleDiff
from cacnp_archive.commands.diff.descriptions import (
    describe_coarseness,
    describe_only_version,
    describe_state,
    describe_unchanged,
    describe_version,
)
from cacnp_archive.commands.diff.folding import folded
from cacnp_archive.commands.diff.record import FieldDiff
from cacnp_archive.commands.diff.texts import Change, Run
from cacnp_archive.display.printable import printable_lines
from cacnp_archive.display.terminal import line
from cacnp_archive.storage.queries.versions import ArticleHistory, Version

_STYLES = {Change.KEPT: "", Change.DELETED: "red strike", Change.INSERTED: "green underline"}
_MARKS = {Change.KEPT: ("", ""), Change.DELETED: ("[-", "-]"), Change.INSERTED: ("{+", "+}")}


def print_diff(diff: ArticleDiff, console: Console) -> None:
    """Print both versions' facts, then how title, fields and text differ."""
    _head(diff.article, console)
    for version in (diff.old, diff.new):
        print_version(version, console)
    console.print()
    for remark in (diff.remark, describe_coarseness(diff)):
        if remark:
            line(console, remark, "yellow")
    titles = () if diff.is_title_same else (FieldDiff("title", diff.title),)
    fields = (*titles, *(diff.fields or ()))
    for field in fields:
        _print_runs((Run(Change.KEPT, f"{field.name}: "), *field.runs), console)
    if fields:
        console.print()
    if diff.text.is_same:
        return
    for shown in folded(diff.text.paragraphs):
        if isinstance(shown, int):
            line(console, f"… {describe_unchanged(shown)} …", "dim")
        elif not any(run.text for run in shown.runs):
            continue
        else:
            _print_runs(shown.runs, console)
        console.print()


def print_versions(article: ArticleHistory, console: Console) -> None:
    """List the versions of an article."""
    _head(article, console)
    for version in article.versions:
        print_version(version, console)


def print_only_version(article: ArticleHistory, console: Console) -> None:
    """Print the only version, and that there is nothing to compare."""
    print_versions(article, console)
    line(console, describe_only_version(article))


def print_version(version: Version, console: Console) -> None:
    """Print the facts of a version."""
    style = "bold yellow" if version.is_silent else "bold"
    line(console, f"version {version.number}: {version.title or '(no title)'}", style)
    for fact in describe_version(version):
        line(console, fact, indent=2)


def _head(article: ArticleHistory, console: Console) -> None:
    line(console, article.title or "(no title)", "bold")
    line(console, article.url, "dim")
    if state := describe_state(article):
        line(console, state)


def _print_runs(runs: Iterable[Run], console: Console) -> None:
    is_coloured = console.is_terminal and not console.no_color and console.color_system is not None
    text = Text()
    for run in runs:
        shown = printable_lines(run.text)
        if is_coloured:
            text.append(shown, _STYLES[run.change])
        elif run.text:
            before, after = _MARKS[run.change]
            text.append(f"{before}{shown}{after}")
    console.print(text, soft_wrap=not console.is_terminal)
