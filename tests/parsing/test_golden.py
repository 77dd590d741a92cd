"""Pages as received, with the expected result: one folder per case.

A new case needs `body.*` and `meta.json`; the test writes `expected.json`, fails, and asks you to
read it before you keep it.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.parsing.read_capture import read_capture
from tests.support.captures import make_capture

GOLDEN = Path(__file__).parent.parent / "golden"
CASES = sorted(path.parent.relative_to(GOLDEN).as_posix() for path in GOLDEN.glob("*/*/meta.json"))


@pytest.mark.parametrize("case", CASES)
def test_page_is_parsed_as_expected(case: str) -> None:
    folder = GOLDEN / case
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    (body,) = folder.glob("body.*")
    capture = make_capture(
        meta["url"],
        body.read_bytes(),
        status=meta["status"],
        headers=tuple((name, value) for name, value in meta["headers"]),
    )
    reading = read_capture(capture, Site.at(HOME))
    expected = folder / "expected.json"
    text = json.dumps(what_was_read(reading), indent=2, ensure_ascii=False) + "\n"
    if not expected.exists():
        expected.write_text(text, encoding="utf-8")
        pytest.fail(f"read {expected}: is it what the page says? Then run the test again")
    assert json.loads(text) == json.loads(expected.read_text(encoding="utf-8"))


def what_was_read(reading: Reading) -> Any:
    """Return a reading as JSON has it, without what is empty and the mark that most links lack."""
    return pruned(asdict(reading))


def pruned(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: pruned(item) for name, item in value.items()}
        return {
            name: item
            for name, item in kept.items()
            if item not in (None, [], {}) and (name, item) != ("is_furniture", False)
        }
    return [pruned(item) for item in value] if isinstance(value, list | tuple) else value
