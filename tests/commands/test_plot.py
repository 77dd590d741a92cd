"""`plot` draws every chart there is, into a file that it can write."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cacnp_archive.commands.cli import main
from cacnp_archive.commands.plot import CHART_NAMES
from cacnp_archive.display.charts import CHARTS
from tests.conftest import CrawledReplica


def test_command_knows_every_chart() -> None:
    assert tuple(CHARTS) == CHART_NAMES


@pytest.mark.parametrize(
    ("out", "message"),
    [("x.pdf", "must end in .svg or .png"), ("no/folder/x.svg", "cannot write no/folder/x.svg")],
)
def test_file_that_cannot_be_written_is_a_clear_message(
    out: str, message: str, replica: CrawledReplica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--data-dir", str(replica.archive.folder), "plot", "kinds", "--out", out]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
