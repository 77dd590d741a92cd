"""Print a diff: in colours in a terminal, else with {+insertions+} and [-deletions-] marked."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from cacnp_archive.commands.diff import words
from cacnp_archive.commands.diff.article import ArticleDiff
from cacnp_archive.commands.diff.folding import folded
from cacnp_archive.commands.diff.record import FieldDiff
from cacnp_archive.commands.diff.texts import Change, Run
from cacnp_archive.display.printable import printable_lines
from cacnp_archive.display.terminal import line
from cacnp_archive.storage.queries.versions import ArticleHistory, Version

_STYLES = {Change.KEPT: "", Change.DELETED: "red strike", Change.INSERTED: "green underline"}
_MARKS = {Change.KEPT: ("", ""), Change.DELETED: ("[-", "-]"), Change.INSERTED: ("{+", "+}")}


def print_diff(diff: ArticleDiff, console: Console) -> None:
    """Print what is known of both versions, then how title and text differ."""
    _head(diff.article, console)
    for version in (diff.old, diff.new):
        print_version(version, console)
    console.print()
    for remark in (diff.remark, words.coarse(diff)):
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
            line(console, f"… {words.unchanged(shown)} …", "dim")
        elif not any(run.text for run in shown.runs):
            continue
        else:
            _print_runs(shown.runs, console)
        console.print()


def print_versions(article: ArticleHistory, console: Console) -> None:
    """Print all versions of an article."""
    _head(article, console)
    for version in article.versions:
        print_version(version, console)


def print_only_version(article: ArticleHistory, console: Console) -> None:
    """Print that there is nothing to compare."""
    print_versions(article, console)
    line(console, words.only_version(article))


def print_version(version: Version, console: Console) -> None:
    """Print what is known of a version."""
    style = "bold yellow" if version.is_silent else "bold"
    line(console, f"version {version.number}: {version.title or '(no title)'}", style)
    for fact in words.facts(version):
        line(console, fact, indent=2)


def _head(article: ArticleHistory, console: Console) -> None:
    line(console, article.title or "(no title)", "bold")
    line(console, article.url, "dim")
    if state := words.state(article):
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
