"""Extract the text of the pages of a PDF with pypdf, within limits.

Every limit counts bytes or objects, never seconds, so that the same file always gives the same
text.
"""

import re
from typing import Any

from pypdf import Configuration, PageObject, PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject
from pypdf.generic._font import Font

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem
from cacnp_archive.parsing.files.pdf_lines import UNPRINTABLE

MAX_PAGES = 3000
"""At most this many pages are read; the longest books have some 2,000."""

MAX_CHARACTERS = 8_000_000
"""At most this many characters of text are kept; a page of a book has 3,000."""

MAX_STEPS = 6_000_000
"""Work allowed for a document; most pages cost 2,000 steps, 15,000 if each letter is placed alone.

A step is one operator of a page's content, 16 bytes of content, or two entries of a font's tables,
each time that pypdf goes through them: some 10 microseconds. A stream that cannot be decoded counts
as one of maximum length.
"""

MAX_PAGE_STEPS = 400_000
"""Work allowed for one page; pages that need more are drawings."""

MAX_STREAM_BYTES = 4 * 1024 * 1024
"""Longest stream that is decoded, packed; unpacked, twice this. Longer ones are images or bombs."""

LIMITS = Configuration(
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
_MEMORY_ADDRESS = re.compile(r"(IndirectObject\(\d+, \d+), \d+\)")
"""pypdf names an object with the memory address of its reader, which differs in each run."""


def extract_texts(reader: PdfReader, page_count: int) -> tuple[list[str], tuple[Problem, ...]]:
    """Return the texts of the pages and the first Problem of each kind.

    A page that cannot be read is "". When a limit of the document is reached, pages are missing at
    the end.
    """
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
            problems.setdefault(ProblemCode.TOO_LONG, f"page {number + 1}: {error_detail(error)}")
        except Exception as error:
            problems.setdefault(ProblemCode.BROKEN_PDF, f"page {number + 1}: {error_detail(error)}")
        if len(text) > room:
            problems.setdefault(
                ProblemCode.TOO_LONG, f"page {number + 1}: more text than a document has"
            )
        texts.append(text[:room])
        room -= len(texts[-1])
        if steps.exhausted or room == 0:
            break
    return texts, tuple(Problem(code=code, detail=detail) for code, detail in problems.items())


def error_detail(error: Exception) -> str:
    """Return the type and message of an error, the same in each run and at most 200 characters."""
    text = _MEMORY_ADDRESS.sub(r"\1)", f"{type(error).__name__}: {error}")
    return UNPRINTABLE.sub("?", text)[:_DETAIL_CHARS]


class _TooLongError(Exception):
    """Raised when a page or document needs more work than allowed."""


class _Steps:
    """The work that is left for a document and for its current page."""

    def __init__(self) -> None:
        self._left = MAX_STEPS
        self._left_of_page = 0
        self._font_steps: dict[tuple[int, int], int] = {}

    def begin_page(self) -> None:
        """Start a page, with the work allowed for one page."""
        self._left_of_page = MAX_PAGE_STEPS

    @property
    def exhausted(self) -> bool:
        """Whether no work is left for further pages."""
        return self._left < 0

    def spend(self, steps: int) -> None:
        """Use up steps; raises _TooLongError when none are left, then and at every later call."""
        self._left -= steps
        self._left_of_page -= steps
        if self._left < 0 or self._left_of_page < 0:
            raise _TooLongError("more work than text needs")

    def see_operator(self, *_: object) -> None:
        """Count one operator, which pypdf is about to process."""
        self.spend(1)

    def load(self, owner: DictionaryObject, content: Any) -> None:
        """Count a stream (or list of streams) that is about to be parsed, and its fonts."""
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
        except (AttributeError, TypeError):  # pypdf continues without it, but tries each time
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
    """A page whose form XObjects (ISO 32000-1 section 8.10) are counted too."""

    def __init__(self, page: PageObject, steps: _Steps) -> None:
        super().__init__(page.pdf, page.indirect_reference)
        self.update(page)
        self._steps = steps

    def text(self) -> str:
        """Return the text, in the order of the content stream."""
        contents = self.get("/Contents")
        self._steps.load(self, contents.get_object() if contents is not None else ArrayObject())
        text = self.extract_text(visitor_operand_before=self._steps.see_operator)
        self._steps.spend(0)  # pypdf swallows exceptions raised within a form
        return text

    def extract_xform_text(self, xform: Any, *args: Any, **kwargs: Any) -> str:
        """Count a form that pypdf is about to parse, which it does each time the form is used."""
        self._steps.load(xform, xform)
        return super().extract_xform_text(xform, *args, **kwargs)
