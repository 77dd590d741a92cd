"""Generate posts for large sites; the result is always the same."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import lru_cache, partial

from cacnp_archive.replica.source.posts import Article, Author, Category, Mention, slugify

FIRST_FILLER_ID = 100_001

_SUBJECTS = (
    *("the test ban", "missile defense", "the triad", "the Pentagon budget", "verification"),
    *("plutonium", "the Iran talks", "North Korea", "biosecurity", "arms sales", "New START"),
)
_FRAMES = (
    *("What comes next for {}", "A second look at {}", "{}: the numbers", "Who pays for {}?"),
    *("Three questions about {}", "{} after the vote", "Why {} still matters"),
)
_OPENERS = (
    "Few subjects return as often as {}.",
    "Congress took up {} again this week.",
    "A new report on {} deserves a careful reader.",
    "The debate over {} is an old one.",
)
_MIDDLES = (
    "The costs are known; the benefits of {} are argued about.",
    "Supporters point to deterrence, critics to the price of {}.",
    "An earlier plan for {} fell to amendments in committee.",
    "Inspectors would need access, and {} has never had enough of it.",
    "Allies ask to be heard on {} before anything is signed.",
)
_ENDINGS = (
    "Until then, caution is cheap.",
    "The next step belongs to the Senate.",
    "It would not be the first time.",
    "More on this when the text is out.",
)
_NAMES = (
    *("John Erath", "Kingston Reif", "Travis Sharp", "Samuel M. Hickey", "Greg Terryn"),
    *("Laicie Olson", "Duyeon Kim", "Anna Schumann"),
)
_PERSONS = {"Samuel M. Hickey": "Samuel Hickey", "Laicie Olson": "Laicie Heeley"}
_OUTLETS = ("The Hill", "Newsweek", "Reuters", "Vox")

_STYLES = ("By", "by", "none", "mention")
_TOPICS = frozenset(
    {
        *("Nuclear Weapons", "Non-Proliferation", "Nuclear Security", "Missile Defense"),
        *("Biological and Chemical Weapons", "Security Spending", "Pentagon Budget"),
        *("Nuclear Weapons Spending", "Iran Diplomacy", "Issue Center", "Russia"),
        *("United States", "Asia", "North Korea", "Middle East"),
    }
)
"""Categories that do not determine a post's kind."""

_IMAGE = "/wp-content/uploads/2019/11/lazy-one.jpg"
_PDF = "/wp-content/uploads/2017/04/Triad-fact-sheet.pdf"
"""Files of hand-written posts, which generated posts reuse."""

_OLDEST = datetime(2003, 2, 3, 9, 0, tzinfo=timezone(timedelta(hours=-5)))
_DAYS = 7050


def filler_articles(count: int, categories: Sequence[Category]) -> Iterator[Article]:
    """Return `count` posts, spread evenly from 2003 to spring 2022.

    Of every four, two have bylines, one has none (half of these are fact sheets), and one is a
    media mention.
    """
    topics = [c.name for c in categories if c.name in _TOPICS]
    for number in range(count):
        rng = random.Random(number)
        subject = rng.choice(_SUBJECTS)
        style = "fact sheet" if number % 8 == 2 else _STYLES[number % 4]
        title, kind, own_category, pattern = _shape(style, rng, subject)
        published = _OLDEST + timedelta(days=_DAYS * number / max(1, count), minutes=number % 400)
        published = published.replace(microsecond=0)
        names = {own_category, *rng.sample(topics, rng.randint(0, 3))}
        author = rng.choice(_NAMES)
        person = _PERSONS.get(author, author)
        yield Article(
            wordpress_id=FIRST_FILLER_ID + 3 * number,
            path=f"{slugify(title)}-{number + 2}",
            title=title,
            kind=kind,
            published_at=published,
            modified_at=published + timedelta(hours=number % 50),
            body=partial(_body, number, style, subject, author),
            categories=tuple(sorted(names, key=str.lower)),
            primary=rng.choice(sorted(names)),
            tags=(subject,) if number % 3 == 0 else (),
            print_tags=number % 3 == 0,
            people=(person,) if style in ("By", "by", "mention") else (),
            authors=_authors(style, author, person),
            mentions=_mentions(style, author, number),
            patterns=(pattern,),
        )


def _shape(style: str, rng: random.Random, subject: str) -> tuple[str, str, str, int]:
    """Return title, kind, the category of that kind, and the number of the byline pattern."""
    if style == "fact sheet":
        title = f"Fact Sheet: {subject[0].upper()}{subject[1:]}"
        return title, "fact sheet", "Factsheets on Nuclear Weapons", 2
    frame = rng.choice(_FRAMES).format(subject)
    title = frame[0].upper() + frame[1:]
    if style == "mention":
        return title, "media mention", "Center in the News", 1
    return title, "post", "Nukes of Hazard blog", {"By": 5, "by": 6, "none": 3}[style]


def _authors(style: str, name: str, person: str) -> tuple[Author, ...]:
    if style not in ("By", "by"):
        return ()
    pattern = 5 if style == "By" else 6
    return (Author(name, person, f"{style} {name}", pattern=pattern),)


def _mentions(style: str, name: str, number: int) -> tuple[Mention, ...]:
    if style != "mention":
        return ()
    return (Mention(name, "Analyst", _OUTLETS[number % len(_OUTLETS)], "quoted"),)


@lru_cache(maxsize=8192)
def _body(number: int, style: str, subject: str, author: str) -> str:
    rng = random.Random(number)
    middles = rng.sample(_MIDDLES, 3)
    parts = [f"{rng.choice(_OPENERS)} {' '.join(middles)}"]
    parts += [
        " ".join(rng.choices(_MIDDLES, k=rng.randint(2, 6))) for _ in range(rng.randint(1, 8))
    ]
    parts[-1] += f" {rng.choice(_ENDINGS)}"
    parts = [part.replace("{}", subject) for part in parts]
    if style in ("By", "by"):
        parts.insert(0, f"{style} {author}")
    elif style == "mention":
        outlet = _OUTLETS[number % len(_OUTLETS)]
        link = f'<a href="https://news.example/{number}">{outlet}</a>'
        parts.insert(0, f"Analyst {author} was quoted in {link} on {subject}.")
    if number % 5 == 0:
        parts.append("- " + "\n- ".join(sentence.format(subject) for sentence in middles))
    if number % 6 == 0:
        parts.insert(2, f"@image {_IMAGE} | A hangar | On {subject} | block")
    if number % 7 == 0:
        parts.append(f'Read the earlier <a href="/?p={FIRST_FILLER_ID}">post</a>.')
    if number % 9 == 0:
        parts.append(f'There is a <a href="{_PDF}">printable version</a>.')
    return "\n\n".join(parts)
