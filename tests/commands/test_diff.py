"""How articles changed: `diff`, `changes` and `show`, of a site that was edited between crawls."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from rich.console import Console

from cacnp_archive.commands.cli import main
from cacnp_archive.commands.diff import descriptions
from cacnp_archive.commands.diff.article_diff import ArticleDiff, difference
from cacnp_archive.commands.diff.diff_html import page
from cacnp_archive.commands.diff.diff_terminal import print_diff
from cacnp_archive.commands.diff.folding import CONTEXT, folded
from cacnp_archive.commands.diff.texts import BREAK, Change, Run, TextDiff, compare, compare_line
from cacnp_archive.model.capture import RecordPointer
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.versions import ArticleHistory, Version, versions_of
from tests.conftest import BIN, crawl, run

COMMAND = BIN / "cacnp-archive"
HOSTILE = "Clear \x1b[2J the\u202e screen <script>alert(1)</script> & </ins> \x9b31m"


@dataclass
class Edited:
    """An archive of two crawls, between which articles were edited."""

    folder: Path
    base_url: str
    edited: str
    silent: str
    rewritten: str
    relinked: str
    gone: str
    moved: str

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--data-dir", str(self.folder), *words])

    def diff(self, *words: str) -> str:
        result = self.run("diff", *words)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    def versions(self, url: str) -> ArticleHistory:
        database = read_database(self.folder / "archive.db")
        found = versions_of(database, url)
        database.close()
        assert found is not None
        return found


STAYS = BREAK.join(f"Paragraph {number} says what it has said before." for number in range(20))
BEFORE = BREAK.join(
    ("By John Isaacs", "The treaty of 1991 limits 6,000 warheads.", STAYS, "It ends in 2009.")
)
AFTER = BREAK.join(
    (
        "By John Erath",
        "The treaty of 2010 limits 1,550 warheads.",
        STAYS,
        "It ends in 2026, or later.",
    )
)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Edited:
    folder = tmp_path_factory.mktemp("diff") / "data"
    site = build_site()
    posts = [path for path, article in site.articles.items() if article.kind == "post"]
    names = posts[10:16]
    openly, silently, rewritten, relinked, gone, moved = names
    site.edit(openly, text=BEFORE)
    site.edit(silently, text="The table has 12 rows.", title="A quiet correction")
    site.edit(relinked, text='See <a href="https://example.org/one">this</a>.')
    with ReplicaServer(site) as server:
        first = crawl(server.base_url, folder)
        assert first.returncode == 0, first.stderr
        at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        site.edit(openly, text=AFTER, modified_at=at)
        site.edit(silently, text="The table has 13 rows.", title="A quiet mistake")
        site.edit(rewritten, text="Nothing of it stands here any more.", modified_at=at)
        site.edit(relinked, text='See <a href="https://example.org/two">this</a>.')
        site.delete(gone)
        site.move(moved, "moved-to-this-place")
        second = crawl(server.base_url, folder, CACNP_RECHECK_DAYS="0")
        assert second.returncode == 0, second.stderr
        base = server.base_url
    return Edited(folder, base, *(f"{base}{name}/" for name in names))


def test_edit_is_told_word_by_word_and_the_rest_is_folded(edited: Edited) -> None:
    told = edited.diff(edited.edited)
    assert "The treaty of [-1991-]{+2010+} limits [-6,000-]{+1,550+} warheads." in told
    assert "It ends in [-2009-]{+2026, or later+}." in told
    assert "Paragraph 0 says" in told
    assert "Paragraph 19 says" in told
    assert "Paragraph 10 says" not in told
    assert " paragraphs unchanged …" in told


def test_command_is_there_for_users(edited: Edited) -> None:
    result = run(COMMAND, "--data-dir", edited.folder, "diff", edited.edited)
    assert result.returncode == 0, result.stderr
    assert result.stdout == edited.diff(edited.edited)


def test_both_versions_are_told_with_their_records(edited: Edited) -> None:
    told = edited.diff(edited.edited)
    for version in edited.versions(edited.edited).versions:
        assert f"version {version.number}: " in told
        assert f"record {version.warc_record_id} in {version.warc_file}" in told
    assert "stated modification time 2026-01-02T03:04:05" in told
    assert "edited silently" not in told


def test_silent_edit_says_so_and_shows_both_titles(edited: Edited) -> None:
    told = edited.diff(edited.silent)
    assert "edited silently: the content changed" in told
    assert "title: A quiet [-correction-]{+mistake+}\n" in told
    assert "The table has [-12-]{+13+} rows." in told


def test_article_rewritten_from_end_to_end_is_no_crumbs(edited: Edited) -> None:
    told = edited.diff(edited.rewritten)
    assert "{+Nothing of it stands here any more.+}" in told
    assert "[-" in told


def test_edit_of_a_link_alone_is_read_from_the_records(edited: Edited) -> None:
    told = edited.diff(edited.relinked)
    assert "Title and text are the same.\n" in told
    assert "link: [-https://example.org/one-]\nlink: {+https://example.org/two+}\n" in told
    page = edited.diff(edited.relinked, "--html")
    assert "<del>https://example.org/one</del>" in page


def test_edit_of_the_byline_is_told(edited: Edited) -> None:
    assert "byline: By John [-Isaacs-]{+Erath+}\n" in edited.diff(edited.edited)


def test_diff_without_the_records_says_what_it_does_not_know(
    edited: Edited, tmp_path: Path
) -> None:
    shutil.copy(edited.folder / "archive.db", tmp_path)
    (tmp_path / "warc").mkdir()
    alone = replace(edited, folder=tmp_path)
    assert "the byline, the date or the target of a link differs" in alone.diff(edited.relinked)
    assert json.loads(alone.diff(edited.relinked, "--json"))["field_diffs"] is None
    assert "limits [-6,000-]{+1,550+} warheads" in alone.diff(edited.edited)


def test_versions_are_named_by_number_or_day(edited: Edited) -> None:
    today = edited.versions(edited.edited).versions[-1].first_seen_at[:10]
    assert "[-1991-]" in edited.diff(edited.edited, "1", "2")
    assert "[-1991-]" in edited.diff(edited.edited, "1", today)
    assert "[-2010-]" in edited.diff(edited.edited, "2", "1")
    assert "Nothing differs." in edited.diff(edited.edited, today)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("3", "there is no version 3, only 1 to 2"),
        ("2003-01-31", "there is no version of 2003-01-31: the article was first seen on 20"),
        ("yesterday", "number or a day like 2024-01-31, not by 'yesterday'"),
    ],
)
def test_version_that_there_is_not_is_a_clear_message(
    name: str, message: str, edited: Edited
) -> None:
    result = edited.run("diff", edited.edited, name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_day_names_the_version_that_stood_at_its_end(edited: Edited) -> None:
    article = edited.versions(edited.edited)
    days = ("2024-01-30T23:00:00Z", "2024-02-01T00:00:00Z")
    dated = replace(
        article,
        versions=tuple(
            replace(version, first_seen_at=day)
            for version, day in zip(article.versions, days, strict=True)
        ),
    )
    found = difference(dated, "2024-01-31", "2024-02-01")
    assert found is not None
    assert (found.old.number, found.new.number) == (1, 2)


def test_article_with_one_version_says_so(edited: Edited) -> None:
    told = edited.diff("treaty-talk")
    assert "There is only one version, unchanged from " in told
    assert json.loads(edited.diff("treaty-talk", "--json"))["versions"][0]["number"] == 1


def test_article_that_is_gone_says_so(edited: Edited) -> None:
    assert "Gone since " in edited.diff(edited.gone)


def test_article_that_has_moved_has_versions_at_both_addresses(edited: Edited) -> None:
    new = f"{edited.base_url}moved-to-this-place/"
    assert f"Moved to {new}: its later versions are there.\n" in edited.diff(edited.moved)
    assert f"Moved from {edited.moved}: its earlier versions are there.\n" in edited.diff(new)


def test_edit_that_was_undone_is_told_as_nothing(edited: Edited) -> None:
    first, second = edited.versions(edited.edited).versions
    undone = replace(first, number=3)
    article = replace(edited.versions(edited.edited), versions=(first, second, undone))
    found = difference(article, "1", "3")
    assert found is not None
    assert found.remark == "Nothing differs: the edits in between were undone."


def test_unknown_address_and_what_is_no_article_are_clear_messages(edited: Edited) -> None:
    for url, message in {
        "no-such-page": "no article is known at no-such-page; ",
        "robots.txt": "robots.txt is archived, but is not an article: ",
    }.items():
        result = edited.run("diff", url)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"cacnp-archive: {message}")


def test_list_and_show_name_every_version(edited: Edited) -> None:
    told = edited.diff("--list", edited.silent)
    assert "version 1: A quiet correction" in told
    assert "edited silently" in told
    shown = edited.run("show", edited.silent).stdout
    assert "2 versions\n" in shown
    assert "  edited silently  A quiet mistake\n" in shown
    shown = edited.run("show", edited.edited).stdout
    assert "edited silently" not in shown


def test_json_gives_back_both_texts(edited: Edited) -> None:
    found = json.loads(edited.diff(edited.edited, "--json"))
    old = [p for p in found["text_diff"] if p["change"] != "inserted"]
    texts = ["".join(r["text"] for r in p["runs"] if r["change"] != "inserted") for p in old]
    assert BREAK.join(texts) == BEFORE
    assert (found["old"], found["new"], found["is_coarse"]) == (1, 2, False)
    assert [version["is_silent"] for version in found["versions"]] == [False, False]


def test_page_is_printed_or_written(edited: Edited, tmp_path: Path) -> None:
    printed = edited.diff(edited.edited, "--html")
    assert "The treaty of <del>1991</del><ins>2010</ins> limits" in printed
    assert edited.diff(edited.edited, "--html", str(tmp_path / "diff.html")) == ""
    assert (tmp_path / "diff.html").read_text("utf-8") == printed
    result = edited.run("diff", edited.edited, "--html", str(tmp_path / "no" / "x"))
    assert result.exit_code == 2
    assert "--html: cannot write " in result.stderr


def test_changes_lists_the_newest_first(edited: Edited) -> None:
    result = edited.run("changes", "--json")
    found = json.loads(result.stdout)
    assert [change["at"] for change in found] == sorted((c["at"] for c in found), reverse=True)
    kinds = {change["url"]: change["kind"] for change in reversed(found)}
    assert kinds[edited.edited] == kinds[edited.rewritten] == "edited"
    assert kinds[edited.silent] == kinds[edited.relinked] == "edited silently"
    assert kinds[edited.gone] == "gone"
    assert sum(change["kind"] == "added" for change in found) > 50


def test_changes_are_filtered_by_kind_and_day(edited: Edited) -> None:
    def told(*options: str) -> str:
        result = edited.run("changes", *options)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    edits = told("--kind", "edited")
    assert edits.count("edited (version 2)") == 2
    assert edits.count("edited silently (version 2)") == 2
    assert told("--kind", "edited-silently", "--kind", "gone").count("(version 2): ") == 2
    assert told("--since", "2999-01-01") == "no changes\n"
    assert told("--kind", "added", "--limit", "3").count("added: ") == 3
    refused = edited.run("changes", "--since", "May")
    assert refused.exit_code == 2
    assert "--since must be a day like 2024-01-31, not 'May'" in refused.stderr


def version(number: int, title: str, text: str) -> Version:
    at = f"2024-01-0{number}T00:00:00Z"
    return Version(
        number, title, text, at, at, None, number > 1, str(number), "http://127.0.0.1/a/",
        "urn:uuid:1", "a.warc.gz", RecordPointer("a.warc.gz", 0, 1, "urn:uuid:1"),
    )  # fmt: skip


def hostile_diff(old: str, new: str) -> ArticleDiff:
    versions = (version(1, old, old), version(2, new, new))
    article = ArticleHistory("javascript:alert(1)", HOSTILE, "post", None, None, None, (), versions)
    found = difference(article, None, None)
    assert found is not None
    return found


def terminal() -> Console:
    return Console(force_terminal=True, color_system="standard", no_color=False, width=80)


def test_hostile_words_neither_steer_a_terminal_nor_leave_their_element() -> None:
    diff = hostile_diff(f"One.\n\n{HOSTILE}", f"One.\n\n{HOSTILE} more\n\n{HOSTILE}")
    made = page(diff)
    assert "<script" not in made
    assert "javascript:alert(1)" in made
    assert 'href="javascript' not in made
    tree = etree.fromstring(made.encode())
    names = {etree.QName(element).localname for element in tree.iter()}
    ours = "html head meta title style body header h1 h2 p main div section ul li ins del"
    assert names <= set(ours.split())
    for console in (Console(width=80), terminal()):
        with console.capture() as capture:
            print_diff(diff, console)
        told = capture.get()
        assert "\\x1b[2J" in told
        for character in ("\x1b[2J", "\x9b", "\u202e"):
            assert character not in told
        assert character not in made


def test_colours_are_for_terminals_alone() -> None:
    diff = hostile_diff("It ends in 2009.", "It ends in 2026.")
    for console, is_coloured in ((Console(width=80), False), (terminal(), True)):
        with console.capture() as capture:
            print_diff(diff, console)
        told = capture.get()
        assert ("\x1b[" in told) is is_coloured
        assert ("{+2026+}" in told) is not is_coloured


def sides(runs: tuple[Run, ...]) -> tuple[str, str]:
    return (
        "".join(run.text for run in runs if run.change is not Change.INSERTED),
        "".join(run.text for run in runs if run.change is not Change.DELETED),
    )


def texts_of(diff: TextDiff) -> tuple[str, str]:
    paragraphs = diff.paragraphs
    return (
        BREAK.join(sides(p.runs)[0] for p in paragraphs if p.change is not Change.INSERTED),
        BREAK.join(sides(p.runs)[1] for p in paragraphs if p.change is not Change.DELETED),
    )


PIECES = st.sampled_from(["the", "treaty", " ", "\n", "\n\n", ".", "’", "é", "\x1b", "核"])
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text()


@given(TEXTS, TEXTS)
def test_diff_gives_back_both_texts(old: str, new: str) -> None:
    diff = compare(old, new)
    assert texts_of(diff) == (old, new)
    assert diff.is_same == (old == new)
    assert sides(compare_line(old, new)) == (old, new)


@given(st.lists(TEXTS, max_size=12), st.data())
def test_paragraphs_that_moved_nowhere_are_kept(paragraphs: list[str], data: st.DataObject) -> None:
    old = BREAK.join(paragraphs)
    at = data.draw(st.integers(0, len(old.split(BREAK))))
    parts = old.split(BREAK)
    new = BREAK.join([*parts[:at], "Something quite new.", *parts[at:]])
    changes = [p.change for p in compare(old, new).paragraphs]
    assert changes.count(Change.KEPT) >= len(parts) - 1
    assert Change.INSERTED in changes or None in changes


@given(TEXTS, TEXTS)
def test_folding_hides_no_change(old: str, new: str) -> None:
    paragraphs = compare(old, new).paragraphs
    shown = [item for item in folded(paragraphs) if not isinstance(item, int)]
    assert [p for p in shown if p.change is not Change.KEPT] == [
        p for p in paragraphs if p.change is not Change.KEPT
    ]
    assert sum(len(run.text) for p in shown if p.change is Change.KEPT for run in p.runs) <= sum(
        2 * (CONTEXT + 2) for p in [*paragraphs, None] if p is None or p.change is not Change.KEPT
    )


def test_long_unchanged_paragraph_between_changes_is_cut_in_its_middle() -> None:
    middle = " ".join(f"word{number}" for number in range(300))
    shown = folded(compare(f"a\n\n{middle}\n\nb", f"c\n\n{middle}\n\nd").paragraphs)
    texts = ["".join(run.text for run in item.runs) for item in shown if not isinstance(item, int)]
    assert any(text.startswith("word0 ") and text.endswith(" …") for text in texts)
    assert any(text.startswith("… ") and text.endswith(" word299") for text in texts)


def test_huge_texts_are_told_by_paragraphs() -> None:
    old = " ".join(f"a{n} x" for n in range(5000))
    new = " ".join(f"b{n} x" for n in range(5000))
    diff = compare(f"Same.\n\n{old}", f"Same.\n\n{new}")
    assert diff.is_coarse
    assert texts_of(diff) == (f"Same.\n\n{old}", f"Same.\n\n{new}")
    assert diff.paragraphs[0].change is Change.KEPT


def test_very_many_paragraphs_are_compared_all_the_same() -> None:
    old = BREAK.join(f"Old {n} alone." for n in range(2000))
    new = BREAK.join(f"New {n} here it is." for n in range(2000))
    diff = compare(old, new)
    assert diff.is_coarse
    assert texts_of(diff) == (old, new)
    assert descriptions.describe_coarseness(hostile_diff(old, new)).startswith(
        "So much has changed"
    )


def test_ordinary_article_rewritten_word_by_word_is_not_coarse() -> None:
    old = BREAK.join(f"{n} " + "the treaty limits what states may build. " * 8 for n in range(60))
    assert not compare(old, old.replace("limits", "bounds")).is_coarse
