"""What import-linter's contracts in pyproject.toml cannot say about the tree of modules."""

from collections import Counter
from pathlib import Path

from tests.conftest import ROOT

PACKAGE = ROOT / "cacnp_archive"
VAGUE = {"base", "common", "core", "helpers", "manager", "misc", "util", "utils"}
MAX_ENTRIES = 12
MARKERS = {"__init__.py", "__main__.py", "py.typed"}


def modules(package: Path) -> list[Path]:
    return [path for path in sorted(package.rglob("*.py")) if not path.name.startswith("__")]


def test_package_has_few_entries() -> None:
    names = {path.name for path in PACKAGE.iterdir()} - MARKERS - {"__pycache__"}
    assert len(names) <= MAX_ENTRIES, sorted(names)


def test_no_module_has_a_vague_name() -> None:
    packages = (PACKAGE, ROOT / "spiders", ROOT / "pipelines", ROOT / "benchmarks")
    assert [path for package in packages for path in modules(package) if path.stem in VAGUE] == []


def test_no_two_modules_share_a_name() -> None:
    """Except a command, which may have the name of what it does."""
    paths = [path for path in modules(PACKAGE) if "commands" not in path.parts]
    counts = Counter(path.stem for path in paths)
    assert [path for path in paths if counts[path.stem] > 1] == []


def test_each_folder_of_tests_is_named_after_a_room() -> None:
    beside = {"benchmarks", "browser", "crash", "deploy", "golden", "support", "whole_crawls"}
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    assert folders - rooms - beside - {"__pycache__"} == set()
