"""How the report words what it counts, on its page and in a terminal."""

from collections.abc import Mapping

from cacnp_archive.display.words import count


def field_name(name: str) -> str:
    """Return the name of a field as a person reads it.

    >>> field_name("wordpress_id"), field_name("date")
    ('WordPress id', 'date')
    """
    return name.replace("wordpress", "WordPress").replace("_", " ")


def reasons(counts: Mapping[str, int]) -> str:
    """Return counts by reason, the most frequent first; empty when there are none.

    >>> reasons({"trap": 2, "robots": 30, "429": 1})
    '30 robots, 2 trap, 1 × 429'
    """
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(
        f"{count(number)} {'× ' if reason.isdigit() else ''}{reason}" for reason, number in ordered
    )


def changes_in_brief(counts: Mapping[str, int]) -> str:
    """Return how many articles changed in which way, in one line.

    >>> changes_in_brief({"gone": 0, "edited": 1, "added": 1200})
    '1 edited, 1,200 added'
    >>> changes_in_brief({"gone": 0})
    'no change'
    """
    counted = {kind: number for kind, number in counts.items() if number}
    return ", ".join(f"{count(number)} {kind}" for kind, number in counted.items()) or "no change"
