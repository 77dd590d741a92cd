"""The optional libraries: to which extra each belongs, and what is said when one is missing."""

from importlib.util import find_spec

from cacnp_archive.model.errors import ArchiveError

EXTRA_OF = {
    "altair": "charts",
    "vl_convert": "charts",
    "datasette": "desk",
    "uvicorn": "desk",
    "pyarrow": "desk",
}
"""By module: the extra in pyproject.toml that installs it. Imported only where it is used."""


class MissingLibraryError(ArchiveError):
    """Raised by a command that needs an optional library which is not installed."""


def are_installed(*modules: str) -> bool:
    """Whether optional libraries can be imported."""
    return all(find_spec(module) is not None for module in modules)


def require_libraries(purpose: str, *modules: str) -> None:
    """Raise MissingLibraryError, which says how to install what is missing, unless all are there.

    `purpose` is the subject of the message: what needs them.
    """
    for module in modules:
        if find_spec(module) is None:
            extra = EXTRA_OF[module]
            raise MissingLibraryError(
                f"{purpose} needs {module}, which is not installed: run `make install` in the "
                f"checkout, or install the wheel with its extra: pip install 'WHEEL[{extra}]'"
            )
