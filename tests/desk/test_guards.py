"""The desk answers to known names only, and no query fills the memory."""

import asyncio
import tracemalloc
from typing import Any
from urllib.parse import urlencode

import pytest

from cacnp_archive.desk.known_hosts import KnownHosts
from cacnp_archive.desk.serve import application
from cacnp_archive.model.errors import UsageError
from tests.conftest import CrawledReplica

KNOWN = (
    "localhost", "localhost:8001", "LocalHost:1", "127.0.0.1", "127.0.0.1:8001", "[::1]",
    "[::1]:8001", "archive.example:80", "10.1.2.3:8001", "[fd00::7]:8001", "[fd00::8]",
    "[fe80::9]",
)  # fmt: skip

UNKNOWN = (
    "rebound.example", "rebound.example:8001", "localhost.rebound.example", "127.0.0.1.example",
    "10.1.2.4", "[::2]", "::1", "", ":8001", "localhost:8001:8001", "localhost@rebound.example",
    "rebound.example@localhost", "localhost, rebound.example", "localhost/x", "[::1", "[::1]x",
    "localhost:x", "localhost\n",
)  # fmt: skip

HOSTS = KnownHosts(["archive.example", "10.1.2.3", "fd00::7", "[fd00::8]", "fe80::9%eth0"])


@pytest.mark.parametrize("name", ["", "archive.example:8001", "http://archive.example", "a/b"])
def test_name_that_no_host_has_is_a_clear_message(name: str) -> None:
    with pytest.raises(UsageError, match="without http://, port and path"):
        KnownHosts([name])


def requested(*hosts: str) -> dict[str, Any]:
    return {"type": "http", "headers": [(b"host", host.encode()) for host in hosts]}


@pytest.mark.parametrize("host", KNOWN)
def test_known_name_is_known_with_any_port(host: str) -> None:
    assert HOSTS.include(requested(host))


@pytest.mark.parametrize("host", UNKNOWN)
def test_other_name_is_not_known(host: str) -> None:
    assert not HOSTS.include(requested(host))


def test_one_name_must_be_given() -> None:
    assert not HOSTS.include(requested())
    assert not HOSTS.include(requested("localhost", "rebound.example"))
    assert not HOSTS.include(requested("localhost", "localhost"))


def ask(replica: CrawledReplica, path: str, host: str = "localhost") -> Any:
    async def response() -> Any:
        datasette = application(replica.archive, None, ["archive.example"])
        return await datasette.client.get(path, headers={"Host": host})

    return asyncio.run(response())


@pytest.mark.parametrize("path", ["/", "/archive.json", "/-/settings.json", "/desk-static/desk.js"])
def test_page_that_rebinds_its_name_reads_nothing(path: str, replica: CrawledReplica) -> None:
    refused = ask(replica, path, "rebound.example:8001")
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "text/plain; charset=utf-8"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert "[::1], archive.example, localhost" in refused.text
    assert "--name" in refused.text
    assert ask(replica, path, "archive.example:8001").status_code == 200


def query(replica: CrawledReplica, sql: str) -> Any:
    return ask(replica, "/archive.json?" + urlencode({"sql": sql, "_shape": "array"}))


NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "

LARGE = {
    "SELECT length(zeroblob(2000000000))": "too big",
    "SELECT zeroblob(50000001) AS b": "too big",
    "SELECT length(hex(zeroblob(30000000)))": "too big",
    "SELECT length(replace(hex(zeroblob(1000000)), '0', hex(zeroblob(100))))": "too big",
    NUMBERS.format(2000) + "SELECT zeroblob(1000000) FROM n": "more than 100 MB",
    NUMBERS.format(9) + "SELECT zeroblob(20000000), hex(zeroblob(10000000)) FROM n":
        "more than 100 MB",
}  # fmt: skip


@pytest.mark.parametrize("sql", LARGE)
def test_query_with_a_large_result_is_refused_and_says_why(
    sql: str, replica: CrawledReplica
) -> None:
    tracemalloc.start()
    try:
        refused = query(replica, sql)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.status_code == 400
    assert LARGE[sql] in refused.json()["error"]
    assert peak < 300_000_000


def test_large_results_below_the_limits_are_shown_one_after_another(
    replica: CrawledReplica,
) -> None:
    async def lengths() -> list[int]:
        datasette = application(replica.archive, None)
        database = datasette.get_database("archive")
        sql = NUMBERS.format(3) + "SELECT zeroblob(20000000) AS b FROM n"
        return [sum(len(row["b"]) for row in await database.execute(sql)) for _ in range(6)]

    assert asyncio.run(lengths()) == [60_000_000] * 6


def test_query_without_end_is_stopped(replica: CrawledReplica) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    refused = query(replica, endless)
    assert refused.status_code == 400
    assert "too long" in refused.json()["error"]


def test_rows_beyond_the_limit_are_left_out(replica: CrawledReplica) -> None:
    path = "/archive.json?" + urlencode({"sql": NUMBERS.format(5000) + "SELECT i FROM n"})
    found = ask(replica, path).json()
    assert (len(found["rows"]), found["truncated"]) == (2000, True)
