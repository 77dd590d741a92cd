"""Named fields of WARC records: (name, value) pairs in the order in which they are written."""

NamedFields = list[tuple[str, str]]


def first_value(fields: NamedFields, name: str) -> str:
    """Return the first value of a field, whose name is case-insensitive, or "".

    >>> first_value([("WARC-Type", "response"), ("warc-type", "request")], "Warc-Type")
    'response'
    """
    wanted = name.lower()
    for key, value in fields:
        if key == name or key.lower() == wanted:
            return value
    return ""
