"""Which IP addresses a crawl may reach: a public site must not lead into a private network."""

from cacnp_archive.model.public_addresses import is_public
from cacnp_archive.model.site import Site
from cacnp_archive.model.urls import is_private_name


class Networks:
    """Remembers whether the site is on a public or a private network; other hosts must match."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._is_site_public = not is_private_name(site.host)

    def may_reach(self, host: str, ip: str) -> bool:
        """Whether a host may be contacted at an IP address.

        The site itself may be anywhere, since the operator has named it. Another host must be
        public when the site is, and private when the site is (a test copy and its other hosts).
        """
        is_ip_public = is_public(ip)
        if host.removeprefix("www.") == self._site.hostname:
            self._is_site_public = is_ip_public
            return True
        return is_ip_public == self._is_site_public
