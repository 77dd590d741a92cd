"""What has not changed is kept as a revisit, and replayed as the page that it was."""

import urllib.request
from collections import Counter

import pytest

from cacnp_archive.maintenance.verify import verify_archive
from tests.conftest import BIN, SEED_PAGE, run
from tests.support.pywb import serve_with_pywb
from tests.support.recrawled import WITHOUT_VALIDATORS, Recrawled


def test_both_kinds_of_revisit_are_written(recrawled: Recrawled) -> None:
    profiles = Counter(
        record.field("WARC-Profile").rpartition("/")[2]
        for record in recrawled.records()
        if record.record_type == "revisit"
    )
    assert profiles["server-not-modified"] == recrawled.statuses[304] > 100
    assert profiles["identical-payload-digest"] >= len(WITHOUT_VALIDATORS)


def test_unchanged_site_reads_the_same(recrawled: Recrawled) -> None:
    assert recrawled.first == recrawled.second


def test_readings_come_from_records_that_have_the_bytes(recrawled: Recrawled) -> None:
    assert recrawled.rows(
        """SELECT DISTINCT record_type FROM articles JOIN captures ON captures.id = capture_id"""
    ) == [{"record_type": "response"}]


def test_revisit_of_not_modified_has_an_empty_block(recrawled: Recrawled) -> None:
    records = {record.record_id: record for record in recrawled.records()}
    metadata = {
        record.field("WARC-Concurrent-To").strip("<>"): record.block.to_bytes()
        for record in records.values()
        if record.record_type == "metadata"
    }
    revisits = [r for r in records.values() if r.field("WARC-Profile").endswith("not-modified")]
    for revisit in revisits:
        original = records[revisit.field("WARC-Refers-To").strip("<>")]
        assert revisit.block.size == 0
        assert revisit.field("WARC-Payload-Digest") == ""
        assert revisit.field("WARC-Refers-To-Target-URI") == original.field("WARC-Target-URI")
        assert revisit.field("WARC-Refers-To-Date") == original.field("WARC-Date")
        assert b"httpHeaderLine: HTTP/1.1 304 Not Modified" in metadata[revisit.record_id]
        assert b"\r\nhttpHeaderLine: ETag: " in metadata[revisit.record_id]


def test_revisit_of_a_payload_repeats_the_digest_to_the_letter(recrawled: Recrawled) -> None:
    records = {record.record_id: record for record in recrawled.records()}
    revisits = [r for r in records.values() if r.field("WARC-Profile").endswith("payload-digest")]
    for revisit in revisits:
        original = records[revisit.field("WARC-Refers-To").strip("<>")]
        assert original.record_type == "response"
        assert revisit.field("WARC-Payload-Digest") == original.field("WARC-Payload-Digest") != ""
        assert revisit.block.to_bytes().endswith(b"\r\n\r\n")


def test_rows_and_records_agree(recrawled: Recrawled) -> None:
    assert verify_archive(recrawled.archive).findings == []


@pytest.mark.parametrize(
    "command", [("warcio", "check"), ("fastwarc", "check"), ("cdxj-indexer", "--sort")]
)
def test_outside_tools_accept_revisits(command: tuple[str, ...], recrawled: Recrawled) -> None:
    paths = sorted(recrawled.archive.warc_folder.glob("*.warc.gz"))
    for path in paths:
        result = run(BIN / command[0], *command[1:], path)
        assert result.returncode == 0, result.stdout + result.stderr


def test_pywb_replays_every_revisit_as_its_original(recrawled: Recrawled) -> None:
    captures = recrawled.rows(
        """SELECT revisit.url AS url, revisit.captured_at AS at, original.url AS original_url,
            original.captured_at AS original_at, revisit.status AS status
        FROM captures AS revisit JOIN captures AS original ON original.id = revisit.original_id"""
    )
    assert len(captures) > 100
    with serve_with_pywb(recrawled.archive) as address:
        differing = [
            capture
            for capture in captures
            if replayed(address, capture["at"], capture["url"])
            != replayed(address, capture["original_at"], capture["original_url"])
        ]
        assert differing == []
        second = max(str(c["at"]) for c in captures if c["url"] == recrawled.base_url + SEED_PAGE)
        assert replayed(address, second, recrawled.base_url + SEED_PAGE)[1] == recrawled.seed_page


def replayed(address: str, moment: object, url: object) -> tuple[int, bytes]:
    timestamp = "".join(filter(str.isdigit, str(moment)))[:14]
    with urllib.request.urlopen(f"{address}{timestamp}id_/{url}") as response:
        return response.status, response.read()
