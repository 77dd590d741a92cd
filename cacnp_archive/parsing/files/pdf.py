"""Parse a PDF: its text page by page, and its metadata.

pypdf is used because a parser written in Python can raise but not crash.
"""

import re
from io import BytesIO
from typing import Any

from pypdf import PasswordType, PdfReader, apply_configuration

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Document, Problem, Reading
from cacnp_archive.parsing.files.pdf_lines import LIGATURES, UNPRINTABLE, readable
from cacnp_archive.parsing.files.pdf_text import LIMITS, error_detail, extract_texts

_MAX_ENTRY_CHARS = 2000
_DATE = re.compile(
    r"(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)(?:(\d\d)(?:([Zz])|([+-]\d\d)'?(\d\d)?)?)?)?)?)?"
)


def parse_pdf(body: bytes, url: str) -> Reading:
    """Parse the bytes of a PDF: its Document, and a Problem for each kind of failure.

    A page that cannot be read is "" in the document, so that page numbers stay correct.
    """
    with apply_configuration(LIMITS):
        try:
            reader = PdfReader(BytesIO(body))
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                return Reading.with_problem(ProblemCode.ENCRYPTED, "opens with a password only")
            page_count = len(reader.pages)
        except NotImplementedError as error:
            return Reading.with_problem(ProblemCode.ENCRYPTED, error_detail(error))
        except Exception as error:
            return Reading.with_problem(ProblemCode.BROKEN_PDF, error_detail(error))
        if page_count == 0:
            return Reading.with_problem(ProblemCode.BROKEN_PDF, "no page")
        texts, problems = extract_texts(reader, page_count)
        metadata = _Metadata(reader)
    pages = readable(texts)
    if not problems and not any(pages):
        problems = (
            Problem(code=ProblemCode.IMAGE_ONLY, detail=f"{page_count} pages without text"),
        )
    document = Document(
        url=url,
        title=metadata.text("/Title"),
        author=metadata.text("/Author"),
        created_at=parse_pdf_date(metadata.text("/CreationDate") or ""),
        modified_at=parse_pdf_date(metadata.text("/ModDate") or ""),
        language=metadata.language,
        page_count=page_count,
        pages=pages,
    )
    return Reading(document=document, problems=problems)


def parse_pdf_date(text: str) -> str | None:
    """Return a PDF date (ISO 32000-1 section 7.9.4) in ISO 8601, as precise; None when invalid.

    >>> parse_pdf_date("D:20170412093015-04'00'")
    '2017-04-12T09:30:15-04:00'
    >>> parse_pdf_date("D:201704")
    '2017-04'
    """
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, zulu, offset_hours, offset_minutes = match.groups()
    clock = ((hour, 23), (minute, 59), (second, 59), (offset_hours, 23), (offset_minutes, 59))
    if not _is_calendar_date(month, day) or any(abs(int(part or 0)) > most for part, most in clock):
        return None
    date = "-".join(part for part in (year, month, day) if part)
    if hour is None:
        return date
    zone = f"{offset_hours}:{offset_minutes or '00'}" if offset_hours else "+00:00" if zulu else ""
    return f"{date}T{hour}:{minute}:{second}{zone}" if second else f"{date}T{hour}:{minute}"


def _is_calendar_date(month: str | None, day: str | None) -> bool:
    return 1 <= int(month or 1) <= 12 and 1 <= int(day or 1) <= 31


class _Metadata:
    """The metadata of a PDF; broken entries are None."""

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader

    def text(self, key: str) -> str | None:
        """Return an entry of the information dictionary (ISO 32000-1 section 14.3.3)."""
        try:
            entries = self._reader.metadata
            return _clean_entry(entries.get(key)) if entries is not None else None
        except Exception:
            return None

    @property
    def language(self) -> str | None:
        """The BCP 47 tag of the whole document, as stored."""
        try:
            return _clean_entry(self._reader.root_object.get("/Lang"))
        except Exception:
            return None


def _clean_entry(value: Any) -> str | None:
    value = value.get_object() if value is not None else None
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return None
    text = UNPRINTABLE.sub(" ", value[:_MAX_ENTRY_CHARS].translate(LIGATURES))
    return " ".join(text.split()) or None
