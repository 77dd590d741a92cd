"""A citation says what proves it, in four forms that other programs read."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.citation import Citation, as_bibtex, as_csl, as_ris, as_text
from tests.conftest import SEED_PAGE, CrawledReplica
from tests.support.command import command

CITATION = Citation(
    title="50% of & in_the {Budget}",
    authors=("Robert G. Gard, Jr.", "Willem van der Meer", "Center Staff"),
    published_on="2012-01-11",
    url="https://armscontrolcenter.org/a_b/?p=1",
    captured_at="2026-01-17T12:30:45.123456Z",
    record_id="urn:uuid:2b3c67f1-a52d-445e-881a-7e98ffbe557c",
    warc_file="cacnp-1.warc.gz",
    digest="sha256:aa9c",
)
PROOF = (CITATION.url, CITATION.captured_at, CITATION.record_id, CITATION.digest)


def test_bibtex_escapes_what_tex_would_take_for_itself() -> None:
    text = as_bibtex(CITATION)
    assert text.startswith("@online{gard2012budget,\n")
    assert r"  title = {{50\% of \& in\_the \{Budget\}}}," in text
    assert "  author = {Gard, Jr., Robert G. and van der Meer, Willem and {Center Staff}}," in text
    assert "  url = {https://armscontrolcenter.org/a_b/?p=1}," in text


def test_csl_has_names_and_dates_in_parts() -> None:
    (item,) = json.loads(as_csl(CITATION))
    assert item["author"][0] == {"given": "Robert G.", "family": "Gard", "suffix": "Jr."}
    assert item["author"][2] == {"literal": "Center Staff"}
    assert item["issued"] == {"date-parts": [[2012, 1, 11]]}
    assert item["accessed"] == {"date-parts": [[2026, 1, 17]]}


def test_ris_has_a_tag_to_each_line() -> None:
    lines = as_ris(CITATION).split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert "AU  - Gard, Robert G., Jr." in lines
    assert lines[-2:] == ["ER  - ", ""]


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_no_title_or_name_can_break_a_form(title: str, authors: list[str]) -> None:
    citation = Citation(title, tuple(authors), None, *PROOF[:3], "cacnp-1.warc.gz", PROOF[3])
    for line in as_ris(citation).split("\r\n")[:-1]:
        assert re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line)
        assert line.isprintable()
    assert len(as_text(citation).splitlines()) == 1
    assert json.loads(as_csl(citation))[0]["URL"] == CITATION.url
    bibtex = re.sub(r"\\[\\{}]|\\text\w+{}", "", as_bibtex(citation))
    assert bibtex.count("{") == bibtex.count("}")


@pytest.mark.parametrize("form", ["text", "bibtex", "csl", "ris"])
def test_cite_names_address_moment_record_and_digest(form: str, replica: CrawledReplica) -> None:
    url = replica.base_url + SEED_PAGE
    said = command("--data-dir", replica.archive.folder, "cite", url, "--format", form)
    assert said.returncode == 0, said.stderr
    plain = said.stdout.replace("\\", "")
    assert url in plain
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", plain)
    assert re.search(r"urn:uuid:[0-9a-f-]{36}", plain)
    assert re.search(r"sha256:[0-9a-f]{64}", plain)


def test_cite_of_an_unknown_address_says_so(replica: CrawledReplica) -> None:
    said = command("--data-dir", replica.archive.folder, "cite", "/unknown/")
    assert (said.returncode, said.stdout) == (1, "")
    assert "no good capture" in said.stderr
