"""What the server's own log says about a crawl with the default settings."""

from itertools import pairwise
from pathlib import Path

from cacnp_archive.replica import ReplicaServer, build_site
from tests.conftest import BIN, run

REQUESTS = 12


def test_log_of_the_server_shows_that_the_default_settings_are_polite(tmp_path: Path) -> None:
    site = build_site()
    site.robots_lines.append("Disallow: /about/")
    with ReplicaServer(site) as server:
        result = run(
            *(BIN / "scrapy", "crawl", "cacnp", "-a", f"base_url={server.base_url}"),
            *("-s", f"CACNP_DATA_DIR={tmp_path}", "-s", f"CACNP_MAX_REQUESTS={REQUESTS}"),
        )
        log = list(server.log)
    assert result.returncode == 5, result.stderr
    assert len(log) == REQUESTS
    assert log[0].path == "/robots.txt"
    assert max(entry.active for entry in log) <= 2
    begun = sorted(entry.at for entry in log)
    assert min(later - earlier for earlier, later in pairwise(begun)) > 0.95
    assert not [entry.path for entry in log if entry.path.startswith(("/about/", "/wp-admin/"))]
    agents = {dict(entry.headers)["User-Agent"] for entry in log}
    assert len(agents) == 1
    assert agents.pop().startswith("cacnp-archive/")
