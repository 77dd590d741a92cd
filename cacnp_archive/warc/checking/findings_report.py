"""Report the findings of a file as text and as JSON."""

from collections.abc import Iterator
from typing import Any

from cacnp_archive.warc.checking.findings import FileReport, Severity

MAX_LINES = 50
"""At most this many findings per file are printed."""


def report_lines(report: FileReport) -> Iterator[str]:
    """Yield a line per finding, the most severe first; only one note per code."""
    shown = 0
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in report.findings:
            if finding.severity is severity and shown < MAX_LINES:
                shown += 1
                yield str(finding)
    hidden = report.counts[Severity.ERROR] + report.counts[Severity.WARNING] - shown
    if hidden:
        yield f"... and {hidden} more"
    noted = set()
    for finding in report.findings:
        if finding.severity is Severity.NOTE and finding.code not in noted:
            noted.add(finding.code)
            more = report.codes[finding.code] - 1
            yield f"{finding} (and {more} more like this)" if more else str(finding)


def report_json(report: FileReport) -> dict[str, Any]:
    """Return a report as JSON-compatible data; `omitted` counts findings that were not kept."""
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
