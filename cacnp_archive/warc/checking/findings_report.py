"""Tell what was found in a file, to people and to programs."""

from collections.abc import Iterator
from typing import Any

from cacnp_archive.warc.checking.findings import FileReport, Severity

MAX_LINES = 50
"""A person needs no more of one file."""


def report_lines(report: FileReport) -> Iterator[str]:
    """Yield a line for each finding, the gravest first; of notes one of a kind."""
    shown = 0
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in report.findings:
            if finding.severity is severity and shown < MAX_LINES:
                shown += 1
                yield str(finding)
    hidden = report.counts[Severity.ERROR] + report.counts[Severity.WARNING] - shown
    if hidden:
        yield f"... and {hidden} more"
    told = set()
    for finding in report.findings:
        if finding.severity is Severity.NOTE and finding.code not in told:
            told.add(finding.code)
            more = report.codes[finding.code] - 1
            yield f"{finding} (and {more} more like this)" if more else str(finding)


def report_json(report: FileReport) -> dict[str, Any]:
    """Return a report as JSON has it; `omitted` counts the findings that were not kept."""
    return {
        "file": report.file,
        "records": report.record_count,
        "findings": [
            {
                "offset": finding.offset,
                "record_id": finding.record_id or None,
                "severity": finding.severity.value,
                "code": finding.code,
                "what": finding.what,
            }
            for finding in report.findings
        ],
        "omitted": sum(report.counts.values()) - len(report.findings),
    }
