"""Measure the peak memory and CPU time of reading hostile answers, each in a process of its own.

    python -m benchmarks.memory

Prints Markdown: the size of each answer as sent, the peak resident memory of the process that read
it, and what problems the reading has. Exits with 1 if a process took more than LIMIT_MB.
"""

import gzip
import multiprocessing
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from cacnp_archive.ingest.stored import read_watched
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.model.spool import Spool

LIMIT_MB = 300
"""No process of the archive may take more memory than this."""

MILLION = 1_000_000

Answer = tuple[str, str, bytes, str]
"""Path, Content-Type, body, and Content-Encoding."""


def post(content: str) -> bytes:
    """Return a post of the site with some content."""
    return (
        '<html><body class="single single-post postid-5"><article class="post-5 post type-post '
        f'entry"><h1 class="entry-title">T</h1><div class="entry-content">{content}</div>'
    ).encode()


def page(content: str) -> Answer:
    """Return the answer with such a post."""
    return "a/", "text/html; charset=utf-8", post(content), ""


def items(template: str, count: int = MILLION) -> str:
    """Return a template many times, with consecutive numbers."""
    return "".join(template.replace("#", str(number)) for number in range(count))


def sitemap(count: int) -> bytes:
    """Return a sitemap."""
    return f"<urlset>{items('<url><loc>/#/</loc></url>', count)}</urlset>".encode()


ANSWERS: dict[str, Callable[[], Answer]] = {
    "an ordinary post": lambda: page("<p>text</p>"),
    "1,000,000 links": lambda: page(items("<a href=/#/>x</a>")),
    "1,000,000 images": lambda: page(items("<img src=/#.png>")),
    "1,000,000 empty elements": lambda: page("<b></b>" * MILLION),
    "16 MB of text": lambda: page("word " * (3 * MILLION)),
    "15 MB of emoji": lambda: page("\U0001f600" * (15 * MILLION // 4)),
    "one tag with 2,000,000 attributes": lambda: page(f"<p {'a ' * 2 * MILLION}>"),
    "1,000,000 lines": lambda: page("By Ann Roe<br>" * MILLION),
    "a sitemap of 1,000,000 entries": lambda: ("s.xml", "text/xml", sitemap(MILLION), ""),
    "the same, compressed": lambda: (
        "s.xml.gz",
        "application/gzip",
        gzip.compress(sitemap(MILLION)),
        "",
    ),
    "128 MB of zeros, compressed": lambda: (
        "z/",
        "text/html",
        gzip.compress(bytes(128 * MILLION)),
        "gzip",
    ),
    "JSON of 5,000,000 objects": lambda: (
        "wp-json/wp/v2/posts",
        "application/json",
        b"[" + b"{}," * 5 * MILLION + b"{}]",
        "",
    ),
    "30 MB of styles": lambda: ("a.css", "text/css", b"a{background:url(b)}" * 1_500_000, ""),
}


def read(name: str, connection: Connection) -> None:
    """Read one answer and report size, seconds, megabytes and problems."""
    path, media_type, body, coding = ANSWERS[name]()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
    head += f"Content-Encoding: {coding}\r\n" if coding else ""
    block = Spool(head.encode() + b"\r\n" + body)
    size = len(body)
    del body
    message = ResponseMessage.read(block.chunks())
    capture = Capture(url=HOME + path, captured_at=datetime.now(UTC), block=block, message=message)
    Path("/proc/self/clear_refs").write_text("5")  # forget how much it took to make the answer
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    with TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        archive.state_folder.mkdir()
        reading = read_watched(capture, archive, Site.at(HOME))
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    status = Path("/proc/self/status").read_text()
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    codes = sorted({problem.code.value for problem in reading.problems})
    connection.send((size, seconds, int(peak) / 1024, codes))


def main() -> None:
    """Read every answer."""
    context = multiprocessing.get_context("spawn")
    print("| answer | MB sent | CPU seconds | peak MB | problems |\n|---|---|---|---|---|")
    worst = 0.0
    for name in ANSWERS:
        ours, theirs = context.Pipe()
        process = context.Process(target=read, args=(name, theirs))
        process.start()
        theirs.close()
        try:
            size, seconds, peak, codes = ours.recv()
        except EOFError:
            size, seconds, peak, codes = 0, 0.0, 0.0, [f"died: {process.exitcode}"]
        process.join()
        worst = max(worst, peak)
        found = ", ".join(codes)
        print(
            f"| {name} | {size / MILLION:.1f} | {seconds:.1f} | {peak:.0f} | {found} |", flush=True
        )
    sys.exit(1 if worst > LIMIT_MB else 0)


if __name__ == "__main__":
    main()
