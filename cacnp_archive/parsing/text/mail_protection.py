"""E-mail addresses that Cloudflare hides in pages from readers without scripts.

It prints `[email protected]` in their place, and the address as hexadecimal bytes: the first is the
key, with which each of the others is to be combined by XOR.
"""

import re

_HIDDEN_LINK = re.compile(r"/cdn-cgi/l/email-protection#((?:[0-9a-f]{2})+)$", re.IGNORECASE)


def reveal(encoded: str) -> str:
    """Return an address from its hexadecimal form; "" when it is none.

    >>> reveal("422302206c2d3025")
    'a@b.org'
    """
    try:
        key, *rest = bytes.fromhex(encoded)
        return bytes(byte ^ key for byte in rest).decode()
    except ValueError:
        return ""


def reveal_link(reference: str) -> str:
    """Return the `mailto:` reference that a hidden one stands for; any other as it is.

    >>> reveal_link("/cdn-cgi/l/email-protection#422302206c2d3025")
    'mailto:a@b.org'
    """
    match = _HIDDEN_LINK.search(reference)
    address = reveal(match[1]) if match else ""
    return f"mailto:{address}" if address else reference
