"""What checking finds: codes, how grave each is, and the report of one file."""

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

MAX_FINDINGS_PER_CODE = 1000
"""More findings of one kind in one file are counted, not kept: memory stays flat."""


class Severity(StrEnum):
    """How grave a finding is."""

    ERROR = "error"
    """The standard or the integrity of the file is broken."""
    WARNING = "warning"
    """Worth a look, or something that could not be checked."""
    NOTE = "note"
    """A custom that is not ours."""


ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

SEVERITIES: dict[str, tuple[Severity, Severity]] = {
    # code: (in our archive, in a file of others)
    # Files and framing.
    "unreadable": (ERROR, ERROR),
    "empty": (ERROR, ERROR),
    "not-warc": (ERROR, ERROR),
    "arc": (ERROR, WARNING),
    "cut": (ERROR, ERROR),
    "gzip": (ERROR, ERROR),
    "garbage": (ERROR, ERROR),
    "member": (ERROR, NOTE),
    "length": (ERROR, ERROR),
    "trailer": (ERROR, ERROR),
    # Named fields.
    "version": (ERROR, NOTE),
    "unknown-version": (ERROR, ERROR),
    "fields": (ERROR, ERROR),
    "line-break": (ERROR, WARNING),
    "encoding": (ERROR, WARNING),
    "folded-field": (ERROR, NOTE),
    "missing-field": (ERROR, ERROR),
    "missing-custom-field": (ERROR, NOTE),
    "repeated-field": (ERROR, ERROR),
    "record-id": (ERROR, ERROR),
    "duplicate-id": (ERROR, ERROR),
    "date": (ERROR, ERROR),
    "type": (ERROR, NOTE),
    "target-uri": (ERROR, WARNING),
    "target-uri-brackets": (ERROR, NOTE),
    "ip-address": (ERROR, WARNING),
    "truncated": (ERROR, WARNING),
    # Digests.
    "digest-spelling": (ERROR, NOTE),
    "digest-unknown": (ERROR, WARNING),
    "block-digest": (ERROR, ERROR),
    "payload-digest": (ERROR, ERROR),
    "payload-misplaced": (ERROR, NOTE),
    "payload-chunked": (ERROR, NOTE),
    # What a response says of itself.
    "http": (ERROR, WARNING),
    "short-response": (ERROR, WARNING),
    "whole-response": (WARNING, WARNING),
    # From record to record.
    "warcinfo": (ERROR, NOTE),
    "warcinfo-id": (ERROR, NOTE),
    "concurrent-to": (ERROR, ERROR),
    "profile": (ERROR, WARNING),
    "revisit": (ERROR, WARNING),
    "revisit-digest": (ERROR, ERROR),
    "revisit-original": (ERROR, WARNING),
    # Index, manifest, database.
    "index": (ERROR, ERROR),
    "manifest": (ERROR, ERROR),
    "missing-file": (ERROR, ERROR),
    "missing-row": (ERROR, ERROR),
    "missing-record": (ERROR, ERROR),
    "row": (ERROR, ERROR),
    "open": (NOTE, NOTE),
    "torn": (NOTE, NOTE),
    # WACZ.
    "zip": (ERROR, ERROR),
    "datapackage": (ERROR, ERROR),
    "resource": (ERROR, ERROR),
    "deflated": (ERROR, ERROR),
    "pages": (ERROR, ERROR),
    "page-time": (NOTE, NOTE),
}

UNFINISHED = {"cut": WARNING, "missing-row": WARNING}
"""What is no fault while a file is being written; after a crash `repair` mends it."""


class Damage(NamedTuple):
    """Something wrong, before it is known how grave that is."""

    code: str
    what: str


class DamageError(Exception):
    """Raised where reading cannot go on; the checker reports it and looks for the next record."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(what)
        self.damage = Damage(code, what)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that checking found."""

    file: str
    offset: int | None
    """Bytes from the file's start to the record (to its gzip member); None: the file as such."""
    record_id: str
    """Without angle brackets; "" when unknown."""
    severity: Severity
    code: str
    """A key of SEVERITIES."""
    what: str

    def __str__(self) -> str:
        place = self.file if self.offset is None else f"{self.file}:{self.offset}"
        return f"{place}: {self.severity}: {self.what}"


@dataclass(slots=True)
class FileReport:
    """What was found in one file."""

    file: str
    ours: bool
    """Whether the rules of our own archive are applied."""
    being_written: bool = False
    record_count: int = 0
    findings: list[Finding] = field(default_factory=list)
    """In the order of finding, at most MAX_FINDINGS_PER_CODE of a code."""
    counts: Counter[Severity] = field(default_factory=Counter)
    """Of all findings, kept or not."""
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, damage: Damage, offset: int | None = None, record_id: str = "") -> None:
        """Take a finding."""
        code, what = damage
        severity = SEVERITIES[code][0 if self.ours else 1]
        if self.being_written:
            severity = UNFINISHED.get(code, severity)
        self.counts[severity] += 1
        self.codes[code] += 1
        if self.codes[code] <= MAX_FINDINGS_PER_CODE:
            self.findings.append(Finding(self.file, offset, record_id, severity, code, what))

    def absorb(self, other: "FileReport") -> None:
        """Take over what was found in a file that belongs to this one."""
        self.findings += other.findings
        self.counts += other.counts
        self.codes += other.codes

    def absorb_as_warnings(self, other: "FileReport") -> None:
        """Take over what was found in a file that is kept as it came: no fault of this archive."""
        self.record_count += other.record_count
        self.findings += [
            replace(finding, severity=WARNING) if finding.severity is ERROR else finding
            for finding in other.findings
        ]
        self.counts += Counter({WARNING: other.counts[ERROR] + other.counts[WARNING]})
        self.counts += Counter({NOTE: other.counts[NOTE]})
        self.codes += other.codes

    @property
    def faults(self) -> list[Finding]:
        """The errors alone."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]
