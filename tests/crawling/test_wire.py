import asyncio
import gzip
import socket
import ssl
from pathlib import Path

import pytest
import trustme

from cacnp_archive.crawling.wire import ExchangeError, Wire, WireRequest
from cacnp_archive.model.capture import Capture, FailureReason
from cacnp_archive.model.content_coding import MAX_DECODED_BYTES
from cacnp_archive.model.spool import IN_MEMORY_BYTES
from cacnp_archive.warc.reader import StoredRecord, read_records
from cacnp_archive.warc.writer import WarcWriter
from tests.support.fetching import fetch, fetch_all
from tests.support.odd_answers import HEAD_ANSWER, HTML, ODD_ANSWERS
from tests.support.raw_server import RawServer


def written(folder: Path, captures: list[Capture]) -> list[StoredRecord]:
    writer = WarcWriter(folder, "test", [("software", "test")], 1 << 30)
    writer.write(captures)
    writer.close()
    return list(read_records(folder / "test-00001.warc.gz"))


@pytest.mark.parametrize("path", ODD_ANSWERS)
def test_records_hold_the_bytes_that_the_server_sent_and_got(path: str, tmp_path: Path) -> None:
    with RawServer(ODD_ANSWERS) as server:
        capture = fetch(server.base_url.rstrip("/") + path)
    records = {record.record_type: record for record in written(tmp_path, [capture])}
    assert records["response"].block.to_bytes() == server.sent[0][1]
    assert records["request"].block.to_bytes() == server.requests[0]
    assert capture.truncated is None


INTERIM = {
    "hints": (b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n",),
    "two": (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "in pieces": (b"HT", b"TP/1.1 10", b"3 Early Hints\r\nLink: x\r\n", b"\r\n"),
}


@pytest.mark.parametrize("case", INTERIM)
def test_interim_responses_are_kept_aside(case: str, tmp_path: Path) -> None:
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with RawServer({"/": (*INTERIM[case], final)}) as server:
        capture = fetch(server.base_url)
    assert (capture.status, capture.interim) == (200, b"".join(INTERIM[case]))
    _, response, _, metadata = written(tmp_path, [capture])
    assert response.block.to_bytes() == final
    assert b"interimHeaderLine: HTTP/1.1 10" in metadata.block.to_bytes()


def test_head_response_ends_with_its_headers(tmp_path: Path) -> None:
    with RawServer({"/": HEAD_ANSWER}) as server:
        capture = fetch(server.base_url, method="HEAD")
    assert capture.message.complete
    assert written(tmp_path, [capture])[1].block.to_bytes() == HEAD_ANSWER


def test_request_is_what_a_careful_client_sends() -> None:
    with RawServer({"/a?b=c": b"HTTP/1.1 204 No Content\r\n\r\n"}) as server:
        fetch(server.base_url + "a?b=c#fragment")
    host = server.base_url.removeprefix("http://").rstrip("/").encode()
    assert server.requests == [
        b"GET /a?b=c HTTP/1.1\r\nHost: " + host + b"\r\nUser-Agent: test\r\n"
        b"Accept-Encoding: gzip\r\n\r\n"
    ]


def test_connection_is_reused_when_the_server_allows_it() -> None:
    with RawServer({"/": ODD_ANSWERS["/chunked"]}) as server:
        first, second = fetch_all([server.base_url, server.base_url])
        assert len(server._sockets) == 1
    assert first.body == second.body == HTML


def test_connection_that_the_server_has_closed_meanwhile_is_replaced() -> None:
    answer = b"CUTHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with RawServer({"/": answer}) as server:
        captures = fetch_all([server.base_url] * 3)
    assert [capture.body for capture in captures] == [b"ok"] * 3


def test_bodies_are_decoded_for_the_reader() -> None:
    with RawServer(ODD_ANSWERS) as server:
        assert fetch(server.base_url + "gzip-chunked").body == HTML * 20


def test_tls_facts_are_kept(tmp_path: Path) -> None:
    authority = trustme.CA()
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server_tls)
    client_tls = ssl.create_default_context()
    authority.configure_trust(client_tls)
    with RawServer(ODD_ANSWERS, server_tls) as server:
        (capture,) = fetch_all([server.base_url + "gzip-chunked"], tls=client_tls)
    assert capture.protocols == ("http/1.1", "tls/1.3")
    assert capture.cipher == "TLS_AES_256_GCM_SHA384"
    response = written(tmp_path, [capture])[1]
    assert response.block.to_bytes() == server.sent[0][1]
    assert ("WARC-Protocol", "tls/1.3") in response.fields
    assert ("WARC-Cipher-Suite", "TLS_AES_256_GCM_SHA384") in response.fields
    assert response.field("WARC-IP-Address") == "127.0.0.1"


def test_untrusted_certificate_is_a_failure_with_its_reason() -> None:
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server_tls)
    with RawServer({}, server_tls) as server, pytest.raises(ExchangeError) as caught:
        fetch(server.base_url)
    assert caught.value.failed.reason is FailureReason.TLS


