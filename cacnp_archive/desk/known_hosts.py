"""Which names the desk answers to.

A page elsewhere can make its own name lead to this machine (DNS rebinding), and then read the desk
as if it were a part of that page. The browser still sends the page's name in the Host header.
"""

import re
from collections.abc import Iterable

from cacnp_archive.desk.headers import Scope, Send
from cacnp_archive.model.errors import UsageError

_OF_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@/?#\s]+)(?::[0-9]*)?")


class KnownHosts:
    """The names of this machine, and those that the operator has given."""

    def __init__(self, given: Iterable[str] = ()) -> None:
        """Take names or IP addresses, without ports; an IPv6 address may have brackets.

        Raises UsageError when one is no name of a host.
        """
        self._names = frozenset([*_OF_THIS_MACHINE, *map(_as_in_urls, given)])

    def include(self, scope: Scope) -> bool:
        """Whether a request has one Host header, and with a known name; the port may be any."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        return found is not None and found[1].decode("latin-1").lower() in self._names

    async def refuse(self, send: Send) -> None:
        """Send a response that says at which names the desk can be opened."""
        text = (
            f"The desk answers only to these names: {', '.join(sorted(self._names))}.\n"
            "Open it at one of them, or start it with the option --name and the name you used.\n"
        )
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})


def _as_in_urls(name: str) -> str:
    if name.count(":") > 1 and not name.startswith("["):
        name = f"[{name.partition('%')[0]}]"  # a zone is for this machine alone
    found = _HOST.fullmatch(name.encode())
    if found is None or found[1] != name.encode():
        raise UsageError(f"{name!r} is no name of a host: give it without http://, port and path")
    return name.lower()
