r"""Bytes to the text that was meant: pages whose encodings got mixed on their way.

Three faults are mended, each only where it can't be anything else, so that a sound page is never
changed:

    It\x92s in a page of UTF-8     bytes of windows-1252 that were pasted in between
    Itâ€™s                         UTF-8 that was read as windows-1252 and written as UTF-8 again
    It\x92s as U+0092              windows-1252 that was read as ISO 8859-1

U+FFFD that stands in the page itself stays: what was there is lost.

ftfy does the second and third too, and more that is a guess. It weighs how likely whole lines are;
here only sequences count that are valid UTF-8 and that no language writes.
"""

import codecs
import re

from w3lib.encoding import html_to_unicode

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem

_HANDLER = "windows-1252-between-utf-8"
_LEADS = "ÂÃàáâãäåæçèéêëìíîïð"
# UTF-8 read as windows-1252: a lead byte, and as many bytes 0x80 to 0xBF as it announces.
_TRAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_SUSPECT = re.compile(rf"[{_LEADS}]{_TRAIL}")
_TWICE = re.compile(
    rf"[ÂÃ]{_TRAIL}"  # U+0080 to U+00FF: no-break space, «, §, é
    rf"|â(?:€{_TRAIL}|‚¬|„¢|†[\x90’“”]|ˆ{_TRAIL}|‰{_TRAIL}|ž{_TRAIL})"  # quotes, dashes, €, ™, ≤
    rf"|ðŸ{_TRAIL}{{2}}"  # emoji
    rf"|ï»¿|ï¿½"
    # three or more characters of a script such as Hangul, and words of it that follow
    rf"|(?:[à-ï]{_TRAIL}{{2}}){{3,}}(?:[ .,]?(?:[à-ï]{_TRAIL}{{2}})+)*"
)
_CONTROLS = re.compile("[\x80-\x9f]")
_CONTROL_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
_CHANGED_CHARS = 40


def repaired_text(capture: Capture) -> tuple[str, list[Problem]]:
    """Return the text of a capture, mended where it has to be, and what was mended."""
    text = capture.text
    problems: list[Problem] = []
    if "\ufffd" in text and (better := _decode_mixed(capture)) is not None:
        text = better
        detail = "bytes of windows-1252 stand between UTF-8"
        problems.append(Problem(code=ProblemCode.MIXED_ENCODING, detail=detail))
    mended = text
    if _is_suspect(text) or _CONTROL_BYTES.search(capture.body):
        mended = without_double_encoding(text)
    if mended != text:
        first = next(a for a in range(len(text)) if text[a : a + 1] != mended[a : a + 1])
        detail = f"first at {text[first : first + _CHANGED_CHARS]!r}"
        problems.append(Problem(code=ProblemCode.DOUBLE_ENCODING, detail=detail))
    return mended, problems


def without_double_encoding(text: str) -> str:
    """Return a text with double encodings and the controls U+0080 to U+009F resolved.

    >>> without_double_encoding("The Centerâ€™s cafÃ©")
    'The Center’s café'
    >>> without_double_encoding("“résumé”—fine")
    '“résumé”—fine'
    """
    text = _TWICE.sub(_once, text)
    return _CONTROLS.sub(lambda match: _decode_byte(ord(match[0])), text)


def _is_suspect(text: str) -> bool:
    """Whether a text may be encoded twice; single characters are found fastest."""
    return any(lead in text for lead in _LEADS) and _SUSPECT.search(text) is not None


def _once(match: re.Match[str]) -> str:
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
    except UnicodeDecodeError:  # 81, 8D, 8F, 90 and 9D mean nothing
        return chr(byte)


def _decode_mixed(capture: Capture) -> str | None:
    """Decode bytes that are called UTF-8 and aren't; None when they are, or called otherwise."""
    body = capture.body
    encoding, _ = html_to_unicode(capture.message.value(b"content-type"), body[:4096])
    if encoding != "utf-8":
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("utf-8", _HANDLER)
    return None


def _replace_by_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.end == len(error.object) and error.object[error.start] >= 0xC2:
        return "\ufffd", error.end  # cut off within a character
    wrong = error.object[error.start : error.end]
    return "".join(map(_decode_byte, wrong)), error.end


codecs.register_error(_HANDLER, _replace_by_windows_1252)
