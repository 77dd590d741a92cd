"""Print the report in a terminal; each address stays on one line, so that it can be copied."""

from rich.console import Console

from cacnp_archive.commands.report.gather import Comparison, Report
from cacnp_archive.commands.report.wording import changes_in_brief, field_name, reasons
from cacnp_archive.display import words
from cacnp_archive.display.terminal import line, prose, table
from cacnp_archive.storage.queries.changes import ArticleChange

LISTED = 20
"""At most this many changes of one kind and missing files are printed; the JSON has all."""


def print_report(report: Report, console: Console) -> None:
    """Print the whole report, the alerts first."""
    _head(report, console)
    _balance(report, console)
    _failures(report, console)
    _requisites(report, console)
    _changes(report, console)
    _recall(report, console)
    _articles(report, console)
    _fields(report, console)
    _captures(report, console)
    _load(report, console)
    _growth(report, console)


def _head(report: Report, console: Console) -> None:
    crawl = report.crawl
    line(console, f"Crawl of {words.moment(crawl.started_at)}", "bold")
    line(console, f"{crawl.id} · {crawl.base_url} · {words.duration(report.load.seconds)}", "dim")
    if report.previous:
        before = report.previous
        compared = f"compared with the crawl of {words.moment(before.started_at)} ({before.id})"
        line(console, compared, "dim")
    for alert in report.alerts:
        line(console, f"ALERT {alert}", "bold red")
    prose(console, report.verdict.line)
    if not report.verdict.is_ok:
        prose(console, f"next: {report.verdict.next_step}")
    prose(
        console,
        f"{words.count(crawl.request_count)} requests, {words.count(crawl.capture_count)} captures."
        f" Articles: {changes_in_brief(report.change_counts)}.",
    )


def _section(console: Console, title: str) -> None:
    console.print()
    line(console, title, "bold")


def _balance(report: Report, console: Console) -> None:
    balance = report.balance
    if balance is None:
        return
    _section(console, "Balance")
    states = {name: getattr(balance, name) for name in ("archived", "excluded", "failed")}
    states |= {"waiting": balance.waiting, "known": balance.known}
    elsewhere = balance.elsewhere | {"known": sum(balance.elsewhere.values())}
    table(
        console,
        ("state", "addresses", "on other hosts"),
        (
            (name, words.count(number), words.count(elsewhere.get(name, 0)))
            for name, number in states.items()
        ),
    )
    if balance.excluded_by_reason:
        prose(console, f"excluded: {reasons(balance.excluded_by_reason)}")
    if balance.failed_by_reason:
        prose(console, f"failed on the site: {reasons(balance.failed_by_reason)}")


def _failures(report: Report, console: Console) -> None:
    _section(console, f"Failures: {words.count(len(report.failures))}")
    for failure in report.failures:
        line(console, failure.url)
        why = f"{failure.reason}: {failure.detail}" if failure.detail else failure.reason
        attempts = words.plural(failure.attempt_count, "attempt")
        prose(console, f"{why} · {attempts}, the last at {failure.at}", "yellow", 2)
        line(console, f"found on {failure.via}" if failure.via else "a seed", "dim", 2)


def _requisites(report: Report, console: Console) -> None:
    _section(console, "Page requisites")
    prose(console, reasons(report.requisites) or "none known")
    prose(console, f"embeds of other hosts: {reasons(report.embeds) or 'none known'}")
    for file in report.missing_requisites[:LISTED]:
        line(console, file.url)
        why = f"{file.state}: {file.reason}" if file.reason else file.state
        pages = words.plural(file.page_count, "page")
        prose(console, f"{file.kind} · {why} · needed by {pages}, for example", "yellow", 2)
        line(console, file.pages[0], "dim", 2)
    _and_more(console, len(report.missing_requisites))


def _changes(report: Report, console: Console) -> None:
    _section(console, f"Changes: {changes_in_brief(report.change_counts)}")
    kinds = [kind for kind in report.change_counts if kind != "added" or report.previous]
    for kind in kinds:
        changes = [change for change in report.changes if change.kind == kind]
        for change in changes[:LISTED]:
            _change(change, console)
        _and_more(console, len(changes))


