"""The language of a text is given only if it is certain and differs from the document's."""

import pytest

from cacnp_archive.parsing.text.languages import language_of
from tests.parsing.pages import article, post

TEXTS = {
    "en": "The weapons are in the field and that is what the people of the region fear the most,"
    " as they told us when we were there in the spring of this year.",
    "es": "Las armas son bombas que se pueden usar en el campo de batalla, y por eso la amenaza es"
    " tan grande para los que viven en la zona y no tienen otro lugar.",
    "fr": "Les armes sont des bombes que l’on peut utiliser sur le champ de bataille, et la menace"
    " est grande pour ceux qui vivent dans la région et ne sont pas partis.",
    "de": "Die Waffen sind Bomben, die man auf dem Feld benutzen kann, und die Gefahr ist groß für"
    " alle, die in der Gegend leben und nicht mit den anderen gegangen sind.",
    "ko": "북한의 핵무기는 문제이며 미국과 한국은 협상을 원한다. 전문가들은 그렇게 말했다.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_running_text_has_a_certain_language(language: str) -> None:
    assert language_of(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text", ["", "Watch!", "Kim, Gard, Coyle, Isaacs, Reif, Olson " * 9, "7 " * 99]
)
def test_names_and_numbers_have_no_certain_language(text: str) -> None:
    assert language_of(text) is None


def test_body_language_is_given_if_it_differs_from_the_document() -> None:
    assert article(post(f"<p>{TEXTS['es']}</p>")).body_language == "es"
    assert article(post(f"<p>{TEXTS['en']}</p>")).body_language is None


def test_language_in_the_markup_takes_precedence() -> None:
    page = post("<p>Hola, paz.</p>")
    page = page.replace('class="entry-content"', 'class="entry-content" lang="es-MX"')
    assert article(page).body_language == "es-MX"


def test_table_cells_are_ignored_for_the_language() -> None:
    rows = "<tr><td>La Paz</td><td>Los de la Rosa</td></tr>" * 20
    assert article(post(f"<table>{rows}</table>")).body_language is None


def test_language_of_a_document_without_lang_comes_from_its_head() -> None:
    page = post("", head='<meta property="og:locale" content="en_GB">')
    assert article(page.replace(' lang="en-US"', "")).language == "en-GB"
    assert article(post("").replace(' lang="en-US"', "")).language is None
