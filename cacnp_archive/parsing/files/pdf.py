"""The text of a PDF, page by page, and what its maker says of it.

pypdf reads it: what is written in Python can raise but not crash, and every bound here counts
bytes or objects, never seconds, so that one file always gives one reading.
"""

import re
from io import BytesIO
from typing import Any

from pypdf import Configuration, PageObject, PasswordType, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject
from pypdf.generic._font import Font

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Document, Problem, Reading

MAX_PAGES = 3000
"""Of a longer document the first pages are read; the longest books have some 2,000."""

MAX_CHARACTERS = 8_000_000
"""Text beyond this is left out; a page of a book has 3,000."""

MAX_STEPS = 6_000_000
"""Work for a whole document; a page that sets each letter by itself costs 15,000, others 2,000.

A step is one operator of a page's content, 16 bytes of content, or two entries of a font's tables,
each time that pypdf goes through them: some 10 microseconds. A stream that can't be decoded counts
as the longest.
"""

MAX_PAGE_STEPS = 400_000
"""Work for one page: a larger one is a drawing."""

MAX_STREAM_BYTES = 4 * 1024 * 1024
"""A stream that is longer, packed, or grows beyond twice this is a picture or a bomb; not text."""

_BOUNDS = Configuration(
    maximum_declared_stream_length=MAX_STREAM_BYTES,
    array_based_stream_maximum_output_length=2 * MAX_STREAM_BYTES,
    lzw_maximum_output_length=2 * MAX_STREAM_BYTES,
    run_length_maximum_output_length=2 * MAX_STREAM_BYTES,
    zlib_maximum_output_length=2 * MAX_STREAM_BYTES,
    brotli_maximum_output_length=2 * MAX_STREAM_BYTES,
    zlib_maximum_recovery_input_length=MAX_STREAM_BYTES // 4,
    stream_filters_maximum_length=4,
    stream_decoding_work_maximum_length=8 * MAX_STREAM_BYTES,
    stream_parsing_work_maximum_count=2 * MAX_PAGE_STEPS,
    xform_maximum_invocations_per_extraction=2000,
    jbig2dec_binary=None,
    disable_legacy_handling=True,
)
_FONT_STEPS = 100
_BROKEN_FONT_STEPS = 50_000
_FAILED_STREAM_STEPS = 2 * MAX_STREAM_BYTES // 16
_DETAIL_CHARS = 200
_LONGEST_ENTRY = 2000
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_PLACE_IN_MEMORY = re.compile(r"(IndirectObject\(\d+, \d+), \d+\)")
"""pypdf names an object with the place of its reader in memory, which differs each time."""

_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_BROKEN_WORD = re.compile(r"\b([^\W\d_]+)[-\u2010]\n([^\W\d_]+)\b")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DATE = re.compile(
    r"(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)(?:(\d\d)(?:([Zz])|([+-]\d\d)'?(\d\d)?)?)?)?)?)?"
)


def parse_pdf(body: bytes, url: str) -> Reading:
    """Read the bytes of a PDF: its Document, and what could not be read as Problems.

    A page that can't be read is "" in the document, so that page numbers stay true.
    """
    with apply_configuration(_BOUNDS):
        try:
            reader = PdfReader(BytesIO(body))
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                return Reading.with_problem(ProblemCode.ENCRYPTED, "opens with a password only")
            page_count = len(reader.pages)
        except NotImplementedError as error:
            return Reading.with_problem(ProblemCode.ENCRYPTED, _detail(error))
        except Exception as error:
            return Reading.with_problem(ProblemCode.BROKEN_PDF, _detail(error))
        if page_count == 0:
            return Reading.with_problem(ProblemCode.BROKEN_PDF, "no page")
        texts, problems = _texts(reader, page_count)
        told = _Told(reader)
    pages = readable(texts)
    if not problems and not any(pages):
        problems = (
            Problem(code=ProblemCode.IMAGE_ONLY, detail=f"{page_count} pages without text"),
        )
    document = Document(
        url=url,
        title=told.text("/Title"),
        author=told.text("/Author"),
        created_at=parse_pdf_date(told.text("/CreationDate") or ""),
        modified_at=parse_pdf_date(told.text("/ModDate") or ""),
        language=told.language,
        page_count=page_count,
        pages=pages,
    )
    return Reading(document=document, problems=problems)