def _change(change: ArticleChange, console: Console) -> None:
    line(console, f"{change.kind}: {change.title or '(no title)'}")
    line(console, change.url, "dim", 2)
    if change.detail:
        line(console, f"to {change.detail}" if change.kind == "moved" else change.detail, "dim", 2)
    if change.kind in ("gone", "moved"):
        line(console, f"last good capture: {change.last_good_at or 'none'}", "dim", 2)
        if change.last_good_record:
            line(console, f"record {change.last_good_record}", "dim", 2)


def _and_more(console: Console, count: int) -> None:
    if count > LISTED:
        line(console, f"and {words.count(count - LISTED)} more: see --html or --json", "dim")


def _recall(report: Report, console: Console) -> None:
    if not report.recall:
        return
    _section(console, "Recall")
    listed = {row.name: row for row in report.listed}
    table(
        console,
        ("list", "archived", "before", "addresses", "change"),
        (
            (
                row.name,
                words.share(row.now),
                words.share(row.before),
                *_list_size(listed.get(row.name)),
            )
            for row in report.recall
        ),
    )


def _list_size(row: Comparison | None) -> tuple[str, str]:
    return (words.count(row.now), words.difference(row.now, row.before)) if row else ("", "")


def _articles(report: Report, console: Console) -> None:
    _section(console, "Articles")
    for name, rows in (("kind", report.kinds), ("year", report.years)):
        table(
            console,
            (name, "now", "before", "change"),
            (
                (
                    row.name,
                    words.count(row.now),
                    words.count(row.before),
                    words.difference(row.now, row.before),
                )
                for row in rows
            ),
        )


def _fields(report: Report, console: Console) -> None:
    _section(console, f"Fields: {words.plural(report.read_count, 'article')} parsed in this crawl")
    table(
        console,
        ("field", "parsed now", "all now", "all before"),
        (
            (
                field_name(field.name),
                words.share(field.read),
                words.share(field.now),
                words.share(field.before),
            )
            for field in report.fields
        ),
    )
    for problem in report.problems:
        times = f"{words.count(problem.count)} × {problem.code}"
        prose(console, f"{times}: {problem.detail}, for example", "yellow")
        line(console, problem.url, "dim", 2)


def _captures(report: Report, console: Console) -> None:
    _section(console, "Captures")
    table(
        console,
        ("media type", "captures", "revisits", "new bytes"),
        (
            (
                kind.media_type or "(none stated)",
                words.count(kind.capture_count),
                words.count(kind.revisit_count),
                words.size(kind.entity_bytes),
            )
            for kind in report.captured
        ),
    )


def _load(report: Report, console: Console) -> None:
    _section(console, "Load caused")
    now, before = report.load, report.load_before
    table(
        console,
        ("", "now", "before"),
        (
            ("requests", words.count(now.request_count), words.count(before.get("requests"))),
            (
                "requests per minute",
                words.count(now.requests_per_minute),
                words.count(before.get("requests_per_minute")),
            ),
            ("received", words.size(now.received_bytes), words.size(before.get("received_bytes"))),
            ("time", words.duration(now.seconds), words.duration(before.get("seconds"))),
            (
                "responses 429 and 503",
                words.count(now.throttled_count),
                words.count(before.get("throttled")),
            ),
            (
                "held back after them",
                words.duration(now.held_seconds),
                words.duration(before.get("held_seconds")),
            ),
        ),
    )
    prose(console, f"responses: {reasons(now.statuses) or 'none'}", "dim")
    if now.without_response:
        prose(console, f"without a response: {reasons(now.without_response)}", "dim")


def _growth(report: Report, console: Console) -> None:
    _section(console, "Growth")
    table(
        console,
        ("crawl", "articles", "captures", "WARC files", "database"),
        (
            (
                size.crawl_id,
                words.count(size.article_count),
                words.count(size.capture_count),
                words.size(size.warc_bytes),
                words.size(size.database_bytes),
            )
            for size in report.growth[-12:]
        ),
    )
