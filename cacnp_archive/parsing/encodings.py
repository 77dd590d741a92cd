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

from w3lib.encoding import html_to_unicode

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem

BETWEEN_UTF_8 = "windows-1252-between-utf-8"
_LEADS = "ÂÃàáâãäåæçèéêëìíîïð"
# UTF-8 decoded as windows-1252: a lead byte, and as many bytes 0x80 to 0xBF as it announces.
_TRAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_SUSPECT = re.compile(rf"[{_LEADS}]{_TRAIL}")
_DOUBLE_ENCODED = re.compile(
    rf"[ÂÃ]{_TRAIL}"  # U+0080 to U+00FF: no-break space, «, §, é
    rf"|â(?:€{_TRAIL}|‚¬|„¢|†[\x90’“”]|ˆ{_TRAIL}|‰{_TRAIL}|ž{_TRAIL})"  # quotes, dashes, €, ™, ≤
    rf"|ðŸ{_TRAIL}{{2}}"  # emoji
    rf"|ï»¿|ï¿½"
    # at least three characters of a script such as Hangul, and the words that follow
    rf"|(?:[à-ï]{_TRAIL}{{2}}){{3,}}(?:[ .,]?(?:[à-ï]{_TRAIL}{{2}})+)*"
)
_CONTROLS = re.compile("[\x80-\x9f]")
_CONTROL_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
_CHANGED_CHARS = 40


def repaired_text(capture: Capture) -> tuple[str, list[Problem]]:
    """Return the text of a capture, repaired if necessary, and a Problem for each repair."""
    text = capture.text
    problems: list[Problem] = []
    if "\ufffd" in text and (decoded := _decode_mixed(capture)) is not None:
        text = decoded
        detail = "bytes of windows-1252 stand between UTF-8"
        problems.append(Problem(code=ProblemCode.MIXED_ENCODING, detail=detail))
    repaired = text
    if _is_suspect(text) or _CONTROL_BYTES.search(capture.body):
        repaired = without_double_encoding(text)
    if repaired != text:
        first = next(a for a in range(len(text)) if text[a : a + 1] != repaired[a : a + 1])
        detail = f"first at {text[first : first + _CHANGED_CHARS]!r}"
        problems.append(Problem(code=ProblemCode.DOUBLE_ENCODING, detail=detail))
    return repaired, problems


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


def _decode_mixed(capture: Capture) -> str | None:
    """Decode a body that is declared as UTF-8 but is not valid; None for any other body."""
    body = capture.body
    encoding, _ = html_to_unicode(capture.message.value(b"content-type"), body[:4096])
    if encoding != "utf-8":
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("utf-8", BETWEEN_UTF_8)
    return None


def _replace_by_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.end == len(error.object) and error.object[error.start] >= 0xC2:
        return "\ufffd", error.end  # the body ends within a character
    wrong = error.object[error.start : error.end]
    return "".join(map(_decode_byte, wrong)), error.end


codecs.register_error(BETWEEN_UTF_8, _replace_by_windows_1252)
