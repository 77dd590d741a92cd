"""A command run in a pseudo-terminal, and the screen that a person would see."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

from tests.conftest import ROOT


class Terminal:
    """A terminal of so many columns and rows, with a command in it."""

    def __init__(self, process: "subprocess.Popen[bytes]", controller: int, size: tuple[int, int]):
        self.process = process
        self._controller = controller
        self._screen = pyte.HistoryScreen(*size, history=1000)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def lines(self) -> list[str]:
        """What is on the screen, without the empty rows at its end."""
        return "\n".join(row.rstrip() for row in self._screen.display).rstrip().split("\n")

    def resize(self, columns: int, rows: int) -> None:
        """Make it larger or smaller, as a person does with a window."""
        self._screen.resize(rows, columns)
        _set_size(self._controller, columns, rows)
        self.process.send_signal(signal.SIGWINCH)

    def show(self, seconds: float) -> bool:
        """Show what the command writes within so many seconds; False when it has ended."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self._controller], [], [], left)[0]:
                try:
                    data = os.read(self._controller, 65536)
                except OSError:  # Linux's way of telling that the other side is closed
                    return False
                if not data:
                    return False
                self._stream.feed(data)
        return True

    def show_until(self, is_wanted: Callable[[list[str]], bool]) -> list[str]:
        """Show what the command writes until the screen is as wanted; return the screen."""
        while not is_wanted(self.lines):
            assert self.show(0.05), f"it ended: {self.lines}"
        return self.lines

    def show_all(self) -> list[str]:
        """Show what the command writes until it ends; return the last screen."""
        while self.show(0.5):
            pass
        self.process.wait()
        return self.lines


@contextmanager
def in_terminal(
    command: Sequence[str | Path], columns: int, rows: int, **variables: str
) -> Iterator[Terminal]:
    """Run a command in a terminal of its own; it is killed at the end, if it still runs."""
    controller, side = pty.openpty()
    _set_size(side, columns, rows)
    dropped = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"TERM": "xterm-256color", **variables}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=side, stdout=side, stderr=side,
        start_new_session=True,
    )  # fmt: skip
    os.close(side)
    try:
        yield Terminal(process, controller, (columns, rows))
    finally:
        process.kill()
        process.wait()
        os.close(controller)


def _set_size(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
