"""Cases stored as data: the body and title of a post, and the expected result."""

import tomllib
from pathlib import Path
from typing import Any

from cacnp_archive.model.records import Article
from tests.parsing.pages import article, post

Case = dict[str, Any]


def load_cases(name: str) -> list[Case]:
    """Return the cases of a file beside this one."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    cases: list[Case] = tomllib.loads(text)["case"]
    return cases


def case_name(case: Case) -> str:
    """Return what tells a case in the output of pytest."""
    return f"{case.get('title', '')} {case['html']}".strip()[:80]


def read_case(case: Case) -> Article:
    """Read the post that a case describes."""
    page = post(case["html"])
    if "title" in case:
        page = page.replace("Rockets / Sparks</h1>", f"{case['title']}</h1>")
    if categories := case.get("categories"):
        page = page.replace(">Asia</a>,", f">{categories[0]}</a>,")
        page = page.replace("Press &amp; In the News</a>", f"{categories[-1]}</a>")
    return article(page)
