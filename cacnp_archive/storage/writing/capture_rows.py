"""Write rows of `captures`, `failures` and `problems`, each with the record that proves it."""

from sqlite_utils import Database

from cacnp_archive.model.capture import MAX_FIELD_CHARS, Capture, FailedExchange, RecordPointer
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert, insert_returning, timestamp
from cacnp_archive.storage.frontier import SavedCapture


def save_capture(
    database: Database,
    site: Site,
    crawl_id: str,
    capture: Capture,
    *,
    record_type: str,
    original_id: int | None,
    wall: str | None = None,
) -> SavedCapture:
    """Save the row of a capture whose record is safe in a file.

    `wall` is the kind of wall that answered in place of the page. Raises ValueError for a capture
    without a record.
    """
    if capture.record is None or capture.digests is None:
        raise ValueError(f"the capture of {capture.url} is not safe in a WARC file yet")
    capture_id, failure, is_good = insert_returning(
        database,
        "captures",
        ("id", "failure", "is_good"),
        crawl_id=crawl_id,
        url=capture.url,
        canonical_url=site.canonical(capture.url),
        captured_at=timestamp(capture.captured_at),
        method=capture.method,
        status=capture.status,
        media_type=capture.media_type[:MAX_FIELD_CHARS],
        record_type=record_type,
        original_id=original_id,
        block_digest=capture.digests.block,
        payload_digest=capture.digests.payload,
        entity_sha256=capture.digests.entity_sha256,
        entity_length=capture.digests.entity_length,
        etag=_validator(capture, b"etag"),
        last_modified=_validator(capture, b"last-modified"),
        truncated=capture.truncated,
        via=capture.via,
        hops=capture.hops,
        ip=capture.ip,
        fetch_ms=None if capture.fetch_seconds is None else round(capture.fetch_seconds * 1000),
        wall=wall,
        **_pointer(capture.record),
    )
    return SavedCapture(capture_id, failure, bool(is_good))


def save_failure(database: Database, site: Site, crawl_id: str, failed: FailedExchange) -> None:
    """Save an attempt without a response; raises ValueError if it has no record yet."""
    if failed.record is None:
        raise ValueError(f"the failure of {failed.url} is not safe in a WARC file yet")
    insert(
        database,
        "failures",
        crawl_id=crawl_id,
        url=failed.url,
        canonical_url=site.canonical(failed.url),
        failed_at=timestamp(failed.failed_at),
        reason=failed.reason,
        detail=failed.detail,
        via=failed.via,
        hops=failed.hops,
        **_pointer(failed.record),
    )


def save_problems(database: Database, capture_id: int, problems: tuple[Problem, ...]) -> None:
    """Save what could not be parsed in a capture."""
    for problem in problems:
        insert(
            database,
            "problems",
            capture_id=capture_id,
            code=problem.code,
            detail=problem.detail,
        )


def save_fault(error: Exception) -> Reading:
    """Return what is saved in place of a reading that the database does not accept."""
    return Reading(problems=(Problem(code=ProblemCode.SAVE_FAULT, detail=repr(error)),))


def _validator(capture: Capture, name: bytes) -> str | None:
    value = capture.message.value(name)
    return value if 0 < len(value) <= MAX_FIELD_CHARS else None


def _pointer(record: RecordPointer) -> dict[str, object]:
    return {
        "warc_file": record.warc_file,
        "warc_offset": record.offset,
        "warc_length": record.length,
        "warc_record_id": record.record_id,
    }
