"""Codes of the problems that reading a capture can have; docs/problems.md shows this table."""

from enum import StrEnum


class ProblemCode(StrEnum):
    """Why a capture, or a part of it, could not be read; the bytes are safe in the WARC file.

    The values are stored in `problems.code` and never change. Each member has a `description`.
    """

    description: str

    def __new__(cls, code: str, description: str) -> "ProblemCode":
        """Return the member for a code; its description is one sentence for people."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.description = description
        return member

    # Articles
    NO_TITLE = "no-title", "An article has no element for its title."
    NO_DATE = "no-date", "A post gives no date."
    NO_CONTENT = "no-content", "No text was found in an article."
    WAITING = (
        "waiting",
        "A capture cannot be read as well as the article's last reading, which stays in force.",
    )
    PASSWORD_PROTECTED = "password-protected", "An article asks for a password; its body is empty."

    # Pages
    NOT_FOUND_PAGE = "not-found-page", 'A page says "not found" with HTTP status 200.'
    UNKNOWN_LAYOUT = (
        "unknown-layout",
        "A page was not made by WordPress; if it has a text, it was found by its prose.",
    )
    EMPTY_PAGE = "empty-page", "An HTML page has no elements."

    # HTTP, where it departs from its grammar and is read as browsers read it
    BEFORE_STATUS_LINE = (
        "before-status-line",
        "Bytes stand before the status line of the response; they are skipped.",
    )
    NO_STATUS_LINE = (
        "no-status-line",
        "The response is a bare document, without status line and headers.",
    )
    ODD_STATUS_LINE = (
        "odd-status-line",
        "The status line has another form than HTTP/1.1 prescribes.",
    )
    ODD_LINE_BREAK = "odd-line-break", "A line of the headers does not end in CR LF."
    ODD_HEADER_LINE = (
        "odd-header-line",
        "A line of the headers is no name, colon and value, or is folded.",
    )
    TOO_MANY_HEADERS = "too-many-headers", "Only the first lines of very many headers are read."
    ODD_CONTENT_LENGTH = (
        "odd-content-length",
        "Content-Length is no number, is repeated, or stands beside Transfer-Encoding.",
    )
    ODD_TRANSFER_ENCODING = (
        "odd-transfer-encoding",
        "Transfer-Encoding is not just `chunked`, or stands in HTTP/1.0.",
    )
    ODD_CHUNKS = "odd-chunks", "The chunks of a body depart from their form, or break off."
    NOT_CHUNKED = "not-chunked", "A body is not chunked, though Transfer-Encoding says so."
    SURPLUS_BYTES = "surplus-bytes", "Bytes follow the end of the response."

    # Content codings
    UNKNOWN_CODING = (
        "unknown-coding",
        "Content-Encoding names something that is no coding; it is ignored.",
    )
    BROKEN_CODING = (
        "broken-coding",
        "A compressed body is incomplete or damaged; it is read as far as it goes.",
    )
    ODD_CODING = (
        "odd-coding",
        "A body is compressed in another way than Content-Encoding says, or in several parts.",
    )

    # Types, encodings and formats
    ODD_CONTENT_TYPE = (
        "odd-content-type",
        "Content-Type is repeated or malformed; it is resolved as browsers do.",
    )
    WRONG_CHARSET = (
        "wrong-charset",
        "A page is in another encoding than it declares, or declares none that exists.",
    )
    REPLACEMENT_CHARACTER = (
        "replacement-character",
        "A title or text contains U+FFFD: the site had already lost a character.",
    )
    MIXED_ENCODING = (
        "mixed-encoding",
        "A UTF-8 page contains bytes of windows-1252; they are decoded as windows-1252.",
    )
    DOUBLE_ENCODING = (
        "double-encoding",
        "Text was encoded in UTF-8 twice; it is decoded twice.",
    )
    MISLABELLED = "mislabelled", "The bytes are of another format than the Content-Type says."
    UNREADABLE = (
        "unreadable",
        "XML or JSON is broken, or a stored record cannot be read or holds no HTTP response.",
    )
    TOO_LONG = (
        "too-long",
        "The input exceeds a limit of the parsers; of a document, the first part is kept.",
    )
    TOO_MANY = (
        "too-many",
        "There are more entries, links, tags or characters than are read; the first ones are kept.",
    )

    # Documents and audio
    ENCRYPTED = "encrypted", "A document asks for a password."
    BROKEN_PDF = "broken-pdf", "A document, or a page of it, is not a valid PDF."
    IMAGE_ONLY = "image-only", "A document has no text on any page: usually a scan."
    TOO_MANY_PAGES = "too-many-pages", "Only the first pages of a very long document are read."
    BROKEN_AUDIO = "broken-audio", "The duration of an audio file cannot be determined."

    # Lists of the site
    NOT_A_LIST = (
        "not-a-list",
        "What should be a sitemap, feed or REST response is none, or is missing; an alert tells.",
    )
    BROKEN_LIST = (
        "broken-list",
        "A list is cut off, or has entries whose URL is not certain; an alert tells.",
    )
    REPAIRED_LIST = (
        "repaired-list",
        "A list is not well-formed; all of its entries were read nevertheless.",
    )
    INCREDIBLE_TIMES = (
        "incredible-times",
        "A sitemap claims more changes than can be believed; its pages are checked by age instead.",
    )

    # The archive's own programs
    NO_ORIGINAL = (
        "no-original",
        "An imported revisit record refers to a response that is not in the archive.",
    )
    PARSER_FAULT = "parser-fault", "A parser raised an unexpected exception; please report it."
    PARSER_HUNG = "parser-hung", "Parsing the capture took too much CPU time and was ended."
    PARSER_DIED = (
        "parser-died",
        "The process that parsed the capture died, or the capture needs too much memory.",
    )
    SAVE_FAULT = "save-fault", "The database rejected what was parsed; please report it."


DEADLY = (ProblemCode.PARSER_HUNG, ProblemCode.PARSER_DIED)
"""Problems of captures that ended the process that parsed them."""
UNREAD_LISTS = (ProblemCode.NOT_A_LIST, ProblemCode.BROKEN_LIST)
"""Problems that keep a list from saying what the site has: recall by it is unknown."""
