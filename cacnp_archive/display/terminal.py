"""Print to a terminal what a site or a person wrote: no control character gets through."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cacnp_archive.display.printable import printable


def line(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """Print a text as one line, which only the terminal may wrap, so that it can be copied."""
    console.print(Text(" " * indent + printable(text), style), soft_wrap=True)


def prose(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """Print a text that is wrapped between words."""
    shown = Text(printable(text), style)
    console.print(Padding.indent(shown, indent) if indent else shown)


def table(console: Console, names: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table; the first column is text, the others are numbers."""
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for number, name in enumerate(names):
        grid.add_column(
            name, justify="right" if number else "left", overflow="fold", no_wrap=bool(number)
        )
    for row in rows:
        grid.add_row(*(Text(printable(cell)) for cell in row))
    console.print(grid)
