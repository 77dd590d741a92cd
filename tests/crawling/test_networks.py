import asyncio
import ssl

import pytest

from cacnp_archive.crawling.politeness.networks import Networks
from cacnp_archive.crawling.wire import ExchangeError, Wire, WireRequest
from cacnp_archive.model.capture import FailureReason
from cacnp_archive.model.site import HOME, Site
from tests.support.raw_server import RawServer

PUBLIC, PRIVATE = "93.184.216.34", "10.1.2.3"


REFUSED = (
    "127.0.0.1", PRIVATE, "169.254.169.254", "168.63.129.16", "224.0.0.1", "203.0.113.1", "::1",
    "fe80::1%eth0", "fec0::1", "::ffff:10.1.2.3", "::10.1.2.3", "64:ff9b::a01:203",
    "2002:a01:203::1", "2001:0:808:808::f5fe:fdfc", "2606:4700::5efe:a01:203",
)  # fmt: skip


@pytest.mark.parametrize("ip", REFUSED)
def test_public_site_leads_into_no_private_network(ip: str) -> None:
    networks = Networks(Site.at(HOME))
    assert networks.may_reach("armscontrolcenter.org", PUBLIC)
    assert networks.may_reach("cdn.example.org", PUBLIC)
    assert networks.may_reach("cdn.example.org", f"64:ff9b::{PUBLIC}")
    assert not networks.may_reach("cdn.example.org", ip)


def test_site_that_is_served_on_a_private_network_leads_to_nothing_public() -> None:
    networks = Networks(Site.at(HOME))
    assert networks.may_reach("www.armscontrolcenter.org", "127.0.0.1")
    assert networks.may_reach("cdn.example.org", "127.0.0.1")
    assert not networks.may_reach("cdn.example.org", PUBLIC)


def test_host_that_lies_elsewhere_is_not_even_connected_to() -> None:
    networks = Networks(Site.at(HOME))

    async def ask(url: str) -> None:
        wire = Wire(ssl.create_default_context(), may_reach=networks.may_reach)
        try:
            await wire.exchange(WireRequest(url=url, timeout=60, max_bytes=1000))
        finally:
            await wire.close()

    with RawServer({}) as server:
        port = server.base_url.rstrip("/").rpartition(":")[2]
        with pytest.raises(ExchangeError, match="another network") as caught:
            asyncio.run(ask(f"http://localhost:{port}/metadata"))
        assert server.times == []
    assert caught.value.failed.reason is FailureReason.FORBIDDEN_ADDRESS
