r"""Decode a page, and repair text whose encodings were mixed up on the site.

Three faults are repaired, each only where nothing else can be meant, so that correct text is never
changed:

    It\x92s in a UTF-8 page        windows-1252 bytes pasted into UTF-8
    Itâ€™s                         UTF-8 decoded as windows-1252 and encoded as UTF-8 again
    It\x92s as U+0092              windows-1252 decoded as ISO 8859-1

A U+FFFD in the page itself is kept: the original character is lost.

ftfy also repairs the second and third fault, but guesses: it judges how likely whole lines are.
This module changes only sequences that are valid UTF-8 and occur in no language.
"""

import codecs
import re
from typing import NamedTuple

import webencodings

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem

MAX_TEXT_BYTES = 16 * 1024 * 1024
"""Of a longer text, the beginning is decoded; one character may take four times its memory."""

_PRESCAN_BYTES = 4096
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARED = re.compile(
    rb"""\A\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)"""
    rb"""|\A@charset "([\w.:-]{1,40})";"""  # CSS Syntax section 3.2
    rb"""|<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_NOT_IN_A_PAGE = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}
"""HTML section 13.2.3.2: a page that can be read so far cannot be in these encodings."""
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_MULTI_BYTE = frozenset(
    {"utf-8", "gbk", "gb18030", "big5", "euc-jp", "euc-kr", "iso-2022-jp", "shift_jis"}
)
BETWEEN_UTF_8 = "windows-1252"
_LEADS = "ÂÃÎÏÐÑàáâãäåæçèéêëìíîïð"
# UTF-8 decoded as windows-1252: a lead byte, and as many bytes 0x80 to 0xBF as it announces.
_TRAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_SUSPECT = re.compile(rf"[{_LEADS}]{_TRAIL}")
_DOUBLE_ENCODED = re.compile(
    rf"[ÂÃ]{_TRAIL}"  # U+0080 to U+00FF: no-break space, «, §, é
    rf"|â(?:€{_TRAIL}|‚¬|„¢|†[\x90’“”]|ˆ{_TRAIL}|‰{_TRAIL}|ž{_TRAIL})"  # quotes, dashes, €, ™, ≤
    rf"|ðŸ{_TRAIL}{{2}}"  # emoji
    rf"|ï»¿|ï¿½"
    # at least three characters of Cyrillic or Greek, or of a script such as Hangul, and the words
    # that follow
    rf"|(?:[ÎÏÐÑ]{_TRAIL}){{3,}}(?:[ .,]?(?:[ÎÏÐÑ]{_TRAIL})+)*"
    rf"|(?:[à-ï]{_TRAIL}{{2}}){{3,}}(?:[ .,]?(?:[à-ï]{_TRAIL}{{2}})+)*"
)
_CONTROLS = re.compile("[\x80-\x9f]")
_CONTROL_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
_CHANGED_CHARS = 40


class DecodedText(NamedTuple):
    """A text, and how it was decoded."""

    text: str
    encoding: str
    """The encoding, as the WHATWG Encoding standard names it."""
    problems: list[Problem]
    """One for each reason to doubt the encoding, or repair."""


def text_of(capture: Capture) -> DecodedText:
    """Return the text of a capture.

    The encoding is found as the WHATWG Encoding and HTML standards say: byte order mark,
    Content-Type, `<meta>` or, in CSS, `@charset`. But what is valid UTF-8 beyond ASCII is UTF-8
    whatever single-byte encoding is declared, since no text in such an encoding happens to be. A
    body without a declaration is UTF-8 if it is valid, otherwise windows-1252.
    """
    body = capture.body
    problems: list[Problem] = []
    if len(body) > MAX_TEXT_BYTES:
        detail = f"{len(body)} bytes of text, of which {MAX_TEXT_BYTES} are read"
        problems.append(Problem(code=ProblemCode.TOO_LONG, detail=detail))
        body = body[:MAX_TEXT_BYTES]
    for mark, codec in _BYTE_ORDER_MARKS.items():
        if body.startswith(mark):
            return DecodedText(body[len(mark) :].decode(codec, "replace"), codec, problems)
    encoding = _declared_encoding(capture, body, problems)
    name = encoding.name if encoding else ""
    if (as_utf_8 := _valid_utf_8(body)) is not None:
        if encoding and _is_disproved(name, body):
            detail = f"valid UTF-8, declared as {name}"
            problems.append(Problem(code=ProblemCode.WRONG_CHARSET, detail=detail))
            return DecodedText(as_utf_8, "utf-8", problems)
        if name in ("", "utf-8"):
            return DecodedText(as_utf_8, "utf-8", problems)
    if name in ("", "windows-1252"):
        text = body.decode("windows-1252", BETWEEN_UTF_8)
        return DecodedText(text, "windows-1252", problems)
    if encoding and name != "utf-8":
        text, _ = encoding.codec_info.decode(body, "replace")
        return DecodedText(text, name, problems)
    detail = "bytes of windows-1252 stand between UTF-8"
    problems.append(Problem(code=ProblemCode.MIXED_ENCODING, detail=detail))
    return DecodedText(body.decode("utf-8", BETWEEN_UTF_8), "utf-8", problems)


def repaired_text(capture: Capture) -> DecodedText:
    """Return the text of a capture, repaired if necessary, and a Problem for each repair."""
    text, encoding, problems = text_of(capture)
    repaired = text
    if _is_suspect(text) or _CONTROL_BYTES.search(capture.body):
        repaired = without_double_encoding(text)
    if repaired != text:
        first = next(a for a in range(len(text)) if text[a : a + 1] != repaired[a : a + 1])
        detail = f"first at {text[first : first + _CHANGED_CHARS]!r}"
        problems.append(Problem(code=ProblemCode.DOUBLE_ENCODING, detail=detail))
    return DecodedText(repaired, encoding, problems)


def without_double_encoding(text: str) -> str:
    """Return a text with double encodings and the controls U+0080 to U+009F resolved.

    >>> without_double_encoding("The Centerâ€™s cafÃ©")
    'The Center’s café'
    >>> without_double_encoding("“résumé”—fine")
    '“résumé”—fine'
    """
    text = _DOUBLE_ENCODED.sub(_decode_again, text)
    return _CONTROLS.sub(lambda match: _decode_byte(ord(match[0])), text)


def _is_suspect(text: str) -> bool:
    """Whether a text may be encoded twice; searching for single characters first is fastest."""
    return any(lead in text for lead in _LEADS) and _SUSPECT.search(text) is not None


def _decode_again(match: re.Match[str]) -> str:
    raw = b"".join(map(_encode_char, match[0]))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _encode_char(char: str) -> bytes:
    return bytes([ord(char)]) if ord(char) < 0x100 else char.encode("windows-1252")


def _decode_byte(byte: int) -> str:
    try:
        return bytes([byte]).decode("windows-1252")
    except UnicodeDecodeError:  # windows-1252 does not define 81, 8D, 8F, 90 and 9D
        return chr(byte)


def _declared_encoding(
    capture: Capture, body: bytes, problems: list[Problem]
) -> webencodings.Encoding | None:
    """Return the encoding that Content-Type or the page declares, or None."""
    in_page = _DECLARED.search(_COMMENT.sub(b"", body[:_PRESCAN_BYTES]))
    labels = [
        capture.content_type.charset,
        next(filter(None, in_page.groups())).decode("ascii") if in_page else "",
    ]
    for label in filter(None, labels):
        encoding = webencodings.lookup(label)
        if encoding is None or encoding.name == "replacement":
            detail = f"there is no encoding {label[:60]!r}"
            problems.append(Problem(code=ProblemCode.WRONG_CHARSET, detail=detail))
        elif label == labels[1] and encoding.name in _NOT_IN_A_PAGE:
            return webencodings.lookup(_NOT_IN_A_PAGE[encoding.name])
        else:
            return encoding
    return None


def _is_disproved(name: str, body: bytes) -> bool:
    """Whether a body that is valid UTF-8 cannot be in the declared encoding."""
    if name.startswith("utf-16"):
        return b"\0" not in body
    return name not in _MULTI_BYTE and not body.isascii()


def _valid_utf_8(body: bytes) -> str | None:
    """Return the text if it is valid UTF-8; only its last character may be cut off."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or body[: error.start].isascii():
            return None
        return body[: error.start].decode("utf-8") + "\ufffd"


def _replace_by_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.reason == "unexpected end of data":
        return "\ufffd", error.end  # the body ends within a character
    wrong = error.object[error.start : error.end]
    return "".join(map(_decode_byte, wrong)), error.end


codecs.register_error(BETWEEN_UTF_8, _replace_by_windows_1252)
