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

    # Encodings and formats
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
        "A content coding, XML or JSON is broken, or a stored record can no longer be read.",
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
