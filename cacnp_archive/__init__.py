"""The archive of armscontrolcenter.org: WARC files, and a database that reads them."""

import logging

__version__ = "0.1.0"

# A broken PDF makes pypdf warn of each object, as often as a server likes; a Problem says it once.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)
