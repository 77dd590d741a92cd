"""As if a parser's C code had a fault: one page of the replica kills every process that reads it.

Python loads this when PYTHONPATH names the folder.
"""

import os
import signal

from cacnp_archive.ingest import warc_files as reread
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.reading import Reading
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.read_capture import read_capture

PAGE = "what-is-to-be-done-the-russian-reset"


def read_or_die(capture: Capture, site: Site) -> Reading:
    if PAGE in capture.url and capture.status == 200:
        os.kill(os.getpid(), signal.SIGSEGV)
    return read_capture(capture, site)


reread.read_capture = read_or_die
