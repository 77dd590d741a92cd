"""As if a parser's C code had a fault: one page of the replica kills every process that reads it.

Python loads this when PYTHONPATH names the folder.
"""

import os
import signal

from cacnp_archive import reread
from cacnp_archive.capture import Capture
from cacnp_archive.parsing import read_capture
from cacnp_archive.reading import Reading
from cacnp_archive.site import Site

PAGE = "what-is-to-be-done-the-russian-reset"


def read_or_die(capture: Capture, site: Site) -> Reading:
    if PAGE in capture.url and capture.status == 200:
        os.kill(os.getpid(), signal.SIGSEGV)
    return read_capture(capture, site)


reread.read_capture = read_or_die
