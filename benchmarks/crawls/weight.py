"""The inline styles and scripts that WordPress adds to each page's head.

The replica's pages have 17 kB; three pages of other WordPress sites have 56, 146 and 389 kB, with
17 to 36 scripts. Benchmarks use pages like the lightest of these.
"""

import json
import random

BLOCKS = ("audio", "button", "columns", "cover", "file", "gallery", "group", "heading")
BLOCKS += ("image", "list", "navigation", "quote", "search", "separator", "table", "video")
PARTS = ("__inner", "__link", "__label", "__content", "__icon", ".is-wide", ".has-border")
PROPERTIES = ("margin", "padding", "border-radius", "font-size", "line-height", "gap")
PROPERTIES += ("max-width", "min-height", "flex-basis", "letter-spacing", "top", "left")
UNITS = ("px", "em", "rem", "%", "vw")

STYLES, STYLE_BYTES = 12, 3000
SCRIPTS, SCRIPT_BYTES = 8, 450


def weight() -> bytes:
    """Return some 40 kB for a page's head, the same for all pages.

    >>> len(weight()) // 1000, weight() == weight()
    (41, True)
    """
    chance = random.Random(58)
    parts = [
        f"<style id='wp-block-{block}-inline-css'>\n{_rules(chance, STYLE_BYTES)}</style>\n"
        for block in BLOCKS[:STYLES]
    ]
    for number in range(SCRIPTS):
        setting = json.dumps({"rules": _rules(chance, SCRIPT_BYTES)})
        parts.append(f"<script id='part-{number}-js'>\nvar part{number} = {setting};\n</script>\n")
    return "".join(parts).encode()


def _rules(chance: random.Random, size: int) -> str:
    rules = ""
    while len(rules) < size:
        values = "".join(
            f"{chance.choice(PROPERTIES)}:{chance.randrange(100)}{chance.choice(UNITS)};"
            for _ in range(chance.randrange(1, 5))
        )
        rules += f".wp-block-{chance.choice(BLOCKS)}{chance.choice(PARTS)}{{{values}}}\n"
    return rules
