"""Find the JSON in a response that may have text around it, or lack its end."""

import json
import re
from dataclasses import dataclass

_OPENING = re.compile(r"[\[{]")
_BEGUN = re.compile(r"\[\s*(?:\{|\Z)|\{\s*(?:\"|\Z)")
_MAX_FAILURES = 100
"""Places that look like the beginning of JSON, and are not, before the search ends."""


@dataclass(frozen=True, slots=True)
class JsonText:
    """The values in a text, in order."""

    values: tuple[object, ...]
    is_whole: bool
    """False when JSON begins whose end is missing or that is damaged; its complete items count."""
    is_alone: bool
    """Whether one value is all that the text has."""


def json_values(text: str) -> JsonText:
    """Return the arrays and objects in a text.

    >>> json_values('Notice: x in [a] [{"id": 1}]').values
    ([{'id': 1}],)
    >>> json_values('[{"id": 1}, {"id": 2').values
    ({'id': 1},)
    """
    text = text.strip("\ufeff \t\r\n\0")
    try:
        return JsonText((json.loads(text),), is_whole=True, is_alone=True)
    except (ValueError, RecursionError):
        pass
    values: list[object] = []
    is_whole = True
    failures = position = 0
    decode = json.JSONDecoder().raw_decode
    while failures < _MAX_FAILURES and (opening := _OPENING.search(text, position)):
        position = opening.start()
        try:
            value, position = decode(text, position)
        except (ValueError, RecursionError):
            is_whole = is_whole and not _BEGUN.match(text, position)
            failures += 1
            position += 1
        else:
            values.append(value)
    return JsonText(tuple(values), is_whole and failures < _MAX_FAILURES, is_alone=False)
