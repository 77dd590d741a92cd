"""The archive of armscontrolcenter.org: WARC files, and a database made from them.

What this module exports is the public Python API. All other modules are private.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cacnp_archive.maintenance.open_archive import (
        ArchivedArticle,
        ArchivedCapture,
        OpenArchive,
        open_archive,
    )
    from cacnp_archive.model.errors import ArchiveError, UsageError
    from cacnp_archive.model.records import Reading

__version__ = "0.2.0"

__all__ = [
    "ArchiveError",
    "ArchivedArticle",
    "ArchivedCapture",
    "OpenArchive",
    "Reading",
    "UsageError",
    "__version__",
    "open_archive",
]

_HOMES = {
    "ArchiveError": "model.errors",
    "ArchivedArticle": "maintenance.open_archive",
    "ArchivedCapture": "maintenance.open_archive",
    "OpenArchive": "maintenance.open_archive",
    "Reading": "model.records",
    "UsageError": "model.errors",
    "open_archive": "maintenance.open_archive",
}
"""The modules that define what is exported; each is imported at its first use, for speed."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
