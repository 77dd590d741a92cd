"""Compare the speed of `cacnp-archive verify` and `warcio check` on the same files.

    python -m benchmarks.verifying [--scale X] [--rounds N]

The files are written by our writer with deterministic bodies. Both programs read each file in turn,
round after round, including their start. Prints Markdown.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.crawls.crawlers import PROJECT
from benchmarks.crawls.measuring import Used, run
from benchmarks.crawls.tables import machine, spread
from benchmarks.prose import Prose
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.spool import Spool
from cacnp_archive.warc.writer import WarcWriter

MOMENT = datetime(2026, 1, 17, 12, 30, 45, tzinfo=UTC)
LARGE_BYTES = 300_000
FILES = 4

OURS = [sys.executable, "-m", "cacnp_archive", "verify"]
WARCIO = [sys.executable, "-c", "from warcio.cli import main; main()", "check"]

Body = tuple[str, bytes]
"""Media type and bytes."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A run of both programs on one set of files."""

    ours: Used
    warcio: Used


def small_pages() -> Iterator[Body]:
    """Yield pages of 2 to 40 kB with the word frequencies of prose."""
    paragraphs, chance = _paragraphs(), random.Random(1)
    while True:
        text = b"".join(chance.choices(paragraphs, k=chance.randint(2, 60)))
        yield "text/html", b"<!DOCTYPE html>\n<title>A page</title>\n" + text


def large_texts() -> Iterator[Body]:
    """Yield pages of LARGE_BYTES."""
    paragraphs, chance = _paragraphs(), random.Random(2)
    while True:
        text = b"".join(chance.choices(paragraphs, k=LARGE_BYTES // 200))
        yield "text/html", text[:LARGE_BYTES]


def large_pictures() -> Iterator[Body]:
    """Yield incompressible bodies of LARGE_BYTES, like those of images."""
    chance = random.Random(3)
    while True:
        yield "image/jpeg", chance.randbytes(LARGE_BYTES)


@dataclass(frozen=True, slots=True)
class Kind:
    """A set of files."""

    bodies: Callable[[], Iterator[Body]]
    megabytes: int
    """Number of bodies."""
    file_count: int = 1


SETS = {
    "small pages": Kind(small_pages, 200),
    f"small pages in {FILES} files": Kind(small_pages, 200, FILES),
    "large texts": Kind(large_texts, 500),
    "large pictures": Kind(large_pictures, 1000),
}


def capture_of(number: int, body: Body) -> Capture:
    """Return the capture of a response with a Content-Length."""
    media_type, data = body
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(data)}\r\n\r\n"
    block = Spool(head.encode() + data)
    return Capture(
        url=f"http://127.0.0.1/{number}",
        captured_at=MOMENT,
        block=block,
        message=ResponseMessage.read(block.chunks()),
        request_block=f"GET /{number} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(),
        ip="127.0.0.1",
        protocols=("http/1.1",),
        hops="L",
    )


def write_set(folder: Path, bodies: Iterator[Body], total_bytes: int, files: int) -> list[Path]:
    """Write bodies to files; returns their paths."""
    paths: list[Path] = []
    number = 0
    for serial in range(files):
        info = [("software", "benchmarks.verifying")]
        prefix = f"bench-{serial}"
        writer = WarcWriter(
            folder, prefix, info, 1 << 62, on_complete=lambda path, _: paths.append(path)
        )
        room = total_bytes // files
        while room > 0:
            number += 1
            body = next(bodies)
            writer.write([capture_of(number, body)])
            room -= len(body[1])
        writer.close()
    return paths


def measure(paths: Sequence[Path]) -> Pair:
    """Run both programs on the same files, in which both must find no fault."""
    pair = Pair(*(run([*command, *map(str, paths)], PROJECT) for command in (OURS, WARCIO)))
    if pair.ours.exit_code or pair.warcio.exit_code:
        codes = f"{pair.ours.exit_code} and {pair.warcio.exit_code}"
        raise SystemExit(f"verify and warcio check ended with {codes}")
    return pair


def row(name: str, warc_bytes: int, pairs: Sequence[Pair]) -> str:
    """Return a row of the table: speed-up, and ratios of CPU and memory."""
    speed = spread([pair.warcio.seconds / pair.ours.seconds for pair in pairs])
    cpu = spread([pair.ours.cpu_seconds / pair.warcio.cpu_seconds for pair in pairs])
    memory = spread([pair.ours.peak_bytes / pair.warcio.peak_bytes for pair in pairs])
    return f"| {name} | {warc_bytes / 1e6:.0f} | {speed} | {cpu} | {memory} |"


def _paragraphs() -> list[bytes]:
    prose = Prose(0)
    return [f"<p>{prose.paragraph(100)}</p>\n".encode() for _ in range(1000)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verifying", description=__doc__)
    parser.add_argument("--scale", type=float, default=1, help="of the sets; 1 is 1.9 GB of bodies")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(f"{machine()}; {options.rounds} rounds.\n")
    with tempfile.TemporaryDirectory() as folder:
        sets: dict[str, list[Path]] = {}
        for name, kind in SETS.items():
            place = Path(folder, name)
            place.mkdir()
            total_bytes = round(kind.megabytes * options.scale * 1_000_000)
            sets[name] = write_set(place, kind.bodies(), total_bytes, kind.file_count)
        found: dict[str, list[Pair]] = {name: [] for name in sets}
        for _ in range(options.rounds):
            for name, paths in sets.items():
                found[name].append(measure(paths))
        print("| set | MB of WARC | times as fast as warcio | CPU of warcio's | peak of warcio's |")
        print("|---|---|---|---|---|")
        for name, pairs in found.items():
            print(row(name, sum(path.stat().st_size for path in sets[name]), pairs))


if __name__ == "__main__":
    main()
