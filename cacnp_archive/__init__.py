"""The archive of armscontrolcenter.org: WARC files, and a database that reads them."""

__version__ = "0.1.0"
