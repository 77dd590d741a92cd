"""Print text in a terminal; each address stays on one line, so that it can be copied.

Nothing that a server sent reaches the terminal before `printable` has escaped it.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cacnp_archive.display.printable import printable


def line(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """Print text as one line, which only the terminal itself may wrap."""
    console.print(Text(" " * indent + printable(text), style), soft_wrap=True)


def prose(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """Print text wrapped between words."""
    wrapped = Text(printable(text), style)
    console.print(Padding.indent(wrapped, indent) if indent else wrapped)


def table(console: Console, names: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table: the first column is text, the others are figures."""
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for number, name in enumerate(names):
        grid.add_column(
            name, justify="right" if number else "left", overflow="fold", no_wrap=bool(number)
        )
    for row in rows:
        grid.add_row(*(Text(printable(cell)) for cell in row))
    console.print(grid)