def parse_pdf_date(text: str) -> str | None:
    """Return a date of ISO 32000-1 section 7.9.4 in ISO 8601, as exact as it is; None when broken.

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
    if not _is_date(month, day) or any(abs(int(part or 0)) > most for part, most in clock):
        return None
    date = "-".join(part for part in (year, month, day) if part)
    if hour is None:
        return date
    zone = f"{offset_hours}:{offset_minutes or '00'}" if offset_hours else "+00:00" if zulu else ""
    return f"{date}T{hour}:{minute}:{second}{zone}" if second else f"{date}T{hour}:{minute}"


def _is_date(month: str | None, day: str | None) -> bool:
    return 1 <= int(month or 1) <= 12 and 1 <= int(day or 1) <= 31


def readable(pages: list[str]) -> tuple[str, ...]:
    r"""Return pages with lines as printed, ligatures spelled out and broken words mended.

    A word that is broken by a hyphen at the end of a line is mended where the document writes the
    whole word elsewhere and never writes it with that hyphen; else the hyphen may be its own.

    >>> readable(["a sub-\nmarine is no\nsubmarine", "non-\nproliferation, e\ufb03cient"])
    ('a submarine is no\nsubmarine', 'non-\nproliferation, efficient')
    """
    clean = [_clean(page) for page in pages]
    words = {word.lower() for page in clean for word in _WORD.findall(page)}
    return tuple(_BROKEN_WORD.sub(lambda match: _mended(match, words), page) for page in clean)


def _clean(page: str) -> str:
    text = page.translate(_LIGATURES).replace("\xad\n", "").replace("\xad", "")
    text = _BLANKS.sub(" ", _UNPRINTABLE.sub("", text.replace("\r", "\n")))
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def _mended(match: re.Match[str], words: set[str]) -> str:
    before, after = match.groups()
    is_safe = (before + after).lower() in words and f"{before}-{after}".lower() not in words
    return f"{before}{after}" if is_safe else match.group()


class _TooLongError(Exception):
    """Raised when a page or document needs more work than it may."""


class _Steps:
    """The work that a document has left."""

    def __init__(self) -> None:
        self._left = MAX_STEPS
        self._left_of_page = 0
        self._font_steps: dict[tuple[int, int], int] = {}

    def begin_page(self) -> None:
        """Give the next page its share."""
        self._left_of_page = MAX_PAGE_STEPS

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left for further pages."""
        return self._left < 0

    def spend(self, steps: int) -> None:
        """Take steps away; raises _TooLongError when there are no more, and every time after."""
        self._left -= steps
        self._left_of_page -= steps
        if self._left < 0 or self._left_of_page < 0:
            raise _TooLongError("more work than text needs")

    def see_operator(self, *_: object) -> None:
        """Count one operator, as pypdf is about to carry it out."""
        self.spend(1)

    def load(self, owner: DictionaryObject, content: Any) -> None:
        """Count a stream, or a list of them, that is to be parsed, and the fonts it may use."""
        parts = content if isinstance(content, ArrayObject) else [content]
        for part in parts:
            self.spend(1 + self._decoded_size(part) // 16)
        fonts = _dictionary(_dictionary(owner.get_inherited("/Resources")).get("/Font"))
        for font in fonts.values():
            self.spend(self._steps_of(font))

    def _decoded_size(self, part: Any) -> int:
        stream = part.get_object() if part is not None else None
        if not isinstance(stream, StreamObject):
            return 0
        try:
            return len(stream.get_data())
        except Exception:
            self._left -= _FAILED_STREAM_STEPS  # it may have cost as much as the longest
            self._left_of_page -= _FAILED_STREAM_STEPS
            raise

    def _steps_of(self, font: Any) -> int:
        key = (font.idnum, font.generation) if isinstance(font, IndirectObject) else None
        if key not in self._font_steps:
            steps = self._steps_to_load(_dictionary(font))
            if key is None:
                return steps
            self._font_steps[key] = steps
        return self._font_steps[key]

    def _steps_to_load(self, font: DictionaryObject) -> int:
        table_bytes = self._decoded_size(font.get("/ToUnicode"))
        descriptor = _dictionary(font.get("/FontDescriptor"))
        program_bytes = self._decoded_size(descriptor.get("/FontFile"))
        self.spend((table_bytes + program_bytes) // 16)
        if _length(font.get("/DescendantFonts")) > 1:  # ISO 32000-1 table 121: a one-element array
            raise _TooLongError("a font of many fonts")
        steps = _FONT_STEPS + table_bytes // 16 + program_bytes // 4096
        steps += _length(_dictionary(font.get("/Encoding")).get("/Differences"))
        steps += _length(font.get("/CharProcs"))
        try:
            loaded = Font.from_font_resource(font)
        except (AttributeError, TypeError):  # pypdf reads on without it, but tries every time
            return steps + _BROKEN_FONT_STEPS
        except Exception:
            self._left -= _BROKEN_FONT_STEPS
            raise
        return steps + (len(loaded.character_map) + len(loaded.character_widths)) // 2


def _dictionary(value: Any) -> DictionaryObject:
    value = value.get_object() if value is not None else None
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _length(value: Any) -> int:
    value = value.get_object() if value is not None else None
    return len(value) if isinstance(value, ArrayObject | DictionaryObject) else 0


class _CountedPage(PageObject):
    """A page whose forms (pages within the page, ISO 32000-1 section 8.10) are counted too."""

    def __init__(self, page: PageObject, steps: _Steps) -> None:
        super().__init__(page.pdf, page.indirect_reference)
        self.update(page)
        self._steps = steps

    def text(self) -> str:
        """Return the text in the order of the content."""
        contents = self.get("/Contents")
        self._steps.load(self, contents.get_object() if contents is not None else ArrayObject())
        text = self.extract_text(visitor_operand_before=self._steps.see_operator)
        self._steps.spend(0)  # pypdf swallows what is raised within a form
        return text

    def extract_xform_text(self, xform: Any, *args: Any, **kwargs: Any) -> str:
        """Count what pypdf is about to parse: it does so anew each time a form is used."""
        self._steps.load(xform, xform)
        return super().extract_xform_text(xform, *args, **kwargs)


def _texts(reader: PdfReader, page_count: int) -> tuple[list[str], tuple[Problem, ...]]:
    texts: list[str] = []
    problems: dict[ProblemCode, str] = {}
    if page_count > MAX_PAGES:
        problems[ProblemCode.TOO_MANY_PAGES] = f"{page_count} pages, of which {MAX_PAGES} are read"
    steps = _Steps()
    room = MAX_CHARACTERS
    for number in range(min(page_count, MAX_PAGES)):
        text = ""
        steps.begin_page()
        try:
            text = _CountedPage(reader.pages[number], steps).text()
        except (_TooLongError, LimitReachedError) as error:
            problems.setdefault(ProblemCode.TOO_LONG, f"page {number + 1}: {_detail(error)}")
        except Exception as error:
            problems.setdefault(ProblemCode.BROKEN_PDF, f"page {number + 1}: {_detail(error)}")
        if len(text) > room:
            problems.setdefault(
                ProblemCode.TOO_LONG, f"page {number + 1}: more text than a document has"
            )
        texts.append(text[:room])
        room -= len(texts[-1])
        if steps.exhausted or room == 0:
            break
    return texts, tuple(Problem(code=code, detail=detail) for code, detail in problems.items())


class _Told:
    """What a document's maker says of it; a broken entry says nothing."""

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader

    def text(self, key: str) -> str | None:
        """Return an entry of the information dictionary (ISO 32000-1 section 14.3.3)."""
        try:
            entries = self._reader.metadata
            return _text_of(entries.get(key)) if entries is not None else None
        except Exception:
            return None

    @property
    def language(self) -> str | None:
        """The BCP 47 tag of the whole document, as it stands there."""
        try:
            return _text_of(self._reader.root_object.get("/Lang"))
        except Exception:
            return None


def _text_of(value: Any) -> str | None:
    value = value.get_object() if value is not None else None
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return None
    text = _UNPRINTABLE.sub(" ", value[:_LONGEST_ENTRY].translate(_LIGATURES))
    return " ".join(text.split()) or None


def _detail(error: Exception) -> str:
    text = _PLACE_IN_MEMORY.sub(r"\1)", f"{type(error).__name__}: {error}")
    return _UNPRINTABLE.sub("?", text)[:_DETAIL_CHARS]
