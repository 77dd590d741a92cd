"""A maze may invent any shape of address; whatever it does, it comes to an end."""

import pytest

from cacnp_archive.model.traps import (
    MAX_FILES_IN_FOLDER,
    MAX_FOLDERS,
    MAX_IN_ALL_BESIDE_LISTS,
    TrapGuard,
)

ASKED = 12_000


@pytest.mark.parametrize(
    "shape",
    [
        "maze/slug-{}.html",
        "slug-{0}/slug-{0}/",
        "slug-{}/page/2/",
        "?name{}=1",
        "index.php?name{}=1",
        "slug-{}/picture/?name=1",
        "wp-json/slug-{}/",
        "slug-{}.xml",
        "slug-{}/slug.xml",
    ],
)
def test_maze_of_one_shape_comes_to_an_end(shape: str) -> None:
    guard = TrapGuard(has_lists=True)
    urls = (f"https://a.example/{shape.format(number)}" for number in range(ASKED))
    assert sum(map(guard.admits, urls)) <= MAX_IN_ALL_BESIDE_LISTS


def test_maze_of_folders_comes_to_an_end_before_it_has_used_up_what_listings_need() -> None:
    guard = TrapGuard(has_lists=True)
    urls = (f"https://a.example/slug-{number}/slug/" for number in range(ASKED))
    assert sum(map(guard.admits, urls)) == MAX_FOLDERS
    assert guard.admits("https://a.example/news/page/2/")
    assert guard.admits("https://a.example/slug-7/more/")


def test_files_of_one_folder_come_to_an_end() -> None:
    guard = TrapGuard(has_lists=True)
    urls = (f"https://a.example/styles/import-{number}.css" for number in range(ASKED))
    assert sum(map(guard.admits, urls)) == MAX_FILES_IN_FOLDER


def test_maze_leaves_room_for_sitemaps_rest_and_uploads() -> None:
    guard = TrapGuard(has_lists=True)
    for number in range(ASKED):
        guard.admits(f"https://a.example/slug-{number}/slug/")
    assert not guard.admits("https://a.example/slug/slug/")
    assert guard.admits("https://a.example/post-sitemap7.xml")
    assert guard.admits("https://a.example/wp-json/wp/v2/posts?page=7")
    assert guard.admits("https://a.example/wp-content/uploads/2026/01/a.pdf")


def test_what_one_bound_refuses_uses_up_no_other() -> None:
    guard = TrapGuard(has_lists=True)
    for number in range(ASKED):
        guard.admits(f"https://a.example/slug-{number}/")
    assert guard.admits("https://a.example/calendar/2026/02/")
