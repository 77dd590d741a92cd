"""The examples of the documents run, on an archive of the replica."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.commands.export import write_snapshot
from tests.conftest import BIN, ROOT, CrawledReplica, run

DOCS = ROOT / "docs"


def test_notebook_runs_from_its_first_cell_to_its_last(
    replica: CrawledReplica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_snapshot(replica.archive, tmp_path / "snapshot.db")
    monkeypatch.setenv("SNAPSHOT", str(path))
    notebook = json.loads((DOCS / "first-look.ipynb").read_text("utf-8"))
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec("".join(cell["source"]), names)  # noqa: S102 - our own
    assert names["rows"]
    assert "year" in json.dumps(names["chart"].to_dict())


def test_r_script_runs(replica: CrawledReplica, tmp_path: Path) -> None:
    path = write_snapshot(replica.archive, tmp_path / "snapshot.db")
    made = subprocess.run(
        ["Rscript", DOCS / "first-look.R", path], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    assert "warc_record_id" in made.stdout


def test_every_command_that_the_document_names_is_known() -> None:
    text = (DOCS / "research.md").read_text("utf-8")
    commands = set(re.findall(r"^    cacnp-archive (\w+)", text, re.MULTILINE))
    assert {"desk", "cite", "export", "plot"} <= commands
    for command in commands:
        assert run(BIN / "cacnp-archive", command, "--help").returncode == 0
