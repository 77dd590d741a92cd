"""Simulate a fault in a parser's C code: some pages kill every process that parses them.

Python loads this at its start when PYTHONPATH names the folder: before any module of the archive,
so that all of them get this `read_capture`. DEADLY_PAGE is a part of the pages' URLs.
"""

import os
import signal

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import Site
from cacnp_archive.parsing import read_capture as module

read_capture = module.read_capture


def read_or_die(capture: Capture, site: Site) -> Reading:
    if os.environ["DEADLY_PAGE"] in capture.url and capture.status == 200:
        os.kill(os.getpid(), signal.SIGSEGV)
    return read_capture(capture, site)


module.read_capture = read_or_die
