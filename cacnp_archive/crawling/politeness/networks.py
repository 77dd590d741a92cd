"""Which addresses a crawl may reach: no page of a public site leads into a private network."""

from ipaddress import ip_address

from cacnp_archive.model.site import Site
from cacnp_archive.model.urls import is_private_name


class Networks:
    """Knows on which side the site itself lies; other hosts must lie on the same."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._is_site_public = not is_private_name(site.host)

    def may_reach(self, host: str, ip: str) -> bool:
        """Whether a host may be reached at an IP address.

        The site may, wherever it is: its operator has named it. Another host may when both are
        public, or both private (a stand-in and what its pages need).
        """
        is_public = ip_address(ip.partition("%")[0]).is_global
        if host.removeprefix("www.") == self._site.hostname:
            self._is_site_public = is_public
            return True
        return is_public == self._is_site_public
