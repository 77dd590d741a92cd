"""Compare the speed of `rebuild` with warcio merely iterating over the same files.

    python -m benchmarks.rebuilding [--posts N] [--rounds N] [--archive FOLDER]

`rebuild` also parses every page and saves every row, on all cores; its time includes the start of
its processes. Prints Markdown: records per second and the ratio of each round, since absolute times
depend on the machine.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from benchmarks.crawls.crawlers import IMPOLITE, PROJECT, option_words
from benchmarks.crawls.servers import make_site
from benchmarks.crawls.tables import machine, spread
from cacnp_archive.maintenance.rebuild import rebuild
from cacnp_archive.model.archive import Archive

OURS = "cacnp-archive rebuild"
CHECKING = "warcio, check_digests"
ITERATING = "warcio, digests unchecked"

GOAL = 0.5
"""The least speed of `rebuild` relative to warcio with check_digests."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One run of one program over all files."""

    program: str
    round_number: int
    seconds: float
    """Wall-clock time."""
    records: int

    @property
    def records_a_second(self) -> float:
        """WARC records of any type per second; our exchanges have three."""
        return self.records / self.seconds


def ratios(timed: Sequence[Timed], program: str, over: str) -> list[float]:
    """Return a program's speed relative to another one, per round."""
    speed = {(one.program, one.round_number): one.records_a_second for one in timed}
    rounds = sorted({one.round_number for one in timed})
    return [
        speed[program, number] / speed[over, number]
        for number in rounds
        if (program, number) in speed and (over, number) in speed
    ]


def table(timed: Sequence[Timed]) -> str:
    """Return the programs with their speeds, and our ratio to each: median, minimum, maximum."""
    lines = ["| program | records/s | ours over it |", "|---|---|---|"]
    for program in dict.fromkeys(one.program for one in timed):
        speeds = [one.records_a_second for one in timed if one.program == program]
        ratio = "" if program == OURS else spread(ratios(timed, OURS, program))
        lines.append(f"| {program} | {statistics.median(speeds):,.0f} | {ratio} |")
    return "\n".join(lines)


def verdict(timed: Sequence[Timed]) -> str:
    """Return a sentence that says whether the goal is reached."""
    ratio = statistics.median(ratios(timed, OURS, CHECKING))
    reached = "reached" if ratio >= GOAL else "not reached"
    return f"Goal: at least {GOAL:.2f} of warcio with check_digests: {ratio:.2f}, {reached}."


def iterate(paths: Sequence[Path], *, check_digests: bool) -> int:
    """Read every record completely, as users of warcio do; returns their number."""
    count = 0
    for path in paths:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=check_digests):
                record.content_stream().read()
                count += 1
    return count


def rebuild_anew(archive: Archive) -> None:
    """Rebuild the database from nothing."""
    archive.database_path.unlink(missing_ok=True)
    made = rebuild(archive, jobs=None, dry_run=False, on_progress=lambda *_: None)
    if made.unreadable:
        raise SystemExit("\n".join(made.unreadable))


def measure(archive: Archive, rounds: int) -> list[Timed]:
    """Time each program in each round, one after the other."""
    paths = sorted(archive.warc_folder.glob("*.warc.gz"))
    records = iterate(paths, check_digests=False)  # and the files are in the page cache
    programs: dict[str, Callable[[], object]] = {
        ITERATING: lambda: iterate(paths, check_digests=False),
        CHECKING: lambda: iterate(paths, check_digests=True),
        OURS: lambda: rebuild_anew(archive),
    }
    timed = []
    for number in range(1, rounds + 1):
        for program, read in programs.items():
            started = time.perf_counter()
            read()
            timed.append(Timed(program, number, time.perf_counter() - started, records))
    return timed


def _crawl(posts: int, folder: Path) -> Archive:
    site = make_site(folder / "site", posts)
    with site.serve() as served:
        words = ["-a", f"base_url={served.base_url}", *option_words(IMPOLITE)]
        subprocess.run(
            [
                *(sys.executable, "-m", "scrapy", "crawl", "cacnp", *words),
                *("-s", f"CACNP_DATA_DIR={folder / 'data'}"),
            ],
            cwd=PROJECT,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return Archive(folder / "data")


def _copy(archive: Archive, folder: Path) -> Archive:
    copy = Archive(folder / "data")
    shutil.copytree(archive.warc_folder, copy.warc_folder)
    if archive.journal_path.exists():
        shutil.copy(archive.journal_path, copy.journal_path)
    return copy


def main() -> None:
    """Crawl, or copy an archive, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rebuilding", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--archive", type=Path, help="instead of crawling a site of so many posts")
    options = parser.parse_args()
    setting = machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = options.archive
        archive = _copy(Archive(given), folder) if given else _crawl(options.posts, folder)
        timed = measure(archive, options.rounds)
    print(f"{setting}; {timed[0].records} records, {options.rounds} rounds.\n")
    print(table(timed))
    print(f"\n{verdict(timed)}")


if __name__ == "__main__":
    main()
