"""Every problem code is documented, in one sentence for people."""

from cacnp_archive.model.problem_codes import ProblemCode
from tests.conftest import ROOT


def test_document_lists_every_code_with_its_description() -> None:
    lines = (ROOT / "docs" / "problems.md").read_text("utf-8").splitlines()
    table = [line for line in lines if line.startswith("| `")]
    assert table == [f"| `{code}` | {code.description} |" for code in ProblemCode]


def test_every_description_is_one_sentence() -> None:
    assert [code for code in ProblemCode if not code.description.endswith(".")] == []


def test_code_read_from_the_database_is_the_same_code() -> None:
    assert ProblemCode("no-title") is ProblemCode.NO_TITLE
    assert f"{ProblemCode.NO_TITLE}" == "no-title"
