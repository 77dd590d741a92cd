"""The note on the last update is found as printed, and prose about updates is not a note."""

import pytest

from tests.parsing.pages import article, post


@pytest.mark.parametrize(
    "note",
    [
        "Updated March 2021",
        "Updated June 1, 2021",
        "Updated 6/1/2021",
        "Updated: 1 June 2021",
        "Updated Spring 2020",
        "Updated on Tuesday, June 1, 2021",
        "Last updated: August 2024",
        "Last update: August 2024",
        "Last Updated — August 2024",
        "Last updated June 1st, 2021.",
        "Page last updated: June 2021",
        "Date updated: August 2024",
        "Most recently updated in June 2021 by Monica Montgomery",
        "Updated by Shawn Rostker, Research Analyst, December 2024",
        "Originally published March 2017; updated June 2021",
        "Revised May 2014",
        "(Updated January 5, 2018)",
        "(last updated 2019)",
        "[Updated 10/20]",
        "*Updated June 2021*",
        "– Updated June 2021 –",
        "This fact sheet was last updated on June 3, 2020.",
        "NOTE: This post is being regularly updated as votes come in.",
        "This page will be updated as events warrant.",
        "Update (Wednesday, 10/3): The vote was put off.",
        "UPDATE, May 13: The bill passed.",
        "UPDATE 2: It failed after all.",
        "Updated June 3, 2020 to reflect the vote",
        "Updated June 3, 2020, 5:45 p.m. ET",
        "Editor’s note: The numbers are regularly updated.",
    ],
)
@pytest.mark.parametrize("form", ["<p>{}</p><p>Text.</p>", "<p>Text.<br>{}</p>", "<div>{}</div>"])
def test_line_about_the_update_is_the_note(note: str, form: str) -> None:
    assert article(post(form.format(note))).updated_note == note


@pytest.mark.parametrize(
    "line",
    [
        "Updated plans for 2021 were sent to Congress in June.",
        "The White House updated its list on June 1, 2021.",
        "Updating the triad costs much.",
        "Update the treaty now, they say, or lose it.",
        "Update on the Iran talks",
        "Update from Vienna: Talks Resume",
        "An update: nothing happened in June 2021.",
        "Updated in 2010, the doctrine says that weapons may be used first, which worries many.",
        "The posture has been updated twice since 2010.",
        "This report was amended by the House.",
        "Published on The Huffington Post on March 31, 2009",
        "Corrected copies cost more.",
        "Updated in 2010, the doctrine allows first use.",
        "The report was updated in 2019 by the Pentagon.",
        "This document was last updated by the Navy.",
    ],
)
def test_prose_about_updates_is_not_a_note(line: str) -> None:
    assert article(post(f"<p>{line}</p><p>Text.</p>")).updated_note is None


def test_line_with_only_a_date_takes_precedence_over_news() -> None:
    page = post("<p>Update: The House agreed.</p><p>Last updated June 2021</p>")
    assert article(page).updated_note == "Last updated June 2021"


def test_heading_in_a_newsletter_is_a_note_only_if_it_is_a_date() -> None:
    page = post("<h3>Update: Iran Talks</h3><ul><li>Update: Key Amendments</li></ul>")
    assert article(page).updated_note is None
    assert article(post("<h4>Updated: Jan. 28, 2012</h4>")).updated_note == "Updated: Jan. 28, 2012"


def test_note_ends_with_its_sentence() -> None:
    page = post("<p>This page will be updated as events warrant. They met in Oslo. All did.</p>")
    assert article(page).updated_note == "This page will be updated as events warrant."


def test_note_next_to_a_byline_is_separated_from_it() -> None:
    before = article(post("<p>**Updated May 16, 2022** By Samuel M. Hickey</p><p>Text.</p>"))
    after = article(post("<p>by Justin Bresolin Updated by Brenna Gautam, June 2014</p>"))
    assert before.updated_note == "**Updated May 16, 2022**"
    assert after.updated_note == "Updated by Brenna Gautam, June 2014"


def test_note_printed_by_the_theme_is_not_the_date_of_publication() -> None:
    page = post("<p>Text.</p>").replace("</time></p>", "</time> | Last updated March 2, 2021</p>")
    found = article(page)
    assert found.updated_note == "Last updated March 2, 2021"
    assert found.published_on == "2012-01-11"


def test_rows_of_a_table_are_not_a_note() -> None:
    page = post("<table><tr><td>Updated March 2021</td></tr><tr><td>x</td></tr></table>")
    assert article(page).updated_note is None
