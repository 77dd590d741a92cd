"""Simulate a fault in a parser's C code: some pages end every process that parses them.

Python loads this at its start when PYTHONPATH names the folder: before any module of the archive,
so that all of them get this `read_capture`. DEADLY_PAGE is a part of the pages' URLs.
DEADLY_WAY is how they end it: by a segmentation fault, by a regular expression that never ends, by
more and more memory, or by a SIGKILL from outside, which leaves no word.
"""

import os
import re
import signal
from collections.abc import Sequence

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.layouts import LearnedLayout
from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import Site
from cacnp_archive.parsing import read_capture as module

read_capture = module.read_capture


def grow() -> None:
    kept = []
    while True:
        kept.append(bytearray(1_000_000))


WAYS = {
    "fault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "hang": lambda: re.match("(a+)+$", "a" * 64 + "b"),
    "grow": grow,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
}


def read_or_die(capture: Capture, site: Site, layouts: Sequence[LearnedLayout] = ()) -> Reading:
    if os.environ["DEADLY_PAGE"] in capture.url and capture.status == 200:
        WAYS[os.environ.get("DEADLY_WAY", "fault")]()
    return read_capture(capture, site, layouts)


module.read_capture = read_or_die
