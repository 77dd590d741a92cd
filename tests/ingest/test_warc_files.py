"""A file that many processes read in segments gives the same readings as one read in order."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cacnp_archive.ingest.warc_files import WarcFileReader
from cacnp_archive.ingest.workers import Workers
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, FailedExchange, FailureReason, Original
from cacnp_archive.model.reading import ReadCapture
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.warc.captures import StoredCapture, find_exchange, read_exchanges
from cacnp_archive.warc.reader import DamagedWarcError, read_records
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import MOMENT, make_capture
from tests.support.warc_files import original_of

SITE = Site.at(HOME)
FAILED = FailedExchange(
    url=f"{HOME}lost/", failed_at=MOMENT, reason=FailureReason.RESET, detail="reset"
)


def page(number: int, size: int = 0) -> Capture:
    filler = random.Random(number).randbytes(size).hex()
    body = f"<title>{number}</title><a href='/{number + 1}/'>next</a><!--{filler}-->"
    return make_capture(f"{HOME}{number}/", body.encode())


def write(folder: Path, items: list[Capture | FailedExchange]) -> Path:
    """Write a file; a capture whose entity was there before is kept as a revisit."""
    seen: dict[str, Original] = {}
    writer = WarcWriter(folder, "w", [("software", "test")], 1 << 30, find_original=seen.get)
    for item in items:
        (safe,) = writer.write([item])
        if isinstance(safe, Capture) and safe.digests and safe.digests.payload:
            seen.setdefault(safe.digests.payload, original_of(safe))
    writer.close()
    return folder / "w-00001.warc.gz"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive of pages, a failure, revisits, and a WARC file within a file."""
    archive = Archive(tmp_path_factory.mktemp("archive"))
    archive.warc_folder.mkdir()
    inner = write(tmp_path_factory.mktemp("inner"), [page(1)]).read_bytes()
    noise = random.Random(0).randbytes(200_000)  # which zlib keeps as it is
    nested = make_capture(
        f"{HOME}a.tar",
        noise[:100_000] + inner + noise[100_000:],
        headers=(("Content-Type", "application/x-tar"),),
    )
    again = replace(page(3), url=f"{HOME}again/")
    write(
        archive.warc_folder,
        [page(3), FAILED, page(4, 9_000), nested, again, *map(page, range(5, 30)), page(4, 9_000)],
    )
    return archive


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with closing(Workers(2)) as workers:
        yield workers


def path_in(archive: Archive) -> Path:
    return archive.warc_folder / "w-00001.warc.gz"


ContentFingerprint = list[tuple[str, int, tuple[str, ...]]]


def said(items: list[ReadCapture | FailedExchange]) -> ContentFingerprint:
    found: ContentFingerprint = []
    for item in items:
        of = item.capture if isinstance(item, ReadCapture) else item
        assert of.record is not None
        links = item.reading.links if isinstance(item, ReadCapture) else ()
        found.append((of.url, of.record.offset, links))
    return found


def reread(
    reader: WarcFileReader, path: Path, known: frozenset[int] = frozenset()
) -> ContentFingerprint:
    found: ContentFingerprint = []
    saved: dict[str, Original] = {}
    for batch in reader.read(path, saved.get, known):
        found += said(batch)
        originals = [original_of(item.capture) for item in batch if isinstance(item, ReadCapture)]
        saved |= {original.record.record_id: original for original in originals}
    return found


def test_every_exchange_is_read_once_and_revisits_by_their_originals(
    archive: Archive, workers: Workers
) -> None:
    path = path_in(archive)
    offsets = [item.record.offset for item in read_exchanges(path) if item.record is not None]
    found = reread(WarcFileReader(archive, SITE, workers), path)
    assert [offset for _, offset, _ in found] == offsets
    links = {url: links for url, _, links in found}
    assert links[f"{HOME}again/"] == (f"{HOME}4/",)
    assert links[f"{HOME}lost/"] == ()


@pytest.mark.parametrize("segment_bytes", [150, 700, 3_000, 20_000, 1 << 20])
@pytest.mark.parametrize("ahead", [0, 5])
def test_segments_of_any_size_give_the_same_readings(
    archive: Archive, workers: Workers, segment_bytes: int, ahead: int
) -> None:
    path = path_in(archive)
    reader = WarcFileReader(archive, SITE, workers, ahead=ahead, segment_bytes=segment_bytes)
    assert reread(reader, path) == reread(WarcFileReader(archive, SITE, workers), path)


def test_warc_file_within_a_record_is_mistaken_for_a_place_to_begin_at(archive: Archive) -> None:
    """Otherwise nothing is proved by reading the same."""
    path = path_in(archive)
    nested = next(
        record
        for record in read_records(path)
        if record.record_type == "response" and record.field("WARC-Target-URI").endswith(".tar")
    )
    end = nested.offset + nested.length
    found = find_exchange(path, nested.offset + 1, end)
    assert found is not None
    assert nested.offset < found < end


def test_what_is_known_is_left_out(archive: Archive, workers: Workers) -> None:
    path = path_in(archive)
    every = [item for item in read_exchanges(path) if isinstance(item, StoredCapture)]
    known = frozenset(item.record.offset for item in every)
    assert [url for url, *_ in reread(WarcFileReader(archive, SITE, workers), path, known)] == [
        FAILED.url
    ]


@pytest.mark.parametrize("ahead", [0, 3])
def test_everything_before_damage_is_read(
    archive: Archive, workers: Workers, tmp_path: Path, ahead: int
) -> None:
    whole = path_in(archive)
    items = [item.record.offset for item in read_exchanges(whole) if item.record is not None]
    torn = tmp_path / whole.name
    torn.write_bytes(whole.read_bytes()[: items[20] + 100])
    reader = WarcFileReader(archive, SITE, workers, ahead=ahead, segment_bytes=2_000)
    read: ContentFingerprint = []
    batches = reader.read(torn, lambda _: None)
    with pytest.raises(DamagedWarcError, match="cut off"):
        read.extend(one for batch in batches for one in said(batch))
    assert [offset for _, offset, _ in read] == items[:19]
