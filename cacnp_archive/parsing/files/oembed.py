"""Parse oEmbed replies (https://oembed.com): a provider's title and thumbnail of an embed."""

import json

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import EmbedCard, Reading, Requisite, RequisiteKind
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.select import fold


def parse_oembed(text: str, url: str) -> Reading:
    """Return the card of an oEmbed reply, and its thumbnail as a page requisite."""
    try:
        reply = json.loads(text)
    except (ValueError, RecursionError):
        return Reading.with_problem(ProblemCode.UNREADABLE, "an oEmbed reply is not JSON")
    if not isinstance(reply, dict) or not isinstance(reply.get("type"), str):
        return Reading()  # an error message of the provider
    named = reply.get("thumbnail_url") or (reply["type"] == "photo" and reply.get("url"))
    poster = resolve(url, named) if isinstance(named, str) else None
    if poster is not None and not poster.startswith("http"):
        poster = None
    card = EmbedCard(
        url=url,
        title=_text(reply.get("title")),
        author=_text(reply.get("author_name")),
        poster_url=poster,
    )
    requisites = () if poster is None else (Requisite(url=poster, kind=RequisiteKind.IMAGE),)
    return Reading(embed_card=card, requisites=requisites)


def _text(value: object) -> str | None:
    return (fold(value) or None) if isinstance(value, str) else None
