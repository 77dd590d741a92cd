"""Give a revisit the entity that it repeats, so that parsers need not know of revisits."""

from dataclasses import replace

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import NOT_MODIFIED, Capture, RecordPointer
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.warc.captures import read_capture_at
from cacnp_archive.warc.foreign.foreign_captures import read_foreign_capture


def with_entity(capture: Capture, archive: Archive) -> Capture:
    """Return what a reader of the page would have seen: of a 304, the original under its address.

    A capture that has its own entity is returned as it is. Raises OSError or DamagedWarcError
    when the original cannot be read.
    """
    original = capture.original
    if original is None or capture.message.entity.size:
        return capture
    stored = stored_capture(archive, original.record)
    if capture.status == NOT_MODIFIED:
        return replace(stored, url=capture.url)
    message = ResponseMessage.read(capture.block.chunks(), "HEAD")
    message.entity = stored.message.entity
    return replace(capture, message=message)


def stored_capture(archive: Archive, pointer: RecordPointer) -> Capture:
    """Return the capture whose response record is at a place, in a file of ours or of others.

    Raises OSError or DamagedWarcError when it cannot be read.
    """
    path = archive.warc_path(pointer.warc_file)
    if archive.is_imported(pointer.warc_file):
        return read_foreign_capture(path, pointer)
    return read_capture_at(path, pointer)
