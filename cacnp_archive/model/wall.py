"""Wall: an answer that was served in place of the page."""

from dataclasses import dataclass
from enum import StrEnum


class WallKind(StrEnum):
    """What kind of wall: the values of `captures.wall`, which never change."""

    CHALLENGE = "challenge"
    """A page that tests whether the visitor is a browser or a person."""
    BLOCK = "block"
    """A firewall's or CDN's page that refuses the request."""
    CDN_ERROR = "cdn-error"
    """The error page of a CDN or proxy that could not reach the site."""
    MAINTENANCE = "maintenance"
    """A page that says the site is being maintained."""
    HOSTING = "hosting"
    """A page of the host or registrar: suspended, parked, or not set up."""
    PORTAL = "portal"
    """A network's login page (captive portal)."""
    LOGIN = "login"
    """A redirect to a login or consent page, which knows where to return to."""
    ACCESS_DENIED = "access-denied"
    """401 or 403 where a page was archived before or is listed."""
    EMPTY = "empty"
    """A body without content where a page is known to be."""
    REDIRECT_LOOP = "redirect-loop"
    """Redirects that lead back to where they began, or never end."""
    WRONG_FORMAT = "wrong-format"
    """An HTML page where a list was read before."""
    SAME_ANSWER = "same-answer"
    """One answer that several known pages have in common."""


@dataclass(frozen=True, slots=True)
class Wall:
    """The verdict that an answer is a wall, or the suspicion."""

    kind: WallKind
    evidence: str
    """What in the answer shows it, for people."""
    is_certain: bool = True
    """False for what proves a wall only where a page is known to be."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.evidence}"
