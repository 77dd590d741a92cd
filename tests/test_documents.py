"""The documents are short where they promise to be, and lead to what exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from cacnp_archive.commands.cli import COMMANDS
from tests.conftest import ROOT

README_LINES = 150
FOLDERS = ("cacnp_archive", "data", "deploy", "docs")
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*.md"))]
)
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]

_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^    .*$", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PATH = re.compile(r"(?<![\w/.])(?:[\w*]+/)+[\w*]+\.(?:py|toml)\b")
_COMMAND = re.compile(r"(?:^ +|`|bin/)cacnp-archive (?:--data-dir \S+ )?([a-z]+)\b", re.MULTILINE)
_TARGET = re.compile(r"\bmake ([a-z][\w-]*)\b")
CURRENT = [path for path in DOCUMENTS if path.name != "CHANGELOG.md"]
"""The changelog may name what is no longer there."""


def links_of(text: str) -> Iterator[str]:
    """Yield the targets of a document's links; in code there are none."""
    for pattern in (_FENCED, _INDENTED, _CODE):
        text = pattern.sub("", text)
    yield from _LINK.findall(text)


def anchors_of(path: Path) -> set[str]:
    """Return the anchors that GitHub gives to a document's headings."""
    headings = _HEADING.findall(_FENCED.sub("", path.read_text("utf-8")))
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def test_readme_has_at_most_150_lines() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= README_LINES


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_relative_links_lead_to_files_and_headings(path: Path) -> None:
    broken = []
    for link in links_of(path.read_text("utf-8")):
        if "://" in link:
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


def test_links_are_seen() -> None:
    text = "[a](b.md#c) `[no](x)` ![d](e.png)\n\n    [no](y)\n"
    assert list(links_of(text)) == ["b.md#c", "e.png"]
    assert "where-to-edit-what" in anchors_of(ROOT / "CONTRIBUTING.md")


def code_of(text: str) -> str:
    """Return what a document shows as code."""
    return "\n".join(
        found for pattern in (_FENCED, _INDENTED, _CODE) for found in pattern.findall(text)
    )


def text_of(paths: list[Path]) -> str:
    return "\n".join(path.read_text("utf-8") for path in paths)


@pytest.mark.parametrize("path", CURRENT, ids=lambda path: path.name)
def test_modules_that_a_document_names_exist(path: Path) -> None:
    """Paths are relative to the repository, to the package, or to the document."""
    named = set(_PATH.findall(path.read_text("utf-8")))
    folders = (ROOT, ROOT / "cacnp_archive", path.parent)
    assert {
        name for name in named if not any(any(folder.glob(name)) for folder in folders)
    } == set()


def test_named_modules_are_seen() -> None:
    assert _PATH.findall("`warc/checking/findings.py`, parsing/people/byline_*.py, a/b") == [
        "warc/checking/findings.py",
        "parsing/people/byline_*.py",
    ]


def test_commands_that_documents_name_exist() -> None:
    named = set(_COMMAND.findall(code_of(text_of(CURRENT))))
    assert {"desk", "verify", "status"} <= named
    assert named - set(COMMANDS) == set()


def test_make_targets_that_documents_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    named = set(_TARGET.findall(code_of(text_of(CURRENT))))
    assert {"install", "demo", "test"} <= named
    assert named - targets == set()
