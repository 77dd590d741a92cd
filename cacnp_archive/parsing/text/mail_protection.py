"""Decode e-mail addresses that Cloudflare obfuscates.

Cloudflare prints `[email protected]` instead, and the address as hexadecimal bytes: the first byte
is the key, which is combined with each other byte by XOR.
"""

import re

_HIDDEN_LINK = re.compile(r"/cdn-cgi/l/email-protection#((?:[0-9a-f]{2})+)$", re.IGNORECASE)


def reveal(encoded: str) -> str:
    """Return the e-mail address of its hexadecimal form; "" when it is invalid.

    >>> reveal("422302206c2d3025")
    'a@b.org'
    """
    try:
        key, *rest = bytes.fromhex(encoded)
        return bytes(byte ^ key for byte in rest).decode()
    except ValueError:
        return ""


def reveal_link(reference: str) -> str:
    """Return the `mailto:` reference of an obfuscated one; any other reference unchanged.

    >>> reveal_link("/cdn-cgi/l/email-protection#422302206c2d3025")
    'mailto:a@b.org'
    """
    match = _HIDDEN_LINK.search(reference)
    address = reveal(match[1]) if match else ""
    return f"mailto:{address}" if address else reference
