"""Give a revisit the entity that it repeats, so that parsers need not know of revisits."""

from dataclasses import replace

from cacnp_archive.archive import Archive
from cacnp_archive.capture import NOT_MODIFIED, Capture
from cacnp_archive.http_message import ResponseMessage
from cacnp_archive.warc.captures import read_capture_at


def with_entity(capture: Capture, archive: Archive) -> Capture:
    """Return what a reader of the page would have seen: of a 304, the original under its address.

    A capture that has its own entity is returned as it is. Raises OSError or DamagedWarcError
    when the original cannot be read.
    """
    original = capture.original
    if original is None or capture.message.entity.size:
        return capture
    stored = read_capture_at(archive.warc_path(original.record.warc_file), original.record)
    if capture.status == NOT_MODIFIED:
        return replace(stored, url=capture.url)
    message = ResponseMessage.read(capture.block.chunks(), "HEAD")
    message.entity = stored.message.entity
    return replace(capture, message=message)
