"""Descriptions of columns that have no comment in the schema: those of views, and a few others."""

SAME_AS = {
    "posts": ("articles",),
    "post_links": ("links",),
    "requisites": ("page_requisites",),
    "ledger": ("addresses",),
    "embed_states": ("embeds",),
    "bibliography": ("articles",),
}
"""By view: the tables whose columns it repeats under the same names."""

_AUTHORS = "JSON array of the authors' names, in the byline's order"
_CATEGORIES = "JSON array of the categories' names, in printed order"
_STATE = "archived, excluded, waiting (not fetched yet), or "

DESCRIPTIONS = {
    "article_parts": {"body_text": "text of the page; an empty line separates blocks"},
    "problems": {"detail": "explanation in words"},
    "categories": {"wordpress_id": "term ID in REST; null if REST was not read"},
    "tags": {"wordpress_id": "term ID in REST; null if REST was not read"},
    "versions": {"title": "as printed"},
    "disagreements": {"reported_value": "value reported by the other source"},
    "posts": {
        "authors": _AUTHORS,
        "categories": _CATEGORIES,
        "tags": "JSON array of the tags' names, in printed order",
    },
    "post_links": {"url": "canonical URL of the article"},
    "requisites": {
        "page_url": "canonical URL of the page",
        "url": "canonical URL of the file",
        "state": f"{_STATE}missing",
        "reason": "why it is not archived; null if it is",
    },
    "embed_states": {
        "article_url": "canonical URL of the article",
        "title": "as the provider states it, else the title of the frame",
        "poster_url": "canonical URL of its picture, if that is archived",
        "state": "archived, described (title or picture is archived), or missing",
    },
    "ledger": {
        "state": f"{_STATE}failed",
        "reason": "why it is excluded, else HTTP status or reason of failure",
    },
    "bibliography": {
        "authors": _AUTHORS,
        "categories": _CATEGORIES,
    },
}
"""By table or view and column."""
