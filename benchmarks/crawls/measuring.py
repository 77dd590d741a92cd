"""Run a program and measure its resources."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes per unit of ru_maxrss."""


@dataclass(frozen=True, slots=True)
class Used:
    """The resources used by a program and its child processes."""

    seconds: float
    """Wall-clock time."""
    cpu_seconds: float
    """CPU time, user and system."""
    peak_bytes: int
    """The largest resident set of any of the processes."""
    exit_code: int

    def __add__(self, beside: "Used") -> "Used":
        """Combine two programs that ran concurrently, of which the first did the work."""
        return Used(
            self.seconds,
            self.cpu_seconds + beside.cpu_seconds,
            self.peak_bytes + beside.peak_bytes,
            self.exit_code,
        )


class Program:
    """A running program; its resources are known when it has ended."""

    def __init__(
        self, command: list[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def end(self) -> Used:
        """Terminate the program and wait for it."""
        self._process.terminate()
        return self.wait()

    def wait(self) -> Used:
        """Wait until the program has ended."""
        _, status, usage = os.wait4(self._process.pid, 0)
        seconds = time.perf_counter() - self._started
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return Used(
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * _RSS_UNIT,
            self._process.returncode,
        )


def run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> Used:
    """Run a program in a folder and return its resources."""
    return Program(command, folder, environment).wait()
