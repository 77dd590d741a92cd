"""A minimal PDF writer: pages of Helvetica text, or of a grey image only."""

from collections.abc import Sequence

_LINE_CHARS = 88


def pdf_of(title: str, pages: Sequence[str], images_only: bool = False) -> bytes:
    """Return a PDF 1.4 file with one page per text; characters outside cp1252 become "?"."""
    objects: list[bytes] = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "]
    objects[2] += b"/Encoding /WinAnsiEncoding >>"
    kids = []
    for text in pages:
        content = _picture() if images_only else _text(text)
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (number + 1)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    objects.append(b"<< /Title (" + _escaped(title) + b") /Producer (replica) >>")
    return _file(objects, info=len(objects))


def _file(objects: list[bytes], info: int) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, info)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _text(text: str) -> bytes:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + len(word) >= _LINE_CHARS:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip(" ")
        lines.append(line)
    shown = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in lines)
    return b"BT /F1 11 Tf 14 TL 72 720 Td\n" + shown + b"ET"


def _picture() -> bytes:
    """Draw an inline image of 2 x 2 grey pixels over the page."""
    return b"q 468 0 0 648 72 72 cm\nBI /W 2 /H 2 /CS /G /BPC 8 ID \x80\xa0\xa0\x80 EI\nQ"


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
