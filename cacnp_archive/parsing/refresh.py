"""Parse what makes a browser go on to another page: `meta` refresh and the header Refresh."""

import re

# HTML standard, "shared declarative refresh steps": a time, a separator, and perhaps "url=".
_REFRESH = re.compile(
    r"[ \t\n\f\r]*(?:\d+[\d.]*|\.[\d.]*)(?:[ \t\n\f\r]*[;,][ \t\n\f\r]*|[ \t\n\f\r]+)"
    r"(?:url[ \t\n\f\r]*=[ \t\n\f\r]*)?(?:(?P<quote>['\"]))?(?P<url>.*)",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)


def refresh_target(value: str) -> str | None:
    """Return the reference to which a page refreshes; None when it only reloads itself.

    >>> refresh_target("0; URL='/new/' "), refresh_target("5,/new/"), refresh_target("300")
    ('/new/', '/new/', None)
    """
    match = _REFRESH.match(value)
    if match is None:
        return None
    url = match["url"].partition(match["quote"])[0] if match["quote"] else match["url"]
    return url or None
