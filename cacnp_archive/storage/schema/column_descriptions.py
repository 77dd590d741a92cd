"""What columns hold that have no comment in the schema: those of views, and some of tables."""

SAME_AS = {
    "posts": ("articles",),
    "post_links": ("links",),
    "requisites": ("page_requisites",),
    "ledger": ("addresses",),
    "bibliography": ("articles",),
}
"""By view, the tables whose columns it repeats under their own names."""

_AUTHORS = "JSON array: the authors' names, in the byline's order"
_CATEGORIES = "JSON array: the categories' names, in printed order"
_STATE = "archived, excluded, waiting, or "

WORDS = {
    "article_parts": {"body_text": "blocks separated by an empty line"},
    "problems": {"detail": "in words"},
    "categories": {"wordpress_id": "as REST gives it; null when it was not asked"},
    "tags": {"wordpress_id": "as REST gives it; null when it was not asked"},
    "versions": {"title": "as printed"},
    "disagreements": {"reported_value": "what the other source says"},
    "posts": {
        "authors": _AUTHORS,
        "categories": _CATEGORIES,
        "tags": "JSON array: the tags' names, in printed order",
    },
    "post_links": {"url": "canonical address of the article"},
    "requisites": {
        "page_url": "canonical address of the page",
        "url": "canonical address of the file",
        "state": f"{_STATE}missing",
        "reason": "why it is not archived; null when it is",
    },
    "ledger": {
        "state": f"{_STATE}failed",
        "reason": "the rule that excludes it, else HTTP status or word of failures.reason",
    },
    "bibliography": {
        "authors": _AUTHORS,
        "categories": _CATEGORIES,
    },
}
"""By table or view and column."""