def test_large_body_is_spooled_and_whole(tmp_path: Path) -> None:
    body = bytes(range(256)) * (IN_MEMORY_BYTES // 128)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with RawServer({"/": head + body}) as server:
        capture = fetch(server.base_url)
    assert capture.message.entity.size == len(body)
    assert written(tmp_path, [capture])[1].block.to_bytes() == head + body


CUT_SHORT = {
    "content length": (b"CUTHTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", b"short"),
    "chunk": (
        b"CUTHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n9\r\ncut",
        b"wholecut",
    ),
    "bad chunk": (
        b"CUTHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\nzz\r\n",
        b"whole",
    ),
}


@pytest.mark.parametrize("case", CUT_SHORT)
def test_cut_body_is_kept_and_marked(case: str, tmp_path: Path) -> None:
    answer, entity = CUT_SHORT[case]
    with RawServer({"/": answer}) as server:
        capture = fetch(server.base_url)
    assert capture.truncated == "disconnect"
    assert capture.message.entity.to_bytes() == entity
    response = written(tmp_path, [capture])[1]
    assert response.field("WARC-Truncated") == "disconnect"
    assert response.block.to_bytes() == answer.removeprefix(b"CUT")


DOUBTFUL: dict[str, tuple[bytes, bytes]] = {
    "surplus": (b"Content-Length: 2\r\n\r\nok<!--", b" and more -->"),
    "broken chunks": (b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nWarning!\r\n", b"more"),
    "two lengths": (b"Content-Length: 2\r\nContent-Length: 90\r\n\r\nok", b""),
}


@pytest.mark.parametrize("end", [b"CUT", b""])
@pytest.mark.parametrize("case", DOUBTFUL)
def test_all_bytes_are_kept_where_the_end_is_in_doubt(
    case: str, end: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cacnp_archive.crawling.wire.PAUSE_SECONDS", 0.3)
    first, second = DOUBTFUL[case]
    head = b"HTTP/1.1 200 OK\r\n" + first
    with RawServer({"/": (end + head, second)}) as server:
        capture = fetch(server.base_url)
    assert capture.message.entity.to_bytes() == b"ok"
    assert capture.truncated == ("disconnect" if case == "broken chunks" else None)
    assert written(tmp_path, [capture])[1].block.to_bytes() == head + second
    assert len(capture.message.problems) == 1


ODD_HEADS = {
    "/no-colon": b"HTTP/1.1 200 OK\r\nVary: a;\r\nCookie\r\n",
    "/no-version": b"HTTP 200 OK\r\n",
    "/radio": b"ICY 200 OK\r\n",
    "/notice": b"PHP Notice: x\nHTTP/1.1 200 OK\r\n",
    "/nothing": b"",
}


@pytest.mark.parametrize("path", ODD_HEADS)
def test_what_a_browser_shows_is_captured_to_the_byte(path: str, tmp_path: Path) -> None:
    body = HTML * 3000
    end = b"Content-Length: %d\r\n\r\n" % len(body) if path != "/nothing" else b""
    with RawServer({path: b"CUT" + ODD_HEADS[path] + end + body}) as server:
        capture = fetch(server.base_url.rstrip("/") + path)
    assert (capture.status, capture.truncated) == (200, None)
    assert capture.body == body
    assert len(capture.message.problems) == 1
    assert written(tmp_path, [capture])[1].block.to_bytes() == server.sent[0][1].removeprefix(
        b"CUT"
    )


def test_connection_is_not_used_again_after_an_odd_response() -> None:
    odd = b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"
    with RawServer({"/": odd}) as server:
        fetch_all([server.base_url, server.base_url])
        assert len(server._sockets) == 2


def test_body_beyond_the_limit_is_cut_and_marked() -> None:
    with RawServer(
        {"/": b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + b"x" * 900000}
    ) as s:
        capture = fetch(s.base_url, max_bytes=1000)
    assert capture.truncated == "length"
    assert 1000 <= capture.block.size < 900000


def test_body_that_takes_too_long_is_cut_and_marked() -> None:
    with RawServer({"/": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow"}) as server:
        capture = fetch(server.base_url, timeout=0.3)
    assert capture.truncated == "time"
    assert capture.message.entity.to_bytes() == b"slow"


STEADY = (b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n", *(b"x" for _ in range(30)))
"""A byte every 0.05 seconds."""


def test_steady_body_is_captured_however_long_it_takes() -> None:
    with RawServer({"/": STEADY}) as server:
        capture = fetch(server.base_url, timeout=0.5, min_rate=2)
    assert capture.truncated is None
    assert capture.message.entity.size == 30


@pytest.mark.parametrize("limits", [{"min_rate": 1000}, {"max_seconds": 0.6}])
def test_body_that_is_too_slow_or_too_long_is_cut_and_marked(limits: dict[str, float]) -> None:
    with RawServer({"/": STEADY}) as server:
        capture = fetch(server.base_url, timeout=0.5, **limits)
    assert capture.truncated == "time"
    assert 0 < capture.message.entity.size < 30


def test_headers_that_trickle_in_are_a_timeout() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 60
    trickling = tuple(head[at : at + 1] for at in range(len(head)))
    with RawServer({"/": trickling}) as server, pytest.raises(ExchangeError) as caught:
        fetch(server.base_url, timeout=0.4, min_rate=100)
    assert caught.value.failed.reason is FailureReason.TIMEOUT
    assert "100 bytes per second" in caught.value.failed.detail


def test_exchange_ends_soon_after_the_crawl() -> None:
    async def run(url: str) -> str | None:
        wire = Wire(ssl.create_default_context(), is_ending=lambda: True)
        try:
            request = WireRequest(url=url, timeout=0.3, max_bytes=1000)
            return (await wire.exchange(request)).truncated
        finally:
            await wire.close()

    with RawServer({"/": STEADY}) as server:
        assert asyncio.run(run(server.base_url)) == "time"


def refused_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_refused_connection_says_so() -> None:
    with pytest.raises(ExchangeError) as caught:
        fetch(refused_port())
    assert caught.value.failed.reason is FailureReason.REFUSED


def test_unknown_host_says_so() -> None:
    with pytest.raises(ExchangeError) as caught:
        fetch("http://no-such-host.invalid/")
    assert caught.value.failed.reason is FailureReason.DNS


NO_RESPONSE: dict[str, tuple[bytes, FailureReason]] = {
    "silence": (b"CUT", FailureReason.RESET),
    "half a head": (b"CUTHTTP/1.1 200 OK\r\nContent-Le", FailureReason.RESET),
    "another protocol": (b"CUTSSH-2.0-OpenSSH_9.6\r\n", FailureReason.MALFORMED),
    "flood of interim responses": (
        b"CUT" + b"HTTP/1.1 102 Processing\r\n\r\n" * 20_000,
        FailureReason.MALFORMED,
    ),
    "endless headers": (b"CUTHTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 60000, FailureReason.MALFORMED),
}


@pytest.mark.parametrize("case", NO_RESPONSE)
def test_what_is_no_response_is_a_failure_with_its_reason(case: str) -> None:
    answer, reason = NO_RESPONSE[case]
    with RawServer({"/": answer}) as server, pytest.raises(ExchangeError) as caught:
        fetch(server.base_url)
    assert caught.value.failed.reason is reason


def test_no_answer_in_time_is_a_timeout() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, pytest.raises(ExchangeError) as caught:
        fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=0.2)
    assert caught.value.failed.reason is FailureReason.TIMEOUT


def test_of_a_gzip_bomb_the_beginning_is_inflated() -> None:
    bomb = gzip.compress(bytes(2 * MAX_DECODED_BYTES))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    with RawServer({"/": head + bomb}) as server:
        capture = fetch(server.base_url)
    assert len(capture.body) == MAX_DECODED_BYTES
    assert len(capture.beginning(1000)) <= 1000
